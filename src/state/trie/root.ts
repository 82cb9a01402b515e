/** The root of a trie that nobody keeps. */
import type { Felt } from "../../field/felt.ts";
import type { NodeSource, TrieKind } from "./node.ts";
import { hashOf, PendingNodes } from "./pending.ts";
import { planUpdate, type LeafChange } from "./update.ts";

const NO_NODES: NodeSource = {
  node(hash) {
    throw new Error(`trie node 0x${hash.toString(16)} in a trie that starts empty`);
  },
};

/** Root of the trie that has exactly `leaves`. */
export function rootOf(kind: TrieKind, leaves: Iterable<LeafChange>): Felt {
  const pending = new PendingNodes(kind);
  const root = planUpdate(kind, NO_NODES, pending, 0n, leaves);
  pending.hash();
  return hashOf(root);
}
