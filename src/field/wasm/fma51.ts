// Two Stark field elements at once, one in each 64-bit lane, multiplied by fused multiply-adds of f64.
//
// An element is 5 signed limbs of 51 bits: value = sum limb[i] * 2^(51 i), in Montgomery form with R = 2^255.
// A pair of elements is 5 vectors of i64, 80 bytes: limb i of both at offset 16 i. Limbs 0..3 are balanced, in
// [-2^50, 2^50); the top limb carries sign and excess.
//
// A product of two limbs below 2^51 in size has up to 102 bits. hi = fma(a, b, C1) with C1 = 1.5 * 2^103 rounds
// it to a multiple of 2^51 (the unit of the sum's last place); lo = fma(a, b, C1 + C2 - hi) with C2 = 1.5 * 2^52
// is the exact rest, plus C2. In both the integer wanted is the difference of bit patterns from C1 or C2, so
// columns add up bit patterns as i64 and start from minus the sum of the constants' patterns. Rounding must be
// fused: without FMA hardware relaxed_madd is silently wrong, so the host probes it before choosing this kernel.
//
// Reduction is that of field29.ts with limbs of 51 bits: q*P touches limb 0, 3 (17*2^192 = 17*2^39 * 2^153)
// and 4 (2^251 = 2^47 * 2^204); the pieces are split at 51 bits so that no column overflows.

/** Bytes of a pair of elements. */
export const PAIR: usize = 80;

// Starts of the columns of a product: minus the patterns of its terms, plus 2^61 (less 2^10 carried in), which
// makes the logical shift of a carry an arithmetic one; plus P in columns 5..9, and 2^50 for balance in 5..8.
// prettier-ignore
const PRODUCT = memory.data<u64>([
  0xdcc8000000000000, 0xdcc8000000000000, 0x5327fffffffffc00, 0x5327fffffffffc00,
  0xc987fffffffffc00, 0xc987fffffffffc00, 0x3fe7fffffffffc00, 0x3fe7fffffffffc00,
  0xb647fffffffffc00, 0xb647fffffffffc00, 0xb31bfffffffffc01, 0xb31bfffffffffc01,
  0x3cbbfffffffffc00, 0x3cbbfffffffffc00, 0xc65bfffffffffc00, 0xc65bfffffffffc00,
  0x4ffc087ffffffc00, 0x4ffc087ffffffc00, 0xb9987ffffffffc00, 0xb9987ffffffffc00,
], 16);

// The same for a square, which has 15 terms.
// prettier-ignore
const SQUARE = memory.data<u64>([
  0xdcc8000000000000, 0xdcc8000000000000, 0x965ffffffffffc00, 0x965ffffffffffc00,
  0x5327fffffffffc00, 0x5327fffffffffc00, 0xcbffffffffffc00, 0xcbffffffffffc00,
  0xc987fffffffffc00, 0xc987fffffffffc00, 0xc65bfffffffffc01, 0xc65bfffffffffc01,
  0xcc3fffffffffc00, 0xcc3fffffffffc00, 0x4ffbfffffffffc00, 0x4ffbfffffffffc00,
  0x9664087ffffffc00, 0x9664087ffffffc00, 0xb9987ffffffffc00, 0xb9987ffffffffc00,
], 16);

// prettier-ignore
const K = memory.data<u64>([
  0x7ffffffffffff, 0x7ffffffffffff, // 51 bits
  0x4338000000000000, 0x4338000000000000, // C2
  0x4668000000000000, 0x4668000000000000, // C1
  0x4668000000000003, 0x4668000000000003, // C1 + C2
  0x4000000000000, 0x4000000000000, // 2^50
  0x2000000000000000, 0x2000000000000000, // 2^61
  0x4000, 0x4000, // 2^61 >> 47
  0x2004000000000000, 0x2004000000000000, // 2^61 + 2^50
  0x2003fffffffffc00, 0x2003fffffffffc00, // 2^61 + 2^50 - 2^10
  0x400, 0x400, // 2^10
], 16);
// @ts-ignore: decorator
@inline
function mask51(): v128 {
  return v128.load(K);
}
// @ts-ignore: decorator
@inline
function c2(): v128 {
  return v128.load(K, 16);
}
// @ts-ignore: decorator
@inline
function c1(): v128 {
  return v128.load(K, 32);
}

/** The high part of a*b, as the pattern C1 + a*b rounded to multiples of 2^51. */
// @ts-ignore: decorator
@inline
export function high(a: v128, b: v128): v128 {
  return f64x2.relaxed_madd(a, b, c1());
}

/** The rest of a*b after high, as the pattern C2 + rest. */
// @ts-ignore: decorator
@inline
export function low(a: v128, b: v128, high: v128): v128 {
  return f64x2.relaxed_madd(a, b, f64x2.sub(v128.load(K, 48), high));
}

// @ts-ignore: decorator
@inline
function add(a: v128, b: v128): v128 {
  return i64x2.add(a, b);
}

// @ts-ignore: decorator
@inline
function sub(a: v128, b: v128): v128 {
  return i64x2.sub(a, b);
}

/** A limb as f64: adding the pattern of C2 to an integer below 2^51 makes C2 + integer. */
// @ts-ignore: decorator
@inline
export function toF64(limb: v128): v128 {
  return f64x2.sub(add(limb, c2()), c2());
}

/** Limb i of the pair at p as f64. */
// @ts-ignore: decorator
@inline
export function limb(p: usize, i: usize): v128 {
  return toF64(v128.load(p + 16 * i));
}

/** d = a*b/R + P or so: within (-P/4, 5/4 P) for |a*b| < 2^504, limbs of both below 2^51. d may be a or b. */
export function mul(d: usize, a: usize, b: usize): void {
  multiply(
    d,
    limb(a, 0),
    limb(a, 1),
    limb(a, 2),
    limb(a, 3),
    limb(a, 4),
    limb(b, 0),
    limb(b, 1),
    limb(b, 2),
    limb(b, 3),
    limb(b, 4),
  );
}

/** mul of limbs as f64. */
// @ts-ignore: decorator
@inline
export function multiply(
  d: usize,
  a0: v128,
  a1: v128,
  a2: v128,
  a3: v128,
  a4: v128,
  b0: v128,
  b1: v128,
  b2: v128,
  b3: v128,
  b4: v128,
): void {
  let h: v128;
  h = high(a0, b0);
  let c1 = add(v128.load(PRODUCT, 16), h);
  let c0 = add(v128.load(PRODUCT, 0), low(a0, b0, h));
  h = high(a0, b1);
  let c2 = add(v128.load(PRODUCT, 32), h);
  c1 = add(c1, low(a0, b1, h));
  h = high(a0, b2);
  let c3 = add(v128.load(PRODUCT, 48), h);
  c2 = add(c2, low(a0, b2, h));
  h = high(a0, b3);
  let c4 = add(v128.load(PRODUCT, 64), h);
  c3 = add(c3, low(a0, b3, h));
  h = high(a0, b4);
  let c5 = add(v128.load(PRODUCT, 80), h);
  c4 = add(c4, low(a0, b4, h));
  h = high(a1, b0);
  c2 = add(c2, h);
  c1 = add(c1, low(a1, b0, h));
  h = high(a1, b1);
  c3 = add(c3, h);
  c2 = add(c2, low(a1, b1, h));
  h = high(a1, b2);
  c4 = add(c4, h);
  c3 = add(c3, low(a1, b2, h));
  h = high(a1, b3);
  c5 = add(c5, h);
  c4 = add(c4, low(a1, b3, h));
  h = high(a1, b4);
  let c6 = add(v128.load(PRODUCT, 96), h);
  c5 = add(c5, low(a1, b4, h));
  h = high(a2, b0);
  c3 = add(c3, h);
  c2 = add(c2, low(a2, b0, h));
  h = high(a2, b1);
  c4 = add(c4, h);
  c3 = add(c3, low(a2, b1, h));
  h = high(a2, b2);
  c5 = add(c5, h);
  c4 = add(c4, low(a2, b2, h));
  h = high(a2, b3);
  c6 = add(c6, h);
  c5 = add(c5, low(a2, b3, h));
  h = high(a2, b4);
  let c7 = add(v128.load(PRODUCT, 112), h);
  c6 = add(c6, low(a2, b4, h));
  h = high(a3, b0);
  c4 = add(c4, h);
  c3 = add(c3, low(a3, b0, h));
  h = high(a3, b1);
  c5 = add(c5, h);
  c4 = add(c4, low(a3, b1, h));
  h = high(a3, b2);
  c6 = add(c6, h);
  c5 = add(c5, low(a3, b2, h));
  h = high(a3, b3);
  c7 = add(c7, h);
  c6 = add(c6, low(a3, b3, h));
  h = high(a3, b4);
  let c8 = add(v128.load(PRODUCT, 128), h);
  c7 = add(c7, low(a3, b4, h));
  h = high(a4, b0);
  c5 = add(c5, h);
  c4 = add(c4, low(a4, b0, h));
  h = high(a4, b1);
  c6 = add(c6, h);
  c5 = add(c5, low(a4, b1, h));
  h = high(a4, b2);
  c7 = add(c7, h);
  c6 = add(c6, low(a4, b2, h));
  h = high(a4, b3);
  c8 = add(c8, h);
  c7 = add(c7, low(a4, b3, h));
  h = high(a4, b4);
  let c9 = add(v128.load(PRODUCT, 144), h);
  c8 = add(c8, low(a4, b4, h));
  reduce(d, c0, c1, c2, c3, c4, c5, c6, c7, c8, c9);
}

/**
 * d = the sum of column i times 2^(51 i), divided by R. Columns are below 2^61 in size after the bias that PRODUCT
 * has.
 */
// @ts-ignore: decorator
@inline
export function reduce(
  d: usize,
  c0: v128,
  c1: v128,
  c2: v128,
  c3: v128,
  c4: v128,
  c5: v128,
  c6: v128,
  c7: v128,
  c8: v128,
  c9: v128,
): void {
  // Montgomery reduction.
  const m = mask51();
  let q: v128, q17: v128;
  q = v128.and(c0, m);
  q17 = add(q, i64x2.shl(q, 4));
  c1 = add(c1, i64x2.shr_u(c0, 51));
  c3 = sub(c3, v128.and(i64x2.shl(q17, 39), m));
  c4 = sub(sub(c4, i64x2.shr_u(q17, 12)), v128.and(i64x2.shl(q, 47), m));
  c5 = sub(c5, i64x2.shr_u(q, 4));
  q = v128.and(c1, m);
  q17 = add(q, i64x2.shl(q, 4));
  c2 = add(c2, i64x2.shr_u(c1, 51));
  c4 = sub(c4, v128.and(i64x2.shl(q17, 39), m));
  c5 = sub(sub(c5, i64x2.shr_u(q17, 12)), v128.and(i64x2.shl(q, 47), m));
  c6 = sub(c6, i64x2.shr_u(q, 4));
  q = v128.and(c2, m);
  q17 = add(q, i64x2.shl(q, 4));
  c3 = add(c3, i64x2.shr_u(c2, 51));
  c5 = sub(c5, v128.and(i64x2.shl(q17, 39), m));
  c6 = sub(sub(c6, i64x2.shr_u(q17, 12)), v128.and(i64x2.shl(q, 47), m));
  c7 = sub(c7, i64x2.shr_u(q, 4));
  q = v128.and(c3, m);
  q17 = add(q, i64x2.shl(q, 4));
  c4 = add(c4, i64x2.shr_u(c3, 51));
  c6 = sub(c6, v128.and(i64x2.shl(q17, 39), m));
  c7 = sub(sub(c7, i64x2.shr_u(q17, 12)), v128.and(i64x2.shl(q, 47), m));
  c8 = sub(c8, i64x2.shr_u(q, 4));
  q = v128.and(c4, m);
  q17 = add(q, i64x2.shl(q, 4));
  c5 = add(c5, i64x2.shr_u(c4, 51));
  c7 = sub(c7, v128.and(i64x2.shl(q17, 39), m));
  c8 = sub(sub(c8, i64x2.shr_u(q17, 12)), v128.and(i64x2.shl(q, 47), m));
  c9 = sub(c9, i64x2.shr_u(q, 4));
  // Carries of the upper half, balanced.
  const half = v128.load(K, 64);
  v128.store(d, sub(v128.and(c5, m), half), 0);
  c6 = add(c6, i64x2.shr_u(c5, 51));
  v128.store(d, sub(v128.and(c6, m), half), 16);
  c7 = add(c7, i64x2.shr_u(c6, 51));
  v128.store(d, sub(v128.and(c7, m), half), 32);
  c8 = add(c8, i64x2.shr_u(c7, 51));
  v128.store(d, sub(v128.and(c8, m), half), 48);
  c9 = add(c9, i64x2.shr_u(c8, 51));
  v128.store(d, c9, 64);
}

/** d = a*a/R, like mul, for balanced limbs: twice a limb must stay within 2^51. */
export function sqr(d: usize, a: usize): void {
  const a0 = limb(a, 0),
    a1 = limb(a, 1),
    a2 = limb(a, 2),
    a3 = limb(a, 3),
    a4 = limb(a, 4);
  const t0 = f64x2.add(a0, a0),
    t1 = f64x2.add(a1, a1),
    t2 = f64x2.add(a2, a2),
    t3 = f64x2.add(a3, a3);
  let h: v128;
  h = high(a0, a0);
  let c1 = add(v128.load(SQUARE, 16), h);
  let c0 = add(v128.load(SQUARE, 0), low(a0, a0, h));
  h = high(t0, a1);
  let c2 = add(v128.load(SQUARE, 32), h);
  c1 = add(c1, low(t0, a1, h));
  h = high(t0, a2);
  let c3 = add(v128.load(SQUARE, 48), h);
  c2 = add(c2, low(t0, a2, h));
  h = high(t0, a3);
  let c4 = add(v128.load(SQUARE, 64), h);
  c3 = add(c3, low(t0, a3, h));
  h = high(t0, a4);
  let c5 = add(v128.load(SQUARE, 80), h);
  c4 = add(c4, low(t0, a4, h));
  h = high(a1, a1);
  c3 = add(c3, h);
  c2 = add(c2, low(a1, a1, h));
  h = high(t1, a2);
  c4 = add(c4, h);
  c3 = add(c3, low(t1, a2, h));
  h = high(t1, a3);
  c5 = add(c5, h);
  c4 = add(c4, low(t1, a3, h));
  h = high(t1, a4);
  let c6 = add(v128.load(SQUARE, 96), h);
  c5 = add(c5, low(t1, a4, h));
  h = high(a2, a2);
  c5 = add(c5, h);
  c4 = add(c4, low(a2, a2, h));
  h = high(t2, a3);
  c6 = add(c6, h);
  c5 = add(c5, low(t2, a3, h));
  h = high(t2, a4);
  let c7 = add(v128.load(SQUARE, 112), h);
  c6 = add(c6, low(t2, a4, h));
  h = high(a3, a3);
  c7 = add(c7, h);
  c6 = add(c6, low(a3, a3, h));
  h = high(t3, a4);
  let c8 = add(v128.load(SQUARE, 128), h);
  c7 = add(c7, low(t3, a4, h));
  h = high(a4, a4);
  let c9 = add(v128.load(SQUARE, 144), h);
  c8 = add(c8, low(a4, a4, h));
  // Montgomery reduction.
  const m = mask51();
  let q: v128, q17: v128;
  q = v128.and(c0, m);
  q17 = add(q, i64x2.shl(q, 4));
  c1 = add(c1, i64x2.shr_u(c0, 51));
  c3 = sub(c3, v128.and(i64x2.shl(q17, 39), m));
  c4 = sub(sub(c4, i64x2.shr_u(q17, 12)), v128.and(i64x2.shl(q, 47), m));
  c5 = sub(c5, i64x2.shr_u(q, 4));
  q = v128.and(c1, m);
  q17 = add(q, i64x2.shl(q, 4));
  c2 = add(c2, i64x2.shr_u(c1, 51));
  c4 = sub(c4, v128.and(i64x2.shl(q17, 39), m));
  c5 = sub(sub(c5, i64x2.shr_u(q17, 12)), v128.and(i64x2.shl(q, 47), m));
  c6 = sub(c6, i64x2.shr_u(q, 4));
  q = v128.and(c2, m);
  q17 = add(q, i64x2.shl(q, 4));
  c3 = add(c3, i64x2.shr_u(c2, 51));
  c5 = sub(c5, v128.and(i64x2.shl(q17, 39), m));
  c6 = sub(sub(c6, i64x2.shr_u(q17, 12)), v128.and(i64x2.shl(q, 47), m));
  c7 = sub(c7, i64x2.shr_u(q, 4));
  q = v128.and(c3, m);
  q17 = add(q, i64x2.shl(q, 4));
  c4 = add(c4, i64x2.shr_u(c3, 51));
  c6 = sub(c6, v128.and(i64x2.shl(q17, 39), m));
  c7 = sub(sub(c7, i64x2.shr_u(q17, 12)), v128.and(i64x2.shl(q, 47), m));
  c8 = sub(c8, i64x2.shr_u(q, 4));
  q = v128.and(c4, m);
  q17 = add(q, i64x2.shl(q, 4));
  c5 = add(c5, i64x2.shr_u(c4, 51));
  c7 = sub(c7, v128.and(i64x2.shl(q17, 39), m));
  c8 = sub(sub(c8, i64x2.shr_u(q17, 12)), v128.and(i64x2.shl(q, 47), m));
  c9 = sub(c9, i64x2.shr_u(q, 4));
  // Carries of the upper half, balanced.
  const half = v128.load(K, 64);
  v128.store(d, sub(v128.and(c5, m), half), 0);
  c6 = add(c6, i64x2.shr_u(c5, 51));
  v128.store(d, sub(v128.and(c6, m), half), 16);
  c7 = add(c7, i64x2.shr_u(c6, 51));
  v128.store(d, sub(v128.and(c7, m), half), 32);
  c8 = add(c8, i64x2.shr_u(c7, 51));
  v128.store(d, sub(v128.and(c8, m), half), 48);
  c9 = add(c9, i64x2.shr_u(c8, 51));
  v128.store(d, c9, 64);
}

/**
 * Stores limb sums at d less floor(value / 2^251) * P, balanced: any value with |limbs| < 2^60 comes out within
 * (-2^203, P).
 */
// @ts-ignore: decorator
@inline
export function storeReduced(d: usize, x0: v128, x1: v128, x2: v128, x3: v128, x4: v128): void {
  const m = mask51(),
    half = v128.load(K, 64),
    carry = v128.load(K, 128);
  const q = sub(i64x2.shr_u(add(x4, v128.load(K, 80)), 47), v128.load(K, 96));
  x0 = add(sub(x0, q), v128.load(K, 112));
  x1 = add(add(x1, carry), i64x2.shr_u(x0, 51));
  x2 = add(add(x2, carry), i64x2.shr_u(x1, 51));
  x3 = sub(add(x3, carry), i64x2.shl(add(q, i64x2.shl(q, 4)), 39));
  x3 = add(x3, i64x2.shr_u(x2, 51));
  x4 = add(sub(sub(x4, i64x2.shl(q, 47)), v128.load(K, 144)), i64x2.shr_u(x3, 51));
  v128.store(d, sub(v128.and(x0, m), half));
  v128.store(d, sub(v128.and(x1, m), half), 16);
  v128.store(d, sub(v128.and(x2, m), half), 32);
  v128.store(d, sub(v128.and(x3, m), half), 48);
  v128.store(d, x4, 64);
}

// R^2 mod P and the plain 1 in both lanes.
// prettier-ignore
const R2 = memory.data<u64>([0xffffff5cdf800101, 0xffffff5cdf800101, 0x99880000000, 0x99880000000, 0xffff6f8000000000, 0xffff6f8000000000, 0x1088000000000, 0x1088000000000, 0x7fff52ad7802, 0x7fff52ad7802], 16);
// prettier-ignore
const UNIT = memory.data<u64>([0x1, 0x1, 0x0, 0x0, 0x0, 0x0, 0x0, 0x0, 0x0, 0x0], 16);

/**
 * Lane 0 of d = the 256-bit little-endian integer at src0, lane 1 = that at src1, as they are: unsigned limbs of
 * 51 bits, which mul takes.
 */
export function unpack(d: usize, src0: usize, src1: usize): void {
  const m = mask51();
  const w0 = lanes(src0, src1),
    w1 = lanes(src0 + 8, src1 + 8);
  const w2 = lanes(src0 + 16, src1 + 16),
    w3 = lanes(src0 + 24, src1 + 24);
  v128.store(d, v128.and(w0, m));
  v128.store(d, v128.and(v128.or(i64x2.shr_u(w0, 51), i64x2.shl(w1, 13)), m), 16);
  v128.store(d, v128.and(v128.or(i64x2.shr_u(w1, 38), i64x2.shl(w2, 26)), m), 32);
  v128.store(d, v128.and(v128.or(i64x2.shr_u(w2, 25), i64x2.shl(w3, 39)), m), 48);
  v128.store(d, i64x2.shr_u(w3, 12), 64);
}

/** The words at two addresses, one in each lane. */
// @ts-ignore: decorator
@inline
function lanes(src0: usize, src1: usize): v128 {
  return v128.load_lane<u64>(src1, v128.load_zero<u64>(src0), 1);
}

/** Enters Montgomery form: lane 0 of d from the 256-bit integer at src0, lane 1 from src1; both below 2^255. */
export function read(d: usize, src0: usize, src1: usize): void {
  unpack(d, src0, src1);
  mul(d, d, R2);
}

/** Leaves Montgomery form: writes the canonical values of both lanes of a. Changes a. */
export function write(dst0: usize, dst1: usize, a: usize): void {
  mul(a, a, UNIT);
  pack(dst0, dst1, a);
}

/** Writes the canonical values of both lanes of a, as they are. */
export function pack(dst0: usize, dst1: usize, a: usize): void {
  packLane(dst0, a);
  packLane(dst1, a + 8);
}

function packLane(dst: usize, a: usize): void {
  let x0: i64 = load<i64>(a),
    x1: i64 = load<i64>(a, 16),
    x2: i64 = load<i64>(a, 32),
    x3: i64 = load<i64>(a, 48),
    x4: i64 = load<i64>(a, 64);
  const m: i64 = 0x7ffffffffffff;
  // Less floor(value / 2^251) * P; then, where the result is negative, plus P.
  for (let pass = 0; pass < 2; pass++) {
    x1 += x0 >> 51;
    x0 &= m;
    x2 += x1 >> 51;
    x1 &= m;
    x3 += x2 >> 51;
    x2 &= m;
    x4 += x3 >> 51;
    x3 &= m;
    const q = x4 >> (pass == 0 ? 47 : 63);
    x0 -= q;
    x3 -= (q * 17) << 39;
    x4 -= q << 47;
  }
  x1 += x0 >> 51;
  x0 &= m;
  x2 += x1 >> 51;
  x1 &= m;
  x3 += x2 >> 51;
  x2 &= m;
  x4 += x3 >> 51;
  x3 &= m;
  store<i64>(dst, x0 | (x1 << 51));
  store<i64>(dst, (x1 >> 13) | (x2 << 38), 8);
  store<i64>(dst, (x2 >> 26) | (x3 << 25), 16);
  store<i64>(dst, (x3 >> 39) | (x4 << 12), 24);
}
