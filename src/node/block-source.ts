/** Where a following node takes its blocks from; a sequencer's feeder gateway is one (feeder-client.ts). */
import type { Felt } from "../field/felt.ts";
import type { Block } from "../starknet/block.ts";
import type { SierraClass } from "../starknet/class/sierra.ts";
import type { StateDiff } from "../state/diff.ts";

/** The newest block of a source, and how far L1 has come with it. */
export interface SourceHead {
  readonly number: number;
  readonly hash: Felt;
  /** Undefined where no block is on L1. */
  readonly latestOnL1: number | undefined;
}

/** A closed block as the source tells it: nothing of it is believed before the node has checked it. */
export interface SourceBlock {
  readonly block: Block;
  readonly stateDiff: StateDiff;
}

/**
 * All methods reject with SourceError where the source is away or its answer is none, and with the signal's reason
 * where that is aborted.
 */
export interface BlockSource {
  /** As users see it. */
  readonly url: string;
  /** Tells the source where the node that follows it is. */
  announce?(url: string): void;
  head(signal: AbortSignal): Promise<SourceHead>;
  /** Undefined where the source has no such block. */
  block(number: number, signal: AbortSignal): Promise<SourceBlock | undefined>;
  /** Undefined where the source has no such class. Compiling it is the node's own work. */
  sierraClass(classHash: Felt, signal: AbortSignal): Promise<SierraClass | undefined>;
}

/** The source cannot be asked, or what it says is no answer to the question. */
export class SourceError extends Error {
  override readonly name = "SourceError";
}
