/** Proofs that a trie has, or has not, a leaf: the nodes from the root down to it. */
import { type Felt, isFelt } from "../../field/felt.ts";
import {
  finishHash,
  hashInputs,
  lowBits,
  type NodeSource,
  type TrieKind,
  type TrieNode,
} from "./node.ts";

/** Nodes by hash. */
export type ProofNodes = ReadonlyMap<Felt, TrieNode>;

/** Says where the path to `key` goes on under `node` at `height`; undefined where it leaves the trie. */
function step(
  node: TrieNode,
  key: bigint,
  height: number,
): { child: Felt; height: number } | undefined {
  if (node.kind === "binary") {
    const right = (key >> BigInt(height - 1)) & 1n;
    return { child: right ? node.right : node.left, height: height - 1 };
  }
  const rest = height - node.length;
  return rest >= 0 && lowBits(key, height) >> BigInt(rest) === node.path
    ? { child: node.child, height: rest }
    : undefined;
}

/**
 * The value of a leaf, 0 if it is absent. `visit` sees the nodes on the way, which together are the proof:
 * for an absent leaf the last one is the edge that leads elsewhere.
 */
export function walk(
  kind: TrieKind,
  source: NodeSource,
  root: Felt,
  key: bigint,
  visit?: (hash: Felt, node: TrieNode) => void,
): Felt {
  if (root === 0n || key >> BigInt(kind.height)) return 0n;
  let [hash, height] = [root, kind.height];
  while (height > 0) {
    const node = source.node(hash);
    visit?.(hash, node);
    const next = step(node, key, height);
    if (next === undefined) return 0n;
    ({ child: hash, height } = next);
  }
  return hash;
}

/** Nodes that prove the leaves of `keys`, present or not. */
export function prove(
  kind: TrieKind,
  source: NodeSource,
  root: Felt,
  keys: Iterable<bigint>,
): Map<Felt, TrieNode> {
  const nodes = new Map<Felt, TrieNode>();
  for (const key of keys) walk(kind, source, root, key, (hash, node) => nodes.set(hash, node));
  return nodes;
}

/** A proof that does not show what it should. */
export class ProofError extends Error {
  override readonly name = "ProofError";
}

function isWellFormed(node: TrieNode, { height }: TrieKind): boolean {
  if (!hashInputs(node).every(isFelt)) return false;
  if (node.kind === "binary") return true;
  const { length, path } = node;
  const fits = Number.isInteger(length) && length > 0 && length <= height;
  return fits && path >> BigInt(length) === 0n;
}

/**
 * The value of the leaf `key` under `root` that `nodes` prove, 0 for an absent leaf. Takes nothing on
 * trust: hashes every node on the way. Throws ProofError where a node is missing or is not what its
 * hash says.
 */
export function verifyProof(kind: TrieKind, root: Felt, key: bigint, nodes: ProofNodes): Felt {
  const checked: NodeSource = {
    node(hash) {
      const node = nodes.get(hash);
      if (node === undefined) throw new ProofError(`the proof lacks node ${hash}`);
      if (!isWellFormed(node, kind)) throw new ProofError(`node ${hash} is no node of such a trie`);
      if (finishHash(node, kind.hashPairs([hashInputs(node)])[0]!) !== hash) {
        throw new ProofError(`node ${hash} has another hash`);
      }
      return node;
    },
  };
  return walk(kind, checked, root, key);
}
