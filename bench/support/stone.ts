/**
 * Stone, StarkWare's C++ prover, on a run of ours: `cpu_air_prover` of github.com/starkware-libs/stone-prover, whose README
 * and example (e2e_test/CairoZero) say what it reads.
 */
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CairoRun } from "../../src/cairo/run/cairo-runner.ts";
import type { ProofParameters } from "../../src/prover/verifier/parameters.ts";

/** Layouts that both provers know; Stone's "starknet" has the same columns and builtins as ours. */
const LAYOUTS = ["starknet", "small", "recursive"];
const BUILTINS = ["pedersen", "range_check", "ecdsa", "bitwise", "ec_op", "poseidon"];

/** Whether a trace of this layout can be given to Stone. */
export const isStoneLayout = (layout: string): boolean => LAYOUTS.includes(layout);

/** Stone's files by name; the run's trace and memory are those of cairo-run, which are what it reads. */
export interface StoneInputs {
  readonly "trace.bin": Uint8Array;
  readonly "memory.bin": Uint8Array;
  readonly "public_input.json": unknown;
  readonly "private_input.json": unknown;
  readonly "parameters.json": unknown;
  readonly "prover_config.json": unknown;
}

/**
 * @param folder where the files will be: the private input names trace and memory
 * @throws Error for a run that uses builtins, whose inputs are not written, or of a layout that Stone does not know
 */
export function stoneInputs(
  run: CairoRun,
  { queries, logBlowup, powBits, logLast, friSteps }: ProofParameters,
  folder: string,
): StoneInputs {
  const { publicInput } = run;
  if (publicInput === undefined) throw new Error("the run was not made in proof mode");
  if (!isStoneLayout(publicInput.layout))
    throw new Error(`Stone has no layout "${publicInput.layout}"; it has ${LAYOUTS.join(", ")}`);
  const used = BUILTINS.filter(
    (name) => (run.builtins[name as keyof typeof run.builtins] ?? 0) > 0,
  );
  if (used.length > 0) throw new Error(`the run uses ${used.join(", ")}, and should leave it idle`);
  return {
    "trace.bin": run.trace,
    "memory.bin": run.memory,
    "public_input.json": publicInput,
    "private_input.json": {
      trace_path: join(folder, "trace.bin"),
      memory_path: join(folder, "memory.bin"),
      ...Object.fromEntries(BUILTINS.map((name) => [name, []])),
    },
    "parameters.json": {
      field: "PrimeField0",
      stark: {
        fri: {
          fri_step_list: [0, ...friSteps],
          last_layer_degree_bound: 2 ** logLast,
          n_queries: queries,
          proof_of_work_bits: powBits,
        },
        log_n_cosets: logBlowup,
      },
      use_extension_field: false,
    },
    // As in its example.
    "prover_config.json": {
      cached_lde_config: { store_full_lde: false, use_fft_for_eval: false },
      constraint_polynomial_task_size: 256,
      n_out_of_memory_merkle_layers: 1,
      table_prover_n_tasks_per_segment: 32,
    },
  };
}

export interface StoneMeasurement {
  readonly wallSeconds: number;
  readonly cpuSeconds: number;
  readonly peakBytes: number;
}

/** Throws Error where there is no such file, or no way to measure it. */
export function requireStone(binary: string): void {
  if (process.platform !== "linux")
    throw new Error("Stone runs on Linux only, and its time is read from /proc");
  if (!(statSync(binary, { throwIfNoEntry: false })?.isFile() ?? false))
    throw new Error(`there is no file ${binary}; expected the path of Stone's cpu_air_prover`);
}

/** Proves the run with the binary. Throws Error where that fails or leaves no proof. */
export async function runStone(
  binary: string,
  run: CairoRun,
  parameters: ProofParameters,
  threads: number,
): Promise<StoneMeasurement> {
  const folder = mkdtempSync(join(tmpdir(), "stone-"));
  try {
    for (const [name, content] of Object.entries(stoneInputs(run, parameters, folder)))
      writeFileSync(
        join(folder, name),
        content instanceof Uint8Array ? content : JSON.stringify(content),
      );
    const proof = join(folder, "proof.json");
    const measured = await measure(binary, [
      `--out_file=${proof}`,
      `--private_input_file=${join(folder, "private_input.json")}`,
      `--public_input_file=${join(folder, "public_input.json")}`,
      `--prover_config_file=${join(folder, "prover_config.json")}`,
      `--parameter_file=${join(folder, "parameters.json")}`,
      `--n_threads=${threads}`,
    ]);
    if (!existsSync(proof) || !readFileSync(proof, "utf8").includes('"proof_hex"'))
      throw new Error(`${binary} has ended well, and has left no proof: is it cpu_air_prover?`);
    return measured;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measure(binary: string, args: readonly string[]): Promise<StoneMeasurement> {
  const [start, cpu] = [performance.now(), childCpuSeconds()];
  const child = spawn(binary, args, { stdio: ["ignore", "ignore", "pipe"] });
  let errors = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    errors = (errors + text).slice(-4000);
  });
  let peakBytes = 0;
  const sampling = setInterval(() => {
    peakBytes = Math.max(peakBytes, peakOf(child.pid));
  }, 50);
  const ended = await new Promise<string>((resolve) => {
    child.on("error", (error) => resolve(`could not be started: ${error.message}`));
    child.on("close", (code, signal) =>
      resolve(code === 0 ? "" : `ended with ${signal ?? `exit code ${code}`}`),
    );
  });
  clearInterval(sampling);
  if (ended !== "") throw new Error(`${binary} ${ended}\n${errors}`.trimEnd());
  const wallSeconds = (performance.now() - start) / 1000;
  return { wallSeconds, cpuSeconds: childCpuSeconds() - cpu, peakBytes };
}

/** CPU time of children that have ended: fields 16 and 17 of /proc/self/stat, in ticks of 10 ms. */
function childCpuSeconds(): number {
  const fields = readFileSync("/proc/self/stat", "utf8")
    .replace(/^.*\) /s, "")
    .split(" ");
  return (Number(fields[13]) + Number(fields[14])) / 100;
}

/** Highest resident memory of a process so far; 0 once it has ended. */
function peakOf(pid: number | undefined): number {
  try {
    const kilobytes = /VmHWM:\s*(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
    return Number(kilobytes ?? 0) * 1024;
  } catch {
    return 0;
  }
}
