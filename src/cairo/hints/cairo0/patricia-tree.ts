/**
 * The trees that Patricia updates guess about: the tree of modified leaves, the trees before and after as far as
 * their preimages are known, and the descents that skip what is empty in all of them. What is computed is that of
 * cairo-lang, starkware/python/merkle_tree.py and starkware/cairo/common/patricia_utils.py.
 */
import type { Felt } from "../../../field/felt.ts";
import { hintError } from "../errors.ts";
import type { FeltMap } from "../felt-map.ts";

/** Children of a binary node (left, right), or an edge (length, path, bottom), by the node's hash. */
export type Preimage = FeltMap<readonly Felt[]>;

/** A tree of which hints look at the shape only; an empty one is undefined. */
interface Tree<T> {
  children(): readonly [left: T | undefined, right: T | undefined];
}

/** The subtree over the modified leaves; their keys are sorted and share all bits above `height`. */
export class UpdateTree implements Tree<UpdateTree> {
  readonly #keys: readonly bigint[];
  readonly #height: number;

  constructor(keys: readonly bigint[], height: number) {
    this.#keys = keys;
    this.#height = height;
  }

  /** Throws VmError HINT for a leaf. */
  children(): readonly [left: UpdateTree | undefined, right: UpdateTree | undefined] {
    if (this.#height === 0) throw hintError("patricia: a leaf has no children");
    const bit = 1n << BigInt(this.#height - 1);
    const firstRight = this.#keys.findIndex((key) => (key & bit) !== 0n);
    const middle = firstRight === -1 ? this.#keys.length : firstRight;
    const subtree = (keys: readonly bigint[]): UpdateTree | undefined =>
      keys.length === 0 ? undefined : new UpdateTree(keys, this.#height - 1);
    return [subtree(this.#keys.slice(0, middle)), subtree(this.#keys.slice(middle))];
  }
}

/** The tree of height `height` of the leaves at `keys`. Throws VmError HINT for none, or one outside. */
export function buildUpdateTree(height: number, keys: readonly Felt[]): UpdateTree {
  const sorted = [...new Set(keys)].sort((a, b) => (a < b ? -1 : 1));
  const last = sorted.at(-1);
  if (last === undefined) throw hintError("patricia: there is no update");
  if (last >> BigInt(height) !== 0n)
    throw hintError(`patricia: the leaf ${last} is not in a tree of height ${height}`);
  return new UpdateTree(sorted, height);
}

/** A node as an edge of length >= 0 to a binary node or leaf. */
class HashedTree implements Tree<HashedTree> {
  readonly #preimage: Preimage;
  readonly #length: number;
  readonly #path: bigint;
  readonly #bottom: Felt;

  private constructor(preimage: Preimage, length: number, path: bigint, bottom: Felt) {
    this.#preimage = preimage;
    this.#length = length;
    this.#path = path;
    this.#bottom = bottom;
  }

  static of(preimage: Preimage, hash: Felt): HashedTree | undefined {
    if (hash === 0n) return undefined;
    const parts = preimage.get(hash);
    if (parts?.length !== 3) return new HashedTree(preimage, 0, 0n, hash);
    const [length, path, bottom] = parts as readonly [Felt, Felt, Felt];
    return new HashedTree(preimage, Number(length), path, bottom);
  }

  children(): readonly [left: HashedTree | undefined, right: HashedTree | undefined] {
    if (this.#length === 0) {
      const [left, right, ...rest] = this.#preimage.get(this.#bottom) ?? [];
      if (left === undefined || right === undefined || rest.length > 0)
        throw hintError(`patricia: no children of the node ${this.#bottom} are known`);
      return [HashedTree.of(this.#preimage, left), HashedTree.of(this.#preimage, right)];
    }
    const length = this.#length - 1;
    const bit = 1n << BigInt(length);
    const goesRight = (this.#path & bit) !== 0n;
    const child = new HashedTree(this.#preimage, length, this.#path & (bit - 1n), this.#bottom);
    return goesRight ? [undefined, child] : [child, undefined];
  }
}

/** A path that in every tree has empty siblings only, and is longer than 1. */
export interface Descent {
  readonly length: number;
  readonly word: bigint;
}

/** Descents by the height and path of the node at which they start. */
export class Descents {
  readonly #byNode = new Map<string, Descent>();

  static #key(height: number | bigint, path: bigint): string {
    return `${height}:${path.toString(32)}`;
  }

  get(height: Felt, path: Felt): Descent | undefined {
    return this.#byNode.get(Descents.#key(height, path));
  }

  set(height: number, path: bigint, descent: Descent): void {
    this.#byNode.set(Descents.#key(height, path), descent);
  }
}

type AnyTree = UpdateTree | HashedTree | undefined;

const NONE = [undefined, undefined] as const;

/** Collects the descents below a node of the three trees, of which the first is that of the updates. */
function collectDescents(
  descents: Descents,
  height: number,
  path: bigint,
  trees: readonly [AnyTree, AnyTree, AnyTree],
): void {
  if (trees[0] === undefined) return;
  let [below, at, nodes] = [height, path, trees];
  for (;;) {
    if (below === 0) break;
    const children = nodes.map((node) => node?.children() ?? NONE);
    const [a, b, c] = children as [
      (typeof children)[0],
      (typeof children)[0],
      (typeof children)[0],
    ];
    const lefts = [a[0], b[0], c[0]] as const;
    const rights = [a[1], b[1], c[1]] as const;
    const goesRight = lefts.every((node) => node === undefined);
    if (!goesRight && rights.some((node) => node !== undefined)) {
      collectDescents(descents, below - 1, at * 2n, lefts);
      collectDescents(descents, below - 1, at * 2n + 1n, rights);
      break;
    }
    nodes = goesRight ? rights : lefts;
    at = at * 2n + (goesRight ? 1n : 0n);
    below--;
  }
  const length = height - below;
  if (length > 1) descents.set(height, path, { length, word: at & ((1n << BigInt(length)) - 1n) });
}

/** The descents of an update from `previousRoot` to `newRoot`. Throws VmError HINT where preimages are missing. */
export function guessDescents(
  height: number,
  updates: UpdateTree,
  preimage: Preimage,
  previousRoot: Felt,
  newRoot: Felt,
): Descents {
  const descents = new Descents();
  collectDescents(descents, height, 0n, [
    updates,
    HashedTree.of(preimage, previousRoot),
    HashedTree.of(preimage, newRoot),
  ]);
  return descents;
}
