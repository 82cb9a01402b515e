/**
 * The committed state of a chain: the latest values, what they were after every block, and the tries that
 * commit to them. All that a block changes goes into the store in one batch.
 */
import type { Felt } from "../field/felt.ts";
import {
  classLeafHash,
  contractLeafHashes,
  globalRoot,
  isEmptyLeaf,
  type ContractLeaf,
} from "./commitment.ts";
import type { StateDiff } from "./diff.ts";
import { atBlock, encodeFelts, FELT_BYTES, feltAt, numberAt } from "./encoding.ts";
import type { StateReader } from "./reader.ts";
import { revertOperations } from "./revert.ts";
import type { ProofAnswer, ProofRequest, StorageProof } from "./storage-proof.ts";
import type { KeyValueStore, StoreOperation } from "./store/store.ts";
import * as tables from "./tables.ts";
import { type NodeSource, PEDERSEN_TRIE, POSEIDON_TRIE, type TrieKind } from "./trie/node.ts";
import { NodeStore } from "./trie/node-store.ts";
import { hashOf, PendingNodes } from "./trie/pending.ts";
import { prove } from "./trie/proof.ts";
import { planUpdate, type LeafChange } from "./trie/update.ts";

export interface StateRoots {
  readonly contractsRoot: Felt;
  readonly classesRoot: Felt;
  /** The state root of the block. */
  readonly globalRoot: Felt;
}

/** The state of a block that is not in the store yet. */
export interface PreparedState extends StateRoots {
  /** What brings it into the store. */
  readonly operations: readonly StoreOperation[];
}

type TrieRoots = Omit<StateRoots, "globalRoot">;

const NO_STATE: TrieRoots = { contractsRoot: 0n, classesRoot: 0n };

/**
 * Computing and writing are apart: whoever closes a block writes the operations that it gets here in one
 * batch with the block's other rows. Nothing but the store remembers which block is the latest.
 */
export class ChainState {
  readonly #store: KeyValueStore;
  readonly #nodes: NodeStore;

  /** Continues with what `store` holds; an empty store is a chain without blocks. */
  constructor(store: KeyValueStore) {
    this.#store = store;
    this.#nodes = new NodeStore(store);
  }

  /** The nodes of all tries that were ever reached. */
  get nodes(): NodeSource {
    return this.#nodes;
  }

  /** Number of the latest block; undefined before the first. */
  latestNumber(): number | undefined {
    const bytes = this.#store.get(tables.LATEST_KEY);
    return bytes && numberAt(bytes, 0);
  }

  /**
   * Computes the state after the next block: `diff` holds only what really differs from the latest state.
   * Changes nothing. Throws RangeError when `number` is not the next one.
   */
  prepare(number: number, diff: StateDiff): PreparedState {
    const latest = this.latestNumber() ?? -1;
    if (number !== latest + 1) {
      throw new RangeError(`"number" expected ${latest + 1}, the next block's, got ${number}`);
    }
    const before = latest < 0 ? NO_STATE : this.#trieRoots(latest);
    const contracts = this.#changeContracts(number, diff, before.contractsRoot);
    const classes = this.#changeClasses(number, diff, before.classesRoot);
    const [contractsRoot, classesRoot] = [contracts.root, classes.root];
    return {
      contractsRoot,
      classesRoot,
      globalRoot: globalRoot(contractsRoot, classesRoot),
      operations: [
        ...contracts.operations,
        ...classes.operations,
        tables.put(tables.diffKey(number), tables.encodeDiff(diff)),
        tables.put(tables.rootsKey(number), encodeFelts(contractsRoot, classesRoot)),
        tables.put(tables.LATEST_KEY, tables.encodeNumber(number)),
      ],
    };
  }

  /**
   * Operations that take the blocks after `number` back, with the classes they declared. Throws RangeError
   * where there is no such block.
   */
  revertTo(number: number): StoreOperation[] {
    const latest = this.#requireBlock(number);
    return [
      ...revertOperations(this.#store, number, latest),
      tables.put(tables.LATEST_KEY, tables.encodeNumber(number)),
    ];
  }

  /** Operations that keep both forms of a class; the block that declares it has them in its batch. */
  classOperations(classHash: Felt, sierraJson: Uint8Array, casmJson: Uint8Array): StoreOperation[] {
    return [
      tables.put(tables.sierraKey(classHash), sierraJson),
      tables.put(tables.casmKey(classHash), casmJson),
    ];
  }

  /** Roots after block `number`. Throws RangeError where there is no such block. */
  roots(number: number): StateRoots {
    this.#requireBlock(number);
    const { contractsRoot, classesRoot } = this.#trieRoots(number);
    return { contractsRoot, classesRoot, globalRoot: globalRoot(contractsRoot, classesRoot) };
  }

  #trieRoots(number: number): TrieRoots {
    const bytes = this.#store.get(tables.rootsKey(number))!;
    return { contractsRoot: feltAt(bytes, 0), classesRoot: feltAt(bytes, FELT_BYTES) };
  }

  /** What block `number` changed; undefined where there is no such block. */
  diff(number: number): StateDiff | undefined {
    const bytes = this.#store.get(tables.diffKey(number));
    return bytes && tables.decodeDiff(bytes);
  }

  sierra(classHash: Felt): Uint8Array | undefined {
    return this.#store.get(tables.sierraKey(classHash));
  }

  casm(classHash: Felt): Uint8Array | undefined {
    return this.#store.get(tables.casmKey(classHash));
  }

  /** The first block that declared the class. */
  declarationBlock(classHash: Felt): number | undefined {
    const history = tables.classHistoryKey(classHash);
    const range = { prefix: history, limit: 1 };
    for (const [key] of this.#store.range(range)) return numberAt(key, history.length);
    return undefined;
  }

  /** The latest state, whichever block that is when it is read. */
  latest(): StateReader {
    return {
      storageAt: (address, key) => {
        const bytes = this.#store.get(tables.storageKey(address, key));
        return bytes === undefined ? 0n : feltAt(bytes, 0);
      },
      nonceAt: (address) => this.#latestContract(address).nonce,
      classHashAt: (address) => this.#latestContract(address).classHash,
      compiledClassHash: (classHash) => this.#compiledClassHash(classHash),
    };
  }

  /** The state after block `number`, and no other. Throws RangeError where there is no such block. */
  readerAt(number: number): StateReader {
    this.#requireBlock(number);
    return {
      storageAt: (address, key) => {
        const change = this.#storageChange(address, key, number);
        return change === undefined ? 0n : feltAt(change.value, 0);
      },
      nonceAt: (address) => this.#contractAt(address, number).nonce,
      classHashAt: (address) => this.#contractAt(address, number).classHash,
      compiledClassHash: (classHash) => this.#compiledClassHash(classHash, number),
    };
  }

  /** Block in which storage[key] of the contract last changed, at or before `number`; undefined if never. */
  lastStorageUpdate(address: Felt, key: Felt, number: number): number | undefined {
    return this.#storageChange(address, key, number)?.number;
  }

  /** Proves values of the state after block `number`. Throws RangeError where there is no such block. */
  storageProof(number: number, request: ProofRequest): ProofAnswer {
    this.#requireBlock(number);
    const { contractsRoot, classesRoot } = this.#trieRoots(number);
    const proof = (kind: TrieKind, root: Felt, keys: readonly Felt[]): StorageProof => ({
      nodes: prove(kind, this.#nodes, root, keys),
    });
    return {
      classes: proof(POSEIDON_TRIE, classesRoot, request.classHashes),
      contracts: proof(PEDERSEN_TRIE, contractsRoot, request.contractAddresses),
      contractLeaves: request.contractAddresses.map((address) => {
        const contract = this.#contractAt(address, number);
        return isEmptyLeaf(contract) ? undefined : contract;
      }),
      storages: request.storageKeys.map(({ contractAddress, keys }) =>
        proof(PEDERSEN_TRIE, this.#contractAt(contractAddress, number).storageRoot, keys),
      ),
      contractsRoot,
      classesRoot,
    };
  }

  /** Throws unless `number` is a block's; answers the latest. */
  #requireBlock(number: number): number {
    const latest = this.latestNumber() ?? -1;
    if (!Number.isInteger(number) || number < 0 || number > latest) {
      throw new RangeError(`"number" expected a block from 0 to ${latest}, got ${number}`);
    }
    return latest;
  }

  #latestContract(address: Felt): ContractLeaf {
    const bytes = this.#store.get(tables.contractKey(address));
    return bytes === undefined ? tables.NO_CONTRACT : tables.decodeContract(bytes);
  }

  #contractAt(address: Felt, number: number): ContractLeaf {
    const change = tables.lastChange(this.#store, tables.contractHistoryKey(address), number);
    return change === undefined ? tables.NO_CONTRACT : tables.decodeContract(change.value);
  }

  #storageChange(address: Felt, key: Felt, number: number): tables.Change | undefined {
    return tables.lastChange(this.#store, tables.storageHistoryKey(address, key), number);
  }

  #compiledClassHash(classHash: Felt, number = tables.LAST_NUMBER): Felt {
    const change = tables.lastChange(this.#store, tables.classHistoryKey(classHash), number);
    return change === undefined ? 0n : feltAt(change.value, 0);
  }

  /** Rows and nodes of all contracts that `diff` touches, and the new contracts root. */
  #changeContracts(number: number, diff: StateDiff, contractsRoot: Felt): TrieChange {
    const addresses = tables.touchedContracts(diff);
    const before = addresses.map((address) => this.#latestContract(address));
    const pending = new PendingNodes(PEDERSEN_TRIE);
    const storages = addresses.map((address, i) => {
      const changes = diff.storage.get(address) ?? [];
      return planUpdate(PEDERSEN_TRIE, this.#nodes, pending, before[i]!.storageRoot, changes);
    });
    const storageNodes = this.#nodes.put(pending.hash());
    const after = addresses.map((address, i): ContractLeaf => ({
      classHash:
        diff.deployedContracts.get(address) ??
        diff.replacedClasses.get(address) ??
        before[i]!.classHash,
      storageRoot: hashOf(storages[i]!),
      nonce: diff.nonces.get(address) ?? before[i]!.nonce,
    }));
    const hashes = contractLeafHashes(after);
    const leaves = addresses.map((address, i): LeafChange => [address, hashes[i]!]);
    const trie = this.#changeTrie(PEDERSEN_TRIE, contractsRoot, leaves);
    const rows = addresses.flatMap((address, i) => {
      const row = tables.encodeContract(after[i]!);
      return [
        tables.put(tables.contractKey(address), row),
        tables.put(atBlock(tables.contractHistoryKey(address), number), row),
      ];
    });
    return {
      root: trie.root,
      operations: [...storageNodes, ...trie.operations, ...rows, ...storageRows(number, diff)],
    };
  }

  /** Rows and nodes of all classes that `diff` declares, and the new classes root. */
  #changeClasses(number: number, { declaredClasses }: StateDiff, classesRoot: Felt): TrieChange {
    const declared = [...declaredClasses];
    const leaves = declared.map(([hash, compiled]): LeafChange => [hash, classLeafHash(compiled)]);
    const { root, operations } = this.#changeTrie(POSEIDON_TRIE, classesRoot, leaves);
    const rows = declared.map(([hash, compiled]) =>
      tables.put(atBlock(tables.classHistoryKey(hash), number), encodeFelts(compiled)),
    );
    return { root, operations: [...operations, ...rows] };
  }

  #changeTrie(kind: TrieKind, before: Felt, leaves: readonly LeafChange[]): TrieChange {
    const pending = new PendingNodes(kind);
    const after = planUpdate(kind, this.#nodes, pending, before, leaves);
    const operations = this.#nodes.put(pending.hash());
    return { root: hashOf(after), operations };
  }
}

interface TrieChange {
  readonly root: Felt;
  readonly operations: readonly StoreOperation[];
}

/** Storage values of block `number`: the latest ones, and what the block adds to the history. */
function storageRows(number: number, { storage }: StateDiff): StoreOperation[] {
  return [...storage].flatMap(([address, entries]) =>
    [...entries].flatMap(([key, value]) => {
      const latest = tables.storageKey(address, key);
      const row = encodeFelts(value);
      return [
        value === 0n ? tables.remove(latest) : tables.put(latest, row),
        tables.put(atBlock(tables.storageHistoryKey(address, key), number), row),
      ];
    }),
  );
}
