/** Points of the evaluation domain by their bit-reversed index, and inverses of many. */
import { type Felt, inv, mul, pow } from "../../field/felt.ts";
import { rootOfUnity } from "../roots.ts";

/** rev_bits(index): the low `bits` bits in the opposite order. */
export function bitReverse(index: number, bits: number): number {
  let reversed = 0;
  for (let i = 0, rest = index; i < bits; i++, rest = Math.floor(rest / 2)) {
    reversed = 2 * reversed + (rest % 2);
  }
  return reversed;
}

/** w^rev(index), w of order 2^log: the point of a bit-reversed index in the subgroup. */
export const pointAt = (index: number, log: number): Felt =>
  pow(rootOfUnity(2 ** log), BigInt(bitReverse(index, log)));

/** The inverses of a list by one inversion (Montgomery's trick). Throws RangeError for a 0 among them. */
export function invertAll(list: readonly Felt[]): Felt[] {
  const before: Felt[] = [];
  let product = 1n;
  for (const a of list) {
    before.push(product);
    product = mul(product, a);
  }
  const inverses = new Array<Felt>(list.length);
  let inverse = inv(product);
  for (let i = list.length - 1; i >= 0; i--) {
    inverses[i] = mul(inverse, before[i]!);
    inverse = mul(inverse, list[i]!);
  }
  return inverses;
}
