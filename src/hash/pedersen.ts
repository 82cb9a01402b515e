/**
 * Pedersen hash of field elements (starknet-formulas.md, notation `ped` and `PED`) by the fastest kernel that
 * computes right here. All functions throw RangeError for inputs outside [0, P).
 */
import type { Felt } from "../field/felt.ts";
import { hasFusedMadd } from "../field/fused-madd.ts";
import { createPedersen, type PedersenKernel } from "./pedersen-kernel.ts";

let chosen: PedersenKernel | undefined;
const kernel = (): PedersenKernel => (chosen ??= createPedersen(hasFusedMadd() ? "fma" : "scalar"));

export const pedersen = (a: Felt, b: Felt): Felt => kernel().pedersen(a, b);

/** ped(…ped(ped(0, l0), l1)…, length): the hash of a list. */
export function pedersenArray(list: readonly Felt[]): Felt {
  let hash = 0n;
  for (const x of list) hash = pedersen(hash, x);
  return pedersen(hash, BigInt(list.length));
}

/** The hashes of independent pairs, which share their inversions: cheaper than one by one. */
export const pedersenBatch = (pairs: readonly (readonly [Felt, Felt])[]): Felt[] =>
  kernel().pedersenBatch(pairs);
