/** Commitment to a block's transactions (starknet-formulas.md §5, the form since 0.13.4). */
import type { Felt } from "../../field/felt.ts";
import { poseidonLists, poseidonMany } from "../../hash/poseidon.ts";
import type { Transaction } from "../transaction.ts";
import { listCommitment } from "./list.ts";

/** What a transaction's leaf is the hash of. A signature that is empty adds nothing. */
const transactionWords = (hash: Felt, signature: readonly Felt[]): Felt[] => [hash, ...signature];

export const transactionLeaf = (hash: Felt, signature: readonly Felt[]): Felt =>
  poseidonMany(transactionWords(hash, signature));

const signatureOf = (transaction: Transaction): readonly Felt[] =>
  transaction.type === "L1_HANDLER" ? [] : transaction.signature;

export const transactionCommitment = (transactions: readonly Transaction[]): Felt =>
  listCommitment(
    poseidonLists(transactions.map((tx) => transactionWords(tx.hash, signatureOf(tx)))),
  );
