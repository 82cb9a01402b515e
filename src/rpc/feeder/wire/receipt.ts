/** Receipts in the gateways' JSON, both ways. */
import { getAddress } from "ethers";
import type { Felt } from "../../../field/felt.ts";
import type { Event, GasVector, MessageToL1, Receipt } from "../../../starknet/receipt.ts";
import { l1HandlerMessageHash } from "../../../starknet/transaction-hash.ts";
import type { L1HandlerTransaction, Transaction } from "../../../starknet/transaction.ts";
import { toHex, toPaddedHex } from "../../../util/hex.ts";
import { formatEvent } from "../../format/event.ts";
import { hexes } from "../../format/felts.ts";
import { formatResources } from "../../format/gas.ts";
import { felt, felts, u128 } from "../../schema/numbers.ts";
import {
  array,
  integer,
  mapped,
  object,
  oneOfTexts,
  optional,
  SchemaError,
  text,
  type Schema,
} from "../../schema/schema.ts";

/** With the checksum of EIP-55. What is no address of L1, which no contract of L1 can have, stays a plain number. */
const formatL1Address = (l1Address: Felt): string =>
  l1Address < 1n << 160n ? getAddress(toPaddedHex(l1Address, 20)) : toHex(l1Address);

const formatConsumed = ({ calldata, ...message }: L1HandlerTransaction): object => ({
  from_address: formatL1Address(calldata[0] ?? 0n),
  to_address: toHex(message.contractAddress),
  selector: toHex(message.entryPointSelector),
  payload: hexes(calldata.slice(1)),
  nonce: toHex(message.nonce),
});

/** @param transaction the one that the receipt is of, at `index` of its block */
export const formatReceipt = (
  receipt: Receipt,
  transaction: Transaction,
  index: number,
): object => ({
  ...(receipt.revertReason === undefined
    ? { execution_status: "SUCCEEDED" }
    : { execution_status: "REVERTED", revert_error: receipt.revertReason }),
  transaction_index: index,
  transaction_hash: toHex(receipt.transactionHash),
  ...(transaction.type === "L1_HANDLER"
    ? { l1_to_l2_consumed_message: formatConsumed(transaction) }
    : {}),
  l2_to_l1_messages: receipt.messages.map(({ fromAddress, toAddress, payload }) => ({
    from_address: toHex(fromAddress),
    to_address: formatL1Address(toAddress),
    payload: hexes(payload),
  })),
  events: receipt.events.map(formatEvent),
  execution_resources: {
    // The protocol charges gas; a block keeps no count of steps and builtins, which readers insist on.
    n_steps: 0,
    builtin_instance_counter: {},
    n_memory_holes: 0,
    total_gas_consumed: formatResources(receipt.resources),
  },
  actual_fee: toHex(receipt.actualFee),
});

/** Most events and messages of one receipt that are read; the answer's size is bounded too. */
const MAX_EVENTS = 1 << 18;
const MAX_REVERT_REASON = 1 << 20;

const gasAmount: Schema<bigint> = mapped(integer(0), BigInt);

const gas: Schema<GasVector> = mapped(
  object({ l1_gas: gasAmount, l1_data_gas: gasAmount, l2_gas: gasAmount }),
  ({ l1_gas, l1_data_gas, l2_gas }) => ({ l1Gas: l1_gas, l1DataGas: l1_data_gas, l2Gas: l2_gas }),
);

const event: Schema<Event> = mapped(
  object({ from_address: felt, keys: felts, data: felts }),
  ({ from_address, keys, data }) => ({ fromAddress: from_address, keys, data }),
);

const message: Schema<MessageToL1> = mapped(
  object({ from_address: felt, to_address: felt, payload: felts }),
  ({ from_address, to_address, payload }) => ({
    fromAddress: from_address,
    toAddress: to_address,
    payload,
  }),
);

/** A receipt apart from its transaction: what of it that one says already is left out. */
export type ReceiptBody = Pick<
  Receipt,
  "transactionHash" | "actualFee" | "messages" | "events" | "resources" | "revertReason"
>;

export const receiptBody: Schema<ReceiptBody & { readonly index: number }> = mapped(
  object({
    execution_status: oneOfTexts("SUCCEEDED", "REVERTED"),
    revert_error: optional(text("a text", MAX_REVERT_REASON)),
    transaction_index: integer(0),
    transaction_hash: felt,
    l2_to_l1_messages: array(message, MAX_EVENTS),
    events: array(event, MAX_EVENTS),
    execution_resources: object({ total_gas_consumed: gas }),
    actual_fee: u128,
  }),
  (members) => {
    const { execution_status, revert_error } = members;
    if ((execution_status === "REVERTED") !== (revert_error !== undefined)) {
      throw new SchemaError(
        `expected revert_error where execution_status is "REVERTED", and nowhere else`,
      );
    }
    return {
      index: members.transaction_index,
      transactionHash: members.transaction_hash,
      actualFee: members.actual_fee,
      messages: members.l2_to_l1_messages,
      events: members.events,
      resources: members.execution_resources.total_gas_consumed,
      revertReason: revert_error,
    };
  },
);

/** The receipt of `transaction`. */
export const completeReceipt = (body: ReceiptBody, transaction: Transaction): Receipt => ({
  transactionHash: body.transactionHash,
  type: transaction.type,
  actualFee: body.actualFee,
  feeUnit: transaction.type === "L1_HANDLER" ? "WEI" : "FRI",
  messages: body.messages,
  events: body.events,
  resources: body.resources,
  revertReason: body.revertReason,
  ...(transaction.type === "DEPLOY_ACCOUNT" && { contractAddress: transaction.senderAddress }),
  ...(transaction.type === "L1_HANDLER" && { messageHash: l1HandlerMessageHash(transaction) }),
});
