// One point of the STARK curve y^2 = x^3 + x + beta across the two lanes of fma51.ts, in XYZZ coordinates:
// (X, Y, ZZ, ZZZ) is (X/ZZ, Y/ZZZ) with ZZ^3 = ZZZ^2 (Explicit-Formulas Database, short Weierstrass curves, xyzz).
//
// A point is the pair (X, Y) and the pair (ZZ, ZZZ), 160 bytes, all limbs balanced. The formulas fall into pairs of
// independent products almost without rest. Infinity is not represented.
import { mul, pack, PAIR, read, sqr, storeReduced, unpack, write } from "../../field/wasm/fma51";
import { invert, P } from "../../field/wasm/safegcd";

export const POINT: usize = 2 * PAIR;
/** An affine point is the pair (x, y). */
export const AFFINE: usize = PAIR;
const ZZ: usize = PAIR;
const LANE1: usize = 8;

const t0: usize = memory.data(80, 16);
const t1: usize = memory.data(80, 16);
const t2: usize = memory.data(80, 16);
const t3: usize = memory.data(80, 16);
const t4: usize = memory.data(80, 16);
const words: usize = memory.data(64, 16);

const UNIT = memory.data<u64>([1, 0, 0, 0]);

/** p = the affine point of two 256-bit integers at src. */
export function readPoint(p: usize, src: usize): void {
  read(p, src, src + 32);
  read(p + ZZ, UNIT, UNIT);
}

// R^3 mod P in both lanes.
// prettier-ignore
const R3 = memory.data<u64>([0x62efa280dbe32, 0x62efa280dbe32, 0x199dfff301b31, 0x199dfff301b31, 0x318000c3aa2b8, 0x318000c3aa2b8, 0xa8ff47d84f83, 0xa8ff47d84f83, 0x271cbef30e78, 0x271cbef30e78], 16);

/** d = (1/ZZ, 1/ZZZ) for a = (ZZ, ZZZ). */
function inverse(d: usize, a: usize): void {
  pack(words, words + 32, a);
  invert(words + 32, P);
  unpack(t1, words + 32, words + 32);
  mul(t1, t1, R3); // 1/ZZZ = 1/(ZZZ*R)*R^3/R
  mul(d, a, t1); // ZZ/ZZZ
  sqr(d, d); // 1/ZZ = ZZ^2/ZZZ^2
  join(d, d, t1);
}

/** Writes the affine coordinates of p as two 256-bit integers. Changes p. */
export function writePoint(dst: usize, p: usize): void {
  inverse(t0, p + ZZ);
  mul(p, p, t0);
  write(dst, dst + 32, p);
}

/** p = the affine point a. */
export function fromAffine(p: usize, a: usize): void {
  memory.copy(p, a, AFFINE);
  read(p + ZZ, UNIT, UNIT);
}

export function copyPoint(d: usize, p: usize): void {
  memory.copy(d, p, POINT);
}

/** d = the element in the lane at x, the element in the lane at y. */
function join(d: usize, x: usize, y: usize): void {
  for (let i: usize = 0; i < PAIR; i += 16) {
    v128.store(d + i, v128.load_lane<u64>(y + i, v128.load_zero<u64>(x + i), 1));
  }
}

/** d = a - b limb by limb: within 2^51, enough for mul, where those of a and b are balanced. */
function subtract(d: usize, a: usize, b: usize): void {
  for (let i: usize = 0; i < PAIR; i += 16) v128.store(d + i, i64x2.sub(v128.load(a + i), v128.load(b + i)));
}

// @ts-ignore: decorator
@inline
function splat(lane: usize, i: usize): v128 {
  return v128.load_splat<u64>(lane + 16 * i);
}

/** Lane 0 of a, lane 1 of b. */
// @ts-ignore: decorator
@inline
function blend(a: v128, b: v128): v128 {
  return v128.shuffle<u64>(a, b, 0, 3);
}

/** Limb i of (3*x + w, y) for squares = (x, y) and the element in the lane at w. */
// @ts-ignore: decorator
@inline
function slope(squares: usize, w: usize, i: usize): v128 {
  const x = v128.load(squares + 16 * i);
  return blend(i64x2.add(i64x2.add(x, i64x2.shl(x, 1)), splat(w, i)), x);
}

/** Limb i of (a - 8*b, 12*b - a) for the elements in the lanes at a and b. */
// @ts-ignore: decorator
@inline
function doubledX(a: usize, b: usize, i: usize): v128 {
  const y = splat(b, i),
    x = i64x2.sub(splat(a, i), i64x2.shl(y, 3));
  return blend(x, i64x2.sub(i64x2.shl(y, 2), x));
}

/** Limb i of (a - 8*b, 16*c) for products = (a, c) and the element in the lane at b. */
// @ts-ignore: decorator
@inline
function doubledY(products: usize, b: usize, i: usize): v128 {
  const a = v128.load(products + 16 * i);
  return blend(i64x2.sub(a, i64x2.shl(splat(b, i), 3)), i64x2.shl(a, 4));
}

/** Limb i of (4*a, 8*b) for the pair (a, b). */
// @ts-ignore: decorator
@inline
function doubledZ(pair: usize, i: usize): v128 {
  const z = i64x2.shl(v128.load(pair + 16 * i), 2);
  return blend(z, i64x2.shl(z, 1));
}

/** Makes p ready for doublings: lane 1 of `square` = ZZ^2. */
export function startDoubling(square: usize, p: usize): void {
  join(t0, p + ZZ, p + ZZ);
  sqr(square, t0);
}

/** d = 2*p. d may be p. `square` has ZZ^2 of p in lane 1 and takes that of d. */
export function double(d: usize, p: usize, square: usize): void {
  const W = square + LANE1;
  sqr(t0, p); // X^2, Y^2
  join(t2, t0 + LANE1, t0 + LANE1);
  mul(t3, p, t2); // F = X*Y^2, Y^3
  // M = 3*X^2 + ZZ^2, Y^2
  storeReduced(t1, slope(t0, W, 0), slope(t0, W, 1), slope(t0, W, 2), slope(t0, W, 3), slope(t0, W, 4));
  sqr(t2, t1); // M^2, Y^4
  join(t4, t0 + LANE1, t3 + LANE1);
  mul(t4, t4, p + ZZ); // Y^2*ZZ, Y^3*ZZZ
  // X' = M^2 - 8*F, 4*F - X'
  storeReduced(t0, doubledX(t2, t3, 0), doubledX(t2, t3, 1), doubledX(t2, t3, 2), doubledX(t2, t3, 3), doubledX(t2, t3, 4));
  const y4 = t2 + LANE1;
  join(t1, t1, y4);
  join(t3, t0 + LANE1, W);
  mul(t3, t1, t3); // M*(4*F - X'), Y^4*ZZ^2
  // Y' = M*(4*F - X') - 8*Y^4, ZZ'^2 = 16*Y^4*ZZ^2
  storeReduced(
    square,
    doubledY(t3, y4, 0),
    doubledY(t3, y4, 1),
    doubledY(t3, y4, 2),
    doubledY(t3, y4, 3),
    doubledY(t3, y4, 4),
  );
  join(d, t0, square);
  // ZZ' = 4*Y^2*ZZ, ZZZ' = 8*Y^3*ZZZ
  storeReduced(d + ZZ, doubledZ(t4, 0), doubledZ(t4, 1), doubledZ(t4, 2), doubledZ(t4, 3), doubledZ(t4, 4));
}

const LIMB: u64 = 0x7ffffffffffff;

/** Whether the elements in the lanes at a and `other`, both within (-P/4, 5/4 P), are equal modulo P. */
function equal(a: usize, other: usize): bool {
  // They differ by 0 or P then, whose low limb is 1.
  if (((load<u64>(a) - load<u64>(other) + 1) & LIMB) > 2) return false;
  join(t4, a, other);
  pack(words, words + 32, t4);
  let bits: u64 = 0;
  for (let i: usize = 0; i < 32; i += 8) bits |= load<u64>(words + i) ^ load<u64>(words + i, 32);
  return bits == 0;
}

/** Whether p and q have the same x. */
export function sameX(p: usize, q: usize): bool {
  join(t0, p, q);
  join(t1, q + ZZ, p + ZZ);
  mul(t0, t0, t1);
  return equal(t0, t0 + LANE1);
}

/** Limb i of (R^2 - H^3 - 2*V, 3*V + H^3 - R^2) for squares = (H^2, R^2), products = (H^3, V). */
// @ts-ignore: decorator
@inline
function addedX(squares: usize, products: usize, i: usize): v128 {
  const v = splat(products + LANE1, i),
    x = i64x2.sub(i64x2.sub(splat(squares + LANE1, i), splat(products, i)), i64x2.shl(v, 1));
  return blend(x, i64x2.sub(v, x));
}

/** Limb i of (X in lane 0 of x, the difference of the lanes of y). */
// @ts-ignore: decorator
@inline
function addedY(x: usize, y: usize, i: usize): v128 {
  return blend(v128.load(x + 16 * i), i64x2.sub(splat(y, i), splat(y + LANE1, i)));
}

/** The common end of both additions, for (U1, S1) at t and (U2, S2) in t1; p's ZZ and ZZZ wait to be scaled by H. */
function finishAdd(p: usize, t: usize): void {
  subtract(t1, t1, t); // H = U2 - U1, R = S2 - S1
  mul(t2, t1, t1); // H^2, R^2
  join(t3, t1, t); // H, U1
  join(t4, t2, t2);
  mul(t3, t3, t4); // H^3, V = U1*H^2
  join(t4, t2, t3);
  mul(p + ZZ, p + ZZ, t4); // ZZ' = ZZ*H^2, ZZZ' = ZZZ*H^3
  join(t1, t1 + LANE1, t + LANE1); // R, S1
  // X' = R^2 - H^3 - 2*V, V - X'
  storeReduced(t2, addedX(t2, t3, 0), addedX(t2, t3, 1), addedX(t2, t3, 2), addedX(t2, t3, 3), addedX(t2, t3, 4));
  join(t4, t2 + LANE1, t3);
  mul(t1, t1, t4); // R*(V - X'), S1*H^3
  storeReduced(p, addedY(t2, t1, 0), addedY(t2, t1, 1), addedY(t2, t1, 2), addedY(t2, t1, 3), addedY(t2, t1, 4));
}

/** p += q; false, with p as it was, when p and q have the same x. */
export function addDistinct(p: usize, q: usize): bool {
  mul(t0, p, q + ZZ); // U1, S1
  mul(t1, q, p + ZZ); // U2, S2
  if (equal(t0, t1)) return false;
  mul(p + ZZ, p + ZZ, q + ZZ);
  finishAdd(p, t0);
  return true;
}

/** p += the affine point a if `wanted`; false, with p as it was, when they have the same x (also when not wanted). */
export function addAffine(p: usize, a: usize, wanted: bool): bool {
  mul(t1, a, p + ZZ); // U2, S2
  if (equal(p, t1)) return false;
  if (wanted) finishAdd(p, p);
  return true;
}

/**
 * Normalises n points from `points` to n affine points from `affine` with one inversion (Montgomery's trick).
 * `products` takes n pairs.
 */
export function toAffineBatch(affine: usize, points: usize, products: usize, n: usize): void {
  // products[i] = ZZ0*...*ZZi, ZZZ0*...*ZZZi
  memory.copy(products, points + ZZ, PAIR);
  for (let i: usize = 1; i < n; i++) {
    mul(products + i * PAIR, products + (i - 1) * PAIR, points + i * POINT + ZZ);
  }
  inverse(t0, products + (n - 1) * PAIR);
  for (let i = n - 1; i > 0; i--) {
    const p = points + i * POINT;
    mul(t1, t0, products + (i - 1) * PAIR);
    mul(t0, t0, p + ZZ);
    mul(affine + i * AFFINE, p, t1);
  }
  mul(affine, points, t0);
}
