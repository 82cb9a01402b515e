/** The prover's work in parts that threads do: each reads and writes lists in shared memory. */
import type { Felt } from "../../field/felt.ts";
import { PAIR_BYTES } from "../kernel.ts";
import type { TapeProgram } from "./tape.ts";

/** Elements i and i + n/2 side by side, 80 bytes a pair. */
export type PairList = Uint8Array;

/** A list of n elements in shared memory. */
export const sharedPairs = (n: number): PairList =>
  new Uint8Array(new SharedArrayBuffer((n / 2) * PAIR_BYTES));

/** Bytes of a node of a Merkle tree. */
export const NODE_BYTES = 32;

/** Nodes of a tree in shared memory, of which only the first bytes are kept where the others are zero. */
export interface NodeList {
  readonly bytes: Uint8Array;
  /** 20 or 32. */
  readonly nodeBytes: number;
}

export type Task =
  /** Values in natural order, as 32-byte elements or pairs on a coset, to coefficients. */
  | {
      readonly type: "interpolate";
      readonly log: number;
      readonly source: Uint32Array | PairList;
      readonly shift: Felt;
      readonly target: PairList;
    }
  /** Coefficients to values on a coset. */
  | {
      readonly type: "evaluate";
      readonly log: number;
      readonly source: PairList;
      readonly shift: Felt;
      readonly target: PairList;
    }
  /** Leaves of pairs first.. of a coset whose leaves start at node `base`. */
  | {
      readonly type: "hashRows";
      readonly log: number;
      readonly columns: readonly PairList[];
      readonly first: number;
      readonly count: number;
      readonly nodes: NodeList;
      readonly base: number;
    }
  /** Leaves of FRI cosets first.. of 2^step members, from a layer's values on one coset. */
  | {
      readonly type: "hashCosets";
      readonly log: number;
      readonly step: number;
      readonly layer: PairList;
      readonly first: number;
      readonly count: number;
      readonly nodes: NodeList;
      readonly base: number;
    }
  /** All ancestors of the `count` nodes from `first` on, up to a single one. */
  | {
      readonly type: "hashTree";
      readonly nodes: NodeList;
      readonly first: number;
      readonly count: number;
    }
  | {
      readonly type: "tape";
      readonly log: number;
      readonly shift: Felt;
      readonly program: TapeProgram;
      readonly columns: readonly PairList[];
      readonly first: number;
      readonly count: number;
      readonly target: PairList;
    }
  /** 1/(x - pole) at pairs first.. of a coset. */
  | {
      readonly type: "inverses";
      readonly log: number;
      readonly shift: Felt;
      readonly pole: Felt;
      readonly first: number;
      readonly count: number;
      readonly target: PairList;
    }
  /** Sums over pairs first.. of coefficients, at each of the points (wasm/evaluate.ts). */
  | {
      readonly type: "sums";
      readonly log: number;
      readonly source: PairList;
      readonly first: number;
      readonly count: number;
      readonly points: readonly Felt[];
    }
  /** The composition's halves, from its values' coefficients on two cosets (wasm/ntt.ts). */
  | {
      readonly type: "split";
      readonly log: number;
      readonly u: PairList;
      readonly v: PairList;
      readonly half: Felt;
      readonly halfOverS: Felt;
      readonly first: number;
      readonly count: number;
      readonly targets: readonly [PairList, PairList];
    }
  /** Pairs first.. of the next FRI layer; the layer's points are start·w^i. */
  | {
      readonly type: "fold";
      readonly log: number;
      readonly layer: PairList;
      readonly beta: Felt;
      readonly inverseStart: Felt;
      readonly first: number;
      readonly count: number;
      readonly target: PairList;
    }
  | {
      readonly type: "grind";
      readonly seed: Uint8Array;
      readonly bits: number;
      readonly first: bigint;
      readonly count: number;
    };

/** The task of a type. */
export type TaskOf<Type extends Task["type"]> = Extract<Task, { readonly type: Type }>;

/** Of sums pairs, of grind a nonce or -1. */
export type TaskResult = readonly (readonly [Felt, Felt])[] | bigint | undefined;
