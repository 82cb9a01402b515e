// Pairs of field elements (fma51.ts), multiplied by the two lanes at once, or one after the other where fused
// multiply-adds cannot be had. A list of n elements is n/2 pairs, the i-th of which holds elements i and
// i + n/2.
import * as fma from "../../field/wasm/fma51";
import * as scalar from "../../field/wasm/field29";
import { invert, P } from "../../field/wasm/safegcd";

/** Bytes of a pair, and of a constant that stands in both lanes. */
export const PAIR: usize = 80;
export const SPLAT: usize = 40;

const words = memory.data(128, 16);
const x29 = memory.data(36, 16);
const y29 = memory.data(36, 16);
const spread = memory.data(80, 16);

// 2^255 mod P.
// prettier-ignore
const R = memory.data<u64>([0xfffffffffffffff1, 0xffffffffffffffff, 0xffffffffffffffff, 0x7ffffffffffff00], 16);

/** d = a*b. */
export function mul(d: usize, a: usize, b: usize): void {
  if (ASC_FEATURE_RELAXED_SIMD) fma.mul(d, a, b);
  else scalarMul(d, a, b);
}

/** d = a*b for a constant b in both lanes. */
export function mulSplat(d: usize, a: usize, b: usize): void {
  if (ASC_FEATURE_RELAXED_SIMD)
    fma.multiply(
      d,
      fma.limb(a, 0),
      fma.limb(a, 1),
      fma.limb(a, 2),
      fma.limb(a, 3),
      fma.limb(a, 4),
      fma.toF64(v128.load_splat<u64>(b, 0)),
      fma.toF64(v128.load_splat<u64>(b, 8)),
      fma.toF64(v128.load_splat<u64>(b, 16)),
      fma.toF64(v128.load_splat<u64>(b, 24)),
      fma.toF64(v128.load_splat<u64>(b, 32)),
    );
  else {
    splat(spread, b);
    scalarMul(d, a, spread);
  }
}

function scalarMul(d: usize, a: usize, b: usize): void {
  fma.pack(words, words + 32, a);
  fma.pack(words + 64, words + 96, b);
  for (let lane: usize = 0; lane < 64; lane += 32) {
    scalar.unpack(x29, words + lane);
    scalar.unpack(y29, words + 64 + lane);
    scalar.mul(x29, x29, y29);
    scalar.mul(x29, x29, factor());
    scalar.pack(words + lane, x29);
  }
  fma.unpack(d, words, words + 32);
}

const factor29 = memory.data(36, 16);
let factorKnown = false;

/** 2^267 mod P, which makes a*b/2^261 a*b/2^255: 2^255*2^261 by field29's conversion, times 2^12/2^261. */
function factor(): usize {
  if (!factorKnown) {
    const shift = memory.data(32, 16);
    const shift29 = memory.data(36, 16);
    store<u64>(shift, 1 << 12);
    scalar.unpack(shift29, shift);
    scalar.read(factor29, R);
    scalar.mul(factor29, factor29, shift29);
    factorKnown = true;
  }
  return factor29;
}

/** The constant at `b` in both lanes of d. */
// @ts-ignore: decorator
@inline
export function splat(d: usize, b: usize): void {
  for (let i: usize = 0; i < 5; i++) v128.store(d + 16 * i, v128.load_splat<u64>(b + 8 * i));
}

/** Lane 0 of a as a constant. */
export function toSplat(d: usize, a: usize): void {
  for (let i: usize = 0; i < 5; i++) store<u64>(d + 8 * i, load<u64>(a + 16 * i));
}

/** Lane 1 of a as a constant. */
export function toSplat1(d: usize, a: usize): void {
  for (let i: usize = 0; i < 5; i++) store<u64>(d + 8 * i, load<u64>(a + 16 * i + 8));
}

/** d = a + b, reduced. */
// @ts-ignore: decorator
@inline
export function add(d: usize, a: usize, b: usize): void {
  fma.storeReduced(
    d,
    i64x2.add(v128.load(a), v128.load(b)),
    i64x2.add(v128.load(a, 16), v128.load(b, 16)),
    i64x2.add(v128.load(a, 32), v128.load(b, 32)),
    i64x2.add(v128.load(a, 48), v128.load(b, 48)),
    i64x2.add(v128.load(a, 64), v128.load(b, 64)),
  );
}

/** d = a - b, reduced. */
// @ts-ignore: decorator
@inline
export function sub(d: usize, a: usize, b: usize): void {
  fma.storeReduced(
    d,
    i64x2.sub(v128.load(a), v128.load(b)),
    i64x2.sub(v128.load(a, 16), v128.load(b, 16)),
    i64x2.sub(v128.load(a, 32), v128.load(b, 32)),
    i64x2.sub(v128.load(a, 48), v128.load(b, 48)),
    i64x2.sub(v128.load(a, 64), v128.load(b, 64)),
  );
}

/** d = a + b limb by limb: limbs grow by a bit. */
// @ts-ignore: decorator
@inline
export function addLazy(d: usize, a: usize, b: usize): void {
  for (let i: usize = 0; i < 80; i += 16)
    v128.store(d + i, i64x2.add(v128.load(a + i), v128.load(b + i)));
}

/** d = a - b limb by limb. */
// @ts-ignore: decorator
@inline
export function subLazy(d: usize, a: usize, b: usize): void {
  for (let i: usize = 0; i < 80; i += 16)
    v128.store(d + i, i64x2.sub(v128.load(a + i), v128.load(b + i)));
}

/** Lane 0 of d from the 32-byte little-endian integer at src0, lane 1 from that at src1, in Montgomery form. */
export function read(d: usize, src0: usize, src1: usize): void {
  fma.unpack(d, src0, src1);
  mulSplat(d, d, rSquared());
}

const r2 = memory.data(40, 16);
let r2Known = false;

/** R^2 as a constant: R by itself, doubled 255 times. */
function rSquared(): usize {
  if (!r2Known) {
    fma.unpack(spread, R, R);
    for (let i = 0; i < 255; i++) add(spread, spread, spread);
    toSplat(r2, spread);
    r2Known = true;
  }
  return r2;
}

/** Writes both lanes in Montgomery form with R = 2^256, canonical, big-endian: the words of a proof. Keeps a. */
export function writeProofWords(dst0: usize, dst1: usize, a: usize): void {
  addLazy(spread, a, a); // from R = 2^255
  fma.pack(words, words + 32, spread);
  swap(dst0, words);
  swap(dst1, words + 32);
}

// @ts-ignore: decorator
@inline
function swap(dst: usize, src: usize): void {
  store<u64>(dst, bswap<u64>(load<u64>(src, 24)));
  store<u64>(dst, bswap<u64>(load<u64>(src, 16)), 8);
  store<u64>(dst, bswap<u64>(load<u64>(src, 8)), 16);
  store<u64>(dst, bswap<u64>(load<u64>(src)), 24);
}

/** Writes the canonical values of both lanes as 32-byte little-endian integers. */
export function writeCanonical(dst0: usize, dst1: usize, a: usize): void {
  unit();
  mulSplat(spread, a, one);
  fma.pack(dst0, dst1, spread);
}

const one = memory.data(40, 16);
function unit(): void {
  store<u64>(one, 1);
}

/** d = 1/a in both lanes; 0 for 0. */
export function invertPair(d: usize, a: usize): void {
  fma.pack(words, words + 32, a); // a*R
  invert(words, P);
  invert(words + 32, P); // 1/(a*R)
  fma.unpack(d, words, words + 32);
  // times R^2 twice, each divided by R
  mulSplat(d, d, rSquared());
  mulSplat(d, d, rSquared());
}
