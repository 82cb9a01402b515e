/** Transforms of columns: what a worker keeps for one length, and the tasks. */
import { type Felt, inv, mul, pow } from "../../field/felt.ts";
import { CONSTANT_BYTES, type ProverKernel } from "../kernel.ts";
import { rootOfUnity } from "../roots.ts";

/** Twiddles for lists of 2^log elements (wasm/ntt.ts). */
export function twiddles(kernel: ProverKernel, log: number): number {
  const table = kernel.reserve(2 ** log * CONSTANT_BYTES);
  kernel.scoped(() => {
    const roots = kernel.constants([
      1n,
      ...Array.from({ length: log }, (_, level) => rootOfUnity(2 ** (level + 1))),
    ]);
    // Entry 1, the only one of half = 1, is 1.
    kernel.bytes.copyWithin(table + CONSTANT_BYTES, roots, roots + CONSTANT_BYTES);
    for (let level = 1; level < log; level++)
      kernel.exports.fillTwiddles(table, 2 ** level, roots + (level + 1) * CONSTANT_BYTES);
  });
  return table;
}

/** base, base², base⁴ …: `count` of them, as constants. */
export function squares(kernel: ProverKernel, base: Felt, count: number): number {
  const list: Felt[] = [];
  for (let i = 0, power = base; i < count; i++, power = mul(power, power)) list.push(power);
  return kernel.constants(list);
}

/** factor·shift^k at the place of coefficient k, for lists of 2^log elements. */
export function scales(kernel: ProverKernel, log: number, shift: Felt, factor: Felt): number {
  const table = kernel.reservePairs(2 ** (log - 1));
  kernel.scoped(() => {
    const first = kernel.pairs([[factor, mul(factor, shift)]]);
    const constants = squares(kernel, pow(shift, 2n), log - 1);
    kernel.exports.fillScale(table, log, first, constants);
  });
  return table;
}

export const oneOver = (log: number): Felt => inv(pow(2n, BigInt(log)));
