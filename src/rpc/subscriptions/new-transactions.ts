import type { Felt } from "../../field/felt.ts";
import type { Receipt } from "../../starknet/receipt.ts";
import type { ChainEvent, TransactionStage } from "../../starknet/chain-view.ts";
import type { Transaction } from "../../starknet/transaction.ts";
import { formatLocatedReceipt } from "../format/receipt.ts";
import { formatTransactionWithHash, type TransactionFormat } from "../format/transaction.ts";
import type { Feed } from "./feed.ts";

/** Stages that a chain event can tell of, without the one that comes from L1. */
export type LiveStage = Exclude<TransactionStage, "ACCEPTED_ON_L1">;

export interface TransactionsFilter {
  readonly stages: ReadonlySet<LiveStage>;
  /** Undefined lets every sender through. */
  readonly senders: ReadonlySet<Felt> | undefined;
}

interface Step {
  readonly stage: LiveStage;
  readonly transaction: Transaction;
  /** From PRE_CONFIRMED on. */
  readonly receipt?: Receipt;
  readonly blockNumber?: number;
  readonly blockHash?: Felt;
}

const senderOf = (transaction: Transaction): Felt =>
  transaction.type === "L1_HANDLER" ? transaction.contractAddress : transaction.senderAddress;

function stepsOf(event: ChainEvent): Step[] {
  switch (event.kind) {
    case "received":
      return [{ stage: "RECEIVED", transaction: event.transaction }];
    case "candidate":
      return [{ stage: "CANDIDATE", transaction: event.transaction }];
    case "preConfirmed": {
      const { transaction, receipt, blockNumber } = event;
      return [{ stage: "PRE_CONFIRMED", transaction, receipt, blockNumber }];
    }
    case "block": {
      const { header, transactions, receipts } = event.block;
      return transactions.map((transaction, index) => ({
        stage: "ACCEPTED_ON_L2",
        transaction,
        receipt: receipts[index]!,
        blockNumber: header.number,
        blockHash: header.hash,
      }));
    }
    default:
      return [];
  }
}

const passing = ({ stages, senders }: TransactionsFilter, event: ChainEvent): Step[] =>
  stepsOf(event).filter(
    ({ stage, transaction }) => stages.has(stage) && (senders?.has(senderOf(transaction)) ?? true),
  );

/** Transactions as they reach one of the stages. */
export const newTransactionsFeed = (
  filter: TransactionsFilter,
  format: TransactionFormat,
): Feed => ({
  notification: "starknet_subscriptionNewTransaction",
  live: (event) =>
    passing(filter, event).map(({ stage, transaction }) => ({
      ...formatTransactionWithHash(transaction, format),
      finality_status: stage,
    })),
});

/** Receipts as their transactions reach PRE_CONFIRMED or ACCEPTED_ON_L2. */
export const newReceiptsFeed = (filter: TransactionsFilter): Feed => ({
  notification: "starknet_subscriptionNewTransactionReceipts",
  live: (event) =>
    passing(filter, event).flatMap(({ stage, receipt, blockNumber, blockHash }) =>
      receipt === undefined || blockNumber === undefined
        ? []
        : formatLocatedReceipt({
            receipt,
            finality: stage === "PRE_CONFIRMED" ? stage : "ACCEPTED_ON_L2",
            blockNumber,
            blockHash,
          }),
    ),
});
