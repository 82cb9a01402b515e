/**
 * Poseidon hash of field elements (starknet-formulas.md, notation `pos` and `POS`) by the fastest kernel
 * that computes right here. All functions throw RangeError for inputs outside [0, P).
 */
import type { Felt } from "../field/felt.ts";
import { hasFusedMadd } from "../field/fused-madd.ts";
import { createPoseidon, type PoseidonKernel } from "./poseidon-kernel.ts";
import type { HadesState } from "./reference/poseidon.ts";

let chosen: PoseidonKernel | undefined;
const kernel = (): PoseidonKernel => (chosen ??= createPoseidon(hasFusedMadd() ? "fma" : "scalar"));

/** The permutation alone, as the poseidon builtin applies it. */
export const hades = (state: readonly [Felt, Felt, Felt]): HadesState => kernel().hades(state);

/** First word of the permutation of (a, b, 2). */
export const poseidon = (a: Felt, b: Felt): Felt => kernel().poseidon(a, b);

let ofNothing: Felt | undefined;

/** The sponge of rate 2 over the list padded by 1 and then by 0 to an even length. */
export const poseidonMany = (list: readonly Felt[]): Felt =>
  list.length === 0 ? (ofNothing ??= kernel().poseidonMany(list)) : kernel().poseidonMany(list);

/** poseidonMany of independent lists, two at a time: cheaper than one by one. */
export const poseidonLists = (lists: readonly (readonly Felt[])[]): Felt[] =>
  kernel().poseidonLists(lists);

/** The hashes of independent pairs, about twice as fast as one by one. */
export const poseidonBatch = (pairs: readonly (readonly [Felt, Felt])[]): Felt[] =>
  kernel().poseidonBatch(pairs);
