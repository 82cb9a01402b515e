/**
 * Brings messages of L1 to L2. It keeps no list of what it has done: what is to do follows from the messages on L1
 * and from the transactions on L2, so that a restart, a reorg of either layer or a lost answer need no special care.
 */
import type { Felt } from "../field/felt.ts";
import type { Sequencer } from "../sequencer/sequencer.ts";
import { l1HandlerMessageHash } from "../starknet/transaction-hash.ts";
import type { L1HandlerTransaction } from "../starknet/transaction.ts";
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
  readonly #unsubscribe: () => void;

  constructor(parts: RelayParts) {
    this.#parts = parts;
    this.#unsubscribe = parts.sequencer.chain.subscribe((event) => {
      if (event.kind === "refused" && event.transaction.type === "L1_HANDLER")
        this.#refused.set(event.transaction.hash, event.reason);
    });
  }

  stop(): void {
    this.#unsubscribe();
  }

  /** L1 or L2 went back: what was refused may run now. */
  forget(): void {
    this.#refused.clear();
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
    for (const transaction of sequencer.pooledMessages())
      if (await this.#isGone(transaction, book)) sequencer.withdrawMessage(transaction.hash);
    const gone: { readonly block: number; readonly transaction: L1HandlerTransaction }[] = [];
    for (const executed of this.#unsettledMessages())
      if (await this.#isGone(executed.transaction, book)) gone.push(executed);
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

  /** Messages that L2 has executed and no update has settled yet; those whose handler reverted bind nobody. */
  #unsettledMessages(): { block: number; transaction: L1HandlerTransaction }[] {
    const { chain } = this.#parts.sequencer;
    const found: { block: number; transaction: L1HandlerTransaction }[] = [];
    const collect = (
      block: number,
      { transactions, receipts }: ReturnType<typeof chain.preConfirmed> | ChainBlock,
    ): void =>
      transactions.forEach((transaction, i) => {
        if (transaction.type === "L1_HANDLER" && receipts[i]!.revertReason === undefined)
          found.push({ block, transaction });
      });
    for (let number = (chain.latestOnL1() ?? 0) + 1; number <= chain.latest().number; number++)
      collect(number, chain.block(number)!);
    const open = chain.preConfirmed();
    collect(open.context.number, open);
    return found;
  }
}

type ChainBlock = NonNullable<ReturnType<Sequencer["chain"]["block"]>>;
