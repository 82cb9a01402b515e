/** Blocks in the gateways' JSON: closed ones both ways, the open one as it is shown. */
import type { Block, BlockContext, BlockHeader, GasPrice } from "../../../starknet/block.ts";
import type { PreConfirmedBlock } from "../../../starknet/chain-view.ts";
import { toHex } from "../../../util/hex.ts";
import type { Finality } from "../../blocks.ts";
import { formatPrice } from "../../format/gas.ts";
import { address, felt, u128 } from "../../schema/numbers.ts";
import {
  array,
  integer,
  mapped,
  object,
  oneOfTexts,
  schemaOf,
  SchemaError,
} from "../../schema/schema.ts";
import { completeReceipt, formatReceipt, receiptBody } from "./receipt.ts";
import { formatStateDiff } from "./state-diff.ts";
import { formatTransaction, transaction, type TransactionFormat } from "./transaction.ts";

const formatContext = (context: BlockContext): object => ({
  timestamp: context.timestamp,
  sequencer_address: toHex(context.sequencerAddress),
  l1_da_mode: context.dataAvailability,
  l1_gas_price: formatPrice(context.gasPrices.l1Gas),
  l1_data_gas_price: formatPrice(context.gasPrices.l1DataGas),
  l2_gas_price: formatPrice(context.gasPrices.l2Gas),
  starknet_version: context.starknetVersion,
});

const formatBody = (
  { transactions, receipts }: Pick<Block, "transactions" | "receipts">,
  format?: TransactionFormat,
): object => ({
  transactions: transactions.map((entry) => formatTransaction(entry, format)),
  transaction_receipts: receipts.map((receipt, index) =>
    formatReceipt(receipt, transactions[index]!, index),
  ),
});

export const formatHeader = (header: BlockHeader): object => ({
  block_hash: toHex(header.hash),
  block_number: header.number,
});

export const formatBlock = (
  block: Block,
  status: Finality,
  format?: TransactionFormat,
): object => ({
  ...formatHeader(block.header),
  parent_block_hash: toHex(block.header.parentHash),
  state_root: toHex(block.header.stateRoot),
  status,
  ...formatContext(block.header),
  transaction_commitment: toHex(block.header.transactionCommitment),
  event_commitment: toHex(block.header.eventCommitment),
  receipt_commitment: toHex(block.header.receiptCommitment),
  state_diff_commitment: toHex(block.header.stateDiffCommitment),
  state_diff_length: block.header.stateDiffLength,
  ...formatBody(block, format),
});

/** What `withFeeMarketInfo` adds. */
export const formatFeeMarket = ({ receipts }: Block, nextL2GasPrice: bigint): object => ({
  l2_gas_consumed: receipts.reduce((sum, { resources }) => sum + Number(resources.l2Gas), 0),
  next_l2_gas_price: toHex(nextL2GasPrice),
});

/** The open block as `pending`: what has been executed. */
export const formatPending = (open: PreConfirmedBlock): object => ({
  parent_block_hash: toHex(open.parentHash),
  status: "PENDING",
  ...formatContext(open.context),
  ...formatBody(open),
});

/** The open block with what is about to be executed, which has neither receipt nor state diff yet. */
export const formatPreConfirmed = (open: PreConfirmedBlock): object => {
  const unknown = open.candidates.map(() => null);
  return {
    status: "PRE_CONFIRMED",
    ...formatContext(open.context),
    transactions: [...open.transactions, ...open.candidates].map((entry) =>
      formatTransaction(entry),
    ),
    transaction_receipts: [
      ...open.receipts.map((receipt, i) => formatReceipt(receipt, open.transactions[i]!, i)),
      ...unknown,
    ],
    transaction_state_diffs: [
      ...open.traces.map((trace) => formatStateDiff(trace.stateDiff)),
      ...unknown,
    ],
  };
};

/** More than a block can have; the answer's size is bounded too. */
const MAX_TRANSACTIONS = 1 << 17;
const MAX_NUMBER = 2 ** 32 - 1;

const price = mapped(
  object({ price_in_wei: u128, price_in_fri: u128 }),
  ({ price_in_wei, price_in_fri }): GasPrice => ({ wei: price_in_wei, fri: price_in_fri }),
);

const version = schemaOf("a version such as 0.14.0", (value) =>
  typeof value === "string" && /^\d{1,5}(\.\d{1,5}){1,3}$/.test(value) ? value : undefined,
);

/** A closed block. Hashes and commitments are what is stated; counts are those of the lists. */
export const closedBlock = mapped(
  object({
    block_hash: felt,
    block_number: integer(0, MAX_NUMBER),
    parent_block_hash: felt,
    state_root: felt,
    timestamp: integer(0),
    sequencer_address: address,
    l1_da_mode: oneOfTexts("CALLDATA", "BLOB"),
    l1_gas_price: price,
    l1_data_gas_price: price,
    l2_gas_price: price,
    starknet_version: version,
    transaction_commitment: felt,
    event_commitment: felt,
    receipt_commitment: felt,
    state_diff_commitment: felt,
    state_diff_length: integer(0),
    transactions: array(transaction, MAX_TRANSACTIONS),
    transaction_receipts: array(receiptBody, MAX_TRANSACTIONS),
  }),
  (members): Block => {
    const { transactions, transaction_receipts: bodies } = members;
    if (bodies.length !== transactions.length) {
      throw new SchemaError(
        `expected as many receipts as transactions, ${transactions.length}, got ${bodies.length}`,
      ).within("transaction_receipts");
    }
    const receipts = bodies.map((body, i) => {
      const ofIt = transactions[i]!;
      if (body.index !== i || body.transactionHash !== ofIt.hash) {
        throw new SchemaError(`expected the receipt of ${toHex(ofIt.hash)}, transaction ${i}`)
          .within(i)
          .within("transaction_receipts");
      }
      return completeReceipt(body, ofIt);
    });
    return {
      header: {
        number: members.block_number,
        timestamp: members.timestamp,
        sequencerAddress: members.sequencer_address,
        gasPrices: {
          l1Gas: members.l1_gas_price,
          l1DataGas: members.l1_data_gas_price,
          l2Gas: members.l2_gas_price,
        },
        dataAvailability: members.l1_da_mode,
        starknetVersion: members.starknet_version,
        hash: members.block_hash,
        parentHash: members.parent_block_hash,
        stateRoot: members.state_root,
        transactionCount: transactions.length,
        eventCount: receipts.reduce((count, { events }) => count + events.length, 0),
        stateDiffLength: members.state_diff_length,
        stateDiffCommitment: members.state_diff_commitment,
        transactionCommitment: members.transaction_commitment,
        eventCommitment: members.event_commitment,
        receiptCommitment: members.receipt_commitment,
      },
      transactions,
      receipts,
    };
  },
);
