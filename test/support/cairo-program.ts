/** Our own Cairo 0 programs (test/cairo/programs), compiled. */
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { commonHints, composeHints } from "../../src/cairo/hints/cairo0/index.ts";
import { type CairoRun, runCairo0 } from "../../src/cairo/run/cairo-runner.ts";
import { loadCairo0, parseCairo0Json } from "../../src/cairo/run/cairo0-program.ts";
import type { LayoutName } from "../../src/cairo/run/layouts.ts";
import { runnerHints } from "../../src/cairo/run/runner-hints.ts";

const PROGRAMS = new URL("../cairo/programs/", import.meta.url);

/** Runs the program of that name in proof mode, padded for our prover or as cairo-run does. */
export function proofRun(name: string, layout: LayoutName, fillsBitwise = true): CairoRun {
  const json = gunzipSync(readFileSync(new URL(`${name}.json.gz`, PROGRAMS))).toString();
  const program = loadCairo0(parseCairo0Json(json), composeHints(commonHints, runnerHints));
  return runCairo0(program, { layout, proofMode: true, fillsBitwise });
}
