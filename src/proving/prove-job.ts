/** From a job to a proof of its blocks: the OS program runs on them, and its run is proven. */
import type { Felt } from "../field/felt.ts";
import { osProgram } from "../os/program.ts";
import { runOs } from "../os/run.ts";
import { PROOF_LAYOUTS } from "../prover/air/layouts/index.ts";
import type { ProofFile } from "../prover/proof-file.ts";
import { withProgramPages } from "../prover/program-pages.ts";
import { proveTrace, type Stage } from "../prover/prove.ts";
import type { SecurityOptions } from "../prover/security.ts";
import { buildTrace } from "../prover/trace/build.ts";
import { verifierLayoutOf } from "../prover/verifier/layout.ts";
import { jobInput, type ProofJob } from "./job.ts";

/** The layout in which blocks are proven. */
export const BLOCK_LAYOUT_NAME = "compact";
const BLOCK_LAYOUT = PROOF_LAYOUTS[BLOCK_LAYOUT_NAME];

/**
 * Of the 96 bits, 72 come from queries: at blowup 8 a third fewer than at 4, and so 1.1 M gas of a proof, for a third
 * more of the prover's time (docs/performance.md).
 */
export const BLOCK_SECURITY: SecurityOptions = { logBlowup: 3, powBits: 24 };

/** Beside the prover's stages: the run of the OS program, which comes before them. */
export type JobStage = "execution" | Stage;

export interface JobOptions {
  /** Worker threads of the prover; 0 for none. */
  readonly threads: number;
  readonly security?: SecurityOptions;
  readonly signal?: AbortSignal;
  readonly onProgress?: (stage: JobStage, fraction: number) => void;
}

/** A proof of blocks, and what it took. */
export interface BlockProof {
  /** Words of the OS's output: header, messages, state diff. */
  readonly words: readonly Felt[];
  readonly file: ProofFile;
  /** of the OS program, padded to a power of two */
  readonly steps: number;
  readonly rows: number;
}

/** Words of the OS program as it lies in public memory. */
export const osProgramWords = (): readonly Felt[] => osProgram().program.bytecode;

/** Throws Unprovable, VmError and ProverError. */
export async function proveJob(job: ProofJob, options: JobOptions): Promise<BlockProof> {
  options.onProgress?.("execution", 0);
  const run = runOs(jobInput(job), { proofMode: true, layout: BLOCK_LAYOUT_NAME, trace: true });
  options.onProgress?.("execution", 1);
  options.onProgress?.("trace", 0);
  const trace = buildTrace(run, BLOCK_LAYOUT);
  const statement = withProgramPages(
    trace.statement,
    verifierLayoutOf(BLOCK_LAYOUT),
    osProgramWords().length,
  );
  options.onProgress?.("trace", 1);
  const file = await proveTrace(
    { ...trace, statement },
    {
      ...options,
      security: options.security ?? BLOCK_SECURITY,
      layout: BLOCK_LAYOUT,
      releaseTrace: true,
    },
  );
  return { words: run.words, file, steps: run.steps, rows: trace.table.rows };
}
