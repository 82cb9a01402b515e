/** What the executor's rejections are to a client of the gateway. */
import { TransactionRejected, type RejectionCode } from "../starknet/execution/rejection.ts";
import { GatewayError, type GatewayErrorCode } from "./gateway.ts";
import { BlockCapacityError } from "./open-block.ts";

const CODES: Readonly<Record<RejectionCode, GatewayErrorCode>> = {
  UNSUPPORTED_VERSION: "UNSUPPORTED_TX_VERSION",
  INVALID_NONCE: "INVALID_TRANSACTION_NONCE",
  INSUFFICIENT_RESOURCES_FOR_VALIDATE: "INSUFFICIENT_RESOURCES_FOR_VALIDATE",
  INSUFFICIENT_BALANCE: "INSUFFICIENT_ACCOUNT_BALANCE",
  VALIDATION_FAILURE: "VALIDATION_FAILURE",
  NON_ACCOUNT: "NON_ACCOUNT",
  CLASS_ALREADY_DECLARED: "CLASS_ALREADY_DECLARED",
  CLASS_HASH_NOT_FOUND: "CLASS_HASH_NOT_FOUND",
  L1_FEE_NOT_PAID: "UNEXPECTED_ERROR",
  FEE_TRANSFER_FAILED: "UNEXPECTED_ERROR",
};

/** The gateway's error for `error`; undefined when it is none that a transaction can cause. */
export function asGatewayError(error: unknown): GatewayError | undefined {
  if (error instanceof GatewayError) return error;
  if (error instanceof BlockCapacityError)
    return new GatewayError("UNEXPECTED_ERROR", error.message, { cause: error });
  if (!(error instanceof TransactionRejected)) return undefined;
  return new GatewayError(CODES[error.code], error.message, { cause: error });
}
