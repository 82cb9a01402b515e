/**
 * Nodes of the protocol's binary Merkle-Patricia tries (starknet-formulas.md §1). A node is named by its
 * hash; below it hang other nodes, or at height 0 the leaf's value. The empty trie has the root 0.
 */
import { add, type Felt } from "../../field/felt.ts";
import { pedersenBatch } from "../../hash/pedersen.ts";
import { poseidonBatch } from "../../hash/poseidon.ts";

/**
 * `path` holds the edge's `length` bits, the one nearest to the root being the highest. Edges are
 * maximal: the child of an edge is a binary node or a leaf.
 */
export type TrieNode =
  | { readonly kind: "binary"; readonly left: Felt; readonly right: Felt }
  | { readonly kind: "edge"; readonly child: Felt; readonly path: bigint; readonly length: number };

/** A family of tries: how their nodes are hashed, and how many bits a key has. */
export interface TrieKind {
  readonly height: number;
  readonly hashPairs: (pairs: readonly (readonly [Felt, Felt])[]) => Felt[];
}

/** The tries of contracts and of their storage. */
export const PEDERSEN_TRIE: TrieKind = { height: 251, hashPairs: pedersenBatch };

/** The trie of classes. */
export const POSEIDON_TRIE: TrieKind = { height: 251, hashPairs: poseidonBatch };

/** The tries of a block's transactions, events and receipts, each keyed by its place (§5). */
export const COMMITMENT_TRIE: TrieKind = { height: 64, hashPairs: poseidonBatch };

/** The two inputs of a node's hash. */
export const hashInputs = (node: TrieNode): readonly [Felt, Felt] =>
  node.kind === "binary" ? [node.left, node.right] : [node.child, node.path];

/** A node's hash, given that of its inputs. */
export const finishHash = (node: TrieNode, hash: Felt): Felt =>
  node.kind === "binary" ? hash : add(hash, BigInt(node.length));

/** Finds nodes by hash. Throws for a hash that it does not know. */
export interface NodeSource {
  node(hash: Felt): TrieNode;
}

/** The lowest `length` bits of a path. */
export const lowBits = (path: bigint, length: number): bigint => BigInt.asUintN(length, path);

/** Bits of the shortest binary form of `x`; 0 for 0. */
export function bitLength(x: bigint): number {
  if (x === 0n) return 0;
  const digits = x.toString(16);
  return 4 * digits.length - (Math.clz32(parseInt(digits[0]!, 16)) - 28);
}

/** Number of leading bits in which two paths of `length` bits agree. */
export const commonPrefix = (a: bigint, b: bigint, length: number): number =>
  length - bitLength(a ^ b);
