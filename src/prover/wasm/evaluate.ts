// Polynomials at points, from coefficients in bit-reversed order. With p the number of a pair, coefficients in
// its lanes belong to z^(2*reverse(p)) and z^(2*reverse(p) + 1). Low bits of p are high bits of the exponent, so
// a block of 256 pairs is a weighted sum with the same weights in all blocks, and so are the sums of the blocks.
import { dot, DOT_ENTRY, DOT_TERMS } from "./dot";
import { add, mulSplat, PAIR, SPLAT, splat } from "./pair";

/** Pairs of a block. */
export const GROUP: i32 = 256;

/**
 * Weights base^reverse(i), i below 2^log, as pairs. `squares` are the constants base, base^2, base^4 …, log of them;
 * `one` is the constant 1.
 */
export function fillWeights(p: usize, log: i32, one: usize, squares: usize): void {
  splat(p, one);
  for (let bit: i32 = 0; bit < log; bit++) {
    const square = squares + <usize>(log - 1 - bit) * SPLAT;
    const block = <usize>(1 << bit) * PAIR;
    for (let j: usize = 0; j < block; j += PAIR) mulSplat(p + block + j, p + j, square);
  }
}

const list = memory.data(1024, 16);
const part = memory.data(80, 16);

/** d = sum of a[i]*weights[i] over n pairs. */
export function weightedSum(d: usize, a: usize, weights: usize, n: i32): void {
  for (let done: i32 = 0; done < n; done += DOT_TERMS) {
    const terms = n - done < DOT_TERMS ? n - done : DOT_TERMS;
    for (let i: i32 = 0; i < terms; i++, a += PAIR, weights += PAIR) {
      store<u32>(list + <usize>i * DOT_ENTRY, a);
      store<u32>(list + <usize>i * DOT_ENTRY, weights, 4);
    }
    if (done == 0) dot(d, list, terms, 0);
    else {
      dot(part, list, terms, 0);
      add(d, d, part);
    }
  }
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
  const size = <usize>(group + groups) * PAIR;
  for (let i: i32 = 0; i < points; i++, out += PAIR, weights += size) {
    for (let g: i32 = 0; g < groups; g++)
      weightedSum(sums + <usize>g * PAIR, a + <usize>(g * group) * PAIR, weights, group);
    weightedSum(out, sums, weights + <usize>group * PAIR, groups);
  }
}
