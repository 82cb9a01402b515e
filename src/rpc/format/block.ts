/** Blocks, closed and open, with hashes, transactions or receipts. */
import type { ChainView } from "../../starknet/chain-view.ts";
import { toHex } from "../../util/hex.ts";
import { closedBlock, finalityOf, type Body, type Finality } from "../blocks.ts";
import type { StateBlock } from "../execution-service.ts";
import { formatContext, formatHeader } from "./header.ts";
import { formatReceipt } from "./receipt.ts";
import {
  formatTransaction,
  formatTransactionWithHash,
  type TransactionFormat,
} from "./transaction.ts";

/** How the transactions of a block are written. */
export type BodyFormat = (body: Body, finality: Finality) => unknown[];

export const hashesOf: BodyFormat = ({ transactions }) =>
  transactions.map(({ hash }) => toHex(hash));

export const transactionsOf =
  (format: TransactionFormat): BodyFormat =>
  ({ transactions }) =>
    transactions.map((transaction) => formatTransactionWithHash(transaction, format));

export const receiptsOf =
  (format: TransactionFormat): BodyFormat =>
  ({ transactions, receipts }, finality) =>
    transactions.map((transaction, index) => ({
      transaction: formatTransaction(transaction, format),
      receipt: formatReceipt(receipts[index]!, finality),
    }));

/** BLOCK_WITH_… or PRE_CONFIRMED_BLOCK_WITH_…; the open block has no status member. */
export function formatBlock(chain: ChainView, block: StateBlock, formatBody: BodyFormat): object {
  const finality = finalityOf(chain, block);
  if (block === "preConfirmed") {
    const open = chain.preConfirmed();
    return { ...formatContext(open.context), transactions: formatBody(open, finality) };
  }
  const closed = closedBlock(chain, block);
  return {
    status: finality,
    ...formatHeader(closed.header),
    transactions: formatBody(closed, finality),
  };
}
