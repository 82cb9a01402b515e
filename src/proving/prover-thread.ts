/** Proves a job in a thread of its own: whatever becomes of it, the process lives. */
import { spawnWorker } from "../util/worker.ts";
import type { SecurityOptions } from "../prover/security.ts";
import { Unprovable } from "../os/unprovable.ts";
import type { ProofJob } from "./job.ts";
import type { BlockProof, JobStage } from "./prove-job.ts";
import type { ProverMessage, ProverRequest } from "./prover.worker.ts";

/** The proof failed for a reason that lies in the job: it would fail again. */
export class JobError extends Error {
  override readonly name = "JobError";
}

/** The thread ended before it was done: out of memory, killed, or by a fault. */
export class ProverCrash extends Error {
  override readonly name = "ProverCrash";
}

/** Errors of the engine that come again with the same job. */
const OF_THE_JOB = new Set(["VmError", "ProverError", "ProgramError"]);

export interface RunningProof {
  /** Rejects with Unprovable, JobError, ProverCrash. */
  readonly done: Promise<BlockProof>;
  /** Ends the thread; `done` rejects. */
  cancel(): Promise<void>;
}

export interface ProverThreadOptions {
  readonly threads: number;
  readonly security?: SecurityOptions | undefined;
  readonly onProgress: (stage: JobStage, fraction: number) => void;
}

/** MiB of JavaScript heap; what is large lies outside of it. */
const MAX_HEAP = 4096;

export type StartProof = (job: ProofJob, options: ProverThreadOptions) => RunningProof;

export const startProof: StartProof = (job, { threads, security, onProgress }) => {
  const request: ProverRequest = { job, threads, security };
  const worker = spawnWorker("./prover.worker", import.meta.url, {
    workerData: request,
    resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP },
  });
  // A proof alone keeps no process alive: it is made again where it is needed.
  worker.unref();
  const done = new Promise<BlockProof>((resolve, reject) => {
    worker.on("message", (message: ProverMessage) => {
      switch (message.kind) {
        case "progress":
          onProgress(message.stage, message.fraction);
          break;
        case "done":
          resolve(message.proof);
          break;
        case "failed":
          reject(failure(message));
      }
    });
    worker.once("error", (cause) => reject(new ProverCrash(cause.message, { cause })));
    worker.once("exit", (code) => reject(new ProverCrash(`the prover ended with code ${code}`)));
  });
  return {
    done,
    cancel: async () => {
      await worker.terminate();
    },
  };
};

function failure(message: Extract<ProverMessage, { kind: "failed" }>): Error {
  const { name, unprovable } = message;
  if (unprovable !== undefined) return new Unprovable(unprovable.block, unprovable.reason);
  return OF_THE_JOB.has(name)
    ? new JobError(message.message)
    : new ProverCrash(`${name}: ${message.message}`);
}
