/** Merkle trees, FRI layers and proof of work. */
import { type Felt, mul, pow } from "../../field/felt.ts";
import { PAIR_BYTES, type ProverKernel } from "../kernel.ts";
import { rootOfUnity } from "../roots.ts";
import { addressList, loadPairs, storePairs } from "./lists.ts";
import { reverseBits } from "./tables.ts";
import { NODE_BYTES, type NodeList, type TaskOf } from "./tasks.ts";

const NODE_WORDS = NODE_BYTES / 4;

export function hashRows(kernel: ProverKernel, task: TaskOf<"hashRows">): void {
  const { log, columns, first, count, nodes, base } = task;
  const addresses = columns.map((column) => loadPairs(kernel, column, first, count));
  const out = kernel.reserve(2 * count * NODE_BYTES);
  kernel.exports.hashRows(
    addressList(kernel, addresses),
    columns.length,
    count,
    out,
    out + count * NODE_BYTES,
  );
  // Rows i and i + n/2 are neighbours in bit-reversed order.
  const reversed = reversedRange(first, count, log);
  storeNodes(kernel, out, count, nodes, (i) => base + reversed(i));
  storeNodes(kernel, out + count * NODE_BYTES, count, nodes, (i) => base + reversed(i) + 1);
}

const reversals = new Map<number, Uint32Array>();

/** i to reverseBits(first + i, log) for i below `count`, a power of two of which `first` is a multiple. */
function reversedRange(first: number, count: number, log: number): (i: number) => number {
  const countLog = Math.log2(count);
  let table = reversals.get(countLog);
  if (table === undefined) {
    table = Uint32Array.from({ length: count }, (_, i) => reverseBits(i, countLog));
    reversals.set(countLog, table);
  }
  const offset = reverseBits(first, log);
  const step = 2 ** (log - countLog);
  return (i) => offset + table[i]! * step;
}

/** Writes node i of those at `from` to `position(i)`. */
function storeNodes(
  kernel: ProverKernel,
  from: number,
  count: number,
  { bytes, nodeBytes }: NodeList,
  position: (i: number) => number,
): void {
  const source = new Uint32Array(kernel.exports.memory.buffer, from, count * NODE_WORDS);
  const target = new Uint32Array(bytes.buffer);
  const words = nodeBytes / 4;
  for (let i = 0; i < count; i++) {
    const at = position(i) * words;
    for (let w = 0; w < words; w++) target[at + w] = source[i * NODE_WORDS + w]!;
  }
}

/** Address of `count` nodes from `first` on. */
function loadNodes(
  kernel: ProverKernel,
  { bytes, nodeBytes }: NodeList,
  first: number,
  count: number,
): number {
  const address = kernel.reserve(count * NODE_BYTES);
  const source = new Uint32Array(bytes.buffer);
  const target = new Uint32Array(kernel.exports.memory.buffer, address, count * NODE_WORDS);
  const words = nodeBytes / 4;
  target.fill(0);
  for (let i = 0; i < count; i++) {
    const at = (first + i) * words;
    for (let w = 0; w < words; w++) target[i * NODE_WORDS + w] = source[at + w]!;
  }
  return address;
}

export function hashCosets(kernel: ProverKernel, task: TaskOf<"hashCosets">): void {
  const { log, step, layer, first, count, nodes, base } = task;
  const distance = 2 ** (log - step);
  const groups = Array.from({ length: 2 ** (step - 1) }, (_, v) =>
    loadPairs(kernel, layer, reverseBits(v, step - 1) * distance + first, count),
  );
  const list = addressList(kernel, groups);
  const out = kernel.reserve(count * NODE_BYTES);
  kernel.exports.hashCosets(list, step, count, out);
  const reversed = reversedRange(first, count, log - step);
  storeNodes(kernel, out, count, nodes, (i) => base + reversed(i));
}

export function hashTree(kernel: ProverKernel, { nodes, first, count }: TaskOf<"hashTree">): void {
  const buffer = loadNodes(kernel, nodes, first, count);
  for (let at = first / 2, left = count / 2; left >= 1; at /= 2, left /= 2) {
    kernel.exports.hashNodes(buffer, buffer, left);
    const start = at;
    storeNodes(kernel, buffer, left, nodes, (i) => start + i);
  }
}

export function fold(kernel: ProverKernel, task: TaskOf<"fold">): void {
  const { log, layer, beta, inverseStart, first, count, target } = task;
  const quarter = 2 ** (log - 2);
  const low = loadPairs(kernel, layer, first, count);
  const high = loadPairs(kernel, layer, quarter + first, count);
  const ratio = pow(rootOfUnity(2 ** log), 2n ** BigInt(log) - 1n);
  const factor = (i: number): Felt => mul(mul(beta, inverseStart), pow(ratio, BigInt(i)));
  const factors = kernel.pairs([[factor(first), factor(quarter + first)]]);
  const constant = kernel.constants([ratio]);
  const out = kernel.reservePairs(count);
  kernel.exports.fold(out, low, high, count, factors, constant);
  storePairs(kernel, out, target, first, count);
}

export function grind(kernel: ProverKernel, { seed, bits, first, count }: TaskOf<"grind">): bigint {
  const address = kernel.reserve(NODE_BYTES);
  kernel.copyIn(address, seed);
  return kernel.exports.grind(address, bits, first, count);
}

/** A list's pairs as words of a proof, 32 bytes each: those of lane 0, then those of lane 1. */
export function proofWords(kernel: ProverKernel, list: Uint8Array): Uint8Array {
  return kernel.scoped(() => {
    const count = list.length / PAIR_BYTES;
    const pairs = loadPairs(kernel, list, 0, count);
    const out = kernel.reserve(2 * count * NODE_BYTES);
    kernel.exports.writeWords(out, out + count * NODE_BYTES, pairs, count);
    return kernel.view(out, 2 * count * NODE_BYTES).slice();
  });
}
