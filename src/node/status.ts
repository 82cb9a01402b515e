/** What a node says of itself. */
import type { Felt } from "../field/felt.ts";

/**
 * How a node comes to its state: it executes every transaction again; it applies the sequencer's state diffs; or it
 * applies those that L1 has, with the proofs that L1 accepted.
 */
export type NodeMode = "replay" | "l2" | "l1";

/** `stopped`: the node has met what must not be, and stays at the last good block. */
export type NodeStage = "starting" | "catching up" | "following" | "stopped";

export interface NodeStatus {
  readonly mode: NodeMode;
  readonly stage: NodeStage;
  /** Where its blocks come from: the feeder gateway, or L1's JSON-RPC. */
  readonly source: string;
  /** The newest block whose state it has; undefined before the first. */
  readonly latest:
    { readonly number: number; readonly hash: Felt; readonly stateRoot: Felt } | undefined;
  /** Newest block that L2 is known to have; undefined where nobody has said. */
  readonly head: number | undefined;
  readonly latestOnL1: number | undefined;
  /** Why it does not go on at present; undefined where it does. */
  readonly problem: string | undefined;
  /** Of mode `l1`. */
  readonly l1?: L1Position;
}

/** What a node follows on L1. */
export interface L1Position {
  readonly core: string;
  /** Block of L1 up to which it has been read; undefined before the first. */
  readonly block: number | undefined;
  /** Whether L1 has verified a proof of each state. */
  readonly proven: boolean;
}
