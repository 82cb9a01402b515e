/** Poseidon hash of field elements (starknet-formulas.md, notation `pos` and `POS`). */
import type { Felt } from "../field/felt.ts";
import { type HadesState, hades as reference } from "./reference/poseidon.ts";

/** The permutation alone, as the poseidon builtin applies it. */
export const hades = (state: readonly [Felt, Felt, Felt]): HadesState => reference(state);

/** First word of the permutation of (a, b, 2). */
export const poseidon = (a: Felt, b: Felt): Felt => hades([a, b, 2n])[0];

/** The sponge of rate 2 over the list padded by 1 and then by 0 to an even length. */
export function poseidonMany(list: readonly Felt[]): Felt {
  let state: HadesState = [0n, 0n, 0n];
  const padded = list.length % 2 === 0 ? [...list, 1n, 0n] : [...list, 1n];
  for (let i = 0; i < padded.length; i += 2) {
    state = hades([state[0] + padded[i]!, state[1] + padded[i + 1]!, state[2]]);
  }
  return state[0];
}

/** The hashes of independent pairs, cheaper than one by one. */
export const poseidonBatch = (pairs: readonly (readonly [Felt, Felt])[]): Felt[] =>
  pairs.map(([a, b]) => poseidon(a, b));
