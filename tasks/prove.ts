import { HardhatPluginError } from "hardhat/plugins";
import type { NewTaskActionFunction } from "hardhat/types/tasks";
import { ProgramError, VmError } from "../src/cairo/errors.ts";
import { PROOF_LAYOUTS, type ProofLayoutName } from "../src/prover/air/layouts/index.ts";
import { ProverError } from "../src/prover/errors.ts";
import { runProgramFile } from "../src/prover/program-file.ts";
import { progressBar } from "../src/prover/progress.ts";
import { encodeProofFile } from "../src/prover/proof-file.ts";
import { prove, type Stage } from "../src/prover/prove.ts";
import type { SecurityOptions } from "../src/prover/security.ts";
import { failed } from "./support.ts";
import { checkFolder, writeWhole } from "./write-whole.ts";

interface ProveArguments {
  readonly program: string | undefined;
  readonly input: string | undefined;
  readonly layout: string;
  readonly security: string;
  readonly blowup: string;
  readonly out: string | undefined;
}

interface Order {
  readonly program: string;
  readonly input: string | undefined;
  readonly layout: ProofLayoutName;
  readonly security: SecurityOptions;
  readonly out: string;
}

/** Runs, proves, writes the proof file; answers what it did. Ctrl-C leaves no file. */
const action: NewTaskActionFunction<ProveArguments> = async (args) => {
  const { program, input, layout, security, out } = check(args);
  const controller = new AbortController();
  const interrupt = (): void => {
    controller.abort(failed("interrupted: no proof was written"));
  };
  process.once("SIGINT", interrupt);
  const start = performance.now();
  try {
    const run = runProgramFile({ program, input }, layout);
    const rows = run.steps * PROOF_LAYOUTS[layout].rowsPerStep;
    console.log(`${run.steps} steps, layout ${layout}, 2^${Math.log2(rows)} rows`);
    const file = await prove(run, {
      layout: PROOF_LAYOUTS[layout],
      security,
      signal: controller.signal,
      onProgress: showProgress,
    });
    writeWhole("--out", out, encodeProofFile(file, out.endsWith(".gz")));
    const seconds = (performance.now() - start) / 1000;
    console.log(`${out}: ${file.proof.length} bytes of proof in ${seconds.toFixed(1)} s`);
    return { rows, steps: run.steps, seconds, bytes: file.proof.length };
  } catch (error) {
    throw asPluginError(error);
  } finally {
    process.off("SIGINT", interrupt);
  }
};

/** What can be known to be wrong before any work is done. */
function check({ program, input, out, ...args }: ProveArguments): Order {
  if (program === undefined) throw failed("--program: which compiled program shall be proven?");
  if (out === undefined) throw failed("--out: which file shall the proof go to?");
  const layouts = Object.keys(PROOF_LAYOUTS);
  if (!layouts.includes(args.layout))
    throw failed(`--layout: expected one of ${layouts.join(", ")}, got "${args.layout}"`);
  const bits = Number(args.security);
  if (!/^\d+$/.test(args.security) || bits < 1)
    throw failed(`--security: expected a number of bits, got "${args.security}"`);
  const logBlowup = Math.log2(Number(args.blowup));
  if (!/^\d+$/.test(args.blowup) || !Number.isInteger(logBlowup) || logBlowup < 1)
    throw failed(`--blowup: expected a power of two from 2 on, got "${args.blowup}"`);
  checkFolder("--out", out);
  const layout = args.layout as ProofLayoutName;
  return { program, input, layout, security: { bits, logBlowup }, out };
}

function showProgress(stage: Stage, fraction: number): void {
  if (process.stdout.isTTY) {
    process.stdout.write(`\r\x1b[K${progressBar(stage, fraction)}`);
    if (stage === "queries" && fraction === 1) process.stdout.write("\r\x1b[K");
  } else if (fraction === 1) console.log(stage);
}

function asPluginError(error: unknown): unknown {
  if (error instanceof VmError)
    return new HardhatPluginError(
      "hardhat-starknet",
      `the run failed: ${error.message}\n${error.traceback}`.trimEnd(),
      error,
    );
  return error instanceof ProgramError || error instanceof ProverError
    ? new HardhatPluginError("hardhat-starknet", error.message, error)
    : error;
}

export default action;
