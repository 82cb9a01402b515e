// Folding of FRI layers (stark-protocol §5.3): f'(y^2) = f(y) + f(-y) + beta*(f(y) - f(-y))/y. A layer is the
// values of a coset in natural order, so that y and -y are the two lanes of a pair.
import { add, mul, mulSplat, PAIR, sub } from "./pair";
import { lanePair } from "./ntt";

const a = memory.data(80, 16);
const b = memory.data(80, 16);
const factor = memory.data(80, 16);

/**
 * Folds `count` pairs at `low` and the `count` pairs at `high`, a quarter of the layer further, into pairs of
 * the next layer. `factors` is beta/y for the first pair of both, and goes on by the constant `ratio`.
 */
export function fold(
  out: usize,
  low: usize,
  high: usize,
  count: i32,
  factors: usize,
  ratio: usize,
): void {
  memory.copy(factor, factors, PAIR);
  for (let i: i32 = 0; i < count; i++, low += PAIR, high += PAIR, out += PAIR) {
    lanePair(a, low, high, false);
    lanePair(b, low, high, true);
    sub(out, a, b);
    mul(out, out, factor);
    add(a, a, b);
    add(out, out, a);
    mulSplat(factor, factor, ratio);
  }
}

