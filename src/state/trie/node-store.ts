/**
 * Trie nodes by their hash. Nodes are never changed and never taken away, so every root that was ever
 * reached stays readable.
 */
import type { Felt } from "../../field/felt.ts";
import { feltAt, writeFelt } from "../encoding.ts";
import type { KeyValueStore, StoreOperation } from "../store/store.ts";
import { nodeKey } from "../tables.ts";
import type { NodeSource, TrieNode } from "./node.ts";

const CACHED_NODES = 1 << 16;

/** Binary: left, right. Edge: child, path, length (1 byte). Felts are 32 bytes, big-endian. */
function encode(node: TrieNode): Uint8Array {
  const bytes = Buffer.allocUnsafe(node.kind === "binary" ? 64 : 65);
  writeFelt(bytes, 0, node.kind === "binary" ? node.left : node.child);
  writeFelt(bytes, 32, node.kind === "binary" ? node.right : node.path);
  if (node.kind === "edge") bytes[64] = node.length;
  return bytes;
}

function decode(bytes: Uint8Array): TrieNode {
  if (bytes.length === 64) {
    return { kind: "binary", left: feltAt(bytes, 0), right: feltAt(bytes, 32) };
  }
  return { kind: "edge", child: feltAt(bytes, 0), path: feltAt(bytes, 32), length: bytes[64]! };
}

export class NodeStore implements NodeSource {
  readonly #store: KeyValueStore;
  // Two generations: a hot node moves to the young one, and when that is full the old one is dropped.
  #young = new Map<Felt, TrieNode>();
  #old = new Map<Felt, TrieNode>();

  constructor(store: KeyValueStore) {
    this.#store = store;
  }

  node(hash: Felt): TrieNode {
    const cached = this.#young.get(hash);
    if (cached !== undefined) return cached;
    const node = this.#old.get(hash) ?? this.#read(hash);
    this.#remember(hash, node);
    return node;
  }

  /** What a batch must hold so that `nodes` are there after it. They are readable here at once. */
  put(nodes: Iterable<readonly [Felt, TrieNode]>): StoreOperation[] {
    const operations: StoreOperation[] = [];
    for (const [hash, node] of nodes) {
      this.#remember(hash, node);
      operations.push({ type: "put", key: nodeKey(hash), value: encode(node) });
    }
    return operations;
  }

  #read(hash: Felt): TrieNode {
    const bytes = this.#store.get(nodeKey(hash));
    if (bytes === undefined) throw new Error(`trie node 0x${hash.toString(16)} is not in storage`);
    return decode(bytes);
  }

  #remember(hash: Felt, node: TrieNode): void {
    if (this.#young.size >= CACHED_NODES) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(hash, node);
  }
}
