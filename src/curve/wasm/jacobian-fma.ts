// Pairs of points of the STARK curve, one in each lane of fma51.ts, in Jacobian coordinates as in jacobian.ts.
//
// A pair of points is three pairs of elements, 240 bytes, X and Y balanced; a pair of affine points is two, 160
// bytes. Both lanes do the same operation, and infinity is not represented in either.
import { mul, PAIR, sqr, storeReduced } from "../../field/wasm/fma51";

export const POINTS: usize = 3 * PAIR;
export const AFFINES: usize = 2 * PAIR;
const Y: usize = PAIR;
const Z: usize = 2 * PAIR;

const t0: usize = memory.data(80, 16);
const t1: usize = memory.data(80, 16);
const t2: usize = memory.data(80, 16);
const t3: usize = memory.data(80, 16);
const t4: usize = memory.data(80, 16);

/** d = a - b limb by limb: within 2^51, enough for mul, where those of a and b are balanced. */
function subtract(d: usize, a: usize, b: usize): void {
  for (let i: usize = 0; i < PAIR; i += 16) v128.store(d + i, i64x2.sub(v128.load(a + i), v128.load(b + i)));
}

/** d = 2^r * a - 2^s * b, balanced. */
// @ts-ignore: decorator
@inline
function shiftedDifference(d: usize, a: usize, r: i32, b: usize, s: i32): void {
  storeReduced(
    d,
    i64x2.sub(i64x2.shl(v128.load(a), r), i64x2.shl(v128.load(b), s)),
    i64x2.sub(i64x2.shl(v128.load(a, 16), r), i64x2.shl(v128.load(b, 16), s)),
    i64x2.sub(i64x2.shl(v128.load(a, 32), r), i64x2.shl(v128.load(b, 32), s)),
    i64x2.sub(i64x2.shl(v128.load(a, 48), r), i64x2.shl(v128.load(b, 48), s)),
    i64x2.sub(i64x2.shl(v128.load(a, 64), r), i64x2.shl(v128.load(b, 64), s)),
  );
}

/** d = 2*p. d may be p. */
export function double(d: usize, p: usize): void {
  sqr(t0, p); // X^2
  sqr(t1, p + Z);
  sqr(t1, t1); // Z^4
  subtract(t1, t0, t1);
  shiftedDifference(t2, t0, 2, t1, 0); // M = 3*X^2 + Z^4
  sqr(t1, p + Y);
  mul(t3, p, t1); // F = X*Y^2
  sqr(t1, t1); // Y^4
  mul(t4, p + Y, p + Z);
  shiftedDifference(d + Z, t4, 2, t4, 1); // Z' = 2*Y*Z
  sqr(t0, t2);
  shiftedDifference(d, t0, 0, t3, 3); // X' = M^2 - 8*F
  shiftedDifference(t3, t3, 2, d, 0);
  mul(t3, t3, t2);
  shiftedDifference(d + Y, t3, 0, t1, 3); // Y' = M*(4*F - X') - 8*Y^4
}

/** p += the affine points a. Needs different x in both lanes. */
export function addAffine(p: usize, a: usize): void {
  sqr(t0, p + Z);
  mul(t1, a, t0);
  mul(t0, t0, p + Z);
  mul(t0, t0, a + Y);
  subtract(t1, t1, p); // H = U2 - X
  subtract(t0, t0, p + Y); // r = S2 - Y
  mul(p + Z, p + Z, t1); // Z' = Z*H
  mul(t2, t1, t1);
  mul(t1, t1, t2); // H^3
  mul(t2, t2, p); // V = X*H^2
  mul(t3, t0, t0);
  subtract(t3, t3, t1);
  shiftedDifference(p, t3, 0, t2, 1); // X' = r^2 - H^3 - 2*V
  subtract(t2, t2, p);
  mul(t2, t2, t0);
  mul(t1, t1, p + Y);
  shiftedDifference(p + Y, t2, 0, t1, 0); // Y' = r*(V - X') - Y*H^3
}

/** a = the affine coordinates of p, balanced, given 1/Z at `inverseZ`. */
export function scaleToAffine(a: usize, p: usize, inverseZ: usize): void {
  sqr(t0, inverseZ);
  mul(a, p, t0);
  mul(t0, t0, inverseZ);
  mul(a + Y, p + Y, t0);
}
