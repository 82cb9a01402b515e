/** The four methods of starknet-devnet's postman, on the real core contract. */
import { formatMessageToL1, formatPaidMessage } from "../../format/message.ts";
import { hexes } from "../../format/felts.ts";
import { devnetMethod, l1Of } from "../../method.ts";
import { address, ethAddress, felt, felts, u128, u256 } from "../../schema/numbers.ts";
import { boolean, optional, text } from "../../schema/schema.ts";
import type { L1HandlerTransaction } from "../../../starknet/transaction.ts";
import { toHex, toPaddedHex } from "../../../util/hex.ts";

const url = text("the URL of an L1 node", 2048);
const anyText = text("text", 2048);

export const postmanLoad = devnetMethod({
  name: "devnet_postmanLoad",
  parameters: {
    network_url: url,
    messaging_contract_address: optional(ethAddress),
    /** An older name of the one before. */
    address: optional(ethAddress),
    /** The core contract has its operator; nothing is deployed. */
    deployer_account_private_key: optional(anyText),
  },
  handle(context, { network_url, messaging_contract_address, address }) {
    const contract = messaging_contract_address ?? address;
    return {
      messaging_contract_address: l1Of(context).load(
        network_url,
        contract === undefined ? undefined : toPaddedHex(contract, 20),
      ),
    };
  },
});

export const postmanFlush = devnetMethod({
  name: "devnet_postmanFlush",
  parameters: { dry_run: optional(boolean) },
  async handle(context, { dry_run }) {
    const l1 = l1Of(context);
    const { messagesToL1, messagesToL2, transactions } = await l1.flush(dry_run ?? false);
    return {
      messages_to_l1: messagesToL1.map(formatMessageToL1),
      messages_to_l2: messagesToL2.map(formatPaidMessage),
      generated_l2_transactions: hexes(transactions),
      l1_provider: dry_run ? "dry run" : l1.describe().rpcUrl,
    };
  },
});

const SEND = "devnet_postmanSendMessageToL2";

/** The request that has the same effect on L2 as a message of L1. */
export const messageEntry = (
  transaction: L1HandlerTransaction,
): { readonly method: string; readonly params: object } => {
  const [sender = 0n, ...payload] = transaction.calldata;
  return {
    method: SEND,
    params: {
      l1_contract_address: toPaddedHex(sender, 20),
      l2_contract_address: toHex(transaction.contractAddress),
      entry_point_selector: toHex(transaction.entryPointSelector),
      payload: hexes(payload),
      paid_fee_on_l1: toHex(transaction.paidFeeOnL1),
      nonce: toHex(transaction.nonce),
    },
  };
};

/** It is in a dump as every message of L1 is, see `messageEntry`. */
export const postmanSendMessageToL2 = devnetMethod({
  name: SEND,
  parameters: {
    l1_contract_address: ethAddress,
    l2_contract_address: address,
    entry_point_selector: felt,
    payload: felts,
    paid_fee_on_l1: u128,
    nonce: felt,
    l1_transaction_hash: optional(u256),
  },
  handle: async (context, params) => ({
    transaction_hash: toHex(
      await l1Of(context).send({
        message: {
          fromAddress: params.l1_contract_address,
          toAddress: params.l2_contract_address,
          nonce: params.nonce,
          selector: params.entry_point_selector,
          payload: params.payload,
        },
        paidFee: params.paid_fee_on_l1,
        l1TransactionHash: params.l1_transaction_hash,
      }),
    ),
  }),
});

export const postmanConsumeMessageFromL2 = devnetMethod({
  name: "devnet_postmanConsumeMessageFromL2",
  parameters: { from_address: address, to_address: ethAddress, payload: felts },
  handle: async (context, { from_address, to_address, payload }) => ({
    message_hash: toPaddedHex(
      await l1Of(context).consume({ fromAddress: from_address, toAddress: to_address, payload }),
      32,
    ),
  }),
});
