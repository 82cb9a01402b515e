/** Checks proofs in a thread, so that rubbish costs the sequencer nothing. */
import { spawnWorker } from "../../util/worker.ts";
import type { BlockProof } from "../prove-job.ts";
import { BadProof, type Expectation } from "./check.ts";
import type { CheckAnswer, CheckRequest } from "./check.worker.ts";

/** A proof is checked in a second or two. */
const LONGEST_MS = 120_000;
const MAX_HEAP = 1_024;

/** Rejects with BadProof, also where the check itself does not end well. */
export async function checkInThread(bytes: Uint8Array, expected: Expectation): Promise<BlockProof> {
  const request: CheckRequest = { bytes, expected };
  const worker = spawnWorker("./check.worker", import.meta.url, {
    workerData: request,
    resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP },
  });
  worker.unref();
  const timer = setTimeout(() => void worker.terminate(), LONGEST_MS).unref();
  try {
    const answer = await new Promise<CheckAnswer>((resolve, reject) => {
      worker.once("message", resolve);
      worker.once("error", (error) => reject(new BadProof(`its check failed: ${error.message}`)));
      worker.once("exit", () => reject(new BadProof("its check did not end")));
    });
    if ("reason" in answer) throw new BadProof(answer.reason);
    return answer.proof;
  } finally {
    clearTimeout(timer);
    await worker.terminate();
  }
}
