// Polynomials at points, from coefficients in bit-reversed order. With p the number of a pair, coefficients in
// its lanes belong to z^(2*reverse(p)) and z^(2*reverse(p) + 1). Low bits of p are high bits of the exponent, so
// a block of 256 pairs is a weighted sum with the same weights in all blocks, and so are the sums of the blocks.
import { storeReduced } from "../../field/wasm/fma51";
import { mulSplat, PAIR, SPLAT, toSplat } from "./pair";

/** Pairs of a block. */
export const GROUP: i32 = 256;

const t = memory.data(80, 16);

/**
 * Weights base^reverse(i), i below 2^log, as constants. `squares` are the constants base, base^2, base^4 …,
 * log of them; `one` is the constant 1.
 */
export function fillWeights(p: usize, log: i32, one: usize, squares: usize): void {
  memory.copy(p, one, SPLAT);
  for (let bit: i32 = 0; bit < log; bit++) {
    const square = squares + <usize>(log - 1 - bit) * SPLAT;
    const block = <usize>(1 << bit) * SPLAT;
    for (let i: usize = 0; i < 5; i++) v128.store(spread + 16 * i, v128.load_splat<u64>(square + 8 * i));
    for (let j: usize = 0; j < block; j += SPLAT) {
      mulSplat(t, spread, p + j);
      toSplat(p + block + j, t);
    }
  }
}

const spread = memory.data(80, 16);

/** d = sum of a[i]*weights[i] over n <= 256 pairs, in both lanes. */
export function weightedSum(d: usize, a: usize, weights: usize, n: i32): void {
  let s0 = i64x2.splat(0),
    s1 = i64x2.splat(0),
    s2 = i64x2.splat(0),
    s3 = i64x2.splat(0),
    s4 = i64x2.splat(0);
  for (const end = a + <usize>n * PAIR; a < end; a += PAIR, weights += SPLAT) {
    mulSplat(t, a, weights);
    s0 = i64x2.add(s0, v128.load(t));
    s1 = i64x2.add(s1, v128.load(t, 16));
    s2 = i64x2.add(s2, v128.load(t, 32));
    s3 = i64x2.add(s3, v128.load(t, 48));
    s4 = i64x2.add(s4, v128.load(t, 64));
  }
  storeReduced(d, s0, s1, s2, s3, s4);
}

/**
 * For each of `points` points: the sum over `pairs` pairs at `a`, a multiple of a group. `weights` has for each
 * point those of a group and then those of the groups; `sums` takes pairs/256 pairs.
 */
export function evaluateAt(
  out: usize,
  a: usize,
  pairs: i32,
  weights: usize,
  points: i32,
  sums: usize,
): void {
  const group = pairs < GROUP ? pairs : GROUP;
  const groups = pairs / group;
  const size = <usize>(group + groups) * SPLAT;
  for (let i: i32 = 0; i < points; i++, out += PAIR, weights += size) {
    for (let g: i32 = 0; g < groups; g++)
      weightedSum(sums + <usize>g * PAIR, a + <usize>(g * group) * PAIR, weights, group);
    weightedSum(out, sums, weights + <usize>group * SPLAT, groups);
  }
}
