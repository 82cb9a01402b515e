/** Errors as Starknet's gateways tell them: a code and a message (apollo_starknet_client starknet_error.rs). */
import { ERRORS, toRpcError, type ErrorName } from "../errors.ts";
import { SchemaError } from "../schema/schema.ts";

const CODES = {
  MALFORMED_REQUEST: "StarkErrorCode.MALFORMED_REQUEST",
  SCHEMA_VALIDATION_ERROR: "StarkErrorCode.SCHEMA_VALIDATION_ERROR",
  BLOCK_NOT_FOUND: "StarknetErrorCode.BLOCK_NOT_FOUND",
  UNDECLARED_CLASS: "StarknetErrorCode.UNDECLARED_CLASS",
  UNINITIALIZED_CONTRACT: "StarknetErrorCode.UNINITIALIZED_CONTRACT",
  CLASS_ALREADY_DECLARED: "StarknetErrorCode.CLASS_ALREADY_DECLARED",
  INVALID_TRANSACTION_NONCE: "StarknetErrorCode.INVALID_TRANSACTION_NONCE",
  INSUFFICIENT_MAX_FEE: "StarknetErrorCode.INSUFFICIENT_MAX_FEE",
  INSUFFICIENT_ACCOUNT_BALANCE: "StarknetErrorCode.INSUFFICIENT_ACCOUNT_BALANCE",
  VALIDATE_FAILURE: "StarknetErrorCode.VALIDATE_FAILURE",
  COMPILATION_FAILED: "StarknetErrorCode.COMPILATION_FAILED",
  CONTRACT_CLASS_OBJECT_SIZE_TOO_LARGE: "StarknetErrorCode.CONTRACT_CLASS_OBJECT_SIZE_TOO_LARGE",
  DUPLICATED_TRANSACTION: "StarknetErrorCode.DUPLICATED_TRANSACTION",
  INVALID_COMPILED_CLASS_HASH: "StarknetErrorCode.INVALID_COMPILED_CLASS_HASH",
  INVALID_TRANSACTION_VERSION: "StarknetErrorCode.INVALID_TRANSACTION_VERSION",
  INVALID_CONTRACT_CLASS_VERSION: "StarknetErrorCode.INVALID_CONTRACT_CLASS_VERSION",
  INVALID_CONTRACT_CLASS: "StarknetErrorCode.INVALID_CONTRACT_CLASS",
  INVALID_PROGRAM: "StarknetErrorCode.INVALID_PROGRAM",
  REPLACEMENT_TRANSACTION_UNDERPRICED: "StarknetErrorCode.REPLACEMENT_TRANSACTION_UNDERPRICED",
  FEE_BELOW_MINIMUM: "StarknetErrorCode.FEE_BELOW_MINIMUM",
  TRANSACTION_FAILED: "StarknetErrorCode.TRANSACTION_FAILED",
} as const;

export type FeederErrorName = keyof typeof CODES;

export class FeederError extends Error {
  override readonly name = "FeederError";
  readonly code: string;

  constructor(error: FeederErrorName, message: string) {
    super(message);
    this.code = CODES[error];
  }
}

/** What the JSON-RPC calls otherwise. */
const RENAMED: Partial<Record<ErrorName, FeederErrorName>> = {
  CLASS_HASH_NOT_FOUND: "UNDECLARED_CLASS",
  NON_ACCOUNT: "UNINITIALIZED_CONTRACT",
  INSUFFICIENT_RESOURCES_FOR_VALIDATE: "INSUFFICIENT_MAX_FEE",
  VALIDATION_FAILURE: "VALIDATE_FAILURE",
  CONTRACT_CLASS_SIZE_IS_TOO_LARGE: "CONTRACT_CLASS_OBJECT_SIZE_TOO_LARGE",
  DUPLICATE_TX: "DUPLICATED_TRANSACTION",
  COMPILED_CLASS_HASH_MISMATCH: "INVALID_COMPILED_CLASS_HASH",
  UNSUPPORTED_TX_VERSION: "INVALID_TRANSACTION_VERSION",
  UNSUPPORTED_CONTRACT_CLASS_VERSION: "INVALID_CONTRACT_CLASS_VERSION",
  UNEXPECTED_ERROR: "TRANSACTION_FAILED",
};

const BY_CODE: ReadonlyMap<number, ErrorName> = new Map(
  Object.entries(ERRORS).map(([name, [code]]) => [code, name as ErrorName]),
);

/** The answer for anything that an endpoint throws; undefined when it is a fault of the program. */
export function toFeederError(error: unknown): FeederError | undefined {
  if (error instanceof FeederError) return error;
  if (error instanceof SchemaError)
    return new FeederError("SCHEMA_VALIDATION_ERROR", error.message);
  const known = toRpcError(error);
  if (known === undefined) return undefined;
  const name = BY_CODE.get(known.code);
  const renamed = name && (name in CODES ? (name as FeederErrorName) : RENAMED[name]);
  const message = typeof known.data === "string" ? known.data : known.message;
  return new FeederError(renamed ?? "MALFORMED_REQUEST", message);
}
