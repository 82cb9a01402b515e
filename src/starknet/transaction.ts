/** Transactions as the protocol executes them (Starknet 0.14.0: version 3, and L1 handlers of version 0). */
import type { Felt } from "../field/felt.ts";

/** Upper limits of one gas: amount in gas units (u64), price in fri per unit (u128). */
export interface ResourceBounds {
  readonly maxAmount: bigint;
  readonly maxPricePerUnit: bigint;
}

export interface AllResourceBounds {
  readonly l1Gas: ResourceBounds;
  readonly l2Gas: ResourceBounds;
  readonly l1DataGas: ResourceBounds;
}

/** Fields that every version 3 transaction has. */
export interface TransactionV3Fields {
  readonly hash: Felt;
  /** 3, or 3 + 2^128 for a transaction that may only be simulated. */
  readonly version: Felt;
  readonly nonce: Felt;
  readonly signature: readonly Felt[];
  readonly resourceBounds: AllResourceBounds;
  /** fri per unit of L2 gas, u64 */
  readonly tip: bigint;
  readonly paymasterData: readonly Felt[];
  /** 0 is L1, 1 is L2; the protocol knows only 0 so far. */
  readonly nonceDataAvailabilityMode: 0 | 1;
  readonly feeDataAvailabilityMode: 0 | 1;
}

export interface InvokeTransaction extends TransactionV3Fields {
  readonly type: "INVOKE";
  readonly senderAddress: Felt;
  readonly calldata: readonly Felt[];
  readonly accountDeploymentData: readonly Felt[];
}

export interface DeclareTransaction extends TransactionV3Fields {
  readonly type: "DECLARE";
  readonly senderAddress: Felt;
  readonly classHash: Felt;
  readonly compiledClassHash: Felt;
  readonly accountDeploymentData: readonly Felt[];
}

export interface DeployAccountTransaction extends TransactionV3Fields {
  readonly type: "DEPLOY_ACCOUNT";
  /** Address of the account that it deploys. */
  readonly senderAddress: Felt;
  readonly classHash: Felt;
  readonly contractAddressSalt: Felt;
  readonly constructorCalldata: readonly Felt[];
}

export interface L1HandlerTransaction {
  readonly type: "L1_HANDLER";
  readonly hash: Felt;
  readonly version: 0n;
  readonly nonce: Felt;
  readonly contractAddress: Felt;
  readonly entryPointSelector: Felt;
  /** calldata[0] is the L1 sender. */
  readonly calldata: readonly Felt[];
  /** wei, paid on L1 with the message */
  readonly paidFeeOnL1: bigint;
}

export type AccountTransaction = InvokeTransaction | DeclareTransaction | DeployAccountTransaction;
export type Transaction = AccountTransaction | L1HandlerTransaction;

/** Version bit of transactions that may only be simulated. */
export const QUERY_VERSION_BASE = 1n << 128n;
