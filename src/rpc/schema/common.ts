/** Parameters that several methods share. */
import { address, felt, felts } from "./numbers.ts";
import { array, mapped, object, oneOfTexts, optional, type Schema } from "./schema.ts";
import type { FunctionCall } from "../execution-service.ts";
import type { TransactionFormat } from "../format/transaction.ts";

const MAX_FLAGS = 16;

/** TXN_RESPONSE_FLAG[] */
export const transactionFlags: Schema<TransactionFormat> = mapped(
  optional(array(oneOfTexts("INCLUDE_PROOF_FACTS"), MAX_FLAGS)),
  (flags) => ({ proofFacts: flags?.includes("INCLUDE_PROOF_FACTS") ?? false }),
);

/** STORAGE_RESPONSE_FLAG[] */
export const storageFlags = optional(array(oneOfTexts("INCLUDE_LAST_UPDATE_BLOCK"), MAX_FLAGS));

/** SIMULATION_FLAG_FOR_ESTIMATE_FEE[] */
export const estimateFlags = array(oneOfTexts("SKIP_VALIDATE"), MAX_FLAGS);

/** SIMULATION_FLAG[] */
export const simulationFlags = array(
  oneOfTexts("SKIP_VALIDATE", "SKIP_FEE_CHARGE", "RETURN_INITIAL_READS"),
  MAX_FLAGS,
);

/** TRACE_FLAG[] */
export const traceFlags = optional(array(oneOfTexts("RETURN_INITIAL_READS"), MAX_FLAGS));

/** Most transactions in one estimate or simulation. */
export const MAX_TRANSACTIONS = 256;

/** FUNCTION_CALL */
export const functionCall: Schema<FunctionCall> = mapped(
  object({ contract_address: address, entry_point_selector: felt, calldata: felts }),
  ({ contract_address, entry_point_selector, calldata }) => ({
    contractAddress: contract_address,
    entryPointSelector: entry_point_selector,
    calldata,
  }),
);
