/**
 * Time by stage and memory of the prover:
 *
 *   node bench/prover.ts [--stone PATH] [layout [log2 of the rows [threads]]]
 *
 * The program is a loop of additions; builtins stand idle, and what stands idle costs the same. With the path of Stone's
 * cpu_air_prover, or with that in STONE_PROVER, Stone proves the same run with the same parameters and threads, in a
 * layout that both have: starknet (the one by default then), small, recursive.
 */
import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { gunzipSync } from "node:zlib";
import { commonHints, composeHints } from "../src/cairo/hints/cairo0/index.ts";
import { type CairoRun, runCairo0 } from "../src/cairo/run/cairo-runner.ts";
import { loadCairo0, parseCairo0Json } from "../src/cairo/run/cairo0-program.ts";
import { runnerHints } from "../src/cairo/run/runner-hints.ts";
import { P } from "../src/field/felt.ts";
import { PROOF_LAYOUTS, type ProofLayoutName } from "../src/prover/air/layouts/index.ts";
import { prove, type Stage } from "../src/prover/prove.ts";
import { verify } from "../src/prover/verifier/verify.ts";
import { isStoneLayout, requireStone, runStone } from "./support/stone.ts";

const PROGRAM = new URL("../test/cairo/programs/fibonacci.json.gz", import.meta.url);
/** Where the program has the loop's count and the expected sum, and what it has there. */
const COUNT = { at: 11, value: 60 };
const SUM_AT = 15;
/** Steps of a turn of the loop. */
const TURN = 8;

/** A run of the loop that takes a trace of 2^logRows rows. */
function longRun(name: ProofLayoutName, logRows: number): CairoRun {
  const { rowsPerStep } = PROOF_LAYOUTS[name];
  const turns = Math.floor((2 ** logRows / rowsPerStep) * 0.9) / TURN;
  const json = parseCairo0Json(gunzipSync(readFileSync(PROGRAM)).toString()) as {
    data: string[];
  };
  if (Number(json.data[COUNT.at]) !== COUNT.value) throw new Error("the program has changed");
  let [first, second] = [1n, 1n];
  for (let i = 0; i < Math.floor(turns); i++) [first, second] = [second, (first + second) % P];
  json.data[COUNT.at] = `0x${Math.floor(turns).toString(16)}`;
  json.data[SUM_AT] = `0x${second.toString(16)}`;
  const program = loadCairo0(json, composeHints(commonHints, runnerHints));
  return runCairo0(program, { layout: name, proofMode: true, fillsBitwise: true });
}

const { values: flags, positionals } = parseArgs({
  options: { stone: { type: "string", default: process.env.STONE_PROVER } },
  allowPositionals: true,
});
const { stone } = flags;
const [name, logRows, threads] = [
  positionals[0] ?? (stone === undefined ? "compact" : "starknet"),
  positionals[1] ?? (stone === undefined ? "18" : "21"),
  Number(positionals[2] ?? availableParallelism()),
];
const layout = PROOF_LAYOUTS[name as ProofLayoutName];
if (layout === undefined) {
  console.error(`no layout "${name}"; there are ${Object.keys(PROOF_LAYOUTS).join(", ")}`);
  process.exit(2);
}
if (stone !== undefined) {
  try {
    requireStone(stone);
    if (!isStoneLayout(name))
      throw new Error(`Stone has no layout "${name}": name starknet, small or recursive`);
  } catch (error) {
    console.error(`--stone: ${(error as Error).message}`);
    process.exit(2);
  }
}
const run = longRun(name as ProofLayoutName, Number(logRows));
const rows = run.steps * layout.rowsPerStep;
const now = (): { wall: number; cpu: number } => {
  const { user, system } = process.cpuUsage();
  return { wall: performance.now(), cpu: (user + system) / 1000 };
};
const start = now();
let last = start;
let peak = 0;
const sampling = setInterval(() => (peak = Math.max(peak, process.memoryUsage().rss)), 50);
const row = (label: string, from: { wall: number; cpu: number }, to: typeof from): void => {
  const micros = ((to.cpu - from.cpu) * 1000) / rows;
  console.log(
    `${label.padEnd(24)} ${((to.wall - from.wall) / 1000).toFixed(2).padStart(8)} s wall ${((to.cpu - from.cpu) / 1000).toFixed(2).padStart(8)} s CPU ${micros.toFixed(2).padStart(8)} us a row, peak ${(peak / 2 ** 20).toFixed(0)} MiB`,
  );
};
console.log(`layout ${name}, 2^${Math.log2(rows)} rows, ${run.steps} steps`);
const file = await prove(run, {
  layout,
  threads,
  onProgress: (stage: Stage, fraction) => {
    if (fraction < 1) return;
    const at = now();
    row(stage, last, at);
    last = at;
  },
});
clearInterval(sampling);
const end = now();
row("total", start, end);
console.log(`peak memory ${(peak / 2 ** 20).toFixed(0)} MiB, proof ${file.proof.length} bytes`);
const { parameters } = verify(file);
if (stone !== undefined) {
  try {
    const { wallSeconds, cpuSeconds, peakBytes } = await runStone(stone, run, parameters, threads);
    const [wall, cpu] = [end.wall - start.wall, end.cpu - start.cpu].map((ms) => ms / 1000);
    console.log(
      `Stone, ${threads} threads: ${wallSeconds.toFixed(2)} s wall ${cpuSeconds.toFixed(2)} s CPU, peak ${(peakBytes / 2 ** 20).toFixed(0)} MiB\n` +
        `ours takes ${(wall! / wallSeconds).toFixed(2)} of its wall time, ${(cpu! / cpuSeconds).toFixed(2)} of its CPU time`,
    );
  } catch (error) {
    console.error(`--stone: ${(error as Error).message}`);
    process.exitCode = 1;
  }
}
