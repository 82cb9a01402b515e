/** Lists in commitments (starknet-formulas.md §5). */
import type { Felt } from "../../field/felt.ts";
import { COMMITMENT_TRIE } from "../../state/trie/node.ts";
import { rootOf } from "../../state/trie/root.ts";

/** Root of the trie that has leaf i at key i; 0 for an empty list. */
export const listCommitment = (leaves: readonly Felt[]): Felt =>
  rootOf(
    COMMITMENT_TRIE,
    leaves.map((leaf, i) => [BigInt(i), leaf]),
  );

/** A list as hashes take it in when more follows: its length, then its elements. */
export const withLength = (list: readonly Felt[]): Felt[] => [BigInt(list.length), ...list];
