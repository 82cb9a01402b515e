/** The Hades permutation of Starknet's Poseidon in plain bigint: the twin of the Poseidon kernel. */
import { hash } from "node:crypto";
import { type Felt, mod, mul, P } from "../../field/felt.ts";

export type HadesState = [Felt, Felt, Felt];

/** Half of the full rounds come before the partial rounds, half after. */
export const FULL_ROUNDS = 8;
export const PARTIAL_ROUNDS = 83;
export const ROUNDS = FULL_ROUNDS + PARTIAL_ROUNDS;

/**
 * The round constants in the order of their use, three a round: sha256("Hades" + i) mod P
 * (starkware-industries/poseidon, poseidon3).
 */
export const roundConstants = (): Felt[] =>
  Array.from({ length: 3 * ROUNDS }, (_, i) => BigInt(`0x${hash("sha256", `Hades${i}`)}`) % P);

let constants: Felt[] | undefined;

const cube = (x: Felt): Felt => mul(mul(x, x), x);

/** Adds round constants, cubes (every word, or the last one in partial rounds), mixes; 91 times. */
export function hades(state: readonly [Felt, Felt, Felt]): HadesState {
  constants ??= roundConstants();
  let [x, y, z] = state;
  for (let round = 0; round < ROUNDS; round++) {
    x = (x + constants[3 * round]!) % P;
    y = (y + constants[3 * round + 1]!) % P;
    z = cube((z + constants[3 * round + 2]!) % P);
    if (round < FULL_ROUNDS / 2 || round >= ROUNDS - FULL_ROUNDS / 2) {
      x = cube(x);
      y = cube(y);
    }
    // MDS matrix ((3, 1, 1), (1, -1, 1), (1, 1, -2)).
    const sum = x + y + z;
    [x, y, z] = [mod(sum + 2n * x), mod(sum - 2n * y), mod(sum - 3n * z)];
  }
  return [x, y, z];
}
