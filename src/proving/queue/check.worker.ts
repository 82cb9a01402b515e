/** A thread that checks one proof, and ends. */
import { parentPort, workerData } from "node:worker_threads";
import type { BlockProof } from "../prove-job.ts";
import { BadProof, checkProof, type Expectation } from "./check.ts";

export interface CheckRequest {
  readonly bytes: Uint8Array;
  readonly expected: Expectation;
}

export type CheckAnswer = { readonly proof: BlockProof } | { readonly reason: string };

function answer({ bytes, expected }: CheckRequest): CheckAnswer {
  try {
    return { proof: checkProof(bytes, expected) };
  } catch (error) {
    if (!(error instanceof BadProof)) throw error;
    return { reason: error.message };
  }
}

parentPort!.postMessage(answer(workerData as CheckRequest));
