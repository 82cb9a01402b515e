/**
 * The part of a state that blocks touch, as plain data: whoever has it can execute and prove the blocks without the
 * chain's storage.
 */
import type { Felt } from "../field/felt.ts";
import type { OsState } from "../os/input.ts";
import type { ContractLeaf } from "../state/commitment.ts";
import type { StateReader } from "../state/reader.ts";
import type { NodeSource, TrieNode } from "../state/trie/node.ts";
import { lowBits, PEDERSEN_TRIE } from "../state/trie/node.ts";

/** Values of a state, and nodes of its tries on the way to them. */
export interface StateWitness {
  readonly contractsRoot: Felt;
  readonly classesRoot: Felt;
  /** contract address -> storage key -> value */
  readonly storage: ReadonlyMap<Felt, ReadonlyMap<Felt, Felt>>;
  readonly nonces: ReadonlyMap<Felt, Felt>;
  readonly classHashes: ReadonlyMap<Felt, Felt>;
  /** class hash -> compiled class hash */
  readonly compiledClassHashes: ReadonlyMap<Felt, Felt>;
  readonly leaves: ReadonlyMap<Felt, ContractLeaf>;
  readonly nodes: ReadonlyMap<Felt, TrieNode>;
}

/** A value, or an error that says what is missing: work that was given too little must not go on with zeros. */
function known<T>(map: ReadonlyMap<Felt, T> | undefined, key: Felt, what: string): T {
  const value = map?.get(key);
  if (value === undefined) throw new Error(`the witness has no ${what} 0x${key.toString(16)}`);
  return value;
}

/** The state of a witness. Whatever it lacks is an error when it is asked for. */
export function witnessState(witness: StateWitness): OsState {
  const { storage, nonces, classHashes, compiledClassHashes, leaves, nodes } = witness;
  return {
    reader: {
      storageAt: (address, key) => known(storage.get(address), key, "storage value at key"),
      nonceAt: (address) => known(nonces, address, "nonce of contract"),
      classHashAt: (address) => known(classHashes, address, "class of contract"),
      compiledClassHash: (classHash) => known(compiledClassHashes, classHash, "class"),
    },
    nodes: { node: (hash) => known(nodes, hash, "trie node") },
    contractsRoot: witness.contractsRoot,
    classesRoot: witness.classesRoot,
    contract: (address) => known(leaves, address, "leaf of contract"),
  };
}

/** A state that notes what is read of it. */
export class WitnessRecorder {
  readonly #state: OsState;
  readonly #storage = new Map<Felt, Map<Felt, Felt>>();
  readonly #contracts = new Set<Felt>();
  readonly #classes = new Map<Felt, Felt>();

  constructor(state: OsState) {
    this.#state = state;
  }

  get state(): OsState {
    return { ...this.#state, reader: this.#reader };
  }

  readonly #reader: StateReader = {
    storageAt: (address, key) => {
      const value = this.#state.reader.storageAt(address, key);
      this.#contracts.add(address);
      const cells = this.#storage.get(address) ?? new Map<Felt, Felt>();
      this.#storage.set(address, cells.set(key, value));
      return value;
    },
    nonceAt: (address) => {
      this.#contracts.add(address);
      return this.#state.reader.nonceAt(address);
    },
    classHashAt: (address) => {
      this.#contracts.add(address);
      return this.#state.reader.classHashAt(address);
    },
    compiledClassHash: (classHash) => {
      const value = this.#state.reader.compiledClassHash(classHash);
      this.#classes.set(classHash, value);
      return value;
    },
  };

  /** What was read until now, with the nodes that lead there in the tries. */
  witness(): StateWitness {
    const { reader, nodes: source, contractsRoot, classesRoot } = this.#state;
    const nodes = new Map<Felt, TrieNode>();
    const contracts = [...this.#contracts];
    const leaves = new Map(contracts.map((address) => [address, this.#state.contract(address)]));
    collectNodes(source, contractsRoot, contracts, nodes);
    collectNodes(source, classesRoot, [...this.#classes.keys()], nodes);
    for (const [address, cells] of this.#storage)
      collectNodes(source, leaves.get(address)!.storageRoot, [...cells.keys()], nodes);
    return {
      contractsRoot,
      classesRoot,
      storage: this.#storage,
      nonces: new Map(contracts.map((address) => [address, reader.nonceAt(address)])),
      classHashes: new Map(contracts.map((address) => [address, reader.classHashAt(address)])),
      compiledClassHashes: this.#classes,
      leaves,
      nodes,
    };
  }
}

/**
 * Adds the nodes from a root to keys, and those beside them: where a leaf goes away, the node beside it moves up, and
 * its kind says how.
 */
function collectNodes(
  source: NodeSource,
  root: Felt,
  keys: readonly Felt[],
  nodes: Map<Felt, TrieNode>,
): void {
  const visit = (hash: Felt, height: number, below: readonly Felt[]): void => {
    if (hash === 0n || height === 0) return;
    const node = source.node(hash);
    nodes.set(hash, node);
    if (below.length === 0) return;
    if (node.kind === "binary") {
      const bit = 1n << BigInt(height - 1);
      visit(
        node.left,
        height - 1,
        below.filter((key) => (key & bit) === 0n),
      );
      visit(
        node.right,
        height - 1,
        below.filter((key) => (key & bit) !== 0n),
      );
      return;
    }
    const rest = height - node.length;
    const onPath = below.filter((key) => lowBits(key, height) >> BigInt(rest) === node.path);
    visit(node.child, rest, onPath);
  };
  visit(root, PEDERSEN_TRIE.height, keys);
}
