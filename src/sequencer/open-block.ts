/**
 * The block that is being filled (the batcher's part): transactions are executed one by one on top of
 * each other's changes; nothing of it is in storage until it is produced.
 */
import type { Felt } from "../field/felt.ts";
import type { StateDiff } from "../state/diff.ts";
import { CachedState, writeDiff } from "../state/cached-state.ts";
import type { StateReader } from "../state/reader.ts";
import { toHex } from "../util/hex.ts";
import type { BlockContext } from "../starknet/block.ts";
import type { PreConfirmedBlock } from "../starknet/chain-view.ts";
import { BLOCK_HASH_CONTRACT, STORED_BLOCK_HASH_BUFFER } from "../starknet/constants.ts";
import {
  executeTransaction,
  type ExecutionEnvironment,
} from "../starknet/execution/transaction.ts";
import { messageWords, stateDiffWords } from "../starknet/output/size.ts";
import type { Receipt, TransactionTrace } from "../starknet/receipt.ts";
import type { Transaction } from "../starknet/transaction.ts";
import type { NewClass } from "./class-library.ts";

export interface OpenBlockStart {
  readonly context: BlockContext;
  readonly parentHash: Felt;
  /** State after the parent. */
  readonly parentState: StateReader;
  /** Hash of block `context.number - 10`; undefined for the first ten blocks. */
  readonly agedBlockHash: Felt | undefined;
  readonly environment: ExecutionEnvironment;
  readonly limits: BlockLimits;
}

/** Bounds of a block. */
export interface BlockLimits {
  readonly transactions: number;
  readonly l2Gas: bigint;
  /** L1 gas that its transactions pay for. */
  readonly l1Gas: bigint;
  /** Words of messages and state diff in the OS's output. */
  readonly outputWords: number;
}

/** Hashes of transactions that were not validated, as their senders were impersonated: their traces tell. */
export function unvalidatedIn(
  transactions: readonly Transaction[],
  traces: readonly TransactionTrace[],
): ReadonlySet<Felt> {
  const skipped = transactions.filter(
    ({ type }, index) => type !== "L1_HANDLER" && traces[index]!.validate === undefined,
  );
  return new Set(skipped.map(({ hash }) => hash));
}

/** Writes what the protocol itself does at the start of a block: the hash of one that is old enough. */
export function writeAgedBlockHash(state: CachedState, number: number, hash: Felt): void {
  state.setStorage(BLOCK_HASH_CONTRACT, BigInt(number - STORED_BLOCK_HASH_BUFFER), hash);
}

/** A transaction that would make the block too large for L1; the block is as it was. */
export class BlockCapacityError extends Error {
  override readonly name = "BlockCapacityError";
}

export class OpenBlock implements PreConfirmedBlock {
  readonly context: BlockContext;
  readonly parentHash: Felt;
  readonly state: CachedState;
  readonly transactions: Transaction[] = [];
  readonly receipts: Receipt[] = [];
  readonly traces: TransactionTrace[] = [];
  candidates: readonly Transaction[] = [];
  /** Classes declared in this block, by class hash. */
  readonly classes = new Map<Felt, NewClass>();
  readonly #environment: ExecutionEnvironment;
  readonly #limits: BlockLimits;
  readonly #agedBlockHash: Felt | undefined;
  #l2Gas = 0n;
  #l1Gas = 0n;
  #messageWords = 0;
  /** At least the state diff's words: the sum of those of the transactions' diffs, or the last exact count. */
  #diffWords = 0;

  constructor(start: OpenBlockStart) {
    this.context = start.context;
    this.parentHash = start.parentHash;
    this.state = new CachedState(start.parentState);
    this.#environment = start.environment;
    this.#limits = start.limits;
    this.#agedBlockHash = start.agedBlockHash;
    this.#writeAgedBlockHash();
  }

  get stateDiff(): StateDiff {
    return this.state.diff();
  }

  /** Hashes of its transactions that were not validated. */
  get unvalidated(): ReadonlySet<Felt> {
    return unvalidatedIn(this.transactions, this.traces);
  }

  get isEmpty(): boolean {
    return this.transactions.length === 0;
  }

  /** Takes no more transactions: it is to be closed. */
  get isFull(): boolean {
    const { transactions, l2Gas } = this.#limits;
    return this.transactions.length >= transactions || this.#l2Gas >= l2Gas;
  }

  #writeAgedBlockHash(): void {
    if (this.#agedBlockHash !== undefined)
      writeAgedBlockHash(this.state, this.context.number, this.#agedBlockHash);
  }

  /** Takes a diff, and classes, that no transaction made. What the protocol writes stays as this block's. */
  write(diff: StateDiff, classes: ReadonlyMap<Felt, NewClass>): void {
    writeDiff(this.state, diff);
    this.#writeAgedBlockHash();
    for (const [classHash, newClass] of classes) this.classes.set(classHash, newClass);
  }

  /**
   * Executes a transaction on top of those before it. Throws TransactionRejected, leaving the block as it
   * was, when it may not be part of a block at all, and BlockCapacityError when it may not be part of this one;
   * one that reverts is part of it. A DECLARE comes with its class, which the environment's classes have too.
   */
  execute(
    transaction: Transaction,
    options: { skipValidate: boolean; newClass?: NewClass | undefined },
  ): Receipt {
    const mark = this.state.checkpoint();
    let execution: ReturnType<typeof executeTransaction>;
    try {
      execution = executeTransaction(this.#environment, this.context, this.state, transaction, {
        skipValidate: options.skipValidate,
      });
      this.#reserve(transaction, execution);
    } catch (error) {
      this.state.rollback(mark);
      throw error;
    }
    this.state.commit(mark);
    const { receipt, trace } = execution;
    if (transaction.type === "DECLARE") this.classes.set(transaction.classHash, options.newClass!);
    this.transactions.push(transaction);
    this.receipts.push(receipt);
    this.traces.push(trace);
    return receipt;
  }

  /** Counts what an executed transaction adds to the block. Throws BlockCapacityError, counting nothing. */
  #reserve(
    transaction: Transaction,
    execution: { receipt: Receipt; trace: TransactionTrace },
  ): void {
    const { receipt, trace } = execution;
    const { l1Gas, l2Gas } = receipt.resources;
    const messages = this.#messageWords + messageWords(transaction, receipt);
    let diff = this.#diffWords + stateDiffWords(trace.stateDiff);
    // The sum counts a cell as often as it is written; the block's diff has it once.
    if (messages + diff > this.#limits.outputWords) diff = stateDiffWords(this.stateDiff);
    const exceed = (what: string, value: number | bigint, limit: number | bigint): void => {
      if (value <= limit) return;
      throw new BlockCapacityError(
        `Transaction size exceeds the maximum block capacity: with ${toHex(transaction.hash)}, ` +
          `the block's ${what} would be ${value}; at most ${limit} fit into a state update on L1.`,
      );
    };
    exceed("messages and state diff, in words,", messages + diff, this.#limits.outputWords);
    exceed("L1 gas", this.#l1Gas + l1Gas, this.#limits.l1Gas);
    this.#messageWords = messages;
    this.#diffWords = diff;
    this.#l1Gas += l1Gas;
    this.#l2Gas += l2Gas;
  }
}
