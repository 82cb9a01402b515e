/** Changing many leaves of a trie at once. */
import type { Felt } from "../../field/felt.ts";
import { commonPrefix, lowBits, type NodeSource, type TrieKind, type TrieNode } from "./node.ts";
import type { PendingNodes, Ref } from "./pending.ts";

/** A leaf's key and its new value; 0 takes the leaf away. */
export type LeafChange = readonly [key: bigint, value: Felt];

/** An edge that may still grow upwards: it becomes a node only when it gets a parent (`refOf`). */
interface FloatingEdge {
  readonly kind: "edge";
  readonly child: Ref;
  readonly path: bigint;
  readonly length: number;
}

/** A subtree: a node or leaf, an edge that may grow, or nothing. */
type Subtree = Ref | FloatingEdge | undefined;

class Update {
  readonly #source: NodeSource;
  readonly #pending: PendingNodes;
  readonly #changes: readonly LeafChange[];

  constructor(source: NodeSource, pending: PendingNodes, changes: readonly LeafChange[]) {
    this.#source = source;
    this.#pending = pending;
    this.#changes = changes;
  }

  /**
   * The subtree at `height` with changes [low, high) applied; the very one given if nothing changes.
   * A call either stops at a leaf, jumps over the bits that are all the same, or passes a fork: the
   * recursion is no deeper than twice the forks on a path.
   */
  apply(
    before: Felt | FloatingEdge | undefined,
    height: number,
    low: number,
    high: number,
  ): Subtree {
    if (low === high) return before;
    if (height === 0) {
      const value = this.#changes[low]![1];
      return value === 0n ? undefined : value;
    }
    const view = typeof before === "bigint" ? this.#source.node(before) : before;
    const shared = this.#sharedBits(view, height, low, high);
    if (shared > 0) {
      const inner = view && below(view as FloatingEdge, shared);
      const after = this.apply(inner, height - shared, low, high);
      if (after === inner) return before;
      const prefix = lowBits(this.#changes[low]![0], height) >> BigInt(height - shared);
      return this.#extend(after, height - shared, prefix, shared);
    }

    const middle = this.#firstRight(height, low, high);
    const [leftBefore, rightBefore] = children(view);
    const left = this.apply(leftBefore, height - 1, low, middle);
    const right = this.apply(rightBefore, height - 1, middle, high);
    if (left === leftBefore && right === rightBefore) return before;
    if (left !== undefined && right !== undefined) {
      return this.#pending.binary(this.refOf(left), this.refOf(right));
    }
    return left === undefined
      ? this.#extend(right, height - 1, 1n, 1)
      : this.#extend(left, height - 1, 0n, 1);
  }

  refOf(subtree: Ref | FloatingEdge): Ref {
    if (typeof subtree === "bigint" || subtree.kind === "pending") return subtree;
    return this.#pending.edge(subtree.child, subtree.path, subtree.length);
  }

  /** Puts `bits` bits above a subtree at `height`, taking an edge that is there already into the new one. */
  #extend(subtree: Subtree, height: number, prefix: bigint, bits: number): Subtree {
    if (subtree === undefined) return undefined;
    const node = typeof subtree === "bigint" && height > 0 ? this.#source.node(subtree) : subtree;
    if (typeof node === "bigint" || node.kind !== "edge") {
      return { kind: "edge", child: subtree as Ref, path: prefix, length: bits };
    }
    const { child, path, length } = node;
    return { kind: "edge", child, path: (prefix << BigInt(length)) | path, length: length + bits };
  }

  /** Number of leading bits that all keys of [low, high) and all leaves of the subtree share. */
  #sharedBits(
    view: TrieNode | FloatingEdge | undefined,
    height: number,
    low: number,
    high: number,
  ): number {
    if (view?.kind === "binary") return 0;
    const first = lowBits(this.#changes[low]![0], height);
    const last = lowBits(this.#changes[high - 1]![0], height);
    if (view === undefined) return commonPrefix(first, last, height);
    const { path, length } = view;
    const cut = BigInt(height - length);
    return Math.min(
      commonPrefix(first >> cut, path, length),
      commonPrefix(last >> cut, path, length),
    );
  }

  /** Index of the first change of [low, high) that goes right at `height`. */
  #firstRight(height: number, low: number, high: number): number {
    const bit = BigInt(height - 1);
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#changes[middle]![0] >> bit) & 1n) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

/** The subtrees left and right of a fork in what was there before; its references are all hashes. */
function children(
  view: TrieNode | FloatingEdge | undefined,
): [Felt | FloatingEdge | undefined, Felt | FloatingEdge | undefined] {
  if (view === undefined) return [undefined, undefined];
  if (view.kind === "binary") return [view.left, view.right];
  const only = below(view, 1);
  return (view.path >> BigInt(view.length - 1)) & 1n ? [undefined, only] : [only, undefined];
}

/** What is below the first `bits` bits of an edge that was there before. */
function below({ child, path, length }: FloatingEdge, bits: number): Felt | FloatingEdge {
  if (bits === length) return child as Felt;
  return { kind: "edge", child, path: lowBits(path, length - bits), length: length - bits };
}

/**
 * Applies changes to the trie `root`, leaving the new nodes in `pending`. The answer stands for the new
 * root; its hash is there when `pending` is hashed. Throws RangeError for a key out of range or given
 * twice.
 */
export function planUpdate(
  { height }: TrieKind,
  source: NodeSource,
  pending: PendingNodes,
  root: Felt,
  changes: Iterable<LeafChange>,
): Ref {
  const sorted = [...changes].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  sorted.forEach(([key], i) => {
    if (key < 0n || key >> BigInt(height)) {
      throw new RangeError(`a trie's key is 0 <= key < 2^${height}, got ${key}`);
    }
    if (i > 0 && sorted[i - 1]![0] === key) throw new RangeError(`key ${key} is changed twice`);
  });
  const update = new Update(source, pending, sorted);
  const after = update.apply(root === 0n ? undefined : root, height, 0, sorted.length);
  return after === undefined ? 0n : update.refOf(after);
}
