/**
 * A small chain in memory for the RPC's own tests: blocks and their states are data, nothing is executed
 * and nothing is hashed. What the RPC makes of a real chain is tested end to end.
 */
import { emptyDiff, type StateDiff } from "../../../src/state/diff.ts";
import type { StateReader } from "../../../src/state/reader.ts";
import type { Block, BlockContext, BlockHeader } from "../../../src/starknet/block.ts";
import type {
  ChainEvent,
  ChainListener,
  ChainView,
  PreConfirmedBlock,
  ProofAnswer,
  ProofRequest,
  TransactionLocation,
} from "../../../src/starknet/chain-view.ts";
import type { CasmClass } from "../../../src/starknet/class/casm.ts";
import type { SierraClass } from "../../../src/starknet/class/sierra.ts";
import type { Receipt, TransactionTrace } from "../../../src/starknet/receipt.ts";
import type { Transaction } from "../../../src/starknet/transaction.ts";

type Felt = bigint;

interface Entry {
  readonly block: Block;
  readonly diff: StateDiff;
  readonly traces: readonly TransactionTrace[];
}

/** What goes into a block. */
export interface Content {
  readonly transaction: Transaction;
  readonly receipt: Receipt;
  readonly trace: TransactionTrace;
}

const price = { wei: 1_000_000_000n, fri: 2_000_000_000n };

export class FixtureChain implements ChainView {
  readonly chainId: Felt = 0x534e5f5345504f4c4941n;
  readonly entries: Entry[] = [];
  readonly sierra = new Map<Felt, SierraClass>();
  readonly casm = new Map<Felt, CasmClass>();
  open: Content[] = [];
  onL1: number | undefined;
  readonly #listeners = new Set<ChainListener>();

  constructor() {
    this.close();
  }

  get listeners(): number {
    return this.#listeners.size;
  }

  #context(number: number): BlockContext {
    return {
      number,
      timestamp: 1_700_000_000 + number,
      sequencerAddress: 0x1000n,
      gasPrices: { l1Gas: price, l1DataGas: price, l2Gas: price },
      dataAvailability: "CALLDATA",
      starknetVersion: "0.14.0",
    };
  }

  /** Adds what is executed to the open block. */
  add(content: Content): void {
    this.open.push(content);
    const { transaction, receipt } = content;
    this.emit({
      kind: "preConfirmed",
      transaction,
      receipt,
      index: this.open.length - 1,
      blockNumber: this.entries.length,
    });
  }

  /** Closes the open block. */
  close(diff: StateDiff = emptyDiff()): Block {
    const number = this.entries.length;
    const transactions = this.open.map(({ transaction }) => transaction);
    const receipts = this.open.map(({ receipt }) => receipt);
    const header: BlockHeader = {
      ...this.#context(number),
      hash: 0xb10c000n + BigInt(number),
      parentHash: number === 0 ? 0n : 0xb10c000n + BigInt(number - 1),
      stateRoot: 0x5007000n + BigInt(number),
      transactionCount: transactions.length,
      eventCount: receipts.reduce((sum, { events }) => sum + events.length, 0),
      stateDiffLength: 0,
      stateDiffCommitment: 1n,
      transactionCommitment: 2n,
      eventCommitment: 3n,
      receiptCommitment: 4n,
    };
    const block = { header, transactions, receipts };
    this.entries.push({ block, diff, traces: this.open.map(({ trace }) => trace) });
    this.open = [];
    this.emit({ kind: "block", block });
    return block;
  }

  /** Takes back the blocks from `number` on. */
  reorg(number: number): void {
    const lost = this.entries.splice(number);
    const place = ({ block }: Entry) => ({ number: block.header.number, hash: block.header.hash });
    this.emit({ kind: "reorg", first: place(lost[0]!), last: place(lost.at(-1)!) });
  }

  emit(event: ChainEvent): void {
    for (const listener of [...this.#listeners]) listener(event);
  }

  latest(): BlockHeader {
    return this.entries.at(-1)!.block.header;
  }
  latestOnL1(): number | undefined {
    return this.onL1;
  }
  header(number: number): BlockHeader | undefined {
    return this.entries[number]?.block.header;
  }
  numberOf(blockHash: Felt): number | undefined {
    const number = this.entries.findIndex(({ block }) => block.header.hash === blockHash);
    return number < 0 ? undefined : number;
  }
  block(number: number): Block | undefined {
    return this.entries[number]?.block;
  }
  stateDiff(number: number): StateDiff | undefined {
    return this.entries[number]?.diff;
  }
  traces(number: number): readonly TransactionTrace[] | undefined {
    return this.entries[number]?.traces;
  }
  preConfirmed(): PreConfirmedBlock {
    return {
      context: this.#context(this.entries.length),
      parentHash: this.latest().hash,
      transactions: this.open.map(({ transaction }) => transaction),
      receipts: this.open.map(({ receipt }) => receipt),
      traces: this.open.map(({ trace }) => trace),
      candidates: [],
      stateDiff: emptyDiff(),
      state: this.stateAt(this.entries.length - 1),
    };
  }
  locate(hash: Felt): TransactionLocation | undefined {
    for (const [number, { block }] of this.entries.entries()) {
      const index = block.transactions.findIndex((transaction) => transaction.hash === hash);
      if (index >= 0) return { kind: "block", number, index };
    }
    const index = this.open.findIndex(({ transaction }) => transaction.hash === hash);
    return index < 0 ? undefined : { kind: "preConfirmed", index };
  }
  stateAt(number: number): StateReader {
    const diffs = this.entries.slice(0, number + 1).map(({ diff }) => diff);
    const newest = (read: (diff: StateDiff) => Felt | undefined): Felt =>
      diffs.reduce((value, diff) => read(diff) ?? value, 0n);
    return {
      storageAt: (address, key) => newest(({ storage }) => storage.get(address)?.get(key)),
      nonceAt: (address) => newest(({ nonces }) => nonces.get(address)),
      classHashAt: (address) =>
        newest((diff) => diff.replacedClasses.get(address) ?? diff.deployedContracts.get(address)),
      compiledClassHash: (hash) => newest(({ declaredClasses }) => declaredClasses.get(hash)),
    };
  }
  lastStorageUpdate(address: Felt, key: Felt, number: number): number | undefined {
    const index = this.entries
      .slice(0, number + 1)
      .findLastIndex(({ diff }) => diff.storage.get(address)?.has(key));
    return index < 0 ? undefined : index;
  }
  sierraClass(classHash: Felt): SierraClass | undefined {
    return this.sierra.get(classHash);
  }
  casmClass(classHash: Felt): CasmClass | undefined {
    return this.casm.get(classHash);
  }
  storageProof(_number: number, request: ProofRequest): ProofAnswer {
    const nodes = new Map([
      [1n, { kind: "binary" as const, left: 2n, right: 3n }],
      [2n, { kind: "edge" as const, child: 4n, path: 5n, length: 250 }],
    ]);
    return {
      classes: { nodes },
      contracts: { nodes },
      contractLeaves: request.contractAddresses.map((address) =>
        address === 1n ? undefined : { nonce: 0n, classHash: 7n, storageRoot: 8n },
      ),
      storages: request.storageKeys.map(() => ({ nodes })),
      contractsRoot: 1n,
      classesRoot: 1n,
    };
  }
  subscribe(listener: ChainListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
