/** BROADCASTED_TXN: transactions as clients send them. They have no hash yet, and a DECLARE has its class. */
import type { Felt } from "../../field/felt.ts";
import { ClassError } from "../../starknet/class/errors.ts";
import { parseSierraClass, type SierraClass } from "../../starknet/class/sierra.ts";
import type { Unhashed } from "../../starknet/transaction-hash.ts";
import {
  QUERY_VERSION_BASE,
  type DeclareTransaction,
  type DeployAccountTransaction,
  type InvokeTransaction,
} from "../../starknet/transaction.ts";
import { RpcError } from "../errors.ts";
import { address, felt, felts, u128, u64 } from "./numbers.ts";
import {
  isObject,
  mapped,
  mismatch,
  object,
  oneOfTexts,
  optional,
  SchemaError,
  text,
  type Members,
  type ParsedMembers,
  type Schema,
} from "./schema.ts";

/** What a client states of an INVOKE beside the transaction itself (0.10.1: SNIP-36 proofs). */
export interface ProofFields {
  readonly proof: string | undefined;
  readonly proofFacts: readonly Felt[];
}

export type BroadcastInvoke = {
  readonly transaction: Unhashed<InvokeTransaction>;
} & ProofFields;

export interface BroadcastDeclare {
  readonly transaction: Omit<Unhashed<DeclareTransaction>, "classHash">;
  readonly sierra: SierraClass;
}

export interface BroadcastDeployAccount {
  readonly transaction: Omit<Unhashed<DeployAccountTransaction>, "senderAddress">;
}

export type Broadcast = BroadcastInvoke | BroadcastDeclare | BroadcastDeployAccount;

export const resourceBounds = mapped(
  object({ max_amount: u64, max_price_per_unit: u128 }),
  ({ max_amount, max_price_per_unit }) => ({
    maxAmount: max_amount,
    maxPricePerUnit: max_price_per_unit,
  }),
);

const allBounds = mapped(
  object({ l1_gas: resourceBounds, l1_data_gas: resourceBounds, l2_gas: resourceBounds }),
  ({ l1_gas, l1_data_gas, l2_gas }) => ({ l1Gas: l1_gas, l1DataGas: l1_data_gas, l2Gas: l2_gas }),
);

const dataAvailabilityMode: Schema<0 | 1> = mapped(oneOfTexts("L1", "L2"), (mode) =>
  mode === "L1" ? 0 : 1,
);

/** Members that every transaction of version 3 has. */
export const v3Members = {
  version: felt,
  signature: felts,
  nonce: felt,
  resource_bounds: allBounds,
  tip: u64,
  paymaster_data: felts,
  nonce_data_availability_mode: dataAvailabilityMode,
  fee_data_availability_mode: dataAvailabilityMode,
} satisfies Members;

export const v3Fields = (members: ParsedMembers<typeof v3Members>) => ({
  version: members.version,
  signature: members.signature,
  nonce: members.nonce,
  resourceBounds: members.resource_bounds,
  tip: members.tip,
  paymasterData: members.paymaster_data,
  nonceDataAvailabilityMode: members.nonce_data_availability_mode,
  feeDataAvailabilityMode: members.fee_data_availability_mode,
});

const MAX_PROOF_LENGTH = 1 << 24;

const invokeForm: Schema<BroadcastInvoke> = mapped(
  object({
    type: oneOfTexts("INVOKE"),
    ...v3Members,
    sender_address: address,
    calldata: felts,
    account_deployment_data: felts,
    proof: optional(text("a proof in base64", MAX_PROOF_LENGTH)),
    proof_facts: optional(felts),
  }),
  (members) => ({
    transaction: {
      type: members.type,
      ...v3Fields(members),
      senderAddress: members.sender_address,
      calldata: members.calldata,
      accountDeploymentData: members.account_deployment_data,
    },
    proof: members.proof,
    proofFacts: members.proof_facts ?? [],
  }),
);

/** CONTRACT_CLASS */
export const sierraClass: Schema<SierraClass> = {
  expected: "a Sierra class",
  parse(value) {
    if (!isObject(value)) throw mismatch("a Sierra class", value);
    try {
      return parseSierraClass(value);
    } catch (error) {
      throw error instanceof ClassError ? new SchemaError(error.message) : error;
    }
  },
};

const declareForm: Schema<BroadcastDeclare> = mapped(
  object({
    type: oneOfTexts("DECLARE"),
    ...v3Members,
    sender_address: address,
    compiled_class_hash: felt,
    account_deployment_data: felts,
    contract_class: sierraClass,
  }),
  (members) => ({
    transaction: {
      type: members.type,
      ...v3Fields(members),
      senderAddress: members.sender_address,
      compiledClassHash: members.compiled_class_hash,
      accountDeploymentData: members.account_deployment_data,
    },
    sierra: members.contract_class,
  }),
);

const deployAccountForm: Schema<BroadcastDeployAccount> = mapped(
  object({
    type: oneOfTexts("DEPLOY_ACCOUNT"),
    ...v3Members,
    class_hash: felt,
    contract_address_salt: felt,
    constructor_calldata: felts,
  }),
  (members) => ({
    transaction: {
      type: members.type,
      ...v3Fields(members),
      classHash: members.class_hash,
      contractAddressSalt: members.contract_address_salt,
      constructorCalldata: members.constructor_calldata,
    },
  }),
);

/** Versions that a schema can read: 3, and 3 for queries. */
const VERSIONS: ReadonlySet<unknown> = new Set([3n, QUERY_VERSION_BASE + 3n]);

/** Answers UNSUPPORTED_TX_VERSION for other versions, before members are missed that those do not have. */
function versioned<T>(schema: Schema<T>): Schema<T> {
  const version = object({ version: felt });
  return {
    ...schema,
    parse(value) {
      if (isObject(value) && typeof value["version"] === "string") {
        const stated = version.parse(value).version;
        if (!VERSIONS.has(stated)) throw new RpcError("UNSUPPORTED_TX_VERSION");
      }
      return schema.parse(value);
    },
  };
}

export const broadcastInvoke = versioned(invokeForm);
export const broadcastDeclare = versioned(declareForm);
export const broadcastDeployAccount = versioned(deployAccountForm);

const BY_TYPE: Readonly<Record<string, Schema<Broadcast>>> = {
  INVOKE: broadcastInvoke,
  DECLARE: broadcastDeclare,
  DEPLOY_ACCOUNT: broadcastDeployAccount,
};
const type = oneOfTexts("INVOKE", "DECLARE", "DEPLOY_ACCOUNT");

export const broadcast: Schema<Broadcast> = {
  expected: "a transaction to broadcast",
  parse(value) {
    if (!isObject(value)) throw mismatch("a transaction", value);
    const kind = object({ type }).parse(value).type;
    return BY_TYPE[kind]!.parse(value);
  },
};
