// Columns of the interaction: running products and the diluted check's aggregate. Lists are pairs (pair.ts).
import { add, mul, mulSplat, PAIR, splat, sub } from "./pair";
import { lanePair } from "./ntt";

const t = memory.data(80, 16);
const u = memory.data(80, 16);
const zPair = memory.data(80, 16);

/** d = z - (a + alpha*v) for n pairs; z and alpha are constants. */
export function pairTerms(d: usize, a: usize, v: usize, n: i32, z: usize, alpha: usize): void {
  splat(zPair, z);
  for (let i: i32 = 0; i < n; i++, d += PAIR, a += PAIR, v += PAIR) {
    mulSplat(t, v, alpha);
    add(t, t, a);
    sub(d, zPair, t);
  }
}

/** d = z - a for n pairs. */
export function terms(d: usize, a: usize, n: i32, z: usize): void {
  splat(zPair, z);
  for (let i: i32 = 0; i < n; i++, d += PAIR, a += PAIR) sub(d, zPair, a);
}

/** p[i] = p[0]*...*p[i] over the 2n elements of n pairs. */
export function runningProduct(p: usize, n: i32): void {
  const last = p + <usize>(n - 1) * PAIR;
  for (let q = p + PAIR; q <= last; q += PAIR) mul(q, q, q - PAIR);
  // Lane 1 continues lane 0.
  lanePair(t, last, last, false);
  for (let q = p; q <= last; q += PAIR) {
    mul(u, q, t);
    for (let i: usize = 0; i < 80; i += 16)
      v128.store(q + i, i64x2.shuffle(v128.load(q + i), v128.load(u + i), 0, 3));
  }
}

/**
 * d[0] = 1, d[i + 1] = d[i]*(1 + z*u) + alpha*u^2 for u = a[i + 1] - a[i], over the 2n elements of n pairs; `one`,
 * z and alpha are constants.
 */
export function dilutedAggregate(
  d: usize,
  a: usize,
  n: i32,
  one: usize,
  z: usize,
  alpha: usize,
): void {
  const current = memory.data(80, 16);
  const previous = memory.data(80, 16);
  const difference = memory.data(80, 16);
  const step = memory.data(80, 16);
  const onePair = memory.data(80, 16);
  splat(onePair, one);
  memory.copy(current, onePair, PAIR);
  lanePair(previous, a, a, false);
  for (let lane = 0; lane < 2; lane++)
    for (let i: i32 = 0; i < n; i++) {
      const at = <usize>i * PAIR;
      lanePair(t, a + at, a + at, lane == 1);
      sub(difference, t, previous);
      memory.copy(previous, t, PAIR);
      mulSplat(step, difference, z);
      add(step, step, onePair);
      mul(current, current, step);
      mulSplat(step, difference, alpha);
      mul(step, step, difference);
      add(current, current, step);
      for (let k: usize = 0; k < 5; k++)
        store<u64>(d + at + 16 * k + 8 * <usize>lane, load<u64>(current + 16 * k));
    }
}
