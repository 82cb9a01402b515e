/**
 * The mempool: transactions that are received and not yet taken for a block, by account and nonce.
 * It knows nothing of state; callers tell it the account's next nonce.
 */
import type { Felt } from "../field/felt.ts";
import type {
  AccountTransaction,
  L1HandlerTransaction,
  Transaction,
} from "../starknet/transaction.ts";
import type { NewClass } from "./class-library.ts";
import { GatewayError } from "./gateway.ts";

/** What waits in the pool: a client's transaction, with the class that it declares; or a message from L1. */
export type PoolEntry =
  AccountEntry | { readonly transaction: L1HandlerTransaction; readonly newClass?: undefined };

export interface AccountEntry {
  readonly transaction: AccountTransaction;
  /** DECLARE only */
  readonly newClass?: NewClass | undefined;
}

export interface MempoolLimits {
  /** Transactions in the pool. */
  readonly capacity: number;
  /** How far past its account's next nonce a transaction may be. */
  readonly maxNonceGap: number;
  /** A replacement must offer at least this much more, in percent of tip and of max L2 gas price. */
  readonly replacementPercent: bigint;
}

/** Gap and replacement rule as Starknet's own mempool has them by default (apollo_mempool_config). */
export const DEFAULT_LIMITS: MempoolLimits = {
  capacity: 10_000,
  maxNonceGap: 200,
  replacementPercent: 10n,
};

interface Arrived<Entry> {
  readonly entry: Entry;
  /** Place in the order of arrival. */
  readonly arrival: number;
}

type Slot = Arrived<AccountEntry>;

export class Mempool {
  readonly #limits: MempoolLimits;
  readonly #accounts = new Map<Felt, Map<Felt, Slot>>();
  readonly #messages: Arrived<L1HandlerTransaction>[] = [];
  readonly #byHash = new Map<Felt, Transaction>();
  #arrivals = 0;

  constructor(limits: MempoolLimits = DEFAULT_LIMITS) {
    this.#limits = limits;
  }

  get size(): number {
    return this.#byHash.size;
  }

  /** Transactions that have come so far: the arrival of the next one. */
  get arrivals(): number {
    return this.#arrivals;
  }

  get(hash: Felt): Transaction | undefined {
    return this.#byHash.get(hash);
  }

  /** Whether a transaction of the account waits. */
  hasSender(account: Felt): boolean {
    return this.#accounts.has(account);
  }

  /** Transactions in order of their accounts' nonces, messages first. */
  transactions(): Transaction[] {
    return [...this.#byHash.values()];
  }

  /**
   * Adds a client's transaction. Throws GatewayError when it is known, too old, too far ahead, a replacement that does
   * not pay more, or when the pool is full of others.
   *
   * @param nextNonceOf the next nonce of an account
   * @returns what had to leave a full pool for it, having waited for a nonce while this one can run
   */
  add(entry: AccountEntry, nextNonceOf: (account: Felt) => Felt): AccountTransaction | undefined {
    const { transaction } = entry;
    const nextNonce = nextNonceOf(transaction.senderAddress);
    let evicted: AccountTransaction | undefined;
    if (this.#byHash.has(transaction.hash)) {
      throw new GatewayError("DUPLICATE_TX", "this transaction is in the mempool already");
    }
    checkNonce(transaction, nextNonce, this.#limits.maxNonceGap);
    const slots = this.#accounts.get(transaction.senderAddress);
    const replaced = slots?.get(transaction.nonce)?.entry.transaction;
    if (replaced !== undefined) {
      checkReplacement(replaced, transaction, this.#limits.replacementPercent);
      this.#byHash.delete(replaced.hash);
    } else if (this.size >= this.#limits.capacity) {
      if (transaction.nonce === nextNonce)
        evicted = this.#lastWithGap(transaction.senderAddress, nextNonceOf);
      if (evicted === undefined)
        throw new GatewayError(
          "UNEXPECTED_ERROR",
          `the mempool is full (${this.#limits.capacity} transactions); try again when some are in a block`,
        );
      this.#remove(evicted);
    }
    const slot = { entry, arrival: this.#arrivals++ };
    if (slots === undefined) {
      this.#accounts.set(transaction.senderAddress, new Map([[transaction.nonce, slot]]));
    } else {
      slots.set(transaction.nonce, slot);
    }
    this.#byHash.set(transaction.hash, transaction);
    return evicted;
  }

  /** Adds a message from L1; messages have no nonce order and are never refused. */
  addMessage(message: L1HandlerTransaction): void {
    if (this.#byHash.has(message.hash)) return;
    this.#messages.push({ entry: message, arrival: this.#arrivals++ });
    this.#byHash.set(message.hash, message);
  }

  /** Messages from L1 that wait, in their order. */
  messages(): readonly L1HandlerTransaction[] {
    return this.#messages.map(({ entry }) => entry);
  }

  /** Takes a message from L1 out again; false when it does not wait here. */
  withdrawMessage(hash: Felt): boolean {
    const index = this.#messages.findIndex(({ entry }) => entry.hash === hash);
    if (index < 0) return false;
    this.#messages.splice(index, 1);
    return this.#byHash.delete(hash);
  }

  /**
   * Takes the next transaction that can run, or undefined when all that is left waits for a nonce. Order:
   * messages from L1 as they came; then the highest tip; among equals the first to arrive.
   *
   * @param before takes only what came before this arrival
   */
  take(nextNonce: (account: Felt) => Felt, before = Infinity): PoolEntry | undefined {
    const message = this.#messages[0];
    if (message !== undefined && message.arrival < before) {
      this.withdrawMessage(message.entry.hash);
      return { transaction: message.entry };
    }
    let best: Slot | undefined;
    for (const [account, slots] of this.#accounts) {
      const slot = slots.get(nextNonce(account));
      if (slot === undefined || slot.arrival >= before) continue;
      if (best === undefined || runsBefore(slot, best)) best = slot;
    }
    if (best !== undefined) this.#remove(best.entry.transaction);
    return best?.entry;
  }

  /** Drops what can never run any more because its account's nonce has passed it; what was dropped. */
  dropStale(account: Felt, nextNonce: Felt): AccountTransaction[] {
    const stale = [...(this.#accounts.get(account)?.values() ?? [])]
      .map(({ entry }) => entry.transaction)
      .filter(({ nonce }) => nonce < nextNonce);
    for (const transaction of stale) this.#remove(transaction);
    return stale;
  }

  clear(): void {
    this.#accounts.clear();
    this.#messages.length = 0;
    this.#byHash.clear();
  }

  /** The last to arrive of other accounts that miss a nonce, and may wait for ever (apollo_mempool's first choice, too). */
  #lastWithGap(sender: Felt, nextNonceOf: (account: Felt) => Felt): AccountTransaction | undefined {
    let last: Slot | undefined;
    for (const [account, slots] of this.#accounts) {
      if (account === sender || slots.has(nextNonceOf(account))) continue;
      for (const slot of slots.values())
        if (last === undefined || slot.arrival > last.arrival) last = slot;
    }
    return last?.entry.transaction;
  }

  #remove(transaction: AccountTransaction): void {
    const slots = this.#accounts.get(transaction.senderAddress);
    slots?.delete(transaction.nonce);
    if (slots?.size === 0) this.#accounts.delete(transaction.senderAddress);
    this.#byHash.delete(transaction.hash);
  }
}

function runsBefore(a: Slot, b: Slot): boolean {
  const tips = a.entry.transaction.tip - b.entry.transaction.tip;
  return tips === 0n ? a.arrival < b.arrival : tips > 0n;
}

function checkNonce(transaction: AccountTransaction, nextNonce: Felt, maxGap: number): void {
  const { nonce } = transaction;
  if (nonce < nextNonce) {
    throw new GatewayError(
      "INVALID_TRANSACTION_NONCE",
      `Invalid transaction nonce of contract at address 0x${transaction.senderAddress.toString(16)}. ` +
        `Account nonce: ${nextNonce}; got: ${nonce}.`,
    );
  }
  if (nonce > nextNonce + BigInt(maxGap)) {
    throw new GatewayError(
      "INVALID_TRANSACTION_NONCE",
      `Nonce ${nonce} is more than ${maxGap} past the account's next nonce ${nextNonce}.`,
    );
  }
}

function checkReplacement(
  old: AccountTransaction,
  next: AccountTransaction,
  percent: bigint,
): void {
  const raised = (from: bigint, to: bigint): boolean => to * 100n >= from * (100n + percent);
  const oldPrice = old.resourceBounds.l2Gas.maxPricePerUnit;
  const nextPrice = next.resourceBounds.l2Gas.maxPricePerUnit;
  if (!raised(old.tip, next.tip) || !raised(oldPrice, nextPrice)) {
    throw new GatewayError(
      "REPLACEMENT_TRANSACTION_UNDERPRICED",
      `nonce ${old.nonce} is taken by a waiting transaction: to replace it, raise tip (now ${old.tip}) and ` +
        `max price per unit of L2 gas (now ${oldPrice}) by ${percent} percent or more`,
    );
  }
}
