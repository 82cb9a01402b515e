/** Progress of a proof as one number and as a bar. */
import { type Stage, STAGES } from "./prove.ts";

/** Shares of the time, in percent, as measured at 2^18 rows. */
const SHARES: Readonly<Record<Stage, number>> = {
  trace: 3,
  "trace commitment": 20,
  "interaction commitment": 10,
  composition: 29,
  "composition commitment": 9,
  "out-of-domain values": 6,
  "DEEP quotient": 10,
  FRI: 4,
  "proof of work": 2,
  queries: 7,
};

const TOTAL = Object.values(SHARES).reduce((a, b) => a + b, 0);

/** How much of a proof is done, 0 to 1, at a fraction of a stage. */
export function overallProgress(stage: Stage, fraction: number): number {
  let before = 0;
  for (const earlier of STAGES) {
    if (earlier === stage) break;
    before += SHARES[earlier];
  }
  return (before + fraction * SHARES[stage]) / TOTAL;
}

const BAR_WIDTH = 30;

export function progressBar(stage: Stage, fraction: number): string {
  const done = overallProgress(stage, fraction);
  const filled = Math.round(done * BAR_WIDTH);
  const bar = "█".repeat(filled) + "░".repeat(BAR_WIDTH - filled);
  return `${bar} ${String(Math.round(done * 100)).padStart(3)}%  ${stage}`;
}
