// Points of the STARK curve y^2 = x^3 + x + beta in Jacobian coordinates: (X, Y, Z) is (X/Z^2, Y/Z^3).
//
// A point is three field29 elements, 108 bytes; X < 11 P, Y < 10 P, Z < 2 P. An affine point is two elements,
// 72 bytes, each < 11 P. Infinity is not represented: callers keep apart the cases where it can arise.
import { combine, copy, isZero, mul, ONE, sqr, sub } from "../../field/wasm/field29";
import { inverse } from "../../field/wasm/powers";

export const POINT: usize = 108;
export const AFFINE: usize = 72;
const Y: usize = 36;
const Z: usize = 72;

const t0 = memory.data(36);
const t1 = memory.data(36);
const t2 = memory.data(36);
const t3 = memory.data(36);
const t4 = memory.data(36);
const t5 = memory.data(36);
const t6 = memory.data(36);

export function copyPoint(d: usize, p: usize): void {
  copy(d, p);
  copy(d + Y, p + Y);
  copy(d + Z, p + Z);
}

export function fromAffine(d: usize, p: usize): void {
  copy(d, p);
  copy(d + Y, p + Y);
  copy(d + Z, ONE);
}

/** d = 2*p. d may be p. */
export function double(d: usize, p: usize): void {
  sqr(t0, p); // X^2
  sqr(t1, p + Z);
  sqr(t1, t1); // Z^4
  combine(t2, t1, 3, t0, 0, t0, 0); // M = 3*X^2 + Z^4
  combine(t3, p + Y, 1, p + Y, 0, p, 0); // 2*Y
  mul(t4, p + Y, t3); // E = 2*Y^2
  mul(d + Z, t3, p + Z); // Z' = 2*Y*Z
  mul(t5, p, t4); // F = 2*X*Y^2
  sqr(t6, t2);
  combine(d, t6, -4, t5, 0, t5, 9); // X' = M^2 - 4*F
  combine(t5, t5, 1, t5, -1, d, 16); // 2*F - X'
  mul(t5, t5, t2);
  sqr(t4, t4); // E^2 = 4*Y^4
  combine(d + Y, t5, -2, t4, 0, t4, 8); // Y' = M*(2*F - X') - 8*Y^4
}

/**
 * The common end of both additions, for H = U2 - U1 in t1 and r = S2 - S1 in t3: writes X and Y of d, where
 * u1 and s1 may lie.
 */
function finishAdd(d: usize, u1: usize, s1: usize): void {
  sqr(t4, t1);
  mul(t5, t4, t1); // H^3
  mul(t4, t4, u1); // V = U1*H^2
  sqr(t6, t3);
  combine(d, t6, -1, t5, -2, t4, 8); // X' = r^2 - H^3 - 2*V
  sub(t4, t4, d);
  mul(t4, t4, t3);
  mul(t5, t5, s1);
  combine(d + Y, t4, -1, t5, 0, t5, 8); // Y' = r*(V - X') - S1*H^3
}

/** p += the affine point a. Needs different x. */
export function addAffine(p: usize, a: usize): void {
  sqr(t4, p + Z);
  mul(t1, a, t4); // U2
  mul(t3, p + Z, t4);
  mul(t3, t3, a + Y); // S2
  sub(t1, t1, p);
  sub(t3, t3, p + Y);
  mul(p + Z, p + Z, t1);
  finishAdd(p, p, p + Y);
}

/** p += the affine point a if `wanted`; false, with p as it was, when they have the same x (also when not wanted). */
export function addAffineDistinct(p: usize, a: usize, wanted: bool): bool {
  sqr(t4, p + Z);
  mul(t1, a, t4); // U2
  sub(t1, t1, p);
  if (isZero(t1)) return false;
  if (!wanted) return true;
  mul(t3, p + Z, t4);
  mul(t3, t3, a + Y); // S2
  sub(t3, t3, p + Y);
  mul(p + Z, p + Z, t1);
  finishAdd(p, p, p + Y);
  return true;
}

/**
 * p += q if `wanted`; false, with p as it was, when p and q have the same x (also when not wanted: the
 * rule of the ec_op builtin).
 */
export function addDistinct(p: usize, q: usize, wanted: bool): bool {
  sqr(t4, p + Z);
  sqr(t5, q + Z);
  mul(t0, p, t5); // U1
  mul(t1, q, t4); // U2
  sub(t1, t1, t0);
  if (isZero(t1)) return false;
  if (!wanted) return true;
  mul(t5, t5, q + Z);
  mul(t2, p + Y, t5); // S1
  mul(t4, t4, p + Z);
  mul(t3, q + Y, t4); // S2
  sub(t3, t3, t2);
  mul(p + Z, p + Z, q + Z);
  mul(p + Z, p + Z, t1);
  finishAdd(p, t0, t2);
  return true;
}

/** a = the affine coordinates of p, given 1/Z at `inverseZ`. a may be p. */
export function scaleToAffine(a: usize, p: usize, inverseZ: usize): void {
  sqr(t0, inverseZ);
  mul(a, p, t0);
  mul(t0, t0, inverseZ);
  mul(a + Y, p + Y, t0);
}

/** a = the affine coordinates of p. a may be p. */
export function toAffine(a: usize, p: usize): void {
  inverse(t1, p + Z);
  scaleToAffine(a, p, t1);
}

/**
 * Normalises n points from `points` to n affine points from `affine` with one inversion (Montgomery's trick).
 * `products` takes n elements.
 */
export function toAffineBatch(affine: usize, points: usize, products: usize, n: i32): void {
  // products[i] = Z0*...*Zi
  copy(products, points + Z);
  for (let i = 1; i < n; i++) {
    mul(products + <usize>i * 36, products + <usize>(i - 1) * 36, points + <usize>i * POINT + Z);
  }
  inverse(t3, products + <usize>(n - 1) * 36);
  for (let i = n - 1; i > 0; i--) {
    const p = points + <usize>i * POINT;
    mul(t1, t3, products + <usize>(i - 1) * 36);
    mul(t3, t3, p + Z);
    scaleToAffine(affine + <usize>i * AFFINE, p, t1);
  }
  scaleToAffine(affine, points, t3);
}
