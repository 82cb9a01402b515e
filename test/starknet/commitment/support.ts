/** Blocks as the feeder gateway publishes them, read into the project's types. */
import type { BlockHeader, GasPrice, GasPrices } from "../../../src/starknet/block.ts";
import type { Event, MessageToL1, Receipt } from "../../../src/starknet/receipt.ts";
import type { Transaction } from "../../../src/starknet/transaction.ts";
import type { StateDiff } from "../../../src/state/diff.ts";

type Hex = string;
interface FeederPrice {
  readonly price_in_wei: Hex | number;
  readonly price_in_fri: Hex | number;
}

export interface FeederEvent {
  readonly from_address: Hex;
  readonly keys: readonly Hex[];
  readonly data: readonly Hex[];
}

export interface FeederMessage {
  readonly from_address: Hex;
  readonly to_address: Hex;
  readonly payload: readonly Hex[];
}

export interface FeederReceipt {
  readonly transaction_hash: Hex;
  readonly actual_fee: Hex;
  readonly events: readonly FeederEvent[];
  readonly l2_to_l1_messages: readonly FeederMessage[];
  readonly revert_error?: string;
  readonly execution_resources: {
    readonly total_gas_consumed: { readonly l1_gas: number; readonly l1_data_gas: number };
  };
}

export interface FeederBlock {
  readonly block_hash: Hex;
  readonly parent_block_hash: Hex;
  readonly block_number: number;
  readonly state_root: Hex;
  readonly transaction_commitment: Hex;
  readonly event_commitment: Hex;
  readonly receipt_commitment: Hex;
  readonly state_diff_commitment: Hex;
  readonly state_diff_length: number;
  readonly l1_da_mode: "BLOB" | "CALLDATA";
  readonly l1_gas_price: FeederPrice;
  readonly l1_data_gas_price: FeederPrice;
  /** Blocks before 0.13.4 need not have one. */
  readonly l2_gas_price?: FeederPrice;
  readonly timestamp: number;
  readonly sequencer_address: Hex;
  readonly starknet_version: string;
  readonly transactions: readonly { readonly transaction_hash: Hex; readonly signature?: Hex[] }[];
  readonly transaction_receipts: readonly FeederReceipt[];
}

export interface FeederStateDiff {
  readonly storage_diffs: Readonly<Record<Hex, readonly { key: Hex; value: Hex }[]>>;
  readonly nonces: Readonly<Record<Hex, Hex>>;
  readonly deployed_contracts: readonly { address: Hex; class_hash: Hex }[];
  readonly replaced_classes: readonly { address: Hex; class_hash: Hex }[];
  readonly declared_classes: readonly { class_hash: Hex; compiled_class_hash: Hex }[];
  readonly old_declared_contracts: readonly Hex[];
}

export const felts = (list: readonly Hex[]): bigint[] => list.map(BigInt);

export const readEvent = ({ from_address, keys, data }: FeederEvent): Event => ({
  fromAddress: BigInt(from_address),
  keys: felts(keys),
  data: felts(data),
});

export const readMessage = ({ from_address, to_address, payload }: FeederMessage): MessageToL1 => ({
  fromAddress: BigInt(from_address),
  toAddress: BigInt(to_address),
  payload: felts(payload),
});

export function readReceipt(receipt: FeederReceipt): Receipt {
  const gas = receipt.execution_resources.total_gas_consumed;
  return {
    transactionHash: BigInt(receipt.transaction_hash),
    type: "INVOKE",
    actualFee: BigInt(receipt.actual_fee),
    feeUnit: "FRI",
    messages: receipt.l2_to_l1_messages.map(readMessage),
    events: receipt.events.map(readEvent),
    resources: { l1Gas: BigInt(gas.l1_gas), l1DataGas: BigInt(gas.l1_data_gas), l2Gas: 0n },
    revertReason: receipt.revert_error,
  };
}

const readPrice = ({ price_in_wei, price_in_fri }: FeederPrice): GasPrice => ({
  wei: BigInt(price_in_wei),
  fri: BigInt(price_in_fri),
});

export const readPrices = (
  block: Pick<FeederBlock, "l1_gas_price" | "l1_data_gas_price" | "l2_gas_price">,
): GasPrices => ({
  l1Gas: readPrice(block.l1_gas_price),
  l1DataGas: readPrice(block.l1_data_gas_price),
  l2Gas: block.l2_gas_price ? readPrice(block.l2_gas_price) : { wei: 0n, fri: 0n },
});

/** A feeder block's header; counts are those of its lists. */
export function readHeader(block: FeederBlock): BlockHeader {
  const receipts = block.transaction_receipts;
  return {
    number: block.block_number,
    timestamp: block.timestamp,
    sequencerAddress: BigInt(block.sequencer_address),
    gasPrices: readPrices(block),
    dataAvailability: block.l1_da_mode,
    starknetVersion: block.starknet_version,
    hash: BigInt(block.block_hash),
    parentHash: BigInt(block.parent_block_hash),
    stateRoot: BigInt(block.state_root),
    transactionCount: block.transactions.length,
    eventCount: receipts.reduce((count, { events }) => count + events.length, 0),
    stateDiffLength: block.state_diff_length,
    stateDiffCommitment: BigInt(block.state_diff_commitment),
    transactionCommitment: BigInt(block.transaction_commitment),
    eventCommitment: BigInt(block.event_commitment),
    receiptCommitment: BigInt(block.receipt_commitment),
  };
}

/** The parts of a feeder block's transactions that commitments cover. */
export const readTransactions = (block: FeederBlock): Transaction[] =>
  block.transactions.map(
    ({ transaction_hash, signature = [] }) =>
      ({
        type: "INVOKE",
        hash: BigInt(transaction_hash),
        signature: felts(signature),
      }) as unknown as Transaction,
  );

export const readStateDiff = (diff: FeederStateDiff): StateDiff => ({
  storage: new Map(
    Object.entries(diff.storage_diffs).map(([address, entries]) => [
      BigInt(address),
      new Map(entries.map(({ key, value }) => [BigInt(key), BigInt(value)])),
    ]),
  ),
  nonces: new Map(
    Object.entries(diff.nonces).map(([address, nonce]) => [BigInt(address), BigInt(nonce)]),
  ),
  deployedContracts: new Map(
    diff.deployed_contracts.map((entry) => [BigInt(entry.address), BigInt(entry.class_hash)]),
  ),
  replacedClasses: new Map(
    diff.replaced_classes.map((entry) => [BigInt(entry.address), BigInt(entry.class_hash)]),
  ),
  declaredClasses: new Map(
    diff.declared_classes.map((entry) => [
      BigInt(entry.class_hash),
      BigInt(entry.compiled_class_hash),
    ]),
  ),
});
