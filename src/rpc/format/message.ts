/** Messages between the layers, as starknet-devnet writes them (starknet-devnet-types 0.10.1, `rpc/messaging.rs`). */
import type { MessageToL1 } from "../../starknet/receipt.ts";
import { toHex, toPaddedHex } from "../../util/hex.ts";
import type { MessageToL1Report, MessageToL2Report, PaidMessage } from "../l1-control.ts";
import { hexes } from "./felts.ts";

/** An L1 address, 20 bytes. */
const l1Address = (address: bigint): string => toPaddedHex(address, 20);

export const formatMessageToL1 = ({ fromAddress, toAddress, payload }: MessageToL1): object => ({
  from_address: toHex(fromAddress),
  to_address: l1Address(toAddress),
  payload: hexes(payload),
});

export const formatPaidMessage = ({
  message,
  paidFee,
  l1TransactionHash,
}: PaidMessage): object => ({
  l2_contract_address: toHex(message.toAddress),
  entry_point_selector: toHex(message.selector),
  l1_contract_address: l1Address(message.fromAddress),
  payload: hexes(message.payload),
  paid_fee_on_l1: toHex(paidFee),
  nonce: toHex(message.nonce),
  l1_transaction_hash: l1TransactionHash === undefined ? null : toPaddedHex(l1TransactionHash, 32),
});

export const formatMessageToL2Report = (report: MessageToL2Report): object => ({
  message_hash: toPaddedHex(report.hash, 32),
  stage: report.stage,
  ...(report.reason !== undefined && { reason: report.reason }),
  transaction_hash: report.transactionHash === undefined ? null : toHex(report.transactionHash),
  block_number: report.block ?? null,
  ...formatPaidMessage(report),
});

export const formatMessageToL1Report = (report: MessageToL1Report): object => ({
  message_hash: toPaddedHex(report.hash, 32),
  stage: report.stage,
  transaction_hash: toHex(report.transactionHash),
  block_number: report.block ?? null,
  ...formatMessageToL1(report.message),
});
