/** The hash of a block (starknet-formulas.md §5, the form since 0.13.4). */
import type { Felt } from "../../field/felt.ts";
import { shortString } from "../../field/short-string.ts";
import { poseidonMany } from "../../hash/poseidon.ts";
import type { StateDiff } from "../../state/diff.ts";
import type { BlockHeader, GasPrices } from "../block.ts";
import type { Receipt } from "../receipt.ts";
import type { Transaction } from "../transaction.ts";
import { eventCommitment } from "./event-commitment.ts";
import { receiptCommitment } from "./receipt-commitment.ts";
import { stateDiffCommitment, stateDiffLength } from "./state-diff-commitment.ts";
import { transactionCommitment } from "./transaction-commitment.ts";

/** The parts of a header that say what is in the block. */
export type BlockCommitments = Pick<
  BlockHeader,
  | "transactionCount"
  | "eventCount"
  | "stateDiffLength"
  | "stateDiffCommitment"
  | "transactionCommitment"
  | "eventCommitment"
  | "receiptCommitment"
>;

/** receipts[i] belongs to transactions[i]. */
export const blockCommitments = (
  transactions: readonly Transaction[],
  receipts: readonly Receipt[],
  stateDiff: StateDiff,
): BlockCommitments => ({
  transactionCount: transactions.length,
  eventCount: receipts.reduce((count, { events }) => count + events.length, 0),
  stateDiffLength: stateDiffLength(stateDiff),
  stateDiffCommitment: stateDiffCommitment(stateDiff),
  transactionCommitment: transactionCommitment(transactions),
  eventCommitment: eventCommitment(receipts),
  receiptCommitment: receiptCommitment(receipts),
});

const BLOB_BIT = 1n << 63n;

/** Three counts of 64 bits and the data availability mode in the highest bit of 64 more. */
export function packedCounts(
  header: Pick<
    BlockHeader,
    "transactionCount" | "eventCount" | "stateDiffLength" | "dataAvailability"
  >,
): Felt {
  const { transactionCount, eventCount, stateDiffLength: diffLength, dataAvailability } = header;
  const words = [
    BigInt(transactionCount),
    BigInt(eventCount),
    BigInt(diffLength),
    dataAvailability === "BLOB" ? BLOB_BIT : 0n,
  ];
  return words.reduce((packed, word) => (packed << 64n) | word);
}

/** Hashes of prices that are in use: most blocks have those of the one before. */
const knownPrices = new WeakMap<GasPrices, Felt>();

export function gasPricesHash(prices: GasPrices): Felt {
  const known = knownPrices.get(prices);
  if (known !== undefined) return known;
  const { l1Gas, l1DataGas, l2Gas } = prices;
  const hash = poseidonMany([
    shortString("STARKNET_GAS_PRICES0"),
    ...[l1Gas, l1DataGas, l2Gas].flatMap(({ wei, fri }) => [wei, fri]),
  ]);
  knownPrices.set(prices, hash);
  return hash;
}

export const blockHash = (header: Omit<BlockHeader, "hash">): Felt =>
  poseidonMany([
    shortString("STARKNET_BLOCK_HASH1"),
    BigInt(header.number),
    header.stateRoot,
    header.sequencerAddress,
    BigInt(header.timestamp),
    packedCounts(header),
    header.stateDiffCommitment,
    header.transactionCommitment,
    header.eventCommitment,
    header.receiptCommitment,
    gasPricesHash(header.gasPrices),
    shortString(header.starknetVersion),
    0n,
    header.parentHash,
  ]);
