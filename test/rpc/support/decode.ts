/** The other way round: from the spec's JSON, as real nodes answered it, to what the engine works with. */
import type { StateDiff } from "../../../src/state/diff.ts";
import type { Block, BlockContext, BlockHeader } from "../../../src/starknet/block.ts";
import type { CallInfo, Receipt, TransactionTrace } from "../../../src/starknet/receipt.ts";
import type { Transaction } from "../../../src/starknet/transaction.ts";

/* eslint-disable @typescript-eslint/no-explicit-any -- JSON of other nodes, whose shape is what is tested */
type Json = any;

const felts = (values: Json): bigint[] => values.map(BigInt);
const daMode = (mode: string): 0 | 1 => (mode === "L1" ? 0 : 1);
const bounds = (json: Json) => ({
  maxAmount: BigInt(json.max_amount),
  maxPricePerUnit: BigInt(json.max_price_per_unit),
});
const price = (json: Json) => ({ wei: BigInt(json.price_in_wei), fri: BigInt(json.price_in_fri) });
const gas = (json: Json) => ({
  l1Gas: BigInt(json.l1_gas),
  l1DataGas: BigInt(json.l1_data_gas),
  l2Gas: BigInt(json.l2_gas),
});
const map = (entries: Json, key: string, value: string): Map<bigint, bigint> =>
  new Map(entries.map((entry: Json) => [BigInt(entry[key]), BigInt(entry[value])]));

export const decodeContext = (json: Json): BlockContext => ({
  number: json.block_number,
  timestamp: json.timestamp,
  sequencerAddress: BigInt(json.sequencer_address),
  gasPrices: {
    l1Gas: price(json.l1_gas_price),
    l1DataGas: price(json.l1_data_gas_price),
    l2Gas: price(json.l2_gas_price),
  },
  dataAvailability: json.l1_da_mode,
  starknetVersion: json.starknet_version,
});

export const decodeHeader = (json: Json): BlockHeader => ({
  ...decodeContext(json),
  hash: BigInt(json.block_hash),
  parentHash: BigInt(json.parent_hash),
  stateRoot: BigInt(json.new_root),
  transactionCount: json.transaction_count,
  eventCount: json.event_count,
  stateDiffLength: json.state_diff_length,
  stateDiffCommitment: BigInt(json.state_diff_commitment),
  transactionCommitment: BigInt(json.transaction_commitment),
  eventCommitment: BigInt(json.event_commitment),
  receiptCommitment: BigInt(json.receipt_commitment),
});

/** A transaction of version 3, or an L1 handler. `hash` where the JSON has none. */
export function decodeTransaction(json: Json, hash: string = json.transaction_hash): Transaction {
  const base = { hash: BigInt(hash), nonce: BigInt(json.nonce) };
  if (json.type === "L1_HANDLER") {
    return {
      type: "L1_HANDLER",
      ...base,
      version: 0n,
      contractAddress: BigInt(json.contract_address),
      entryPointSelector: BigInt(json.entry_point_selector),
      calldata: felts(json.calldata),
      paidFeeOnL1: 0n,
    };
  }
  const v3 = {
    ...base,
    version: BigInt(json.version),
    signature: felts(json.signature),
    resourceBounds: {
      l1Gas: bounds(json.resource_bounds.l1_gas),
      l2Gas: bounds(json.resource_bounds.l2_gas),
      l1DataGas: bounds(json.resource_bounds.l1_data_gas),
    },
    tip: BigInt(json.tip),
    paymasterData: felts(json.paymaster_data),
    nonceDataAvailabilityMode: daMode(json.nonce_data_availability_mode),
    feeDataAvailabilityMode: daMode(json.fee_data_availability_mode),
  };
  switch (json.type) {
    case "INVOKE":
      return {
        type: json.type,
        ...v3,
        senderAddress: BigInt(json.sender_address),
        calldata: felts(json.calldata),
        accountDeploymentData: felts(json.account_deployment_data),
      };
    case "DECLARE":
      return {
        type: json.type,
        ...v3,
        senderAddress: BigInt(json.sender_address),
        classHash: BigInt(json.class_hash),
        compiledClassHash: BigInt(json.compiled_class_hash),
        accountDeploymentData: felts(json.account_deployment_data),
      };
    case "DEPLOY_ACCOUNT":
      return {
        type: json.type,
        ...v3,
        senderAddress: 0n,
        classHash: BigInt(json.class_hash),
        contractAddressSalt: BigInt(json.contract_address_salt),
        constructorCalldata: felts(json.constructor_calldata),
      };
    default:
      throw new Error(`unexpected transaction type ${json.type}`);
  }
}

export const decodeReceipt = (json: Json): Receipt => ({
  transactionHash: BigInt(json.transaction_hash),
  type: json.type,
  actualFee: BigInt(json.actual_fee.amount),
  feeUnit: json.actual_fee.unit,
  messages: json.messages_sent.map((message: Json) => ({
    fromAddress: BigInt(message.from_address),
    toAddress: BigInt(message.to_address),
    payload: felts(message.payload),
  })),
  events: json.events.map((event: Json) => ({
    fromAddress: BigInt(event.from_address),
    keys: felts(event.keys),
    data: felts(event.data),
  })),
  resources: gas(json.execution_resources),
  revertReason: json.revert_reason,
  ...(json.contract_address === undefined
    ? {}
    : { contractAddress: BigInt(json.contract_address) }),
  ...(json.message_hash === undefined ? {} : { messageHash: BigInt(json.message_hash) }),
});

/** Result of starknet_getBlockWithReceipts. */
export const decodeBlock = (json: Json): Block => ({
  header: decodeHeader(json),
  transactions: json.transactions.map(({ transaction, receipt }: Json) =>
    decodeTransaction(transaction, receipt.transaction_hash),
  ),
  receipts: json.transactions.map(({ receipt }: Json) => decodeReceipt(receipt)),
});

export const decodeStateDiff = (json: Json): StateDiff => ({
  storage: new Map(
    json.storage_diffs.map(({ address, storage_entries }: Json) => [
      BigInt(address),
      map(storage_entries, "key", "value"),
    ]),
  ),
  nonces: map(json.nonces, "contract_address", "nonce"),
  deployedContracts: map(json.deployed_contracts, "address", "class_hash"),
  replacedClasses: map(json.replaced_classes, "contract_address", "class_hash"),
  declaredClasses: map(json.declared_classes, "class_hash", "compiled_class_hash"),
});

export const decodeCall = (json: Json): CallInfo => ({
  contractAddress: BigInt(json.contract_address),
  callerAddress: BigInt(json.caller_address),
  classHash: BigInt(json.class_hash),
  entryPointType: json.entry_point_type,
  entryPointSelector: BigInt(json.entry_point_selector),
  callType: json.call_type,
  calldata: felts(json.calldata),
  result: felts(json.result),
  calls: json.calls.map(decodeCall),
  events: json.events.map(({ order, keys, data }: Json) => ({
    order,
    keys: felts(keys),
    data: felts(data),
  })),
  messages: json.messages.map(({ order, to_address, payload }: Json) => ({
    order,
    toAddress: BigInt(to_address),
    payload: felts(payload),
  })),
  gasConsumed: BigInt(json.execution_resources.l2_gas),
  failed: json.is_reverted,
});

export function decodeTrace(json: Json): TransactionTrace {
  const execution =
    json.execute_invocation ?? json.constructor_invocation ?? json.function_invocation;
  return {
    type: json.type,
    ...(json.validate_invocation ? { validate: decodeCall(json.validate_invocation) } : {}),
    ...(execution === undefined
      ? {}
      : execution.revert_reason === undefined
        ? { execute: decodeCall(execution) }
        : { revertReason: execution.revert_reason }),
    ...(json.fee_transfer_invocation
      ? { feeTransfer: decodeCall(json.fee_transfer_invocation) }
      : {}),
    stateDiff: decodeStateDiff(json.state_diff),
    resources: gas(json.execution_resources),
  };
}
