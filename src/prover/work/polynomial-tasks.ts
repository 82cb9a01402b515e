/** Values of polynomials at single points, and the split of the composition. */
import { mul } from "../../field/felt.ts";
import { CONSTANT_BYTES, PAIR_BYTES, type ProverKernel } from "../kernel.ts";
import { loadPairs, storePairs } from "./lists.ts";
import type { TaskOf, TaskResult } from "./tasks.ts";
import { squares } from "./transform.ts";

/** Pairs of a group of weighted sums (wasm/evaluate.ts). */
const GROUP = 256;

export function sums(kernel: ProverKernel, task: TaskOf<"sums">): TaskResult {
  const { log, source, first, count, points } = task;
  const address = loadPairs(kernel, source, first, count);
  const group = Math.min(GROUP, count);
  const groups = count / group;
  const [groupLog, groupsLog] = [Math.log2(group), Math.log2(groups)];
  const pairsLog = log - 1;
  const entry = (group + groups) * PAIR_BYTES;
  const weights = kernel.reserve(points.length * entry);
  const one = kernel.constants([1n]);
  points.forEach((point, i) => {
    kernel.scoped(() => {
      // Weights of pair p are (z²)^reverse(p); its low bits are the high bits of the exponent.
      const powersOf2 = squares(kernel, mul(point, point), pairsLog);
      const low = pairsLog - groupLog;
      const at = weights + i * entry;
      kernel.exports.fillWeights(at, groupLog, one, powersOf2 + low * CONSTANT_BYTES);
      kernel.exports.fillWeights(
        at + group * PAIR_BYTES,
        groupsLog,
        one,
        powersOf2 + (low - groupsLog) * CONSTANT_BYTES,
      );
    });
  });
  const out = kernel.reservePairs(points.length);
  const groupSums = kernel.reservePairs(groups);
  kernel.exports.evaluateAt(out, address, count, weights, points.length, groupSums);
  return kernel.readPairs(out, points.length);
}

export function split(kernel: ProverKernel, task: TaskOf<"split">): void {
  const { log, u, v, half, halfOverS, first, count, targets } = task;
  // Pairs t and t + N/4 of both.
  const quarter = 2 ** (log - 2);
  const load = (list: Uint8Array): number => {
    const address = kernel.reservePairs(2 * count);
    const part = (at: number): Uint8Array =>
      list.subarray(at * PAIR_BYTES, (at + count) * PAIR_BYTES);
    kernel.copyIn(address, part(first));
    kernel.copyIn(address + count * PAIR_BYTES, part(quarter + first));
    return address;
  };
  const [uAt, vAt] = [load(u), load(v)];
  const constants = kernel.constants([half, halfOverS]);
  const halves = [kernel.reservePairs(2 * count), kernel.reservePairs(2 * count)] as const;
  kernel.exports.splitComposition(
    halves[0],
    halves[1],
    uAt,
    vAt,
    count * PAIR_BYTES,
    count,
    constants,
    constants + CONSTANT_BYTES,
  );
  halves.forEach((address, i) => {
    storePairs(kernel, address, targets[i]!, 2 * first, 2 * count);
  });
}
