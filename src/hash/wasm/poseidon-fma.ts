// asc: --initialMemory 2 --enable simd,relaxed-simd
// The two-lane Poseidon kernel, with the interface of poseidon.ts: batches fill both lanes; a single permutation
// runs in both alike and is still faster than the scalar one. Chosen only where fused multiply-adds are probed
// to be right.
import { mul, PAIR, read, sqr, storeReduced, write } from "../../field/wasm/fma51";

/** Values at `io`. */
export const CAPACITY: i32 = 512;

/** Inputs and results, 32 bytes each. */
export const io: usize = memory.data(16384, 16);

const FULL_ROUNDS: i32 = 8;
const ROUNDS: i32 = 91;
const ELEMENT: usize = 40; // a constant: 5 limbs of 8 bytes, the same for both lanes
const constants: usize = memory.data(11040, 16); // ROUNDS + 1 rows of three constants; the last row is zero

// The state: three pairs of elements.
const X: usize = memory.data(240, 16);
const Y: usize = X + PAIR;
const Z: usize = X + 2 * PAIR;
const t: usize = memory.data(80, 16);

/** Takes `n` round constants from `io` to the positions from `first` on. */
export function setConstants(first: i32, n: i32): void {
  for (let i: i32 = 0; i < n; i++) {
    const value = io + <usize>i * 32;
    read(t, value, value);
    const c = constants + <usize>(first + i) * ELEMENT;
    for (let k: usize = 0; k < 5; k++) store<i64>(c + 8 * k, load<i64>(t + 16 * k));
  }
}

/** Nothing is left to do once the constants are set. */
export function init(): void {}

// @ts-ignore: decorator
@inline
function sum(a: v128, b: v128): v128 {
  return i64x2.add(a, b);
}

// @ts-ignore: decorator
@inline
function twice(a: v128): v128 {
  return i64x2.shl(a, 1);
}

/** Limb i of the constant at c in both lanes. */
// @ts-ignore: decorator
@inline
function constant(c: usize, i: usize): v128 {
  return v128.load_splat<u64>(c + 8 * i);
}

/** d += the constant at c. */
function addConstant(d: usize, c: usize): void {
  storeReduced(
    d,
    sum(v128.load(d, 0), constant(c, 0)),
    sum(v128.load(d, 16), constant(c, 1)),
    sum(v128.load(d, 32), constant(c, 2)),
    sum(v128.load(d, 48), constant(c, 3)),
    sum(v128.load(d, 64), constant(c, 4)),
  );
}

/** Multiplies the state by the matrix ((3, 1, 1), (1, -1, 1), (1, 1, -2)) and adds the three constants at c. */
function mixAndAdd(c: usize): void {
  const x0 = v128.load(X, 0),
    y0 = v128.load(Y, 0),
    z0 = v128.load(Z, 0),
    s0 = sum(sum(x0, y0), z0);
  const x1 = v128.load(X, 16),
    y1 = v128.load(Y, 16),
    z1 = v128.load(Z, 16),
    s1 = sum(sum(x1, y1), z1);
  const x2 = v128.load(X, 32),
    y2 = v128.load(Y, 32),
    z2 = v128.load(Z, 32),
    s2 = sum(sum(x2, y2), z2);
  const x3 = v128.load(X, 48),
    y3 = v128.load(Y, 48),
    z3 = v128.load(Z, 48),
    s3 = sum(sum(x3, y3), z3);
  const x4 = v128.load(X, 64),
    y4 = v128.load(Y, 64),
    z4 = v128.load(Z, 64),
    s4 = sum(sum(x4, y4), z4);
  storeReduced(
    X,
    sum(sum(s0, twice(x0)), constant(c, 0)),
    sum(sum(s1, twice(x1)), constant(c, 1)),
    sum(sum(s2, twice(x2)), constant(c, 2)),
    sum(sum(s3, twice(x3)), constant(c, 3)),
    sum(sum(s4, twice(x4)), constant(c, 4)),
  );
  storeReduced(
    Y,
    sum(i64x2.sub(s0, twice(y0)), constant(c + ELEMENT, 0)),
    sum(i64x2.sub(s1, twice(y1)), constant(c + ELEMENT, 1)),
    sum(i64x2.sub(s2, twice(y2)), constant(c + ELEMENT, 2)),
    sum(i64x2.sub(s3, twice(y3)), constant(c + ELEMENT, 3)),
    sum(i64x2.sub(s4, twice(y4)), constant(c + ELEMENT, 4)),
  );
  storeReduced(
    Z,
    sum(i64x2.sub(i64x2.sub(s0, z0), twice(z0)), constant(c + 2 * ELEMENT, 0)),
    sum(i64x2.sub(i64x2.sub(s1, z1), twice(z1)), constant(c + 2 * ELEMENT, 1)),
    sum(i64x2.sub(i64x2.sub(s2, z2), twice(z2)), constant(c + 2 * ELEMENT, 2)),
    sum(i64x2.sub(i64x2.sub(s3, z3), twice(z3)), constant(c + 2 * ELEMENT, 3)),
    sum(i64x2.sub(i64x2.sub(s4, z4), twice(z4)), constant(c + 2 * ELEMENT, 4)),
  );
}

function cube(a: usize): void {
  sqr(t, a);
  mul(a, a, t);
}

function permute(): void {
  let c = constants;
  addConstant(X, c);
  addConstant(Y, c + ELEMENT);
  addConstant(Z, c + 2 * ELEMENT);
  for (let round: i32 = 0; round < ROUNDS; round++) {
    c += 3 * ELEMENT;
    if (round < FULL_ROUNDS / 2 || round >= ROUNDS - FULL_ROUNDS / 2) {
      cube(X);
      cube(Y);
    }
    cube(Z);
    mixAndAdd(c);
  }
}

/** Permutes the three values at `io`. */
export function hades(): void {
  read(X, io, io);
  read(Y, io + 32, io + 32);
  read(Z, io + 64, io + 64);
  permute();
  write(io, io, X);
  write(io + 32, io + 32, Y);
  write(io + 64, io + 64, Z);
}

/** Starts a sponge. */
export function start(): void {
  memory.fill(X, 0, 3 * PAIR);
}

/** d += t. */
function addRead(d: usize): void {
  storeReduced(
    d,
    sum(v128.load(d), v128.load(t)),
    sum(v128.load(d, 16), v128.load(t, 16)),
    sum(v128.load(d, 32), v128.load(t, 32)),
    sum(v128.load(d, 48), v128.load(t, 48)),
    sum(v128.load(d, 64), v128.load(t, 64)),
  );
}

/** Absorbs two values at p in lane 0 and two at q in lane 1. */
function absorbPairs(p: usize, q: usize): void {
  read(t, p, q);
  addRead(X);
  read(t, p + 32, q + 32);
  addRead(Y);
  permute();
}

/** Absorbs n values, an even number, from `io`. */
export function absorb(n: i32): void {
  for (let p = io, end = io + <usize>n * 32; p < end; p += 64) absorbPairs(p, p);
}

/** Writes the sponge's hash to `io`. */
export function finish(): void {
  write(io, io, X);
}

/**
 * Hashes two padded lists: n values at `io` and m <= n values from the middle of `io` on, both numbers even.
 * Each hash is written over the first value of its list.
 */
export function hashLists(n: i32, m: i32): void {
  start();
  const second = io + <usize>(CAPACITY / 2) * 32;
  let p = io;
  const end = io + <usize>n * 32;
  const both = io + <usize>m * 32;
  for (; p < both; p += 64) absorbPairs(p, second + (p - io));
  memory.copy(t, X, PAIR); // which write changes
  write(io, second, t);
  if (p == end) return;
  for (; p < end; p += 64) absorbPairs(p, p);
  write(io, io + 32, X); // lane 1 has hashed nothing
}

const TWO = memory.data<u64>([2, 0, 0, 0]);

/** Hashes n pairs of values: the first word of the permutation of (a, b, 2) is written over a. */
export function hashPairs(n: i32): void {
  for (let p = io, end = io + <usize>n * 64; p < end; p += 128) {
    const q = p + 64 < end ? p + 64 : p; // a last odd pair takes both lanes
    read(X, p, q);
    read(Y, p + 32, q + 32);
    read(Z, TWO, TWO);
    permute();
    write(p, q, X);
  }
}
