/**
 * The walk of contracts/cairo/os/trie.cairo through a trie, planned: how each node is to be taken, in the
 * order in which the program asks.
 */
import type { Felt } from "../field/felt.ts";
import {
  commonPrefix,
  finishHash,
  hashInputs,
  lowBits,
  type NodeSource,
  type TrieKind,
} from "../state/trie/node.ts";

/** A leaf that was accessed, with its values before and after; 0 is a leaf that is not there. */
export interface TrieLeaf {
  readonly key: bigint;
  readonly before: Felt;
  readonly after: Felt;
}

/** A subtree as the program has it: an edge of `length` bits above a fork or leaf. Bottom 0 is empty. */
export interface Subtree {
  readonly length: number;
  readonly path: bigint;
  readonly bottom: Felt;
}

/** Kinds of `node`, as trie.cairo numbers them. */
const NODE = { left: 0n, right: 1n, both: 2n, leafEdge: 3n, other: 4n } as const;
/** Kinds of `subtree`. */
const SUBTREE = {
  left: 0n,
  right: 1n,
  both: 2n,
  leaf: 3n,
  sharedBits: 4n,
  fork: 5n,
  neighbours: 6n,
} as const;

/** What one call of `node` or `subtree` is told; members that its kind does not have are 0. */
export interface Step {
  readonly kind: bigint;
  readonly sibling: Felt;
  readonly count: number;
  readonly bits: bigint;
  readonly other: Subtree;
}

const EMPTY: Subtree = { length: 0, path: 0n, bottom: 0n };
const step = (part: Partial<Step> & Pick<Step, "kind">): Step => ({
  sibling: 0n,
  count: 0,
  bits: 0n,
  other: EMPTY,
  ...part,
});

/** A part of the walk: its steps, and what is there before and after. */
interface Walk {
  readonly steps: readonly Step[];
  readonly before: Subtree;
  readonly after: Subtree;
  /** The steps by which `node` walks it, where it can. */
  readonly asNode?: readonly Step[] | undefined;
}

/** What the walk yields: the steps and the roots. */
export interface TriePlan {
  readonly steps: readonly Step[];
  readonly before: Felt;
  readonly after: Felt;
}

class Planner {
  readonly #source: NodeSource;
  readonly #kind: TrieKind;
  readonly #leaves: readonly TrieLeaf[];

  constructor(kind: TrieKind, source: NodeSource, leaves: readonly TrieLeaf[]) {
    this.#kind = kind;
    this.#source = source;
    this.#leaves = leaves;
  }

  #open(hash: Felt, height: number): Subtree {
    if (hash === 0n) return EMPTY;
    const node = height === 0 ? undefined : this.#source.node(hash);
    if (node?.kind !== "edge") return { length: 0, path: 0n, bottom: hash };
    return { length: node.length, path: node.path, bottom: node.child };
  }

  hash({ length, path, bottom }: Subtree): Felt {
    if (length === 0) return bottom;
    const node = { kind: "edge", child: bottom, path, length } as const;
    return finishHash(node, this.#kind.hashPairs([hashInputs(node)])[0]!);
  }

  #join(left: Subtree, right: Subtree): Subtree {
    if (left.bottom === 0n) return extend(right, 1n, 1);
    if (right.bottom === 0n) return extend(left, 0n, 1);
    const [bottom] = this.#kind.hashPairs([[this.hash(left), this.hash(right)]]);
    return { length: 0, path: 0n, bottom: bottom! };
  }

  root(hash: Felt): TriePlan {
    const { height } = this.#kind;
    const walk = this.#walk(this.#open(hash, height), height, 0, this.#leaves.length);
    return { steps: walk.steps, before: this.hash(walk.before), after: this.hash(walk.after) };
  }

  #walk(tree: Subtree, height: number, low: number, high: number): Walk {
    if (height === 0) return this.#leaf(tree, 0, low);
    if (tree.bottom !== 0n && tree.length === 0) return this.#fork(tree, height, low, high);
    const shared = this.#sharedBits(tree, height, low, high);
    if (shared === 0) return this.#split(...sides(tree), height, low, high);
    if (shared === height && high - low === 1) return this.#leaf(tree, height, low);
    const rest = height - shared;
    const inside = this.#walk(below(tree, shared), rest, low, high);
    const bits = lowBits(this.#leaves[low]!.key, height) >> BigInt(rest);
    const after = extend(inside.after, bits, shared);
    const steps = [step({ kind: SUBTREE.sharedBits, count: shared, bits }), ...inside.steps];
    return { steps, before: tree, after };
  }

  /** A single leaf, at the end of all bits that are left. */
  #leaf(tree: Subtree, height: number, low: number): Walk {
    const { key, before, after: value } = this.#leaves[low]!;
    const leaf = { length: 0, path: 0n, bottom: value };
    const after = height === 0 ? leaf : extend(leaf, lowBits(key, height), height);
    const stays = before !== 0n && value !== 0n;
    return {
      steps: [step({ kind: SUBTREE.leaf })],
      before: height === 0 ? { length: 0, path: 0n, bottom: before } : tree,
      after,
      asNode: stays ? [step({ kind: NODE.leafEdge })] : undefined,
    };
  }

  /** A fork of the old trie. */
  #fork(tree: Subtree, height: number, low: number, high: number): Walk {
    const node = this.#source.node(tree.bottom);
    if (node.kind !== "binary") throw new Error(`trie node ${tree.bottom} is no fork`);
    const { left, right } = node;
    return this.#split(
      this.#open(left, height - 1),
      this.#open(right, height - 1),
      height,
      low,
      high,
    );
  }

  #split(left: Subtree, right: Subtree, height: number, low: number, high: number): Walk {
    const middle = this.#firstRight(height, low, high);
    const leftWalk = low < middle ? this.#walk(left, height - 1, low, middle) : undefined;
    const rightWalk = middle < high ? this.#walk(right, height - 1, middle, high) : undefined;
    const before = this.#join(left, right);
    const after = this.#join(leftWalk?.after ?? left, rightWalk?.after ?? right);
    const walked = [leftWalk, rightWalk].filter((walk) => walk !== undefined);
    const isFork =
      left.bottom !== 0n && right.bottom !== 0n && walked.every((walk) => walk.after.bottom !== 0n);
    if (isFork) {
      const [kind, sibling] =
        leftWalk === undefined
          ? [NODE.right, this.hash(left)]
          : rightWalk === undefined
            ? [NODE.left, this.hash(right)]
            : [NODE.both, 0n];
      const inner = walked.flatMap((walk) => walk.asNode ?? [OTHER, ...walk.steps]);
      const asNode = [step({ kind, sibling }), ...inner];
      return { steps: [step({ kind: SUBTREE.fork }), ...asNode], before, after, asNode };
    }
    if (leftWalk !== undefined && rightWalk !== undefined) {
      if (height === 1) return { steps: [step({ kind: SUBTREE.neighbours })], before, after };
      const steps = [step({ kind: SUBTREE.both }), ...leftWalk.steps, ...rightWalk.steps];
      return { steps, before, after };
    }
    const [kind, other, inside] =
      leftWalk === undefined ? [SUBTREE.right, left, rightWalk!] : [SUBTREE.left, right, leftWalk];
    return { steps: [step({ kind, other }), ...inside.steps], before, after };
  }

  /** Leading bits that all leaves of [low, high) and the edge, if there is one, share. */
  #sharedBits(tree: Subtree, height: number, low: number, high: number): number {
    const first = lowBits(this.#leaves[low]!.key, height);
    const last = lowBits(this.#leaves[high - 1]!.key, height);
    if (tree.bottom === 0n) return commonPrefix(first, last, height);
    const cut = BigInt(height - tree.length);
    return Math.min(
      commonPrefix(first >> cut, tree.path, tree.length),
      commonPrefix(last >> cut, tree.path, tree.length),
    );
  }

  #firstRight(height: number, low: number, high: number): number {
    const bit = BigInt(height - 1);
    let at = low;
    while (at < high && !((this.#leaves[at]!.key >> bit) & 1n)) at++;
    return at;
  }
}

const OTHER = step({ kind: NODE.other });

const extend = (tree: Subtree, bits: bigint, count: number): Subtree =>
  tree.bottom === 0n
    ? EMPTY
    : {
        length: tree.length + count,
        path: tree.path + (bits << BigInt(tree.length)),
        bottom: tree.bottom,
      };

/** What is below the first `bits` bits of an edge, or of nothing. */
const below = (tree: Subtree, bits: number): Subtree =>
  tree.bottom === 0n
    ? EMPTY
    : {
        length: tree.length - bits,
        path: lowBits(tree.path, tree.length - bits),
        bottom: tree.bottom,
      };

/** The sides of an edge's first bit. */
function sides(tree: Subtree): [left: Subtree, right: Subtree] {
  if (tree.bottom === 0n) return [EMPTY, EMPTY];
  const only = below(tree, 1);
  return (tree.path >> BigInt(tree.length - 1)) & 1n ? [EMPTY, only] : [only, EMPTY];
}

/**
 * Plans the walk through the trie of `root` that meets `leaves`, which are in ascending order of their keys
 * and have the values before that the trie has.
 */
export const planTrie = (
  kind: TrieKind,
  source: NodeSource,
  root: Felt,
  leaves: readonly TrieLeaf[],
): TriePlan => new Planner(kind, source, leaves).root(root);
