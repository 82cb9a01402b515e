/** TXN and TXN_WITH_HASH. */
import type {
  AllResourceBounds,
  ResourceBounds,
  Transaction,
  TransactionV3Fields,
} from "../../starknet/transaction.ts";
import { toHex } from "../../util/hex.ts";
import { hexes } from "./felts.ts";

export interface TransactionFormat {
  /** INCLUDE_PROOF_FACTS: protocol 0.14.0 knows none, so the list is empty. */
  readonly proofFacts?: boolean;
}

const formatBounds = (bounds: ResourceBounds): object => ({
  max_amount: toHex(bounds.maxAmount),
  max_price_per_unit: toHex(bounds.maxPricePerUnit),
});

const formatAllBounds = (bounds: AllResourceBounds): object => ({
  l1_gas: formatBounds(bounds.l1Gas),
  l1_data_gas: formatBounds(bounds.l1DataGas),
  l2_gas: formatBounds(bounds.l2Gas),
});

const DA_MODES = ["L1", "L2"] as const;

const formatV3 = (transaction: TransactionV3Fields): object => ({
  version: toHex(transaction.version),
  signature: hexes(transaction.signature),
  nonce: toHex(transaction.nonce),
  resource_bounds: formatAllBounds(transaction.resourceBounds),
  tip: toHex(transaction.tip),
  paymaster_data: hexes(transaction.paymasterData),
  nonce_data_availability_mode: DA_MODES[transaction.nonceDataAvailabilityMode],
  fee_data_availability_mode: DA_MODES[transaction.feeDataAvailabilityMode],
});

/** TXN */
export function formatTransaction(
  transaction: Transaction,
  format: TransactionFormat = {},
): object {
  const { type } = transaction;
  switch (type) {
    case "INVOKE":
      return {
        type,
        ...formatV3(transaction),
        sender_address: toHex(transaction.senderAddress),
        calldata: hexes(transaction.calldata),
        account_deployment_data: hexes(transaction.accountDeploymentData),
        ...(format.proofFacts ? { proof_facts: [] } : {}),
      };
    case "DECLARE":
      return {
        type,
        ...formatV3(transaction),
        sender_address: toHex(transaction.senderAddress),
        class_hash: toHex(transaction.classHash),
        compiled_class_hash: toHex(transaction.compiledClassHash),
        account_deployment_data: hexes(transaction.accountDeploymentData),
      };
    case "DEPLOY_ACCOUNT":
      return {
        type,
        ...formatV3(transaction),
        class_hash: toHex(transaction.classHash),
        contract_address_salt: toHex(transaction.contractAddressSalt),
        constructor_calldata: hexes(transaction.constructorCalldata),
      };
    case "L1_HANDLER":
      return {
        type,
        version: "0x0",
        nonce: toHex(transaction.nonce),
        contract_address: toHex(transaction.contractAddress),
        entry_point_selector: toHex(transaction.entryPointSelector),
        calldata: hexes(transaction.calldata),
      };
  }
}

/** TXN_WITH_HASH */
export const formatTransactionWithHash = (
  transaction: Transaction,
  format?: TransactionFormat,
): object => ({
  transaction_hash: toHex(transaction.hash),
  ...formatTransaction(transaction, format),
});
