/** The private key of a devnet's sequencer, which follows from its seed: anybody may know it, as with the accounts'. */
import { ORDER } from "../curve/stark.ts";
import { shortString } from "../field/short-string.ts";
import { poseidonMany } from "../hash/poseidon.ts";

/** In [1, order of the curve). */
export const sequencerKey = (seed: number): bigint =>
  (poseidonMany([shortString("SEQUENCER_KEY"), BigInt(seed)]) % (ORDER - 1n)) + 1n;
