// Sums of products that are reduced once. An entry of a list is four words: addresses of the two factors, and how
// far each goes on from one result to the next.
import * as fma from "../../field/wasm/fma51";
import { add, mul, PAIR } from "./pair";

/** Products of a sum: columns of more would pass 2^61. */
export const DOT_TERMS: i32 = 64;

export const DOT_ENTRY: usize = 16;

// Of each column of a product, the sum of its terms' patterns, and what else PRODUCT of fma51.ts has.
// prettier-ignore
const PATTERNS = memory.data<u64>([0x4338000000000000, 0xccd8000000000000, 0x5678000000000000, 0xe018000000000000, 0x69b8000000000000, 0x6ce8000000000000, 0xe348000000000000, 0x59a8000000000000, 0xd008000000000000, 0x4668000000000000], 16);
// prettier-ignore
const EXTRAS = memory.data<u64>([0x2000000000000000, 0x1ffffffffffffc00, 0x1ffffffffffffc00, 0x1ffffffffffffc00, 0x1ffffffffffffc00, 0x2003fffffffffc01, 0x2003fffffffffc00, 0x2003fffffffffc00, 0x2004087ffffffc00, 0x7ffffffffc00], 16);

const t = memory.data(80, 16);

// @ts-ignore: decorator
@inline
function start(k: usize, n: i32): v128 {
  return i64x2.splat(load<i64>(EXTRAS + 8 * k) - <i64>n * load<i64>(PATTERNS + 8 * k));
}

// @ts-ignore: decorator
@inline
function limb(p: usize, i: usize): v128 {
  return fma.toF64(v128.load(p + 16 * i));
}

/** d = the sum of the products of the list's n <= 64 entries, for the result of number i; reduced. */
export function dot(d: usize, list: usize, n: i32, i: usize): void {
  if (!ASC_FEATURE_RELAXED_SIMD) {
    slowDot(d, list, n, i);
    return;
  }
  let c0 = start(0, n);
  let c1 = start(1, n);
  let c2 = start(2, n);
  let c3 = start(3, n);
  let c4 = start(4, n);
  let c5 = start(5, n);
  let c6 = start(6, n);
  let c7 = start(7, n);
  let c8 = start(8, n);
  let c9 = start(9, n);
  for (const end = list + <usize>n * DOT_ENTRY; list < end; list += DOT_ENTRY) {
    const a: usize = load<u32>(list) + load<u32>(list, 8) * i;
    const b: usize = load<u32>(list, 4) + load<u32>(list, 12) * i;
    const a0 = limb(a, 0),
      a1 = limb(a, 1),
      a2 = limb(a, 2),
      a3 = limb(a, 3),
      a4 = limb(a, 4);
    const b0 = limb(b, 0),
      b1 = limb(b, 1),
      b2 = limb(b, 2),
      b3 = limb(b, 3),
      b4 = limb(b, 4);
    let h: v128;
    h = fma.high(a0, b0);
    c1 = i64x2.add(c1, h);
    c0 = i64x2.add(c0, fma.low(a0, b0, h));
    h = fma.high(a0, b1);
    c2 = i64x2.add(c2, h);
    c1 = i64x2.add(c1, fma.low(a0, b1, h));
    h = fma.high(a0, b2);
    c3 = i64x2.add(c3, h);
    c2 = i64x2.add(c2, fma.low(a0, b2, h));
    h = fma.high(a0, b3);
    c4 = i64x2.add(c4, h);
    c3 = i64x2.add(c3, fma.low(a0, b3, h));
    h = fma.high(a0, b4);
    c5 = i64x2.add(c5, h);
    c4 = i64x2.add(c4, fma.low(a0, b4, h));
    h = fma.high(a1, b0);
    c2 = i64x2.add(c2, h);
    c1 = i64x2.add(c1, fma.low(a1, b0, h));
    h = fma.high(a1, b1);
    c3 = i64x2.add(c3, h);
    c2 = i64x2.add(c2, fma.low(a1, b1, h));
    h = fma.high(a1, b2);
    c4 = i64x2.add(c4, h);
    c3 = i64x2.add(c3, fma.low(a1, b2, h));
    h = fma.high(a1, b3);
    c5 = i64x2.add(c5, h);
    c4 = i64x2.add(c4, fma.low(a1, b3, h));
    h = fma.high(a1, b4);
    c6 = i64x2.add(c6, h);
    c5 = i64x2.add(c5, fma.low(a1, b4, h));
    h = fma.high(a2, b0);
    c3 = i64x2.add(c3, h);
    c2 = i64x2.add(c2, fma.low(a2, b0, h));
    h = fma.high(a2, b1);
    c4 = i64x2.add(c4, h);
    c3 = i64x2.add(c3, fma.low(a2, b1, h));
    h = fma.high(a2, b2);
    c5 = i64x2.add(c5, h);
    c4 = i64x2.add(c4, fma.low(a2, b2, h));
    h = fma.high(a2, b3);
    c6 = i64x2.add(c6, h);
    c5 = i64x2.add(c5, fma.low(a2, b3, h));
    h = fma.high(a2, b4);
    c7 = i64x2.add(c7, h);
    c6 = i64x2.add(c6, fma.low(a2, b4, h));
    h = fma.high(a3, b0);
    c4 = i64x2.add(c4, h);
    c3 = i64x2.add(c3, fma.low(a3, b0, h));
    h = fma.high(a3, b1);
    c5 = i64x2.add(c5, h);
    c4 = i64x2.add(c4, fma.low(a3, b1, h));
    h = fma.high(a3, b2);
    c6 = i64x2.add(c6, h);
    c5 = i64x2.add(c5, fma.low(a3, b2, h));
    h = fma.high(a3, b3);
    c7 = i64x2.add(c7, h);
    c6 = i64x2.add(c6, fma.low(a3, b3, h));
    h = fma.high(a3, b4);
    c8 = i64x2.add(c8, h);
    c7 = i64x2.add(c7, fma.low(a3, b4, h));
    h = fma.high(a4, b0);
    c5 = i64x2.add(c5, h);
    c4 = i64x2.add(c4, fma.low(a4, b0, h));
    h = fma.high(a4, b1);
    c6 = i64x2.add(c6, h);
    c5 = i64x2.add(c5, fma.low(a4, b1, h));
    h = fma.high(a4, b2);
    c7 = i64x2.add(c7, h);
    c6 = i64x2.add(c6, fma.low(a4, b2, h));
    h = fma.high(a4, b3);
    c8 = i64x2.add(c8, h);
    c7 = i64x2.add(c7, fma.low(a4, b3, h));
    h = fma.high(a4, b4);
    c9 = i64x2.add(c9, h);
    c8 = i64x2.add(c8, fma.low(a4, b4, h));
  }
  fma.reduce(t, c0, c1, c2, c3, c4, c5, c6, c7, c8, c9);
  fma.storeReduced(
    d,
    v128.load(t),
    v128.load(t, 16),
    v128.load(t, 32),
    v128.load(t, 48),
    v128.load(t, 64),
  );
}

function slowDot(d: usize, list: usize, n: i32, i: usize): void {
  memory.fill(t, 0, PAIR);
  for (const end = list + <usize>n * DOT_ENTRY; list < end; list += DOT_ENTRY) {
    mul(product, load<u32>(list) + load<u32>(list, 8) * i, load<u32>(list, 4) + load<u32>(list, 12) * i);
    add(t, t, product);
  }
  memory.copy(d, t, PAIR);
}

const product = memory.data(80, 16);
