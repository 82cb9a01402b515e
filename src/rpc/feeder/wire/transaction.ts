/**
 * Transactions in the gateways' JSON, both ways (apollo_starknet_client reader/objects/transaction.rs, pathfinder
 * gateway-types reply.rs). Blocks show them so, with their hash, and the gateway takes them so, without.
 */
import { toHex } from "../../../util/hex.ts";
import type {
  DeclareTransaction,
  DeployAccountTransaction,
  InvokeTransaction,
  L1HandlerTransaction,
  ResourceBounds,
  Transaction,
  TransactionV3Fields,
} from "../../../starknet/transaction.ts";
import { hexes } from "../../format/felts.ts";
import { address, felt, felts, u256 } from "../../schema/numbers.ts";
import {
  mapped,
  object,
  oneOfTexts,
  optional,
  schemaOf,
  SchemaError,
  type Schema,
} from "../../schema/schema.ts";
import { resourceBounds, v3Fields, v3Members } from "../../schema/transaction.ts";

export interface TransactionFormat {
  /** Adds `paid_fee_on_l1` to L1 handlers. Starknet's gateways do not tell it, and strict readers refuse it. */
  readonly paidFee?: boolean;
}

const formatBounds = ({ maxAmount, maxPricePerUnit }: ResourceBounds): object => ({
  max_amount: toHex(maxAmount),
  max_price_per_unit: toHex(maxPricePerUnit),
});

const formatV3 = (transaction: TransactionV3Fields): object => ({
  transaction_hash: toHex(transaction.hash),
  version: toHex(transaction.version),
  signature: hexes(transaction.signature),
  nonce: toHex(transaction.nonce),
  nonce_data_availability_mode: transaction.nonceDataAvailabilityMode,
  fee_data_availability_mode: transaction.feeDataAvailabilityMode,
  resource_bounds: {
    L1_GAS: formatBounds(transaction.resourceBounds.l1Gas),
    L2_GAS: formatBounds(transaction.resourceBounds.l2Gas),
    L1_DATA_GAS: formatBounds(transaction.resourceBounds.l1DataGas),
  },
  tip: toHex(transaction.tip),
  paymaster_data: hexes(transaction.paymasterData),
});

export function formatTransaction(
  transaction: Transaction,
  format: TransactionFormat = {},
): object {
  const { type } = transaction;
  switch (type) {
    case "INVOKE":
      return {
        ...formatV3(transaction),
        sender_address: toHex(transaction.senderAddress),
        calldata: hexes(transaction.calldata),
        account_deployment_data: hexes(transaction.accountDeploymentData),
        type: "INVOKE_FUNCTION",
      };
    case "DECLARE":
      return {
        ...formatV3(transaction),
        class_hash: toHex(transaction.classHash),
        compiled_class_hash: toHex(transaction.compiledClassHash),
        sender_address: toHex(transaction.senderAddress),
        account_deployment_data: hexes(transaction.accountDeploymentData),
        type,
      };
    case "DEPLOY_ACCOUNT":
      return {
        ...formatV3(transaction),
        sender_address: toHex(transaction.senderAddress),
        class_hash: toHex(transaction.classHash),
        contract_address_salt: toHex(transaction.contractAddressSalt),
        constructor_calldata: hexes(transaction.constructorCalldata),
        type,
      };
    case "L1_HANDLER":
      return {
        transaction_hash: toHex(transaction.hash),
        version: "0x0",
        contract_address: toHex(transaction.contractAddress),
        entry_point_selector: toHex(transaction.entryPointSelector),
        nonce: toHex(transaction.nonce),
        calldata: hexes(transaction.calldata),
        ...(format.paidFee ? { paid_fee_on_l1: toHex(transaction.paidFeeOnL1) } : {}),
        type,
      };
  }
}

const version = <V extends bigint>(known: V): Schema<V> =>
  mapped(felt, (stated) => {
    if (stated === known) return known;
    throw new SchemaError(
      `expected ${toHex(known)}, the only version there is, got ${toHex(stated)}`,
    );
  });

const dataAvailabilityMode: Schema<0 | 1> = schemaOf("0 or 1", (value) =>
  value === 0 || value === 1 ? value : undefined,
);

const commonMembers = {
  ...v3Members,
  version: version(3n),
  resource_bounds: mapped(
    object({ L1_GAS: resourceBounds, L2_GAS: resourceBounds, L1_DATA_GAS: resourceBounds }),
    ({ L1_GAS, L2_GAS, L1_DATA_GAS }) => ({ l1Gas: L1_GAS, l2Gas: L2_GAS, l1DataGas: L1_DATA_GAS }),
  ),
  nonce_data_availability_mode: dataAvailabilityMode,
  fee_data_availability_mode: dataAvailabilityMode,
};

/** An INVOKE without its hash. */
export const invokeFields = mapped(
  object({
    ...commonMembers,
    sender_address: address,
    calldata: felts,
    account_deployment_data: felts,
  }),
  (members) => ({
    type: "INVOKE" as const,
    ...v3Fields(members),
    senderAddress: members.sender_address,
    calldata: members.calldata,
    accountDeploymentData: members.account_deployment_data,
  }),
);

/** A DECLARE without the hashes of itself and of its class. */
export const declareFields = mapped(
  object({
    ...commonMembers,
    compiled_class_hash: felt,
    sender_address: address,
    account_deployment_data: felts,
  }),
  (members) => ({
    type: "DECLARE" as const,
    ...v3Fields(members),
    senderAddress: members.sender_address,
    compiledClassHash: members.compiled_class_hash,
    accountDeploymentData: members.account_deployment_data,
  }),
);

/** A DEPLOY_ACCOUNT without its hash and the address that follows from the rest. */
export const deployAccountFields = mapped(
  object({
    ...commonMembers,
    class_hash: felt,
    contract_address_salt: felt,
    constructor_calldata: felts,
  }),
  (members) => ({
    type: "DEPLOY_ACCOUNT" as const,
    ...v3Fields(members),
    classHash: members.class_hash,
    contractAddressSalt: members.contract_address_salt,
    constructorCalldata: members.constructor_calldata,
  }),
);

const hashed = object({ transaction_hash: felt });

/** What `fields` parses, with the hash that is stated beside it. */
const withHash = <T>(fields: Schema<T>): Schema<T & { readonly hash: bigint }> => ({
  expected: fields.expected,
  parse: (value) => ({ ...fields.parse(value), hash: hashed.parse(value).transaction_hash }),
});

const invoke: Schema<InvokeTransaction> = withHash(invokeFields);

const declare: Schema<DeclareTransaction> = withHash({
  expected: declareFields.expected,
  parse: (value) => ({
    ...declareFields.parse(value),
    classHash: object({ class_hash: felt }).parse(value).class_hash,
  }),
});

const deployAccount: Schema<DeployAccountTransaction> = withHash({
  expected: deployAccountFields.expected,
  parse: (value) => ({
    ...deployAccountFields.parse(value),
    senderAddress: object({ sender_address: address }).parse(value).sender_address,
  }),
});

const l1Handler: Schema<L1HandlerTransaction> = withHash(
  mapped(
    object({
      version: version(0n),
      contract_address: address,
      entry_point_selector: felt,
      nonce: felt,
      calldata: felts,
      paid_fee_on_l1: optional(u256),
    }),
    (members) => ({
      type: "L1_HANDLER",
      version: members.version,
      contractAddress: members.contract_address,
      entryPointSelector: members.entry_point_selector,
      nonce: members.nonce,
      calldata: members.calldata,
      // Where it is not told: something was paid, or no block would have it; how much has no effect.
      paidFeeOnL1: members.paid_fee_on_l1 ?? 1n,
    }),
  ),
);

const BY_TYPE = {
  INVOKE_FUNCTION: invoke,
  DECLARE: declare,
  DEPLOY_ACCOUNT: deployAccount,
  L1_HANDLER: l1Handler,
} as const;

const typed = object({
  type: oneOfTexts("INVOKE_FUNCTION", "DECLARE", "DEPLOY_ACCOUNT", "L1_HANDLER"),
});

/** A transaction of a block. Its hash is what is stated: whether it fits is not looked at. */
export const transaction: Schema<Transaction> = {
  expected: "a transaction",
  parse: (value) => BY_TYPE[typed.parse(value).type].parse(value),
};
