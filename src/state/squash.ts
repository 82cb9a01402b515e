/** One diff of several consecutive blocks, as a state update of L1 carries it. */
import type { Felt } from "../field/felt.ts";
import type { StateDiff } from "./diff.ts";
import type { StateReader } from "./reader.ts";

/**
 * What differs between the state before the first of `diffs` and the state after the last: values that were
 * changed back do not, and a contract that was deployed and then got another class counts as deployed with that one.
 *
 * @param before the state before the first diff
 */
export function squashDiffs(diffs: readonly StateDiff[], before: StateReader): StateDiff {
  if (diffs.length === 1) return diffs[0]!;
  const storage = new Map<Felt, Map<Felt, Felt>>();
  const nonces = new Map<Felt, Felt>();
  const classes = new Map<Felt, Felt>();
  const declaredClasses = new Map<Felt, Felt>();
  for (const diff of diffs) {
    for (const [address, entries] of diff.storage) {
      const cells = storage.get(address) ?? new Map<Felt, Felt>();
      storage.set(address, cells);
      for (const [key, value] of entries) cells.set(key, value);
    }
    for (const [address, nonce] of diff.nonces) nonces.set(address, nonce);
    for (const changed of [diff.deployedContracts, diff.replacedClasses])
      for (const [address, classHash] of changed) classes.set(address, classHash);
    for (const [classHash, compiled] of diff.declaredClasses)
      declaredClasses.set(classHash, compiled);
  }
  for (const [address, cells] of storage) {
    for (const [key, value] of cells)
      if (before.storageAt(address, key) === value) cells.delete(key);
    if (cells.size === 0) storage.delete(address);
  }
  for (const [address, nonce] of nonces)
    if (before.nonceAt(address) === nonce) nonces.delete(address);
  const { deployedContracts, replacedClasses } = splitClasses(classes, before);
  return { storage, nonces, deployedContracts, replacedClasses, declaredClasses };
}

function splitClasses(
  classes: ReadonlyMap<Felt, Felt>,
  before: StateReader,
): Pick<StateDiff, "deployedContracts" | "replacedClasses"> {
  const deployedContracts = new Map<Felt, Felt>();
  const replacedClasses = new Map<Felt, Felt>();
  for (const [address, classHash] of classes) {
    const previous = before.classHashAt(address);
    if (previous === 0n) deployedContracts.set(address, classHash);
    else if (previous !== classHash) replacedClasses.set(address, classHash);
  }
  return { deployedContracts, replacedClasses };
}
