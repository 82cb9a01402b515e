/** Parts of shared lists in a kernel's memory. */
import { PAIR_BYTES, type ProverKernel } from "../kernel.ts";
import type { PairList } from "./tasks.ts";

/** Address of a copy of pairs first.. of a list. */
export function loadPairs(
  kernel: ProverKernel,
  list: PairList,
  first: number,
  count: number,
): number {
  const address = kernel.reservePairs(count);
  kernel.copyIn(address, list.subarray(first * PAIR_BYTES, (first + count) * PAIR_BYTES));
  return address;
}

/** Writes `count` pairs to pairs first.. of a list. */
export function storePairs(
  kernel: ProverKernel,
  address: number,
  list: PairList,
  first: number,
  count: number,
): void {
  list.set(kernel.view(address, count * PAIR_BYTES), first * PAIR_BYTES);
}

/** Address of a list of addresses. */
export function addressList(kernel: ProverKernel, addresses: readonly number[]): number {
  const list = kernel.reserve(addresses.length * 4);
  new Uint32Array(kernel.exports.memory.buffer, list, addresses.length).set(addresses);
  return list;
}
