/** The chain of closed blocks on a store, and what readers see of it. */
import { deserialize, serialize } from "node:v8";
import type { Felt } from "../field/felt.ts";
import type { ChainState } from "../state/chain-state.ts";
import type { StateDiff } from "../state/diff.ts";
import type { StateReader } from "../state/reader.ts";
import type { KeyValueStore } from "../state/store/store.ts";
import type { Block, BlockHeader } from "../starknet/block.ts";
import type {
  ChainEvent,
  ChainListener,
  ChainView,
  PreConfirmedBlock,
  ProofAnswer,
  ProofRequest,
  TransactionLocation,
} from "../starknet/chain-view.ts";
import type { CasmClass } from "../starknet/class/casm.ts";
import type { SierraClass } from "../starknet/class/sierra.ts";
import type { TransactionTrace } from "../starknet/receipt.ts";
import {
  blockRemoval,
  blockRows,
  readBody,
  readHeader,
  readNumber,
  readPlace,
  readSettled,
  readTraces,
  settledRow,
} from "./block-tables.ts";
import { BoundedCache } from "../util/bounded-cache.ts";
import type { NewClass } from "./class-library.ts";

/** Blocks that stay decoded in memory, and blocks whose traces do: a trace may be large. */
const CACHED_BLOCKS = 256;
const CACHED_TRACES = 16;
/** Classes that stay decoded: some MB each. */
const CACHED_CLASSES = 16;

/** The open block as the chain shows it: its classes can be read before it is closed. */
export interface OpenBlockView extends PreConfirmedBlock {
  readonly classes: ReadonlyMap<Felt, NewClass>;
}

/** What is stored beside a block's header and body. */
export interface BlockEffects {
  readonly stateDiff: StateDiff;
  readonly classes: ReadonlyMap<Felt, NewClass>;
  readonly traces: readonly TransactionTrace[];
}

export class Chain implements ChainView {
  readonly chainId: Felt;
  readonly state: ChainState;
  readonly #store: KeyValueStore;
  readonly #openBlock: () => OpenBlockView;
  readonly #listeners = new Set<ChainListener>();
  readonly #blocks = new BoundedCache<number, Block>(CACHED_BLOCKS);
  readonly #traces = new BoundedCache<number, readonly TransactionTrace[]>(CACHED_TRACES);
  /** A class is what its hash says: one that is declared again is the same. */
  readonly #classes = new BoundedCache<Felt, NewClass>(CACHED_CLASSES);
  #latest: BlockHeader | undefined;
  #settled: number | undefined;
  #transactionCount: number | undefined;

  /** @param openBlock the block on top of the chain, which whoever fills it knows */
  constructor(
    chainId: Felt,
    store: KeyValueStore,
    state: ChainState,
    openBlock: () => OpenBlockView,
  ) {
    this.chainId = chainId;
    this.state = state;
    this.#store = store;
    this.#openBlock = openBlock;
    const number = state.latestNumber();
    this.#latest = number === undefined ? undefined : readHeader(store, number);
    this.#settled = readSettled(store);
  }

  /** Without a genesis block there is nothing to read yet. */
  get isEmpty(): boolean {
    return this.#latest === undefined;
  }

  latest(): BlockHeader {
    if (this.#latest === undefined) throw new Error("the chain has no genesis block yet");
    return this.#latest;
  }

  /** Transactions in closed blocks; counted once, then kept up to date. */
  get transactionCount(): number {
    if (this.#transactionCount !== undefined) return this.#transactionCount;
    let count = 0;
    for (let number = this.latest().number; number >= 0; number--)
      count += this.header(number)!.transactionCount;
    return (this.#transactionCount = count);
  }

  latestOnL1(): number | undefined {
    return this.#settled;
  }

  /**
   * Notes that L1 has accepted the blocks up to `number`, and no later ones; undefined for none. Listeners hear it
   * where there are more than before: an L1 that was set back tells nothing new.
   */
  setLatestOnL1(number: number | undefined): void {
    const before = this.#settled;
    if (number === before) return;
    this.#store.batch([settledRow(number)]);
    this.#settled = number;
    if (number !== undefined && number > (before ?? -1))
      this.emit({ kind: "acceptedOnL1", number });
  }

  header(number: number): BlockHeader | undefined {
    if (number === this.#latest?.number) return this.#latest;
    return (
      this.#blocks.get(number)?.header ??
      (this.#has(number) ? readHeader(this.#store, number) : undefined)
    );
  }

  numberOf(blockHash: Felt): number | undefined {
    return readNumber(this.#store, blockHash);
  }

  block(number: number): Block | undefined {
    return this.#blocks.getOrAdd(number, () => {
      const header = this.header(number);
      return header && { header, ...readBody(this.#store, number)! };
    });
  }

  stateDiff(number: number): StateDiff | undefined {
    return this.#has(number) ? this.state.diff(number) : undefined;
  }

  traces(number: number): readonly TransactionTrace[] | undefined {
    return this.#traces.getOrAdd(number, () =>
      this.#has(number) ? readTraces(this.#store, number) : undefined,
    );
  }

  preConfirmed(): PreConfirmedBlock {
    return this.#openBlock();
  }

  locate(transactionHash: Felt): TransactionLocation | undefined {
    const place = readPlace(this.#store, transactionHash);
    if (place !== undefined) return { kind: "block", number: place[0], index: place[1] };
    const index = this.#openBlock().transactions.findIndex(({ hash }) => hash === transactionHash);
    return index < 0 ? undefined : { kind: "preConfirmed", index };
  }

  stateAt(number: number): StateReader {
    return number === this.#latest?.number ? this.state.latest() : this.state.readerAt(number);
  }

  lastStorageUpdate(address: Felt, key: Felt, number: number): number | undefined {
    return this.state.lastStorageUpdate(address, key, number);
  }

  sierraClass(classHash: Felt): SierraClass | undefined {
    return this.#openBlock().classes.get(classHash)?.sierra ?? this.storedClass(classHash)?.sierra;
  }

  casmClass(classHash: Felt): CasmClass | undefined {
    return this.#openBlock().classes.get(classHash)?.casm ?? this.storedClass(classHash)?.casm;
  }

  /** A class that a closed block declared. */
  storedClass(classHash: Felt): NewClass | undefined {
    const sierra = this.state.sierra(classHash);
    const casm = this.state.casm(classHash);
    if (sierra === undefined || casm === undefined) return undefined;
    return this.#classes.getOrAdd(classHash, () => ({
      sierra: deserialize(sierra) as SierraClass,
      casm: deserialize(casm) as CasmClass,
    }));
  }

  storageProof(number: number, request: ProofRequest): ProofAnswer {
    return this.state.storageProof(number, request);
  }

  subscribe(listener: ChainListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Tells listeners what happened; the sequencer is who knows. */
  emit(event: ChainEvent): void {
    for (const listener of this.#listeners) listener(event);
  }

  /** Puts a block on top of the chain, in one batch with its state; `blockOf` makes it for the new root. */
  append(
    { stateDiff, classes, traces }: BlockEffects,
    number: number,
    blockOf: (stateRoot: Felt) => Block,
  ): Block {
    const { globalRoot, operations } = this.state.prepare(number, stateDiff);
    const block = blockOf(globalRoot);
    const classRows = [...classes].flatMap(([classHash, { sierra, casm }]) =>
      this.state.classOperations(classHash, serialize(sierra), serialize(casm)),
    );
    this.#store.batch([...operations, ...classRows, ...blockRows(block, traces)]);
    this.#latest = block.header;
    if (this.#transactionCount !== undefined) this.#transactionCount += block.transactions.length;
    this.#blocks.set(number, block);
    this.#traces.set(number, traces);
    return block;
  }

  /** Takes back every block after `number`, and tells it; the blocks that are gone, oldest first. */
  goBackTo(number: number): readonly Block[] {
    if (number === this.latest().number) return [];
    const removed = this.#truncate(number);
    this.emit({ kind: "reorg", first: removed[0]!.header, last: removed.at(-1)!.header });
    return removed;
  }

  #truncate(number: number): Block[] {
    const removed: Block[] = [];
    for (let n = number + 1; n <= this.latest().number; n++) removed.push(this.block(n)!);
    const settled = this.#settled !== undefined && this.#settled > number ? number : this.#settled;
    this.#store.batch([
      ...this.state.revertTo(number),
      ...removed.flatMap(blockRemoval),
      settledRow(settled),
    ]);
    this.#settled = settled;
    for (const { header } of removed) {
      this.#blocks.delete(header.number);
      this.#traces.delete(header.number);
    }
    this.#latest = readHeader(this.#store, number)!;
    this.#transactionCount = undefined;
    return removed;
  }

  #has(number: number): boolean {
    return Number.isSafeInteger(number) && number >= 0 && number <= (this.#latest?.number ?? -1);
  }
}
