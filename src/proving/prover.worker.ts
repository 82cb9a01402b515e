/** A thread that proves one job, and ends. */
import { setPriority } from "node:os";
import { parentPort, workerData } from "node:worker_threads";
import type { SecurityOptions } from "../prover/security.ts";
import { Unprovable } from "../os/unprovable.ts";
import type { ProofJob } from "./job.ts";
import { proveJob, type BlockProof, type JobStage } from "./prove-job.ts";

export interface ProverRequest {
  readonly job: ProofJob;
  readonly threads: number;
  readonly security: SecurityOptions | undefined;
}

export type ProverMessage =
  | { readonly kind: "progress"; readonly stage: JobStage; readonly fraction: number }
  | { readonly kind: "done"; readonly proof: BlockProof }
  | {
      readonly kind: "failed";
      readonly name: string;
      readonly message: string;
      /** Of a block that cannot be proven. */
      readonly unprovable?: { readonly block: number; readonly reason: string };
    };

/** The sequencer comes first. Linux counts this for the thread and those that it starts, others for the process. */
const NICE = 10;
if (process.platform === "linux") setPriority(NICE);

const send = (message: ProverMessage): void => parentPort!.postMessage(message);
const { job, threads, security } = workerData as ProverRequest;
try {
  const proof = await proveJob(job, {
    threads,
    ...(security && { security }),
    onProgress: (stage, fraction) => send({ kind: "progress", stage, fraction }),
  });
  send({ kind: "done", proof });
} catch (error) {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  send({
    kind: "failed",
    name,
    message,
    ...(error instanceof Unprovable && {
      unprovable: { block: error.blockNumber, reason: error.reason },
    }),
  });
}
