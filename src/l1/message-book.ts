/** Every message to L2 that L1 has seen, and what has become of it, from the core contract's events. */
import { P, type Felt } from "../field/felt.ts";
import { TRIE_KEY_BOUND } from "../starknet/constants.ts";
import {
  messageToL2Hash,
  transactionHash,
  type MessageToL2,
  type Unhashed,
} from "../starknet/transaction-hash.ts";
import type { L1HandlerTransaction } from "../starknet/transaction.ts";
import type { L1Place, PlacedEvent } from "./events.ts";

export type MessageState =
  | "pending"
  /** Its sender has asked for its cancellation: it is not executed any more. */
  | "cancelling"
  | "cancelled"
  /** A state update said that L2 has handled it. */
  | "consumed";

export interface SentMessage {
  readonly message: MessageToL2;
  /** keccak256, 256 bit: its key on L1 */
  readonly hash: bigint;
  /** wei */
  readonly fee: bigint;
  /** Undefined for a message that came into the contract without being sent. */
  readonly place: L1Place | undefined;
  readonly state: MessageState;
  /** What L2 executes; undefined for a message that it never can, which is NEVER_HANDLED. */
  readonly transaction: L1HandlerTransaction | undefined;
}

export class MessageBook {
  readonly #chainId: Felt;
  readonly #byHash = new Map<bigint, SentMessage>();
  readonly #byL1Transaction = new Map<bigint, SentMessage["hash"][]>();

  /** @param events all events of the contract, in their order */
  constructor(chainId: Felt, events: Iterable<PlacedEvent> = []) {
    this.#chainId = chainId;
    for (const event of events) this.apply(event);
  }

  apply(event: PlacedEvent): void {
    switch (event.kind) {
      case "sentToL2":
        this.#add(event.message, event.fee, event.place);
        break;
      case "cancellationStarted":
        this.#mark(event.message, "cancelling");
        break;
      case "cancelled":
        this.#mark(event.message, "cancelled");
        break;
      case "consumedOnL2":
        this.#mark(event.message, "consumed");
        break;
      case "sentToL1":
      case "consumedOnL1":
      case "stateUpdate":
        break;
    }
  }

  /** In the order of L1. */
  messages(): Iterable<SentMessage> {
    return this.#byHash.values();
  }

  get(hash: bigint): SentMessage | undefined {
    return this.#byHash.get(hash);
  }

  find(message: MessageToL2): SentMessage | undefined {
    return this.#byHash.get(messageToL2Hash(message));
  }

  /** Messages that a transaction of L1 sent, in their order; empty for one that sent none. */
  ofL1Transaction(transactionHash: bigint): SentMessage[] {
    const hashes = this.#byL1Transaction.get(transactionHash) ?? [];
    return hashes.map((hash) => this.#byHash.get(hash)!);
  }

  #add(message: MessageToL2, fee: bigint, place: L1Place): void {
    const hash = messageToL2Hash(message);
    const transaction = handlerTransaction(message, fee, this.#chainId);
    this.#byHash.set(hash, { message, hash, fee, place, state: "pending", transaction });
    const l1Transaction = BigInt(place.transactionHash);
    const siblings = this.#byL1Transaction.get(l1Transaction);
    if (siblings === undefined) this.#byL1Transaction.set(l1Transaction, [hash]);
    else siblings.push(hash);
  }

  #mark(message: MessageToL2, state: MessageState): void {
    const hash = messageToL2Hash(message);
    const sent = this.#byHash.get(hash);
    // A message that was put into the contract without being sent has no event of its own.
    if (sent !== undefined) this.#byHash.set(hash, { ...sent, state });
  }
}

/** Of messages that `sendMessageToL2` takes all the same, since it looks at no words. */
export const NEVER_HANDLED = "its receiver is no address, or a word of it no field element";

/** The L1 handler transaction of a message; undefined where it is NEVER_HANDLED. */
export function handlerTransaction(
  message: MessageToL2,
  fee: bigint,
  chainId: Felt,
): L1HandlerTransaction | undefined {
  const { fromAddress, toAddress, nonce, selector, payload } = message;
  if (toAddress >= TRIE_KEY_BOUND) return undefined;
  if ([nonce, selector, ...payload].some((word) => word >= P)) return undefined;
  const transaction: Unhashed<L1HandlerTransaction> = {
    type: "L1_HANDLER",
    version: 0n,
    nonce,
    contractAddress: toAddress,
    entryPointSelector: selector,
    calldata: [fromAddress, ...payload],
    paidFeeOnL1: fee,
  };
  return { ...transaction, hash: transactionHash(transaction, chainId) };
}
