/** What methods need of a devnet's L1: settlement, and messages that are sent and consumed by hand. */
import type { Felt } from "../field/felt.ts";
import type { SettlementBill } from "../l1/gas/settlement-bill.ts";
import type { BlockRange } from "../starknet/output/range.ts";
import type { MessageToL1 } from "../starknet/receipt.ts";
import type { MessageToL2 } from "../starknet/transaction-hash.ts";

/** Where L1 is, and how the L2 settles on it. */
export interface L1Description {
  readonly rpcUrl: string;
  readonly chainId: number;
  readonly coreContract: string;
  /** Undefined where nothing settles. */
  readonly factRegistry: string | undefined;
  readonly settlement: string;
  readonly operator: string;
}

/** A message to L2 with what was paid for it. */
export interface PaidMessage {
  readonly message: MessageToL2;
  /** wei */
  readonly paidFee: bigint;
  /** 256 bit; undefined for a message that no transaction of L1 sent */
  readonly l1TransactionHash: bigint | undefined;
}

/** What travelled since the last flush. */
export interface Flushed {
  readonly messagesToL1: readonly MessageToL1[];
  readonly messagesToL2: readonly PaidMessage[];
  /** Transactions of L2 that handle `messagesToL2`. */
  readonly transactions: readonly Felt[];
}

/** A message to L2 under way. */
export interface MessageToL2Report extends PaidMessage {
  readonly hash: bigint;
  readonly stage: string;
  /** Undefined for a message that L2 can never handle. */
  readonly transactionHash: Felt | undefined;
  readonly block: number | undefined;
  readonly reason: string | undefined;
}

/** A message to L1 under way. */
export interface MessageToL1Report {
  readonly message: MessageToL1;
  readonly hash: bigint;
  readonly stage: string;
  readonly transactionHash: Felt;
  readonly block: number | undefined;
}

/** A closed block on its way to L1. */
export interface BlockReport {
  readonly number: number;
  readonly stage: "executed" | "proving" | "proven" | "unprovable";
  /** How much of its proof is done; only while it is made. */
  readonly percent: number | undefined;
  /** Why it cannot be proven. */
  readonly reason: string | undefined;
}

/** Provers in other processes. */
export interface ProverQueueReport {
  readonly url: string;
  readonly version: string;
  readonly provers: readonly ProverReport[];
  /** Those that take no jobs, as their version is another. */
  readonly otherVersions: readonly ProverReport[];
  readonly problem: string | undefined;
}

export interface ProverReport {
  readonly name: string;
  readonly version: string;
  /** Of each proof. */
  readonly threads: number;
  /** Proofs at once. */
  readonly concurrency: number;
}

/** Both layers at a glance. */
export interface L1Status extends L1Description {
  /** The newest block of L1 that was looked at. */
  readonly l1Block: number | undefined;
  /** The newest block of L2, and the newest of those on L1. */
  readonly latestBlock: number;
  readonly latestOnL1: number | undefined;
  /** Those that are not on L1, the oldest first, a hundred at the most. */
  readonly blocks: readonly BlockReport[];
  /** What does not work at present. */
  readonly problem: string | undefined;
  /** Undefined where proofs are made by the devnet itself, or not at all. */
  readonly proverQueue: ProverQueueReport | undefined;
  /** Those that are not done: waiting, executed, reverted, undeliverable, consumable, … */
  readonly messagesToL2: readonly MessageToL2Report[];
  readonly messagesToL1: readonly MessageToL1Report[];
}

/** Everything rejects with ControlError. */
export interface L1Control {
  describe(): L1Description;
  status(): Promise<L1Status>;
  /** What L1 was paid for these blocks, all that are on L1 where a bound is left out. */
  gas(range: Partial<BlockRange>): Promise<SettlementBill>;
  /** Messages that a transaction of L1 sent to L2, in their order. */
  messagesOf(l1TransactionHash: bigint): readonly MessageToL2Report[];
  /** Address of the core contract, where `url` and `contract` mean this devnet's. */
  load(url: string, contract: string | undefined): string;
  /** Brings all messages to their layer and settles, where blocks settle at all; a dry run only tells. */
  flush(dryRun: boolean): Promise<Flushed>;
  /** Executes a message as if L1 had sent it, and makes it pending there; its transaction's hash. */
  send(message: PaidMessage): Promise<Felt>;
  /** Consumes a message to L1 in its receiver's name; the message's hash. */
  consume(message: MessageToL1): Promise<bigint>;
  /** Settles the blocks up to `number`; those that were accepted, newest first. */
  accept(number: number): Promise<readonly Felt[]>;
}
