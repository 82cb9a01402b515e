/**
 * Errors of the JSON-RPC: the codes of JSON-RPC 2.0 §5.1, of the Starknet specification (its
 * `components/errors`), and of starknet-devnet, with how the parts behind the RPC map to them.
 */
import { GatewayError } from "../sequencer/gateway.ts";
import { ClassError } from "../starknet/class/errors.ts";
import { toHex } from "../util/hex.ts";
import { ControlError } from "./control.ts";
import { ExecutionError, type FailureFrame } from "./execution-service.ts";
import { SchemaError } from "./schema/schema.ts";

/** Code and message of every error that has a fixed message. */
export const ERRORS = {
  PARSE_ERROR: [-32700, "Parse error"],
  INVALID_REQUEST: [-32600, "Invalid request"],
  METHOD_NOT_FOUND: [-32601, "Method not found"],
  INVALID_PARAMS: [-32602, "Invalid params"],
  INTERNAL_ERROR: [-32603, "Internal error"],
  /** starknet-devnet, `--restrictive-mode` */
  METHOD_FORBIDDEN: [-32604, "Method forbidden"],
  /** EIP-1474: the method is there, and cannot be answered here */
  METHOD_NOT_SUPPORTED: [-32004, "Method not supported"],
  /** starknet-devnet, writing and reading dumps */
  DUMP_FAILED: [-5, "The dump operation failed"],
  /** starknet-devnet, what has no code of its own */
  OTHER: [-1, "Devnet error"],
  NO_TRACE_AVAILABLE: [10, "No trace available for transaction"],
  CONTRACT_NOT_FOUND: [20, "Contract not found"],
  ENTRYPOINT_NOT_FOUND: [21, "Requested entry point does not exist in the contract"],
  BLOCK_NOT_FOUND: [24, "Block not found"],
  INVALID_TXN_INDEX: [27, "Invalid transaction index in a block"],
  CLASS_HASH_NOT_FOUND: [28, "Class hash not found"],
  TXN_HASH_NOT_FOUND: [29, "Transaction hash not found"],
  PAGE_SIZE_TOO_BIG: [31, "Requested page size is too big"],
  NO_BLOCKS: [32, "There are no blocks"],
  INVALID_CONTINUATION_TOKEN: [33, "The supplied continuation token is invalid or unknown"],
  TOO_MANY_KEYS_IN_FILTER: [34, "Too many keys provided in a filter"],
  CONTRACT_ERROR: [40, "Contract error"],
  TRANSACTION_EXECUTION_ERROR: [41, "Transaction execution error"],
  STORAGE_PROOF_NOT_SUPPORTED: [
    42,
    "the node doesn't support storage proofs for blocks that are too far in the past",
  ],
  /** starknet-devnet's own */
  INVALID_CONTRACT_CLASS: [50, "Invalid contract class"],
  CLASS_ALREADY_DECLARED: [51, "Class already declared"],
  INVALID_TRANSACTION_NONCE: [52, "Invalid transaction nonce"],
  INSUFFICIENT_RESOURCES_FOR_VALIDATE: [
    53,
    "The transaction's resources don't cover validation or the minimal transaction fee",
  ],
  INSUFFICIENT_ACCOUNT_BALANCE: [
    54,
    "Account balance is smaller than the transaction's maximal fee (calculated as the sum of each resource's limit x max price)",
  ],
  VALIDATION_FAILURE: [55, "Account validation failed"],
  COMPILATION_FAILED: [56, "Compilation failed"],
  CONTRACT_CLASS_SIZE_IS_TOO_LARGE: [57, "Contract class size is too large"],
  NON_ACCOUNT: [58, "Sender address is not an account contract"],
  DUPLICATE_TX: [59, "A transaction with the same hash already exists in the mempool"],
  COMPILED_CLASS_HASH_MISMATCH: [
    60,
    "the compiled class hash did not match the one supplied in the transaction",
  ],
  UNSUPPORTED_TX_VERSION: [61, "the transaction version is not supported"],
  UNSUPPORTED_CONTRACT_CLASS_VERSION: [62, "the contract class version is not supported"],
  UNEXPECTED_ERROR: [63, "An unexpected error occurred"],
  REPLACEMENT_TRANSACTION_UNDERPRICED: [64, "Replacement transaction is underpriced"],
  FEE_BELOW_MINIMUM: [65, "Transaction fee below minimum"],
  INVALID_SUBSCRIPTION_ID: [66, "Invalid subscription id"],
  TOO_MANY_ADDRESSES_IN_FILTER: [67, "Too many addresses in filter sender_address filter"],
  TOO_MANY_BLOCKS_BACK: [68, "Cannot go back more than 1024 blocks"],
  INVALID_PROOF: [69, "The proof field in the invoke v3 transaction is invalid"],
} as const satisfies Record<string, readonly [code: number, message: string]>;

export type ErrorName = keyof typeof ERRORS;

/** The `error` member of a response. */
export interface ErrorObject {
  readonly code: number;
  readonly message: string;
  readonly data?: unknown;
}

/** An answer that is an error. */
export class RpcError extends Error {
  override readonly name = "RpcError";
  readonly code: number;
  readonly data: unknown;

  /** @param message replaces the fixed one */
  constructor(error: ErrorName, details: { data?: unknown; message?: string } = {}) {
    const [code, message] = ERRORS[error];
    super(details.message ?? message);
    this.code = code;
    this.data = details.data;
  }

  toJSON(): ErrorObject {
    return {
      code: this.code,
      message: this.message,
      ...(this.data === undefined ? {} : { data: this.data }),
    };
  }
}

/** Invalid parameters; the message names the parameter and what was expected of it. */
export const invalidParams = (problem: string): RpcError =>
  new RpcError("INVALID_PARAMS", { message: `Invalid params: ${problem}` });

/** CONTRACT_EXECUTION_ERROR: frames around the innermost message. */
const nested = (frames: readonly FailureFrame[], message: string): unknown =>
  frames.reduceRight<unknown>(
    (error, { contractAddress, classHash, selector }) => ({
      contract_address: toHex(contractAddress),
      class_hash: toHex(classHash),
      selector: toHex(selector),
      error,
    }),
    message,
  );

function fromExecution(error: ExecutionError): RpcError {
  switch (error.code) {
    case "CONTRACT_NOT_FOUND":
    case "ENTRYPOINT_NOT_FOUND":
      return new RpcError(error.code);
    case "CONTRACT_ERROR":
      return new RpcError(error.code, {
        data: { revert_error: nested(error.frames, error.message) },
      });
    case "TRANSACTION_EXECUTION_ERROR":
      return new RpcError(error.code, {
        data: {
          transaction_index: error.transactionIndex,
          execution_error: nested(error.frames, error.message),
        },
      });
  }
}

function fromControl(error: ControlError): RpcError {
  switch (error.code) {
    case "INVALID":
      return invalidParams(error.message);
    case "UNSUPPORTED":
      return new RpcError("OTHER", { message: error.message });
    case "MINTING_REVERTED":
      return new RpcError("OTHER", {
        message: "Minting reverted",
        data: {
          tx_hash: error.transactionHash === undefined ? null : toHex(error.transactionHash),
          revert_reason: error.message,
        },
      });
    default:
      return new RpcError(error.code);
  }
}

function fromClass(error: ClassError): RpcError {
  switch (error.code) {
    case "COMPILATION_FAILED":
      return new RpcError("COMPILATION_FAILED", { data: error.message });
    case "UNSUPPORTED_CLASS_VERSION":
      return new RpcError("UNSUPPORTED_CONTRACT_CLASS_VERSION", { data: error.message });
    case "INVALID_CLASS":
      return invalidParams(error.message);
  }
}

/** The answer for anything a method throws; undefined when it is a fault of the program. */
export function toRpcError(error: unknown): RpcError | undefined {
  if (error instanceof RpcError) return error;
  if (error instanceof SchemaError) return invalidParams(error.message);
  // The gateway's codes are the spec's names; its message says what was wrong with this transaction.
  if (error instanceof GatewayError) return new RpcError(error.code, { data: error.message });
  if (error instanceof ExecutionError) return fromExecution(error);
  if (error instanceof ControlError) return fromControl(error);
  if (error instanceof ClassError) return fromClass(error);
  return undefined;
}
