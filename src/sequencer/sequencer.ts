/**
 * The sequencer: takes transactions from the mempool in order, has them executed into the open block, and
 * closes blocks when the chosen rule says so. One thing happens at a time; listeners hear it in order.
 */
import type { Felt } from "../field/felt.ts";
import type { StateDiff } from "../state/diff.ts";
import { toHex } from "../util/hex.ts";
import { contextOf, type Block, type BlockContext, type GasPrices } from "../starknet/block.ts";
import type { ChainEvent, TransactionStage } from "../starknet/chain-view.ts";
import type { ExecutionEnvironment } from "../starknet/execution/transaction.ts";
import type { Receipt } from "../starknet/receipt.ts";
import type {
  AccountTransaction,
  L1HandlerTransaction,
  Transaction,
} from "../starknet/transaction.ts";
import { STARKNET_VERSION, STORED_BLOCK_HASH_BUFFER } from "../starknet/constants.ts";
import { admit, type Admission } from "./admission.ts";
import type { Chain } from "./chain.ts";
import type { Clock } from "./clock.ts";
import { GatewayError, type Gateway, type Submission } from "./gateway.ts";
import { Mempool, type PoolEntry } from "./mempool.ts";
import type { ClassLibrary, NewClass } from "./class-library.ts";
import { BlockCapacityError, OpenBlock, unvalidatedIn, type BlockLimits } from "./open-block.ts";
import { produce } from "./produce.ts";
import { asGatewayError } from "./rejection.ts";

/** When blocks are closed by themselves; on demand `closeBlock` does, and a block that is full. */
export type BlockRule = "transaction" | "demand" | { readonly everySeconds: number };

export interface SequencerConfig extends Admission {
  readonly environment: ExecutionEnvironment;
  readonly library: ClassLibrary;
  readonly sequencerAddress: Felt;
  readonly gasPrices: GasPrices;
  readonly blockRule: BlockRule;
  readonly blockLimits: BlockLimits;
  readonly clock: Clock;
  /** Says of an account whether its transactions need no valid signature. */
  readonly skipsValidation: (account: Felt) => boolean;
  /** An error that no rule foresees; the transaction that met it is dropped. */
  readonly onError: (error: unknown) => void;
}

/** What a block is made of again. */
export interface BlockContents {
  readonly context: BlockContext;
  readonly transactions: readonly Transaction[];
  /** Hashes of those that were not validated, and are not to be now. */
  readonly unvalidated: ReadonlySet<Felt>;
  /** Classes that it declares, by class hash. */
  readonly classes: ReadonlyMap<Felt, NewClass>;
}

/** Someone who waits for a transaction to be in a block. */
interface Waiter {
  resolve(): void;
  reject(error: GatewayError): void;
}

/** Something that no transaction does, at its place in the order of what came. */
interface Change {
  /** Arrival in the mempool from which on transactions run after it. */
  readonly arrival: number;
  make(): void;
}

export class Sequencer implements Gateway {
  readonly chain: Chain;
  readonly #config: SequencerConfig;
  readonly #mempool = new Mempool();
  readonly #waiters = new Map<Felt, Waiter>();
  #open: OpenBlock | undefined;
  /** Transactions are being executed, one in each turn of the event loop. */
  #running = false;
  /** Changes that wait for the transactions before them, in their order. */
  readonly #changes: Change[] = [];
  #timer: NodeJS.Timeout | undefined;
  gasPrices: GasPrices;

  constructor(chain: Chain, config: SequencerConfig) {
    this.chain = chain;
    this.#config = config;
    this.gasPrices = config.gasPrices;
  }

  /** Starts closing blocks by time, if that is the rule. */
  start(): void {
    const rule = this.#config.blockRule;
    if (typeof rule === "string") return;
    this.#timer = setInterval(() => {
      try {
        this.closeBlock();
      } catch (error) {
        this.#config.onError(error);
      }
    }, rule.everySeconds * 1000);
  }

  /** Ends the timer; what was submitted until now is executed and put into a block, what came later is dropped. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.exclusively(() => {
      this.clearMempool("the sequencer has stopped");
      if (this.#open !== undefined && !this.#open.isEmpty) this.closeBlock();
    });
  }

  async submit(submission: Submission): Promise<void> {
    const { transaction } = submission;
    if (this.chain.locate(transaction.hash) !== undefined) {
      throw new GatewayError("DUPLICATE_TX", "this transaction is in a block already");
    }
    const { state } = this.openBlock();
    if (
      transaction.type !== "DEPLOY_ACCOUNT" &&
      state.classHashAt(transaction.senderAddress) === 0n &&
      !this.#mempool.hasSender(transaction.senderAddress)
    ) {
      throw new GatewayError(
        "NON_ACCOUNT",
        `there is no account at ${toHex(transaction.senderAddress)}, and none is about to be deployed`,
      );
    }
    const newClass = await admit(submission, state, this.#config);
    const evicted = this.#mempool.add({ transaction, newClass }, (account) =>
      this.#nextNonce(account),
    );
    if (evicted !== undefined) this.#evict(evicted);
    this.#emit({ kind: "received", transaction });
    const done = new Promise<void>((resolve, reject) => {
      this.#waiters.set(transaction.hash, { resolve, reject });
    });
    this.#run();
    return done;
  }

  /** Takes a message from L1; it runs before all transactions that wait, but not before a change that does. */
  submitMessage(message: L1HandlerTransaction): void {
    this.#mempool.addMessage(message);
    this.#emit({ kind: "received", transaction: message });
    this.#run();
  }

  /** Takes a message from L1 that has not run yet out of the mempool; false when it does not wait there. */
  withdrawMessage(hash: Felt): boolean {
    return this.#mempool.withdrawMessage(hash);
  }

  /** Messages from L1 that wait in the mempool. */
  pooledMessages(): readonly L1HandlerTransaction[] {
    return this.#mempool.messages();
  }

  stageOf(hash: Felt): TransactionStage | undefined {
    const location = this.chain.locate(hash);
    if (location === undefined) {
      if (this.#open?.candidates.some((candidate) => candidate.hash === hash)) return "CANDIDATE";
      return this.#mempool.get(hash) === undefined ? undefined : "RECEIVED";
    }
    if (location.kind === "preConfirmed") return "PRE_CONFIRMED";
    return location.number <= (this.chain.latestOnL1() ?? -1) ? "ACCEPTED_ON_L1" : "ACCEPTED_ON_L2";
  }

  pooled(hash: Felt): Transaction | undefined {
    return this.#mempool.get(hash);
  }

  /** The block that is being filled; an empty one of the present time when nothing is. */
  openBlock(): OpenBlock {
    return this.#open ?? this.#newOpenBlock();
  }

  /** Closes the open block, empty or not. */
  closeBlock(): Block {
    const open = this.openBlock();
    const block = produce(open, this.chain);
    this.#open = undefined;
    for (const classHash of open.classes.keys()) this.#config.library.release(classHash);
    this.#config.clock.used();
    this.#emit({ kind: "block", block });
    return block;
  }

  /**
   * Makes a change between two transactions: after all that waits now and can run, before all that comes later. What
   * it does, nobody sees half done.
   */
  exclusively<T>(change: () => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const make = (): void => {
        try {
          resolve(change());
        } catch (error) {
          reject(error as Error);
        }
      };
      this.#changes.push({ arrival: this.#mempool.arrivals, make });
      this.#run();
    });
  }

  /** Throws away the open block: its transactions are gone. */
  discardOpenBlock(): void {
    this.#open = undefined;
  }

  /** Takes back the blocks after `number`, and the open one; the blocks that are gone, oldest first. */
  goBackTo(number: number): readonly Block[] {
    this.discardOpenBlock();
    return this.chain.goBackTo(number);
  }

  /**
   * Opens a block again as it was: the same context, the same transactions, executed once more, whoever is
   * impersonated now. One that cannot run any more, on a state that has changed, is refused.
   */
  reopen({ context, transactions, unvalidated, classes }: BlockContents): void {
    if (transactions.length === 0) return;
    const open = (this.#open = this.#newOpenBlock(context));
    for (const transaction of transactions) {
      const newClass =
        transaction.type === "DECLARE" ? classes.get(transaction.classHash) : undefined;
      try {
        const skipValidate = unvalidated.has(transaction.hash);
        this.#executeInto(open, transaction, { skipValidate, newClass });
      } catch (error) {
        this.#refuse(transaction, error);
      }
    }
  }

  /**
   * Makes the blocks from `first` on, and the open one, once more without some of their transactions: L1 has taken
   * back the messages behind them. All else keeps its place, its order and its block's context.
   */
  replayWithout(first: number, dropped: ReadonlySet<Felt>): void {
    const kept = (contents: BlockContents): BlockContents => ({
      context: contents.context,
      transactions: contents.transactions.filter(({ hash }) => !dropped.has(hash)),
      unvalidated: contents.unvalidated,
      classes: contents.classes,
    });
    const open = this.#open && kept(this.#open);
    const blocks: (BlockContents & { readonly written: StateDiff | undefined })[] = [];
    for (let number = first; number <= this.chain.latest().number; number++) {
      const { header, transactions } = this.chain.block(number)!;
      const stateDiff = this.chain.stateDiff(number)!;
      const classes = new Map(
        [...stateDiff.declaredClasses.keys()].map((hash) => [hash, this.chain.storedClass(hash)!]),
      );
      // Without transactions, it was written (`writeState`), or has nothing but the hash of an earlier block.
      const written = transactions.length === 0 ? stateDiff : undefined;
      const skipped = unvalidatedIn(transactions, this.chain.traces(number)!);
      const contents = { context: header, transactions, unvalidated: skipped, classes };
      blocks.push({ ...kept(contents), written });
    }
    this.goBackTo(first - 1);
    for (const { written, ...contents } of blocks) {
      this.#open = this.#newOpenBlock(contextOf(contents.context));
      if (written !== undefined) this.#open.write(written, contents.classes);
      else this.reopen({ ...contents, context: contextOf(contents.context) });
      this.closeBlock();
    }
    if (open !== undefined) this.reopen(open);
  }

  /** Closes a block in which no transaction but this very diff changes the state, and classes are declared. */
  writeState(diff: StateDiff, classes: ReadonlyMap<Felt, NewClass>): Block {
    if (this.#open !== undefined && !this.#open.isEmpty) this.closeBlock();
    this.#open = this.#newOpenBlock();
    this.#open.write(diff, classes);
    const block = this.closeBlock();
    for (const [account, nonce] of diff.nonces) this.#dropStale(account, nonce);
    return block;
  }

  /** Forgets all that waits; whoever waits for it is told. */
  clearMempool(reason: string): void {
    this.#mempool.clear();
    for (const waiter of this.#waiters.values())
      waiter.reject(new GatewayError("UNEXPECTED_ERROR", reason));
    this.#waiters.clear();
  }

  /** What waits with nonces that are taken can never run; whoever waits for it is told. */
  #dropStale(account: Felt, nextNonce: Felt): void {
    for (const transaction of this.#mempool.dropStale(account, nextNonce)) {
      this.#waiters
        .get(transaction.hash)
        ?.reject(
          new GatewayError("INVALID_TRANSACTION_NONCE", "the account's nonce was set past it"),
        );
      this.#waiters.delete(transaction.hash);
    }
  }

  #emit(event: ChainEvent): void {
    this.chain.emit(event);
  }

  #newOpenBlock(context = this.#nextContext()): OpenBlock {
    const parent = this.chain.latest();
    return new OpenBlock({
      context,
      parentHash: parent.hash,
      parentState: this.chain.state.latest(),
      agedBlockHash: this.chain.header(context.number - STORED_BLOCK_HASH_BUFFER)?.hash,
      environment: this.#config.environment,
      limits: this.#config.blockLimits,
    });
  }

  #nextContext(): BlockContext {
    const parent = this.chain.latest();
    return {
      number: parent.number + 1,
      timestamp: this.#config.clock.now(),
      sequencerAddress: this.#config.sequencerAddress,
      gasPrices: this.gasPrices,
      dataAvailability: "CALLDATA",
      starknetVersion: STARKNET_VERSION,
    };
  }

  #nextNonce(account: Felt): Felt {
    return (this.#open?.state ?? this.chain.state.latest()).nonceAt(account);
  }

  /** Executes what can run: the first transaction now, others after sockets had their turn. Makes changes between. */
  #run(): void {
    if (this.#running) return;
    this.#running = true;
    const step = (): void => {
      const entry = this.#next();
      if (entry !== undefined) {
        this.#execute(entry);
        // Whoever waits has the answer on its way before the block is closed; nothing else is looked at until then.
        setImmediate(() => {
          this.#closeIfDue();
          step();
        });
        return;
      }
      this.#running = false;
      this.#releaseWaiting();
    };
    step();
  }

  /** The next transaction that can run. Changes before which none is left are made on the way. */
  #next(): PoolEntry | undefined {
    for (;;) {
      const [change] = this.#changes;
      const entry = this.#take(change?.arrival);
      if (entry !== undefined || change === undefined) return entry;
      this.#changes.shift();
      change.make();
    }
  }

  /** Where the state cannot be read, nothing runs, and changes are made all the same. */
  #take(before: number | undefined): PoolEntry | undefined {
    try {
      return this.#mempool.take((account) => this.#nextNonce(account), before);
    } catch (error) {
      this.#config.onError(error);
      return undefined;
    }
  }

  #execute(entry: PoolEntry): void {
    const { transaction } = entry;
    const waiter = this.#waiters.get(transaction.hash);
    this.#waiters.delete(transaction.hash);
    let candidate: OpenBlock | undefined;
    try {
      candidate = this.#open ??= this.#newOpenBlock();
      candidate.candidates = [transaction];
      this.#emit({ kind: "candidate", transaction });
      const receipt = this.#executeOrMakeRoom(entry);
      const open = this.#open;
      const index = open.transactions.length - 1;
      this.#emit({
        kind: "preConfirmed",
        transaction,
        receipt,
        index,
        blockNumber: open.context.number,
      });
      waiter?.resolve();
    } catch (error) {
      waiter?.reject(this.#refuse(transaction, error));
    } finally {
      if (candidate !== undefined) candidate.candidates = [];
    }
  }

  /** Executes into the open block or, where that has no room left, closes it and executes into the next one. */
  #executeOrMakeRoom({ transaction, newClass }: PoolEntry): Receipt {
    const open = (this.#open ??= this.#newOpenBlock());
    const skipValidate =
      transaction.type !== "L1_HANDLER" && this.#config.skipsValidation(transaction.senderAddress);
    const options = { skipValidate, newClass };
    try {
      return this.#executeInto(open, transaction, options);
    } catch (error) {
      if (!(error instanceof BlockCapacityError) || open.isEmpty) throw error;
      open.candidates = [];
      this.closeBlock();
      return this.#executeInto((this.#open = this.#newOpenBlock()), transaction, options);
    }
  }

  #evict(transaction: AccountTransaction): void {
    const told = this.#refuse(
      transaction,
      new GatewayError(
        "UNEXPECTED_ERROR",
        "the mempool is full, and another transaction can run, while this one waits for a nonce",
      ),
    );
    this.#waiters.get(transaction.hash)?.reject(told);
    this.#waiters.delete(transaction.hash);
  }

  /** Tells listeners why a transaction is dropped; what its sender is told. */
  #refuse(transaction: Transaction, error: unknown): GatewayError {
    const refusal = asGatewayError(error);
    if (refusal === undefined) this.#config.onError(error);
    const told =
      refusal ??
      new GatewayError(
        "UNEXPECTED_ERROR",
        `internal error while executing ${toHex(transaction.hash)}`,
      );
    this.#emit({ kind: "refused", transaction, reason: told.message });
    return told;
  }

  #closeIfDue(): void {
    const open = this.#open;
    if (open === undefined) return;
    if (open.isEmpty) {
      // Its transaction was refused; the next one gets a block of its own time.
      this.#open = undefined;
      return;
    }
    if (this.#config.blockRule !== "transaction" && !open.isFull) return;
    try {
      this.closeBlock();
    } catch (error) {
      this.#config.onError(error);
    }
  }

  #executeInto(
    open: OpenBlock,
    transaction: Transaction,
    options: Parameters<OpenBlock["execute"]>[1],
  ): Receipt {
    const { library } = this.#config;
    const { newClass } = options;
    const classHash = transaction.type === "DECLARE" ? transaction.classHash : undefined;
    if (classHash !== undefined && newClass !== undefined) library.add(classHash, newClass);
    try {
      return open.execute(transaction, options);
    } catch (error) {
      if (classHash !== undefined && !open.classes.has(classHash)) library.release(classHash);
      throw error;
    }
  }

  /** What is left in the pool waits for a nonce: its senders need not wait with it. */
  #releaseWaiting(): void {
    for (const waiter of this.#waiters.values()) waiter.resolve();
    this.#waiters.clear();
  }
}
