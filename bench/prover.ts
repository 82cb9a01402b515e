/**
 * Time by stage and memory of the prover:
 *
 *   node bench/prover.ts [layout [log2 of the rows [threads]]]
 *
 * The program is a loop of additions; builtins stand idle, and what stands idle costs the same.
 */
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { commonHints, composeHints } from "../src/cairo/hints/cairo0/index.ts";
import { type CairoRun, runCairo0 } from "../src/cairo/run/cairo-runner.ts";
import { loadCairo0, parseCairo0Json } from "../src/cairo/run/cairo0-program.ts";
import { runnerHints } from "../src/cairo/run/runner-hints.ts";
import { P } from "../src/field/felt.ts";
import { PROOF_LAYOUTS, type ProofLayoutName } from "../src/prover/air/layouts/index.ts";
import { prove, type Stage } from "../src/prover/prove.ts";
import { verify } from "../src/prover/verifier/verify.ts";

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
  return runCairo0(program, { layout: name, proofMode: true });
}

const [name = "compact", logRows = "18", threads] = process.argv.slice(2);
const layout = PROOF_LAYOUTS[name as ProofLayoutName];
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
  ...(threads !== undefined && { threads: Number(threads) }),
  onProgress: (stage: Stage, fraction) => {
    if (fraction < 1) return;
    const at = now();
    row(stage, last, at);
    last = at;
  },
});
clearInterval(sampling);
row("total", start, now());
console.log(`peak memory ${(peak / 2 ** 20).toFixed(0)} MiB, proof ${file.proof.length} bytes`);
verify(file);
