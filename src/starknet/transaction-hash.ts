/**
 * Hashes of transactions (version 3, and L1 handlers) and of the messages between the layers.
 * Starknet documentation, "Transaction types: hash calculation"; SNIP-8 for version 3.
 */
import { shortString } from "../field/short-string.ts";
import type { Felt } from "../field/felt.ts";
import { keccak256 } from "../hash/keccak.ts";
import { pedersenArray } from "../hash/pedersen.ts";
import { poseidonLists, poseidonMany } from "../hash/poseidon.ts";
import { bigIntToBytes, bytesToBigInt } from "../util/bytes.ts";
import type { MessageToL1 } from "./receipt.ts";
import type {
  AccountTransaction,
  L1HandlerTransaction,
  ResourceBounds,
  Transaction,
  TransactionV3Fields,
} from "./transaction.ts";

/** A transaction that has no hash yet. */
export type Unhashed<T extends Transaction> = T extends Transaction ? Omit<T, "hash"> : never;

/** name (60 bits) ‖ max amount (64) ‖ max price per unit (128), SNIP-8. */
function packBounds(name: string, bounds: ResourceBounds): Felt {
  return (shortString(name) << 192n) | (bounds.maxAmount << 128n) | bounds.maxPricePerUnit;
}

function feeFields(transaction: Omit<TransactionV3Fields, "hash">): Felt[] {
  const { l1Gas, l2Gas, l1DataGas } = transaction.resourceBounds;
  return [
    transaction.tip,
    packBounds("L1_GAS", l1Gas),
    packBounds("L2_GAS", l2Gas),
    packBounds("L1_DATA", l1DataGas),
  ];
}

const PREFIXES = {
  INVOKE: "invoke",
  DECLARE: "declare",
  DEPLOY_ACCOUNT: "deploy_account",
} as const;

/** What the hash covers beyond the fields that all account transactions share: lists' hashes, then felts. */
function specificFields(
  transaction: Unhashed<AccountTransaction>,
): readonly [lists: readonly (readonly Felt[])[], felts: readonly Felt[]] {
  switch (transaction.type) {
    case "INVOKE":
      return [[transaction.accountDeploymentData, transaction.calldata], []];
    case "DECLARE":
      return [
        [transaction.accountDeploymentData],
        [transaction.classHash, transaction.compiledClassHash],
      ];
    case "DEPLOY_ACCOUNT":
      return [
        [transaction.constructorCalldata],
        [transaction.classHash, transaction.contractAddressSalt],
      ];
  }
}

function accountTransactionHash(transaction: Unhashed<AccountTransaction>, chainId: Felt): Felt {
  const [lists, felts] = specificFields(transaction);
  const [feeFieldsHash, paymasterHash, ...listHashes] = poseidonLists([
    feeFields(transaction),
    transaction.paymasterData,
    ...lists,
  ]);
  return poseidonMany([
    shortString(PREFIXES[transaction.type]),
    transaction.version,
    transaction.senderAddress,
    feeFieldsHash!,
    paymasterHash!,
    chainId,
    transaction.nonce,
    (BigInt(transaction.nonceDataAvailabilityMode) << 32n) |
      BigInt(transaction.feeDataAvailabilityMode),
    ...listHashes,
    ...felts,
  ]);
}

/** What the hash of an invoke transaction of version 0 covers; today only meta_tx_v0 makes them. */
export interface InvokeV0Fields {
  /** 0, or 2^128 in a query */
  readonly version: Felt;
  readonly contractAddress: Felt;
  readonly entryPointSelector: Felt;
  readonly calldata: readonly Felt[];
  readonly maxFee: bigint;
}

export const invokeV0Hash = (fields: InvokeV0Fields, chainId: Felt): Felt =>
  pedersenArray([
    shortString("invoke"),
    fields.version,
    fields.contractAddress,
    fields.entryPointSelector,
    pedersenArray(fields.calldata),
    fields.maxFee,
    chainId,
  ]);

function l1HandlerHash(transaction: Unhashed<L1HandlerTransaction>, chainId: Felt): Felt {
  return pedersenArray([
    shortString("l1_handler"),
    transaction.version,
    transaction.contractAddress,
    transaction.entryPointSelector,
    pedersenArray(transaction.calldata),
    0n, // max fee
    chainId,
    transaction.nonce,
  ]);
}

/** Hash of a transaction; `version` decides whether it is that of a query. */
export function transactionHash(transaction: Unhashed<Transaction>, chainId: Felt): Felt {
  return transaction.type === "L1_HANDLER"
    ? l1HandlerHash(transaction, chainId)
    : accountTransactionHash(transaction, chainId);
}

const wordsHash = (words: readonly bigint[]): bigint =>
  bytesToBigInt(keccak256(Buffer.concat(words.map((word) => bigIntToBytes(word, 32)))));

/** Message from L1, as `StarknetCore` of L1 sends and stores it. Addresses of L1 are felts here. */
export interface MessageToL2 {
  readonly fromAddress: bigint;
  readonly toAddress: Felt;
  readonly nonce: bigint;
  readonly selector: Felt;
  readonly payload: readonly Felt[];
}

/** keccak256 of the packed words (256 bit), IStarknetMessaging.sol `l1ToL2MsgHash`. */
export const messageToL2Hash = (message: MessageToL2): bigint =>
  wordsHash([
    message.fromAddress,
    message.toAddress,
    message.nonce,
    message.selector,
    BigInt(message.payload.length),
    ...message.payload,
  ]);

/** Hash of the L1 message that an L1 handler consumes: calldata[0] is its sender. */
export function l1HandlerMessageHash(transaction: Unhashed<L1HandlerTransaction>): bigint {
  const [fromAddress = 0n, ...payload] = transaction.calldata;
  return messageToL2Hash({
    fromAddress,
    toAddress: transaction.contractAddress,
    nonce: transaction.nonce,
    selector: transaction.entryPointSelector,
    payload,
  });
}

/** keccak256 of the packed words (256 bit), IStarknetMessaging.sol `consumeMessageFromL2`. */
export const messageToL1Hash = (message: MessageToL1): bigint =>
  wordsHash([
    message.fromAddress,
    message.toAddress,
    BigInt(message.payload.length),
    ...message.payload,
  ]);
