// Scalar arithmetic in the Stark field F_P, P = 2^251 + 17*2^192 + 1, for the kernels to import.
//
// An element is 9 signed limbs of 29 bits in 36 bytes of memory (i32 each): value = sum limb[i] * 2^(29 i).
// It is held in Montgomery form (x*R mod P, R = 2^261) and lazily reduced: limbs 0..7 lie in [0, 2^29), the
// top limb takes the rest, so any value in (-P/32, 2^256) will do. 2^256 is almost 32 P.
//
// With P = 1 mod 2^192 the Montgomery factor -1/P mod 2^29 is -1: reduction subtracts q*P for q = the lowest
// limb itself, which touches only limbs 6 (17*2^192 = 17*2^18 * 2^(29*6)) and 8 (2^251 = 2^19 * 2^(29*8)).
// Column sums stay below 9 * 2^58 + carries < 2^63.

/** Bytes of an element. */
export const SIZE: usize = 36;

const LIMB: i64 = 0x1fffffff;
// The limbs of P that are not zero.
const P0: i64 = 1;
const P6: i64 = 17 << 18;
const P8: i64 = 1 << 19;

const TOP_BITS: i64 = 19; // bits of the top limb below 2^251

/** d = a*b/R. For a, b in (-P/32, 2^256) the result lies in (-P/32, 2 P). d may be a or b. */
export function mul(d: usize, a: usize, b: usize): void {
  let q: i64;
  const a0: i64 = load<i32>(a, 0),
    a1: i64 = load<i32>(a, 4),
    a2: i64 = load<i32>(a, 8),
    a3: i64 = load<i32>(a, 12),
    a4: i64 = load<i32>(a, 16),
    a5: i64 = load<i32>(a, 20),
    a6: i64 = load<i32>(a, 24),
    a7: i64 = load<i32>(a, 28),
    a8: i64 = load<i32>(a, 32);
  const b0: i64 = load<i32>(b, 0),
    b1: i64 = load<i32>(b, 4),
    b2: i64 = load<i32>(b, 8),
    b3: i64 = load<i32>(b, 12),
    b4: i64 = load<i32>(b, 16),
    b5: i64 = load<i32>(b, 20),
    b6: i64 = load<i32>(b, 24),
    b7: i64 = load<i32>(b, 28),
    b8: i64 = load<i32>(b, 32);
  // Column k of the product collects the terms of 2^(29 k).
  let c0: i64 = a0 * b0;
  let c1: i64 = a0 * b1 + a1 * b0;
  let c2: i64 = a0 * b2 + a1 * b1 + a2 * b0;
  let c3: i64 = a0 * b3 + a1 * b2 + a2 * b1 + a3 * b0;
  let c4: i64 = a0 * b4 + a1 * b3 + a2 * b2 + a3 * b1 + a4 * b0;
  let c5: i64 = a0 * b5 + a1 * b4 + a2 * b3 + a3 * b2 + a4 * b1 + a5 * b0;
  let c6: i64 = a0 * b6 + a1 * b5 + a2 * b4 + a3 * b3 + a4 * b2 + a5 * b1 + a6 * b0;
  let c7: i64 = a0 * b7 + a1 * b6 + a2 * b5 + a3 * b4 + a4 * b3 + a5 * b2 + a6 * b1 + a7 * b0;
  let c8: i64 = a0 * b8 + a1 * b7 + a2 * b6 + a3 * b5 + a4 * b4 + a5 * b3 + a6 * b2 + a7 * b1 + a8 * b0;
  let c9: i64 = a1 * b8 + a2 * b7 + a3 * b6 + a4 * b5 + a5 * b4 + a6 * b3 + a7 * b2 + a8 * b1;
  let c10: i64 = a2 * b8 + a3 * b7 + a4 * b6 + a5 * b5 + a6 * b4 + a7 * b3 + a8 * b2;
  let c11: i64 = a3 * b8 + a4 * b7 + a5 * b6 + a6 * b5 + a7 * b4 + a8 * b3;
  let c12: i64 = a4 * b8 + a5 * b7 + a6 * b6 + a7 * b5 + a8 * b4;
  let c13: i64 = a5 * b8 + a6 * b7 + a7 * b6 + a8 * b5;
  let c14: i64 = a6 * b8 + a7 * b7 + a8 * b6;
  let c15: i64 = a7 * b8 + a8 * b7;
  let c16: i64 = a8 * b8;
  // Montgomery reduction of the lower nine columns.
  q = c0 & LIMB;
  c1 += c0 >> 29;
  c6 -= (q * 17) << 18;
  c8 -= q << 19;
  q = c1 & LIMB;
  c2 += c1 >> 29;
  c7 -= (q * 17) << 18;
  c9 -= q << 19;
  q = c2 & LIMB;
  c3 += c2 >> 29;
  c8 -= (q * 17) << 18;
  c10 -= q << 19;
  q = c3 & LIMB;
  c4 += c3 >> 29;
  c9 -= (q * 17) << 18;
  c11 -= q << 19;
  q = c4 & LIMB;
  c5 += c4 >> 29;
  c10 -= (q * 17) << 18;
  c12 -= q << 19;
  q = c5 & LIMB;
  c6 += c5 >> 29;
  c11 -= (q * 17) << 18;
  c13 -= q << 19;
  q = c6 & LIMB;
  c7 += c6 >> 29;
  c12 -= (q * 17) << 18;
  c14 -= q << 19;
  q = c7 & LIMB;
  c8 += c7 >> 29;
  c13 -= (q * 17) << 18;
  c15 -= q << 19;
  q = c8 & LIMB;
  c9 += c8 >> 29;
  c14 -= (q * 17) << 18;
  c16 -= q << 19;
  // Plus P, which the subtractions stay below, and carries of the upper columns.
  c9 += P0;
  c15 += P6;
  store<i32>(d, <i32>(c9 & LIMB), 0);
  c10 += c9 >> 29;
  store<i32>(d, <i32>(c10 & LIMB), 4);
  c11 += c10 >> 29;
  store<i32>(d, <i32>(c11 & LIMB), 8);
  c12 += c11 >> 29;
  store<i32>(d, <i32>(c12 & LIMB), 12);
  c13 += c12 >> 29;
  store<i32>(d, <i32>(c13 & LIMB), 16);
  c14 += c13 >> 29;
  store<i32>(d, <i32>(c14 & LIMB), 20);
  c15 += c14 >> 29;
  store<i32>(d, <i32>(c15 & LIMB), 24);
  c16 += c15 >> 29;
  store<i32>(d, <i32>(c16 & LIMB), 28);
  store<i32>(d, <i32>((c16 >> 29) + P8), 32);
}

/** d = a*a/R, with the bounds of mul. */
export function sqr(d: usize, a: usize): void {
  let q: i64;
  const a0: i64 = load<i32>(a, 0),
    a1: i64 = load<i32>(a, 4),
    a2: i64 = load<i32>(a, 8),
    a3: i64 = load<i32>(a, 12),
    a4: i64 = load<i32>(a, 16),
    a5: i64 = load<i32>(a, 20),
    a6: i64 = load<i32>(a, 24),
    a7: i64 = load<i32>(a, 28),
    a8: i64 = load<i32>(a, 32);
  const t0 = a0 << 1,
    t1 = a1 << 1,
    t2 = a2 << 1,
    t3 = a3 << 1,
    t4 = a4 << 1,
    t5 = a5 << 1,
    t6 = a6 << 1,
    t7 = a7 << 1;
  let c0: i64 = a0 * a0;
  let c1: i64 = t0 * a1;
  let c2: i64 = t0 * a2 + a1 * a1;
  let c3: i64 = t0 * a3 + t1 * a2;
  let c4: i64 = t0 * a4 + t1 * a3 + a2 * a2;
  let c5: i64 = t0 * a5 + t1 * a4 + t2 * a3;
  let c6: i64 = t0 * a6 + t1 * a5 + t2 * a4 + a3 * a3;
  let c7: i64 = t0 * a7 + t1 * a6 + t2 * a5 + t3 * a4;
  let c8: i64 = t0 * a8 + t1 * a7 + t2 * a6 + t3 * a5 + a4 * a4;
  let c9: i64 = t1 * a8 + t2 * a7 + t3 * a6 + t4 * a5;
  let c10: i64 = t2 * a8 + t3 * a7 + t4 * a6 + a5 * a5;
  let c11: i64 = t3 * a8 + t4 * a7 + t5 * a6;
  let c12: i64 = t4 * a8 + t5 * a7 + a6 * a6;
  let c13: i64 = t5 * a8 + t6 * a7;
  let c14: i64 = t6 * a8 + a7 * a7;
  let c15: i64 = t7 * a8;
  let c16: i64 = a8 * a8;
  // Montgomery reduction of the lower nine columns.
  q = c0 & LIMB;
  c1 += c0 >> 29;
  c6 -= (q * 17) << 18;
  c8 -= q << 19;
  q = c1 & LIMB;
  c2 += c1 >> 29;
  c7 -= (q * 17) << 18;
  c9 -= q << 19;
  q = c2 & LIMB;
  c3 += c2 >> 29;
  c8 -= (q * 17) << 18;
  c10 -= q << 19;
  q = c3 & LIMB;
  c4 += c3 >> 29;
  c9 -= (q * 17) << 18;
  c11 -= q << 19;
  q = c4 & LIMB;
  c5 += c4 >> 29;
  c10 -= (q * 17) << 18;
  c12 -= q << 19;
  q = c5 & LIMB;
  c6 += c5 >> 29;
  c11 -= (q * 17) << 18;
  c13 -= q << 19;
  q = c6 & LIMB;
  c7 += c6 >> 29;
  c12 -= (q * 17) << 18;
  c14 -= q << 19;
  q = c7 & LIMB;
  c8 += c7 >> 29;
  c13 -= (q * 17) << 18;
  c15 -= q << 19;
  q = c8 & LIMB;
  c9 += c8 >> 29;
  c14 -= (q * 17) << 18;
  c16 -= q << 19;
  // Plus P, which the subtractions stay below, and carries of the upper columns.
  c9 += P0;
  c15 += P6;
  store<i32>(d, <i32>(c9 & LIMB), 0);
  c10 += c9 >> 29;
  store<i32>(d, <i32>(c10 & LIMB), 4);
  c11 += c10 >> 29;
  store<i32>(d, <i32>(c11 & LIMB), 8);
  c12 += c11 >> 29;
  store<i32>(d, <i32>(c12 & LIMB), 12);
  c13 += c12 >> 29;
  store<i32>(d, <i32>(c13 & LIMB), 16);
  c14 += c13 >> 29;
  store<i32>(d, <i32>(c14 & LIMB), 20);
  c15 += c14 >> 29;
  store<i32>(d, <i32>(c15 & LIMB), 24);
  c16 += c15 >> 29;
  store<i32>(d, <i32>(c16 & LIMB), 28);
  store<i32>(d, <i32>((c16 >> 29) + P8), 32);
}

/** Carries 9 limb sums of any sign into an element at d. */
// @ts-ignore: decorator
@inline
export function storeCarried(
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
  store<i32>(d, <i32>(x0 & LIMB), 0);
  x1 += x0 >> 29;
  store<i32>(d, <i32>(x1 & LIMB), 4);
  x2 += x1 >> 29;
  store<i32>(d, <i32>(x2 & LIMB), 8);
  x3 += x2 >> 29;
  store<i32>(d, <i32>(x3 & LIMB), 12);
  x4 += x3 >> 29;
  store<i32>(d, <i32>(x4 & LIMB), 16);
  x5 += x4 >> 29;
  store<i32>(d, <i32>(x5 & LIMB), 20);
  x6 += x5 >> 29;
  store<i32>(d, <i32>(x6 & LIMB), 24);
  x7 += x6 >> 29;
  store<i32>(d, <i32>(x7 & LIMB), 28);
  x8 += x7 >> 29;
  store<i32>(d, <i32>x8, 32);
}

/** d = a + k*b + l*c + m*P; the caller chooses m so that this lies in [0, 2^256). */
// @ts-ignore: decorator
@inline
export function combine(d: usize, a: usize, k: i64, b: usize, l: i64, c: usize, m: i64): void {
  storeCarried(
    d,
    <i64>load<i32>(a, 0) + k * <i64>load<i32>(b, 0) + l * <i64>load<i32>(c, 0) + m * P0,
    <i64>load<i32>(a, 4) + k * <i64>load<i32>(b, 4) + l * <i64>load<i32>(c, 4),
    <i64>load<i32>(a, 8) + k * <i64>load<i32>(b, 8) + l * <i64>load<i32>(c, 8),
    <i64>load<i32>(a, 12) + k * <i64>load<i32>(b, 12) + l * <i64>load<i32>(c, 12),
    <i64>load<i32>(a, 16) + k * <i64>load<i32>(b, 16) + l * <i64>load<i32>(c, 16),
    <i64>load<i32>(a, 20) + k * <i64>load<i32>(b, 20) + l * <i64>load<i32>(c, 20),
    <i64>load<i32>(a, 24) + k * <i64>load<i32>(b, 24) + l * <i64>load<i32>(c, 24) + m * P6,
    <i64>load<i32>(a, 28) + k * <i64>load<i32>(b, 28) + l * <i64>load<i32>(c, 28),
    <i64>load<i32>(a, 32) + k * <i64>load<i32>(b, 32) + l * <i64>load<i32>(c, 32) + m * P8,
  );
}

/** d = a + b. */
export function add(d: usize, a: usize, b: usize): void {
  storeCarried(
    d,
    <i64>load<i32>(a, 0) + <i64>load<i32>(b, 0),
    <i64>load<i32>(a, 4) + <i64>load<i32>(b, 4),
    <i64>load<i32>(a, 8) + <i64>load<i32>(b, 8),
    <i64>load<i32>(a, 12) + <i64>load<i32>(b, 12),
    <i64>load<i32>(a, 16) + <i64>load<i32>(b, 16),
    <i64>load<i32>(a, 20) + <i64>load<i32>(b, 20),
    <i64>load<i32>(a, 24) + <i64>load<i32>(b, 24),
    <i64>load<i32>(a, 28) + <i64>load<i32>(b, 28),
    <i64>load<i32>(a, 32) + <i64>load<i32>(b, 32),
  );
}

/** d = a - b + 16 P, for b < 16 P. */
export function sub(d: usize, a: usize, b: usize): void {
  storeCarried(
    d,
    <i64>load<i32>(a, 0) - <i64>load<i32>(b, 0) + 16 * P0,
    <i64>load<i32>(a, 4) - <i64>load<i32>(b, 4),
    <i64>load<i32>(a, 8) - <i64>load<i32>(b, 8),
    <i64>load<i32>(a, 12) - <i64>load<i32>(b, 12),
    <i64>load<i32>(a, 16) - <i64>load<i32>(b, 16),
    <i64>load<i32>(a, 20) - <i64>load<i32>(b, 20),
    <i64>load<i32>(a, 24) - <i64>load<i32>(b, 24) + 16 * P6,
    <i64>load<i32>(a, 28) - <i64>load<i32>(b, 28),
    <i64>load<i32>(a, 32) - <i64>load<i32>(b, 32) + 16 * P8,
  );
}

/** Copies an element. */
export function copy(d: usize, a: usize): void {
  for (let i: usize = 0; i < SIZE - 4; i += 8) store<u64>(d + i, load<u64>(a + i));
  store<i32>(d, load<i32>(a, 32), 32);
}

/** a -= q*P. */
function subtractMultiple(a: usize, q: i64): void {
  storeCarried(
    a,
    <i64>load<i32>(a) - q * P0,
    <i64>load<i32>(a, 4),
    <i64>load<i32>(a, 8),
    <i64>load<i32>(a, 12),
    <i64>load<i32>(a, 16),
    <i64>load<i32>(a, 20),
    <i64>load<i32>(a, 24) - q * P6,
    <i64>load<i32>(a, 28),
    <i64>load<i32>(a, 32) - q * P8,
  );
}

/** Reduces any element to its canonical value in [0, P), in place. */
export function canonical(a: usize): void {
  // v - floor(v / 2^251) * P lies in (-2^202, P) for |v| <= 2^256: at most one P is missing.
  subtractMultiple(a, (<i64>load<i32>(a, 32)) >> TOP_BITS);
  if (load<i32>(a, 32) < 0) subtractMultiple(a, -1);
}

/** Whether a = 0 mod P. Makes a canonical if its lowest limb looks like that of a multiple of P. */
export function isZero(a: usize): bool {
  // k*P has the lowest limb k (P = 1 mod 2^192), and |k| <= 32.
  const low = load<i32>(a);
  if (low > 32 && low < 0x1fffffff - 32) return false;
  canonical(a);
  let bits: i32 = 0;
  for (let i: usize = 0; i < SIZE; i += 4) bits |= load<i32>(a + i);
  return bits == 0;
}

// R^2 mod P, to enter Montgomery form, and the plain 1, to leave it.
const R2 = memory.data<i32>([
  0x100001, 0x1fae6fc0, 0x1fffffff, 0x9987f, 0x0, 0x1ffedf00, 0x43ffff, 0xf004400, 0x752ad,
]);
const UNIT = memory.data<i32>([1, 0, 0, 0, 0, 0, 0, 0, 0]);
/** 1 in Montgomery form. */
export const ONE = memory.data<i32>([
  0x1ffffc01, 0x1fffffff, 0x1fffffff, 0x1fffffff, 0x1fffffff, 0x1fffffff, 0x1043ffff, 0x1ffffff7, 0x7ffff,
]);

/** d = the 256-bit little-endian integer at src, as it is. */
export function unpack(d: usize, src: usize): void {
  const w0 = load<u64>(src),
    w1 = load<u64>(src, 8),
    w2 = load<u64>(src, 16),
    w3 = load<u64>(src, 24);
  store<i32>(d, (<i32>w0) & (<i32>LIMB), 0);
  store<i32>(d, (<i32>(w0 >> 29)) & (<i32>LIMB), 4);
  store<i32>(d, (<i32>((w0 >> 58) | (w1 << 6))) & (<i32>LIMB), 8);
  store<i32>(d, (<i32>(w1 >> 23)) & (<i32>LIMB), 12);
  store<i32>(d, (<i32>((w1 >> 52) | (w2 << 12))) & (<i32>LIMB), 16);
  store<i32>(d, (<i32>(w2 >> 17)) & (<i32>LIMB), 20);
  store<i32>(d, (<i32>((w2 >> 46) | (w3 << 18))) & (<i32>LIMB), 24);
  store<i32>(d, (<i32>(w3 >> 11)) & (<i32>LIMB), 28);
  store<i32>(d, <i32>(w3 >> 40), 32);
}

/** Enters Montgomery form: d = the 256-bit little-endian integer at src. */
export function read(d: usize, src: usize): void {
  unpack(d, src);
  mul(d, d, R2);
}

/** Leaves Montgomery form: writes the canonical value of a as a 256-bit little-endian integer. Changes a. */
export function write(dst: usize, a: usize): void {
  mul(a, a, UNIT);
  pack(dst, a);
}

/** Writes the canonical value of a, as it is, as a 256-bit little-endian integer. Changes a. */
export function pack(dst: usize, a: usize): void {
  canonical(a);
  const a0: u64 = load<u32>(a, 0),
    a1: u64 = load<u32>(a, 4),
    a2: u64 = load<u32>(a, 8),
    a3: u64 = load<u32>(a, 12),
    a4: u64 = load<u32>(a, 16),
    a5: u64 = load<u32>(a, 20),
    a6: u64 = load<u32>(a, 24),
    a7: u64 = load<u32>(a, 28),
    a8: u64 = load<u32>(a, 32);
  store<u64>(dst, a0 | (a1 << 29) | (a2 << 58), 0);
  store<u64>(dst, (a2 >> 6) | (a3 << 23) | (a4 << 52), 8);
  store<u64>(dst, (a4 >> 12) | (a5 << 17) | (a6 << 46), 16);
  store<u64>(dst, (a6 >> 18) | (a7 << 11) | (a8 << 40), 24);
}
