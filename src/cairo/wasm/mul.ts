// Multiplication in F_P on cells, canonical in and out.
//
// Operands are cut into nine limbs of 29 bits, so that a column of the schoolbook product (nine products of
// 58 bits) fits in 62 bits and needs no carries while it is summed. The reduction is by the shape of
// P = 2^251 + 17*2^192 + 1: limb k >= 9 has the weight 2^(29k) = 2^(29(k-9)) * 2^261, and
//   2^261 = 2^10 * 2^251 = -17*2^202 - 2^10 (mod P),   2^202 = 2^(29*6 + 28),
// so it moves to column k-3 times -17*2^28 (split over columns k-2 and k-3) and to column k-9 times -2^10.
import { PLAIN_HIGH, VALUE_MASK } from "./cell";
const M29: i64 = 0x1fffffff;

/** out = a * b mod P, with `tag` or-ed into the top limb. `out` may be `a` or `b`. */
export function mulFelt(out: usize, a: usize, b: usize, tag: u64): void {
  const aw0 = load<u64>(a), aw1 = load<u64>(a, 8), aw2 = load<u64>(a, 16);
  const aw3 = load<u64>(a, 24) & VALUE_MASK;
  const a0: i64 = (aw0) & M29;
  const a1: i64 = (aw0 >> 29) & M29;
  const a2: i64 = ((aw0 >> 58) | (aw1 << 6)) & M29;
  const a3: i64 = (aw1 >> 23) & M29;
  const a4: i64 = ((aw1 >> 52) | (aw2 << 12)) & M29;
  const a5: i64 = (aw2 >> 17) & M29;
  const a6: i64 = ((aw2 >> 46) | (aw3 << 18)) & M29;
  const a7: i64 = (aw3 >> 11) & M29;
  const a8: i64 = aw3 >> 40;
  const bw0 = load<u64>(b), bw1 = load<u64>(b, 8), bw2 = load<u64>(b, 16);
  const bw3 = load<u64>(b, 24) & VALUE_MASK;
  const b0: i64 = (bw0) & M29;
  const b1: i64 = (bw0 >> 29) & M29;
  const b2: i64 = ((bw0 >> 58) | (bw1 << 6)) & M29;
  const b3: i64 = (bw1 >> 23) & M29;
  const b4: i64 = ((bw1 >> 52) | (bw2 << 12)) & M29;
  const b5: i64 = (bw2 >> 17) & M29;
  const b6: i64 = ((bw2 >> 46) | (bw3 << 18)) & M29;
  const b7: i64 = (bw3 >> 11) & M29;
  const b8: i64 = bw3 >> 40;
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
  // Digits of 29 bits, so that the folds below stay far from overflow.
  c1 += c0 >> 29; c0 &= M29;
  c2 += c1 >> 29; c1 &= M29;
  c3 += c2 >> 29; c2 &= M29;
  c4 += c3 >> 29; c3 &= M29;
  c5 += c4 >> 29; c4 &= M29;
  c6 += c5 >> 29; c5 &= M29;
  c7 += c6 >> 29; c6 &= M29;
  c8 += c7 >> 29; c7 &= M29;
  c9 += c8 >> 29; c8 &= M29;
  c10 += c9 >> 29; c9 &= M29;
  c11 += c10 >> 29; c10 &= M29;
  c12 += c11 >> 29; c11 &= M29;
  c13 += c12 >> 29; c12 &= M29;
  c14 += c13 >> 29; c13 &= M29;
  c15 += c14 >> 29; c14 &= M29;
  c16 += c15 >> 29; c15 &= M29;
  let c17: i64 = c16 >> 29; c16 &= M29;
  let t: i64;
  t = c17 * 17; c15 -= t >> 1; c14 -= (t & 1) << 28; c8 -= c17 << 10;
  t = c16 * 17; c14 -= t >> 1; c13 -= (t & 1) << 28; c7 -= c16 << 10;
  t = c15 * 17; c13 -= t >> 1; c12 -= (t & 1) << 28; c6 -= c15 << 10;
  t = c14 * 17; c12 -= t >> 1; c11 -= (t & 1) << 28; c5 -= c14 << 10;
  t = c13 * 17; c11 -= t >> 1; c10 -= (t & 1) << 28; c4 -= c13 << 10;
  t = c12 * 17; c10 -= t >> 1; c9 -= (t & 1) << 28; c3 -= c12 << 10;
  t = c11 * 17; c9 -= t >> 1; c8 -= (t & 1) << 28; c2 -= c11 << 10;
  t = c10 * 17; c8 -= t >> 1; c7 -= (t & 1) << 28; c1 -= c10 << 10;
  t = c9 * 17; c7 -= t >> 1; c6 -= (t & 1) << 28; c0 -= c9 << 10;
  c1 += c0 >> 29; c0 &= M29;
  c2 += c1 >> 29; c1 &= M29;
  c3 += c2 >> 29; c2 &= M29;
  c4 += c3 >> 29; c3 &= M29;
  c5 += c4 >> 29; c4 &= M29;
  c6 += c5 >> 29; c5 &= M29;
  c7 += c6 >> 29; c6 &= M29;
  c8 += c7 >> 29; c7 &= M29;
  // What is above 2^251 once more: |t| < 2^39, so the value ends between -2^236 and 2^251 + 2^236.
  t = c8 >> 19; c8 &= 0x7ffff;
  c6 -= (t * 17) << 18; c0 -= t;
  c1 += c0 >> 29; c0 &= M29;
  c2 += c1 >> 29; c1 &= M29;
  c3 += c2 >> 29; c2 &= M29;
  c4 += c3 >> 29; c3 &= M29;
  c5 += c4 >> 29; c4 &= M29;
  c6 += c5 >> 29; c5 &= M29;
  c7 += c6 >> 29; c6 &= M29;
  c8 += c7 >> 29; c7 &= M29;
  let r0: u64 = c0 | (c1 << 29) | (c2 << 58);
  let r1: u64 = (c2 >> 6) | (c3 << 23) | (c4 << 52);
  let r2: u64 = (c4 >> 12) | (c5 << 17) | (c6 << 46);
  let r3: u64 = (c6 >> 18) | (c7 << 11) | (c8 << 40);
  if (<i64>r3 < 0) {
    r0 += 1;
    const k0 = u64(r0 == 0);
    r1 += k0;
    const k1 = u64(r1 < k0);
    r2 += k1;
    r3 += PLAIN_HIGH + u64(r2 < k1);
  } else if (r3 > PLAIN_HIGH || (r3 == PLAIN_HIGH && (r2 | r1 | r0) != 0)) {
    const k0 = u64(r0 == 0);
    r0 -= 1;
    const k1 = u64(r1 < k0);
    r1 -= k0;
    const k2 = u64(r2 < k1);
    r2 -= k1;
    r3 -= PLAIN_HIGH + k2;
  }
  store<u64>(out, r0);
  store<u64>(out, r1, 8);
  store<u64>(out, r2, 16);
  store<u64>(out, r3 | tag, 24);
}
