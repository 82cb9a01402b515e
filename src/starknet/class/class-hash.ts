/** Hash of a Sierra class (Starknet documentation, "Class hash"; cairo-lang contract_class.cairo). */
import type { Felt } from "../../field/felt.ts";
import { shortString } from "../../field/short-string.ts";
import { snKeccak } from "../../hash/keccak.ts";
import { poseidonMany } from "../../hash/poseidon.ts";
import { ADDRESS_BOUND } from "../constants.ts";
import type { SierraClass, SierraEntryPoint } from "./sierra.ts";

const entryPointsHash = (entryPoints: readonly SierraEntryPoint[]): Felt =>
  poseidonMany(entryPoints.flatMap(({ selector, functionIdx }) => [selector, BigInt(functionIdx)]));

export function sierraClassHash(sierra: SierraClass): Felt {
  const { EXTERNAL, L1_HANDLER, CONSTRUCTOR } = sierra.entryPointsByType;
  const hash = poseidonMany([
    shortString(`CONTRACT_CLASS_V${sierra.contractClassVersion}`),
    entryPointsHash(EXTERNAL),
    entryPointsHash(L1_HANDLER),
    entryPointsHash(CONSTRUCTOR),
    snKeccak(sierra.abi),
    poseidonMany(sierra.sierraProgram),
  ]);
  return hash % ADDRESS_BOUND;
}
