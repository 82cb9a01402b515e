/** Transactions that cannot be in a block at all: nothing of them stays, no fee is charged. */
import type { Felt } from "../../field/felt.ts";

export type RejectionCode =
  | "UNSUPPORTED_VERSION"
  | "INVALID_NONCE"
  /** Resource bounds are below the minimum or below the prices, or validation used more than they allow. */
  | "INSUFFICIENT_RESOURCES_FOR_VALIDATE"
  /** The sender's balance does not cover what its bounds commit to. */
  | "INSUFFICIENT_BALANCE"
  /** `__validate__`, or a deployed account's constructor, failed. */
  | "VALIDATION_FAILURE"
  /** The sender has no such entry point as its transaction needs, or does not exist. */
  | "NON_ACCOUNT"
  | "CLASS_ALREADY_DECLARED"
  | "CLASS_HASH_NOT_FOUND"
  /** An L1 handler whose message came without a fee. */
  | "L1_FEE_NOT_PAID"
  | "FEE_TRANSFER_FAILED";

/** The state is as it was before. The message is blockifier's where it has one. */
export class TransactionRejected extends Error {
  override readonly name = "TransactionRejected";
  readonly code: RejectionCode;
  /** INVALID_NONCE only */
  readonly nonces: { readonly account: Felt; readonly transaction: Felt } | undefined;

  constructor(
    code: RejectionCode,
    message: string,
    details: { nonces?: TransactionRejected["nonces"]; cause?: unknown } = {},
  ) {
    super(message, { cause: details.cause });
    this.code = code;
    this.nonces = details.nonces;
  }
}
