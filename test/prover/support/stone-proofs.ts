/** Proofs that others made, below ../shared. */
import type { Context } from "mocha";
import { parseProofFile, type ProofFile } from "../../../src/prover/proof-file.ts";
import { readShared, requireShared } from "../../support/shared.ts";

export const STONE_PROOFS = {
  small: "vectors/proofs/small-2e13-stone-v1.job.json.gz",
  starknet: "vectors/proofs/starknet-2e21-stone-v1.job.json.gz",
} as const;

export type StoneProofName = keyof typeof STONE_PROOFS;

/** Skips the running suite where the proof is not there. */
export function readStoneProof(context: Context, name: StoneProofName): ProofFile {
  requireShared(context, STONE_PROOFS[name]);
  return parseProofFile(JSON.parse(readShared(STONE_PROOFS[name]).toString("utf8")));
}
