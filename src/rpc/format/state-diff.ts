/** STATE_DIFF, in the order of addresses and keys. */
import type { Felt } from "../../field/felt.ts";
import type { StateDiff } from "../../state/diff.ts";
import { toHex } from "../../util/hex.ts";
import { sorted } from "./felts.ts";

/** Drops what is not of one of `contracts`; class declarations stay. */
export function restrictDiff(diff: StateDiff, contracts: ReadonlySet<Felt>): StateDiff {
  const of = <T>(map: ReadonlyMap<Felt, T>): ReadonlyMap<Felt, T> =>
    new Map([...map].filter(([address]) => contracts.has(address)));
  return {
    storage: of(diff.storage),
    nonces: of(diff.nonces),
    deployedContracts: of(diff.deployedContracts),
    replacedClasses: of(diff.replacedClasses),
    declaredClasses: diff.declaredClasses,
  };
}

export const formatStateDiff = (diff: StateDiff): object => ({
  storage_diffs: sorted(diff.storage).map(([address, entries]) => ({
    address: toHex(address),
    storage_entries: sorted(entries).map(([key, value]) => ({
      key: toHex(key),
      value: toHex(value),
    })),
  })),
  deprecated_declared_classes: [],
  declared_classes: sorted(diff.declaredClasses).map(([classHash, compiledClassHash]) => ({
    class_hash: toHex(classHash),
    compiled_class_hash: toHex(compiledClassHash),
  })),
  // SNIP-34 moves compiled class hashes to Blake from 0.14.1 on; 0.14.0 migrates none.
  migrated_compiled_classes: [],
  deployed_contracts: sorted(diff.deployedContracts).map(([address, classHash]) => ({
    address: toHex(address),
    class_hash: toHex(classHash),
  })),
  replaced_classes: sorted(diff.replacedClasses).map(([address, classHash]) => ({
    contract_address: toHex(address),
    class_hash: toHex(classHash),
  })),
  nonces: sorted(diff.nonces).map(([address, nonce]) => ({
    contract_address: toHex(address),
    nonce: toHex(nonce),
  })),
});
