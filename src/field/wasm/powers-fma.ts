// The inverse in both lanes of fma51.ts, by the same chain as in powers.ts.
import { mul, PAIR, sqr } from "./fma51";

const t0: usize = memory.data(80, 16);
const t1: usize = memory.data(80, 16);
const t2: usize = memory.data(80, 16);

/** d = a^(2^n), n > 0. */
function square(d: usize, a: usize, n: i32): void {
  sqr(d, a);
  for (let i = 1; i < n; i++) sqr(d, d);
}

/**
 * d = 1/a in both lanes, 0 for 0, for balanced limbs: Fermat, P - 2 = (2^59 + 16) * 2^192 + (2^192 - 1).
 * d may be a.
 */
export function inverse(d: usize, a: usize): void {
  // t1 = a^(2^16 - 1), then 12 blocks of 16 ones.
  sqr(t0, a);
  mul(t1, t0, a);
  for (let ones = 2; ones < 16; ones <<= 1) {
    square(t0, t1, ones);
    mul(t1, t1, t0);
  }
  square(t2, a, 55);
  mul(t2, t2, a);
  square(t2, t2, 4);
  for (let block = 0; block < 12; block++) {
    square(t2, t2, 16);
    mul(t2, t2, t1);
  }
  memory.copy(d, t2, PAIR);
}
