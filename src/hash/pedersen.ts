/**
 * Pedersen hash of field elements (starknet-formulas.md, notation `ped` and `PED`) by the fastest kernel that
 * computes right here. All functions throw RangeError for inputs outside [0, P).
 */
import type { Felt } from "../field/felt.ts";
import { hasFusedMadd } from "../field/fused-madd.ts";
import { createPedersen, type PedersenKernel } from "./pedersen-kernel.ts";

let chosen: PedersenKernel | undefined;
const kernel = (): PedersenKernel => (chosen ??= createPedersen(hasFusedMadd() ? "fma" : "scalar"));

interface Known {
  readonly a: Felt;
  readonly b: Felt;
  readonly hash: Felt;
}

const KNOWN_BITS = 12;
/**
 * Hashes computed last, each in the slot of its inputs' low bits. Contracts hash the same pairs again and
 * again: storage addresses of mappings, above all balances that every transaction touches.
 */
const known: (Known | undefined)[] = [];

const slotOf = (a: Felt, b: Felt): number => Number(BigInt.asUintN(KNOWN_BITS, a ^ (b << 1n)));

export function pedersen(a: Felt, b: Felt): Felt {
  const slot = slotOf(a, b);
  const last = known[slot];
  if (last?.a === a && last.b === b) return last.hash;
  const hash = kernel().pedersen(a, b);
  known[slot] = { a, b, hash };
  return hash;
}

/** ped(…ped(ped(0, l0), l1)…, length): the hash of a list. */
export function pedersenArray(list: readonly Felt[]): Felt {
  let hash = 0n;
  for (const x of list) hash = pedersen(hash, x);
  return pedersen(hash, BigInt(list.length));
}

/** The hashes of independent pairs, which share their inversions: cheaper than one by one. */
export const pedersenBatch = (pairs: readonly (readonly [Felt, Felt])[]): Felt[] =>
  kernel().pedersenBatch(pairs);
