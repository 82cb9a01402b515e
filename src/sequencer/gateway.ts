/** The way in: what clients submit, and why it may be refused. */
import type { Felt } from "../field/felt.ts";
import type { TransactionStage } from "../starknet/chain-view.ts";
import type { SierraClass } from "../starknet/class/sierra.ts";
import type {
  AccountTransaction,
  DeclareTransaction,
  Transaction,
} from "../starknet/transaction.ts";

/** Why the gateway refused a transaction; names follow the Starknet JSON-RPC's write errors. */
export type GatewayErrorCode =
  | "CLASS_HASH_NOT_FOUND"
  | "CLASS_ALREADY_DECLARED"
  | "INVALID_TRANSACTION_NONCE"
  | "INSUFFICIENT_RESOURCES_FOR_VALIDATE"
  | "INSUFFICIENT_ACCOUNT_BALANCE"
  | "VALIDATION_FAILURE"
  | "COMPILATION_FAILED"
  | "CONTRACT_CLASS_SIZE_IS_TOO_LARGE"
  | "NON_ACCOUNT"
  | "DUPLICATE_TX"
  | "COMPILED_CLASS_HASH_MISMATCH"
  | "UNSUPPORTED_TX_VERSION"
  | "UNSUPPORTED_CONTRACT_CLASS_VERSION"
  | "REPLACEMENT_TRANSACTION_UNDERPRICED"
  | "FEE_BELOW_MINIMUM"
  | "UNEXPECTED_ERROR";

export class GatewayError extends Error {
  override readonly name = "GatewayError";
  readonly code: GatewayErrorCode;

  constructor(code: GatewayErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** A DECLARE with its class. */
export interface DeclareSubmission {
  readonly transaction: DeclareTransaction;
  readonly sierra: SierraClass;
}

/** A transaction as it is handed in. */
export type Submission =
  { readonly transaction: Exclude<AccountTransaction, DeclareTransaction> } | DeclareSubmission;

export interface Gateway {
  /**
   * Takes a transaction into the mempool. The answer comes when it has been executed, or waits for an
   * earlier nonce; with a block on each transaction, its block is closed before the next request is looked
   * at. Throws GatewayError.
   */
  submit(submission: Submission): Promise<void>;
  /** Stage of a transaction, those in the mempool included; undefined for an unknown hash. */
  stageOf(transactionHash: Felt): TransactionStage | undefined;
  /** A transaction that waits in the mempool. */
  pooled(transactionHash: Felt): Transaction | undefined;
}
