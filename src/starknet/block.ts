/** Blocks: headers, bodies and the context in which their transactions run. */
import type { Felt } from "../field/felt.ts";
import type { Receipt } from "./receipt.ts";
import type { Transaction } from "./transaction.ts";

/** Price of one unit of a gas. */
export interface GasPrice {
  readonly wei: bigint;
  readonly fri: bigint;
}

export interface GasPrices {
  readonly l1Gas: GasPrice;
  readonly l1DataGas: GasPrice;
  readonly l2Gas: GasPrice;
}

export type DataAvailabilityMode = "BLOB" | "CALLDATA";

/** What is known of a block before its transactions have run. */
export interface BlockContext {
  readonly number: number;
  /** seconds since 1970 */
  readonly timestamp: number;
  readonly sequencerAddress: Felt;
  readonly gasPrices: GasPrices;
  readonly dataAvailability: DataAvailabilityMode;
  readonly starknetVersion: string;
}

/** The context alone: a header has more. */
export const contextOf = (header: BlockContext): BlockContext => ({
  number: header.number,
  timestamp: header.timestamp,
  sequencerAddress: header.sequencerAddress,
  gasPrices: header.gasPrices,
  dataAvailability: header.dataAvailability,
  starknetVersion: header.starknetVersion,
});

export interface BlockHeader extends BlockContext {
  readonly hash: Felt;
  readonly parentHash: Felt;
  readonly stateRoot: Felt;
  readonly transactionCount: number;
  readonly eventCount: number;
  readonly stateDiffLength: number;
  readonly stateDiffCommitment: Felt;
  readonly transactionCommitment: Felt;
  readonly eventCommitment: Felt;
  readonly receiptCommitment: Felt;
}

export interface Block {
  readonly header: BlockHeader;
  readonly transactions: readonly Transaction[];
  /** receipts[i] belongs to transactions[i] */
  readonly receipts: readonly Receipt[];
}
