/** TXN_RECEIPT, TXN_RECEIPT_WITH_BLOCK_INFO and TXN_STATUS_RESULT. */
import type { TransactionStage } from "../../starknet/chain-view.ts";
import type { MessageToL1, Receipt } from "../../starknet/receipt.ts";
import { toHex } from "../../util/hex.ts";
import type { Finality, Located } from "../blocks.ts";
import { formatEvent } from "./event.ts";
import { hexes } from "./felts.ts";
import { formatResources } from "./gas.ts";

/** MSG_TO_L1 */
export const formatMessage = (message: MessageToL1): object => ({
  from_address: toHex(message.fromAddress),
  to_address: toHex(message.toAddress),
  payload: hexes(message.payload),
});

const formatOutcome = (revertReason: string | undefined): object =>
  revertReason === undefined
    ? { execution_status: "SUCCEEDED" }
    : { execution_status: "REVERTED", revert_reason: revertReason };

/** TXN_RECEIPT */
export const formatReceipt = (receipt: Receipt, finality: Finality): object => ({
  type: receipt.type,
  transaction_hash: toHex(receipt.transactionHash),
  actual_fee: { amount: toHex(receipt.actualFee), unit: receipt.feeUnit },
  finality_status: finality,
  ...formatOutcome(receipt.revertReason),
  messages_sent: receipt.messages.map(formatMessage),
  events: receipt.events.map(formatEvent),
  execution_resources: formatResources(receipt.resources),
  ...(receipt.contractAddress === undefined
    ? {}
    : { contract_address: toHex(receipt.contractAddress) }),
  ...(receipt.messageHash === undefined ? {} : { message_hash: toHex(receipt.messageHash) }),
});

/** TXN_RECEIPT_WITH_BLOCK_INFO: no block hash while the block is open */
export const formatLocatedReceipt = (
  located: Pick<Located, "receipt" | "finality" | "blockNumber" | "blockHash">,
): object => ({
  ...formatReceipt(located.receipt, located.finality),
  ...(located.blockHash === undefined ? {} : { block_hash: toHex(located.blockHash) }),
  block_number: located.blockNumber,
});

/** TXN_STATUS_RESULT; a receipt exists once the transaction is executed. */
export const formatStatus = (stage: TransactionStage, receipt: Receipt | undefined): object => ({
  finality_status: stage,
  ...(receipt === undefined
    ? {}
    : receipt.revertReason === undefined
      ? { execution_status: "SUCCEEDED" }
      : { execution_status: "REVERTED", failure_reason: receipt.revertReason }),
});
