/** BLOCK_HEADER and PRE_CONFIRMED_BLOCK_HEADER. */
import type { BlockContext, BlockHeader } from "../../starknet/block.ts";
import { toHex } from "../../util/hex.ts";
import { formatPrice } from "./gas.ts";

/** PRE_CONFIRMED_BLOCK_HEADER */
export const formatContext = (context: BlockContext): object => ({
  block_number: context.number,
  timestamp: context.timestamp,
  sequencer_address: toHex(context.sequencerAddress),
  l1_gas_price: formatPrice(context.gasPrices.l1Gas),
  l2_gas_price: formatPrice(context.gasPrices.l2Gas),
  l1_data_gas_price: formatPrice(context.gasPrices.l1DataGas),
  l1_da_mode: context.dataAvailability,
  starknet_version: context.starknetVersion,
});

/** BLOCK_HEADER */
export const formatHeader = (header: BlockHeader): object => ({
  block_hash: toHex(header.hash),
  parent_hash: toHex(header.parentHash),
  new_root: toHex(header.stateRoot),
  ...formatContext(header),
  event_commitment: toHex(header.eventCommitment),
  transaction_commitment: toHex(header.transactionCommitment),
  receipt_commitment: toHex(header.receiptCommitment),
  state_diff_commitment: toHex(header.stateDiffCommitment),
  event_count: header.eventCount,
  transaction_count: header.transactionCount,
  state_diff_length: header.stateDiffLength,
});
