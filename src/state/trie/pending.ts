/**
 * Nodes whose hashes are not known yet. They are collected while tries are rebuilt and then hashed level
 * by level from the leaves upwards, all nodes of a level, of all tries, in one call of the hash kernel.
 */
import type { Felt } from "../../field/felt.ts";
import { finishHash, hashInputs, type TrieKind, type TrieNode } from "./node.ts";

/** What stands for a node or a leaf: its hash or value, or a node that will have a hash. */
export type Ref = Felt | PendingNode;

type Content =
  | { readonly kind: "binary"; readonly left: Ref; readonly right: Ref }
  | { readonly kind: "edge"; readonly child: Ref; readonly path: bigint; readonly length: number };

export interface PendingNode {
  readonly kind: "pending";
  /** One more than the highest level of pending nodes below; 0 if there are none. */
  readonly level: number;
  readonly content: Content;
  hash?: Felt;
}

const levelAbove = (ref: Ref): number => (typeof ref === "bigint" ? 0 : ref.level + 1);

/** The hash of a reference, once the pending nodes are hashed. */
export const hashOf = (ref: Ref): Felt => (typeof ref === "bigint" ? ref : ref.hash!);

const resolved = (content: Content): TrieNode =>
  content.kind === "binary"
    ? { kind: "binary", left: hashOf(content.left), right: hashOf(content.right) }
    : { kind: "edge", child: hashOf(content.child), path: content.path, length: content.length };

export class PendingNodes {
  readonly #hashPairs: TrieKind["hashPairs"];
  readonly #levels: PendingNode[][] = [];

  constructor({ hashPairs }: TrieKind) {
    this.#hashPairs = hashPairs;
  }

  binary(left: Ref, right: Ref): PendingNode {
    const level = Math.max(levelAbove(left), levelAbove(right));
    return this.#add({ kind: "pending", level, content: { kind: "binary", left, right } });
  }

  edge(child: Ref, path: bigint, length: number): PendingNode {
    const content = { kind: "edge", child, path, length } as const;
    return this.#add({ kind: "pending", level: levelAbove(child), content });
  }

  /** Hashes all that is pending; the answer has the nodes by hash. */
  hash(): Map<Felt, TrieNode> {
    const nodes = new Map<Felt, TrieNode>();
    for (const level of this.#levels) {
      const contents = level.map(({ content }) => resolved(content));
      const hashes = this.#hashPairs(contents.map(hashInputs));
      level.forEach((pending, i) => {
        pending.hash = finishHash(contents[i]!, hashes[i]!);
        nodes.set(pending.hash, contents[i]!);
      });
    }
    this.#levels.length = 0;
    return nodes;
  }

  #add(node: PendingNode): PendingNode {
    (this.#levels[node.level] ??= []).push(node);
    return node;
  }
}
