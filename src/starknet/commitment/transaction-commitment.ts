/** Commitment to a block's transactions (starknet-formulas.md §5, the form since 0.13.4). */
import type { Felt } from "../../field/felt.ts";
import { poseidonMany } from "../../hash/poseidon.ts";
import type { Transaction } from "../transaction.ts";
import { listCommitment } from "./list.ts";

/** A signature that is empty adds nothing. */
export const transactionLeaf = (hash: Felt, signature: readonly Felt[]): Felt =>
  poseidonMany([hash, ...signature]);

const signatureOf = (transaction: Transaction): readonly Felt[] =>
  transaction.type === "L1_HANDLER" ? [] : transaction.signature;

export const transactionCommitment = (transactions: readonly Transaction[]): Felt =>
  listCommitment(transactions.map((tx) => transactionLeaf(tx.hash, signatureOf(tx))));
