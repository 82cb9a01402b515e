/**
 * FRI (protocol spec §5.3). Indices are bit-reversed; the point of an index is in the subgroup, without
 * the offset of the coset. Values keep the Montgomery form in which they come: folding is linear.
 */
import { add, type Felt, inv, mul, sub } from "../../field/felt.ts";
import { bigIntToBytes } from "../../util/bytes.ts";
import { pointAt } from "./domain.ts";
import { type Leaf, leafOf } from "./merkle.ts";
import { WORD_BYTES } from "./proof-reader.ts";

export interface FriPoint {
  readonly index: number;
  readonly value: Felt;
}

/** The values of a layer at 2^step consecutive indices, from index · 2^step on. */
export interface FriCoset {
  readonly index: number;
  readonly values: readonly Felt[];
}

/**
 * Completes the cosets in which the known points of a layer lie.
 * @param known in ascending order of their indices
 * @param nextValue reads a value that is not known
 */
export function completeCosets(
  known: readonly FriPoint[],
  step: number,
  nextValue: () => Felt,
): FriCoset[] {
  const size = 2 ** step;
  const values = new Map(known.map(({ index, value }) => [index, value]));
  const cosets = new Set(known.map(({ index }) => Math.floor(index / size)));
  return [...cosets].map((index) => ({
    index,
    values: Array.from({ length: size }, (_, i) => values.get(index * size + i) ?? nextValue()),
  }));
}

export const cosetLeaf = ({ index, values }: FriCoset): Leaf => ({
  index,
  hash: leafOf(values.map((value) => bigIntToBytes(value, WORD_BYTES))),
});

/**
 * The value of the next layer to which a coset of a layer of 2^logSize points folds, by
 * f'(y²) = f(y) + f(-y) + β·(f(y) - f(-y))/y and again with β², β⁴, … (no division by 2).
 */
export function foldCoset(coset: FriCoset, logSize: number, beta: Felt): FriPoint {
  let values = coset.values;
  let first = coset.index * values.length;
  for (let log = logSize, b = beta; values.length > 1; log--, b = mul(b, b), first /= 2) {
    const folded: Felt[] = [];
    for (let i = 0; i < values.length; i += 2) {
      const [plus, minus] = [values[i]!, values[i + 1]!];
      const slope = mul(sub(plus, minus), inv(pointAt(first + i, log)));
      folded.push(add(add(plus, minus), mul(b, slope)));
    }
    values = folded;
  }
  return { index: coset.index, value: values[0]! };
}

/** The last polynomial, constant term first, at the point of an index of a layer of 2^logSize points. */
export function lastLayerAt(coefficients: readonly Felt[], index: number, logSize: number): Felt {
  const y = pointAt(index, logSize);
  return coefficients.reduceRight((sum, coefficient) => add(mul(sum, y), coefficient), 0n);
}
