// asc: --initialMemory 2
// The scalar Poseidon kernel: the Hades permutation of width 3 with 8 full and 83 partial rounds.
import { mul, read, SIZE, sqr, storeCarried, write } from "../../field/wasm/field29";

/** Values at `io`. */
export const CAPACITY: i32 = 512;

/** Inputs and results, 32 bytes each. */
export const io: usize = memory.data(16384, 16);

const FULL_ROUNDS: i32 = 8;
const ROUNDS: i32 = 91;
const constants: usize = memory.data(9936); // ROUNDS + 1 rows of three elements; the last row is zero

// The state: three elements, Montgomery form.
const X: usize = memory.data(108);
const Y: usize = X + SIZE;
const Z: usize = X + 2 * SIZE;

// Every constant is stored with 4 P added, so that no word of the mixed state is negative.
const OFFSET = memory.data<i32>([4, 0, 0, 0, 0, 0, 4 * (17 << 18), 0, 4 << 19]);

/** Takes `n` round constants from `io` to the positions from `first` on. */
export function setConstants(first: i32, n: i32): void {
  for (let i: i32 = 0; i < n; i++) {
    const c = constants + <usize>(first + i) * SIZE;
    read(c, io + <usize>i * 32);
    addTo(c, OFFSET);
  }
}

/** Call after the constants are set. */
export function init(): void {
  for (let i: usize = 0; i < 3; i++) memory.copy(constants + (<usize>ROUNDS * 3 + i) * SIZE, OFFSET, SIZE);
}

/** d += a, brought near [0, P). */
function addTo(d: usize, a: usize): void {
  storeReduced(
    d,
    <i64>load<i32>(d, 0) + <i64>load<i32>(a, 0),
    <i64>load<i32>(d, 4) + <i64>load<i32>(a, 4),
    <i64>load<i32>(d, 8) + <i64>load<i32>(a, 8),
    <i64>load<i32>(d, 12) + <i64>load<i32>(a, 12),
    <i64>load<i32>(d, 16) + <i64>load<i32>(a, 16),
    <i64>load<i32>(d, 20) + <i64>load<i32>(a, 20),
    <i64>load<i32>(d, 24) + <i64>load<i32>(a, 24),
    <i64>load<i32>(d, 28) + <i64>load<i32>(a, 28),
    <i64>load<i32>(d, 32) + <i64>load<i32>(a, 32),
  );
}

/** Stores limb sums at d less floor(top / 2^19) * P: 0 <= x < 64 P becomes a value in (-2^203, P). */
// @ts-ignore: decorator
@inline
function storeReduced(
  d: usize,
  x0: i64,
  x1: i64,
  x2: i64,
  x3: i64,
  x4: i64,
  x5: i64,
  x6: i64,
  x7: i64,
  x8: i64,
): void {
  const q = x8 >> 19;
  storeCarried(d, x0 - q, x1, x2, x3, x4, x5, x6 - ((q * 17) << 18), x7, x8 & 0x7ffff);
}

/**
 * Multiplies the state by the matrix ((3, 1, 1), (1, -1, 1), (1, 1, -2)) and adds the three constants at c.
 * With X, Y, Z < 2 P the sums lie in [0, 15 P).
 */
function mixAndAdd(c: usize): void {
  const x0: i64 = load<i32>(X, 0),
    y0: i64 = load<i32>(Y, 0),
    z0: i64 = load<i32>(Z, 0),
    s0 = x0 + y0 + z0;
  const x1: i64 = load<i32>(X, 4),
    y1: i64 = load<i32>(Y, 4),
    z1: i64 = load<i32>(Z, 4),
    s1 = x1 + y1 + z1;
  const x2: i64 = load<i32>(X, 8),
    y2: i64 = load<i32>(Y, 8),
    z2: i64 = load<i32>(Z, 8),
    s2 = x2 + y2 + z2;
  const x3: i64 = load<i32>(X, 12),
    y3: i64 = load<i32>(Y, 12),
    z3: i64 = load<i32>(Z, 12),
    s3 = x3 + y3 + z3;
  const x4: i64 = load<i32>(X, 16),
    y4: i64 = load<i32>(Y, 16),
    z4: i64 = load<i32>(Z, 16),
    s4 = x4 + y4 + z4;
  const x5: i64 = load<i32>(X, 20),
    y5: i64 = load<i32>(Y, 20),
    z5: i64 = load<i32>(Z, 20),
    s5 = x5 + y5 + z5;
  const x6: i64 = load<i32>(X, 24),
    y6: i64 = load<i32>(Y, 24),
    z6: i64 = load<i32>(Z, 24),
    s6 = x6 + y6 + z6;
  const x7: i64 = load<i32>(X, 28),
    y7: i64 = load<i32>(Y, 28),
    z7: i64 = load<i32>(Z, 28),
    s7 = x7 + y7 + z7;
  const x8: i64 = load<i32>(X, 32),
    y8: i64 = load<i32>(Y, 32),
    z8: i64 = load<i32>(Z, 32),
    s8 = x8 + y8 + z8;
  storeReduced(
    X,
    s0 + (x0 << 1) + <i64>load<i32>(c, 0),
    s1 + (x1 << 1) + <i64>load<i32>(c, 4),
    s2 + (x2 << 1) + <i64>load<i32>(c, 8),
    s3 + (x3 << 1) + <i64>load<i32>(c, 12),
    s4 + (x4 << 1) + <i64>load<i32>(c, 16),
    s5 + (x5 << 1) + <i64>load<i32>(c, 20),
    s6 + (x6 << 1) + <i64>load<i32>(c, 24),
    s7 + (x7 << 1) + <i64>load<i32>(c, 28),
    s8 + (x8 << 1) + <i64>load<i32>(c, 32),
  );
  storeReduced(
    Y,
    s0 - (y0 << 1) + <i64>load<i32>(c, 36),
    s1 - (y1 << 1) + <i64>load<i32>(c, 40),
    s2 - (y2 << 1) + <i64>load<i32>(c, 44),
    s3 - (y3 << 1) + <i64>load<i32>(c, 48),
    s4 - (y4 << 1) + <i64>load<i32>(c, 52),
    s5 - (y5 << 1) + <i64>load<i32>(c, 56),
    s6 - (y6 << 1) + <i64>load<i32>(c, 60),
    s7 - (y7 << 1) + <i64>load<i32>(c, 64),
    s8 - (y8 << 1) + <i64>load<i32>(c, 68),
  );
  storeReduced(
    Z,
    s0 - 3 * z0 + <i64>load<i32>(c, 72),
    s1 - 3 * z1 + <i64>load<i32>(c, 76),
    s2 - 3 * z2 + <i64>load<i32>(c, 80),
    s3 - 3 * z3 + <i64>load<i32>(c, 84),
    s4 - 3 * z4 + <i64>load<i32>(c, 88),
    s5 - 3 * z5 + <i64>load<i32>(c, 92),
    s6 - 3 * z6 + <i64>load<i32>(c, 96),
    s7 - 3 * z7 + <i64>load<i32>(c, 100),
    s8 - 3 * z8 + <i64>load<i32>(c, 104),
  );
}

const t = memory.data(36);

function cube(a: usize): void {
  sqr(t, a);
  mul(a, a, t);
}

function permute(): void {
  let c = constants;
  addTo(X, c);
  addTo(Y, c + SIZE);
  addTo(Z, c + 2 * SIZE);
  for (let round: i32 = 0; round < ROUNDS; round++) {
    c += 3 * SIZE;
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
  read(X, io);
  read(Y, io + 32);
  read(Z, io + 64);
  permute();
  write(io, X);
  write(io + 32, Y);
  write(io + 64, Z);
}

/** Starts a sponge. */
export function start(): void {
  memory.fill(X, 0, 3 * SIZE);
}

/** Absorbs n values, an even number, from `first` on. */
function absorbFrom(first: usize, n: i32): void {
  for (let p = first, end = first + <usize>n * 32; p < end; p += 64) {
    read(t, p);
    addTo(X, t);
    read(t, p + 32);
    addTo(Y, t);
    permute();
  }
}

/** Absorbs n values, an even number, from `io`. */
export function absorb(n: i32): void {
  absorbFrom(io, n);
}

/** Writes the sponge's hash to `io`. */
export function finish(): void {
  write(io, X);
}

function hashList(first: usize, n: i32): void {
  start();
  absorbFrom(first, n);
  write(first, X);
}

/**
 * Hashes two padded lists: n values at `io` and m <= n values from the middle of `io` on, both numbers even.
 * Each hash is written over the first value of its list.
 */
export function hashLists(n: i32, m: i32): void {
  hashList(io, n);
  hashList(io + <usize>(CAPACITY / 2) * 32, m);
}

const TWO = memory.data<u64>([2, 0, 0, 0]);

/** Hashes n pairs of values: the first word of the permutation of (a, b, 2) is written over a. */
export function hashPairs(n: i32): void {
  for (let p = io, end = io + <usize>n * 64; p < end; p += 64) {
    read(X, p);
    read(Y, p + 32);
    read(Z, TWO);
    permute();
    write(p, X);
  }
}
