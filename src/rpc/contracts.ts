/** Contracts and classes in a state, as the read methods need them. */
import type { Felt } from "../field/felt.ts";
import type { StateReader } from "../state/reader.ts";
import type { ChainView } from "../starknet/chain-view.ts";
import type { SierraClass } from "../starknet/class/sierra.ts";
import { ALIAS_CONTRACT, BLOCK_HASH_CONTRACT } from "../starknet/constants.ts";
import { RpcError } from "./errors.ts";

// They have storage and no class: the operating system itself writes it.
const SYSTEM_CONTRACTS: ReadonlySet<Felt> = new Set([BLOCK_HASH_CONTRACT, ALIAS_CONTRACT]);

/** Throws CONTRACT_NOT_FOUND where nothing is deployed. */
export function requireContract(state: StateReader, address: Felt): void {
  if (!SYSTEM_CONTRACTS.has(address)) classHashOf(state, address);
}

/** Class hash of a contract. Throws CONTRACT_NOT_FOUND. */
export function classHashOf(state: StateReader, address: Felt): Felt {
  const classHash = state.classHashAt(address);
  if (classHash === 0n) throw new RpcError("CONTRACT_NOT_FOUND");
  return classHash;
}

/** A class that is declared in a state. Throws CLASS_HASH_NOT_FOUND. */
export function classOf(chain: ChainView, state: StateReader, classHash: Felt): SierraClass {
  const sierra =
    state.compiledClassHash(classHash) === 0n ? undefined : chain.sierraClass(classHash);
  if (sierra === undefined) throw new RpcError("CLASS_HASH_NOT_FOUND");
  return sierra;
}
