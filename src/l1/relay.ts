/**
 * Brings messages of L1 to L2. What is to do follows from the messages on L1 and from the transactions on L2, so that
 * a restart, a reorg of either layer or a lost answer need no special care. What is remembered spares looks alone.
 */
import type { Felt } from "../field/felt.ts";
import type { Sequencer } from "../sequencer/sequencer.ts";
import { l1HandlerMessageHash } from "../starknet/transaction-hash.ts";
import type { L1HandlerTransaction, Transaction } from "../starknet/transaction.ts";
import type { CoreContract } from "./core-contract.ts";
import type { MessageBook, SentMessage } from "./message-book.ts";

export interface RelayParts {
  readonly sequencer: Sequencer;
  readonly core: CoreContract;
  /** Messages that were taken back on L1 after L2 had executed them: blocks from `first` on are made anew. */
  readonly onReplay: (first: number, dropped: readonly L1HandlerTransaction[]) => void;
}

export class Relay {
  readonly #parts: RelayParts;
  /** Why messages could not be part of any block, by transaction hash. */
  readonly #refused = new Map<Felt, string>();
  /** Messages of which no event of L1 tells, by transaction hash: L1 itself has to be asked for each. */
  readonly #untold = new Map<Felt, L1HandlerTransaction>();
  /** Whether every message on L2 that no update has settled is in the book or among the untold. */
  #hasLooked = false;
  readonly #unsubscribe: () => void;

  constructor(parts: RelayParts) {
    this.#parts = parts;
    this.#unsubscribe = parts.sequencer.chain.subscribe((event) => {
      if (event.kind === "reorg") this.#hasLooked = false;
      if (!("transaction" in event) || event.transaction.type !== "L1_HANDLER") return;
      const { transaction } = event;
      if (event.kind === "received") this.#untold.set(transaction.hash, transaction);
      if (event.kind === "refused") this.#refused.set(transaction.hash, event.reason);
    });
  }

  stop(): void {
    this.#unsubscribe();
  }

  /** L1 or L2 went back: what was refused may run now. */
  forget(): void {
    this.#refused.clear();
    this.#hasLooked = false;
  }

  refusalOf(transactionHash: Felt): string | undefined {
    return this.#refused.get(transactionHash);
  }

  /**
   * Takes back what L1 has taken back, then hands new messages to the mempool.
   *
   * @param messages those that concern this L2, in the order of L1
   */
  async reconcile(book: MessageBook, messages: Iterable<SentMessage>): Promise<void> {
    const { sequencer } = this.#parts;
    for (const { state, transaction } of messages)
      if (transaction !== undefined && state !== "pending")
        sequencer.withdrawMessage(transaction.hash);
    await this.#takeBack(book);
    for (const { state, transaction } of messages) {
      if (state !== "pending" || transaction === undefined) continue;
      if (this.#refused.has(transaction.hash)) continue;
      if (sequencer.stageOf(transaction.hash) === undefined) sequencer.submitMessage(transaction);
    }
  }

  /** Withdraws messages that are no longer on L1, and makes the blocks anew that have executed them. */
  async #takeBack(book: MessageBook): Promise<void> {
    const { sequencer, onReplay } = this.#parts;
    if (!this.#hasLooked) this.#look();
    for (const [hash, transaction] of this.#untold)
      if (book.get(l1HandlerMessageHash(transaction)) !== undefined) this.#untold.delete(hash);
    const doubtful = [...this.#untold.values()];
    for (const { state, transaction } of book.messages())
      if (transaction !== undefined && state === "cancelled") doubtful.push(transaction);
    const gone: { readonly block: number; readonly transaction: L1HandlerTransaction }[] = [];
    for (const transaction of doubtful) {
      const block = this.#unsettledBlockOf(transaction.hash);
      const waits = block === undefined && sequencer.pooled(transaction.hash) !== undefined;
      if (block === undefined && !waits) this.#untold.delete(transaction.hash);
      else if (!(await this.#isGone(transaction, book))) continue;
      else if (block !== undefined) gone.push({ block, transaction });
      else sequencer.withdrawMessage(transaction.hash);
    }
    if (gone.length === 0) return;
    const dropped = gone.map(({ transaction }) => transaction);
    const first = Math.min(...gone.map(({ block }) => block));
    await sequencer.exclusively(() =>
      sequencer.replayWithout(first, new Set(dropped.map(({ hash }) => hash))),
    );
    onReplay(first, dropped);
  }

  /** Whether L2 may not have executed a message: L1 has cancelled it, or never seen it. */
  async #isGone(transaction: L1HandlerTransaction, book: MessageBook): Promise<boolean> {
    const hash = l1HandlerMessageHash(transaction);
    const state = book.get(hash)?.state;
    if (state === "pending" || state === "cancelling") return false;
    // L1 itself decides: the message may have come into the contract without an event.
    return (await this.#parts.core.pendingFee(hash)) === 0n;
  }

  /** Finds all messages that L2 has or is to have in blocks that are not settled. */
  #look(): void {
    const { sequencer } = this.#parts;
    const { chain } = sequencer;
    const note = (transactions: readonly Transaction[]): void => {
      for (const transaction of transactions)
        if (transaction.type === "L1_HANDLER") this.#untold.set(transaction.hash, transaction);
    };
    for (let number = (chain.latestOnL1() ?? 0) + 1; number <= chain.latest().number; number++)
      if (chain.header(number)!.transactionCount > 0) note(chain.block(number)!.transactions);
    note(chain.preConfirmed().transactions);
    note(sequencer.pooledMessages());
    this.#hasLooked = true;
  }

  /**
   * Block that has executed a message and is not settled; undefined where there is none, or where its handler reverted:
   * that binds nobody.
   */
  #unsettledBlockOf(transactionHash: Felt): number | undefined {
    const { chain } = this.#parts.sequencer;
    const location = chain.locate(transactionHash);
    if (location === undefined) return undefined;
    const open = chain.preConfirmed();
    const number = location.kind === "block" ? location.number : open.context.number;
    if (number <= (chain.latestOnL1() ?? 0)) return undefined;
    const { receipts } = location.kind === "block" ? chain.block(number)! : open;
    return receipts[location.index]!.revertReason === undefined ? number : undefined;
  }
}
