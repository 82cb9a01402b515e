/** Commitment to a block's state diff (starknet-formulas.md §5). */
import type { Felt } from "../../field/felt.ts";
import { shortString } from "../../field/short-string.ts";
import { poseidonMany } from "../../hash/poseidon.ts";
import type { StateDiff } from "../../state/diff.ts";

const byKey = <T>(entries: Iterable<readonly [Felt, T]>): (readonly [Felt, T])[] =>
  [...entries].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));

/** Number of entries, then each with its key, in the order of keys. */
function listed<T>(
  entries: Iterable<readonly [Felt, T]>,
  content: (value: T) => readonly Felt[],
): Felt[] {
  const sorted = byKey(entries);
  return [BigInt(sorted.length), ...sorted.flatMap(([key, value]) => [key, ...content(value)])];
}

const one = (value: Felt): readonly Felt[] => [value];

/**
 * @param deprecatedClasses Cairo 0 classes that the block declares: only old chains have blocks with such
 */
export function stateDiffCommitment(
  diff: StateDiff,
  deprecatedClasses: readonly Felt[] = [],
): Felt {
  const storage = [...diff.storage].filter(([, entries]) => entries.size > 0);
  return poseidonMany([
    shortString("STARKNET_STATE_DIFF0"),
    ...listed([...diff.deployedContracts, ...diff.replacedClasses], one),
    ...listed(diff.declaredClasses, one),
    ...listed(
      deprecatedClasses.map((classHash) => [classHash, undefined] as const),
      () => [],
    ),
    // One diff per block, on data availability mode 0, is all that there is.
    1n,
    0n,
    ...listed(storage, (entries) => listed(entries, one)),
    ...listed(diff.nonces, one),
  ]);
}

/** Number of changes, as the block header counts them. */
export function stateDiffLength(diff: StateDiff, deprecatedClasses: readonly Felt[] = []): number {
  let length = deprecatedClasses.length;
  for (const entries of diff.storage.values()) length += entries.size;
  for (const changes of [
    diff.nonces,
    diff.deployedContracts,
    diff.replacedClasses,
    diff.declaredClasses,
  ]) {
    length += changes.size;
  }
  return length;
}
