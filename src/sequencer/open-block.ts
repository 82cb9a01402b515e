/**
 * The block that is being filled (the batcher's part): transactions are executed one by one on top of
 * each other's changes; nothing of it is in storage until it is produced.
 */
import type { Felt } from "../field/felt.ts";
import type { StateDiff } from "../state/diff.ts";
import { CachedState } from "../state/cached-state.ts";
import type { StateReader } from "../state/reader.ts";
import type { BlockContext } from "../starknet/block.ts";
import type { PreConfirmedBlock } from "../starknet/chain-view.ts";
import { BLOCK_HASH_CONTRACT, STORED_BLOCK_HASH_BUFFER } from "../starknet/constants.ts";
import {
  executeTransaction,
  type ExecutionEnvironment,
} from "../starknet/execution/transaction.ts";
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
}

/** Bounds of a block; one that reaches any of them is closed. */
export interface BlockLimits {
  readonly transactions: number;
  readonly l2Gas: bigint;
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
  #l2Gas = 0n;

  constructor(start: OpenBlockStart) {
    this.context = start.context;
    this.parentHash = start.parentHash;
    this.state = new CachedState(start.parentState);
    this.#environment = start.environment;
    if (start.agedBlockHash !== undefined) {
      const agedNumber = BigInt(start.context.number - STORED_BLOCK_HASH_BUFFER);
      this.state.setStorage(BLOCK_HASH_CONTRACT, agedNumber, start.agedBlockHash);
    }
  }

  get stateDiff(): StateDiff {
    return this.state.diff();
  }

  get isEmpty(): boolean {
    return this.transactions.length === 0;
  }

  isFull({ transactions, l2Gas }: BlockLimits): boolean {
    return this.transactions.length >= transactions || this.#l2Gas >= l2Gas;
  }

  /**
   * Executes a transaction on top of those before it. Throws TransactionRejected, leaving the block as it
   * was, when it may not be part of a block at all; one that reverts is part of it. A DECLARE comes with its
   * class, which the environment's classes have too.
   */
  execute(
    transaction: Transaction,
    options: { skipValidate: boolean; newClass?: NewClass | undefined },
  ): Receipt {
    const { receipt, trace } = executeTransaction(
      this.#environment,
      this.context,
      this.state,
      transaction,
      { skipValidate: options.skipValidate },
    );
    if (transaction.type === "DECLARE") this.classes.set(transaction.classHash, options.newClass!);
    this.transactions.push(transaction);
    this.receipts.push(receipt);
    this.traces.push(trace);
    this.#l2Gas += receipt.resources.l2Gas;
    return receipt;
  }
}
