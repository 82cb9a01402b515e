/** How far a proof is. */
import type { Stage } from "../prover/prove.ts";
import type { JobStage } from "./prove-job.ts";

/** The prover's stages, with what part of the time they take, about. */
const WEIGHTS: Readonly<Record<JobStage, number>> = {
  execution: 3,
  trace: 10,
  "trace commitment": 14,
  "interaction commitment": 7,
  composition: 34,
  "composition commitment": 12,
  "out-of-domain values": 1,
  "DEEP quotient": 15,
  FRI: 1,
  "proof of work": 2,
  queries: 1,
} satisfies Record<Stage | "execution", number>;

export const isJobStage = (value: unknown): value is JobStage =>
  typeof value === "string" && Object.hasOwn(WEIGHTS, value);

/** Of the whole proof, from the part that runs. */
export function overall(part: JobStage, fraction: number): number {
  const total = Object.values(WEIGHTS).reduce((sum, weight) => sum + weight, 0);
  let done = 0;
  for (const [name, weight] of Object.entries(WEIGHTS)) {
    if (name === part) return (done + weight * fraction) / total;
    done += weight;
  }
  return 1;
}
