/** Commitment to the receipts of a block (starknet-formulas.md §5). */
import type { Felt } from "../../field/felt.ts";
import { snKeccak } from "../../hash/keccak.ts";
import { poseidonLists, poseidonMany } from "../../hash/poseidon.ts";
import type { MessageToL1, Receipt } from "../receipt.ts";
import { listCommitment, withLength } from "./list.ts";

export const messagesHash = (messages: readonly MessageToL1[]): Felt =>
  poseidonMany([
    BigInt(messages.length),
    ...messages.flatMap(({ fromAddress, toAddress, payload }) => [
      fromAddress,
      toAddress,
      ...withLength(payload),
    ]),
  ]);

/** The parts of a receipt that its hash covers; of the gases L2 gas is not among them. */
export type HashedReceipt = Pick<
  Receipt,
  "transactionHash" | "actualFee" | "messages" | "revertReason" | "resources"
>;

/** What a receipt's leaf is the hash of. */
const receiptWords = (receipt: HashedReceipt): Felt[] => [
  receipt.transactionHash,
  receipt.actualFee,
  messagesHash(receipt.messages),
  receipt.revertReason === undefined ? 0n : snKeccak(receipt.revertReason),
  0n,
  receipt.resources.l1Gas,
  receipt.resources.l1DataGas,
];

export const receiptLeaf = (receipt: HashedReceipt): Felt => poseidonMany(receiptWords(receipt));

export const receiptCommitment = (receipts: readonly HashedReceipt[]): Felt =>
  listCommitment(poseidonLists(receipts.map(receiptWords)));
