/** Transforms of columns: what a worker keeps for one length, and the tasks. */
import { type Felt, inv, mul, pow } from "../../field/felt.ts";
import { CONSTANT_BYTES, ELEMENT_BYTES, PAIR_BYTES, type ProverKernel } from "../kernel.ts";
import { rootOfUnity } from "../roots.ts";
import { loadPairs, storePairs } from "./lists.ts";
import type { TaskOf } from "./tasks.ts";

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

/** Fills a table with factor·shift^k at the place of coefficient k, for lists of 2^log elements. */
export function fillScales(
  kernel: ProverKernel,
  table: number,
  log: number,
  shift: Felt,
  factor: Felt,
): void {
  kernel.scoped(() => {
    const first = kernel.pairs([[factor, mul(factor, shift)]]);
    const constants = squares(kernel, pow(shift, 2n), log - 1);
    kernel.exports.fillScale(table, log, first, constants);
  });
}

export const oneOver = (log: number): Felt => inv(pow(2n, BigInt(log)));

/** Pairs that go through a buffer at once. */
const CHUNK = 1 << 12;

/** Values in natural order to coefficients; `scale` is 1/n·shift^-k. */
export function interpolate(
  kernel: ProverKernel,
  { log, source, target }: TaskOf<"interpolate">,
  table: number,
  scale: number,
): void {
  const pairs = 2 ** (log - 1);
  const p = kernel.reservePairs(pairs);
  if (source instanceof Uint32Array) readElements(kernel, source, p, pairs);
  else kernel.copyIn(p, source);
  kernel.exports.interpolate(p, log, table);
  kernel.exports.multiplyAll(p, scale, pairs);
  storePairs(kernel, p, target, 0, pairs);
}

/** Reads 32-byte elements as pairs. */
function readElements(
  kernel: ProverKernel,
  source: Uint32Array,
  target: number,
  pairs: number,
): void {
  const bytes = new Uint8Array(source.buffer, source.byteOffset, source.byteLength);
  const chunk = Math.min(CHUNK, pairs);
  kernel.scoped(() => {
    const first = kernel.reserve(2 * chunk * ELEMENT_BYTES);
    const second = first + chunk * ELEMENT_BYTES;
    const part = (at: number): Uint8Array =>
      bytes.subarray(at * ELEMENT_BYTES, (at + chunk) * ELEMENT_BYTES);
    for (let at = 0; at < pairs; at += chunk) {
      kernel.copyIn(first, part(at));
      kernel.copyIn(second, part(pairs + at));
      kernel.exports.readAll(target + at * PAIR_BYTES, first, second, chunk);
    }
  });
}

/** Coefficients to values on a coset; `scale` is shift^k. */
export function evaluate(
  kernel: ProverKernel,
  { log, source, target }: TaskOf<"evaluate">,
  table: number,
  scale: number,
): void {
  const pairs = 2 ** (log - 1);
  const p = loadPairs(kernel, source, 0, pairs);
  kernel.exports.multiplyAll(p, scale, pairs);
  kernel.exports.evaluate(p, log, table);
  storePairs(kernel, p, target, 0, pairs);
}
