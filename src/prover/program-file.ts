/** Runs of compiled programs in files, for a proof. */
import { readFileSync } from "node:fs";
import { ProgramError } from "../cairo/errors.ts";
import { commonHints, composeHints, type HintLibrary } from "../cairo/hints/cairo0/index.ts";
import { type CairoRun, runCairo0 } from "../cairo/run/cairo-runner.ts";
import { type Cairo0Program, loadCairo0, parseCairo0Json } from "../cairo/run/cairo0-program.ts";
import { inputHints } from "../cairo/run/input-hints.ts";
import type { LayoutName } from "../cairo/run/layouts.ts";
import { runnerHints } from "../cairo/run/runner-hints.ts";
import type { ProofLayoutName } from "./air/layouts/index.ts";
import { PROOF_LAYOUTS } from "./air/layouts/index.ts";
import { ProverError } from "./errors.ts";
import { builtinNames } from "./verifier/layout.ts";

/** Throws ProgramError. */
function readJson(path: string, what: string): unknown {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (cause) {
    throw new ProgramError(`${what} ${path}: ${(cause as Error).message}`, { cause });
  }
  try {
    return parseCairo0Json(text);
  } catch (cause) {
    throw new ProgramError(`${what} ${path} is not JSON`, { cause });
  }
}

export interface ProgramFiles {
  readonly program: string;
  /** JSON with the program's input, for its hints. */
  readonly input?: string | undefined;
}

/**
 * Runs a program, compiled by cairo-compile with --proof_mode, as a proof in the layout takes it. Throws
 * ProgramError for files that are not what they should be, ProverError for a layout that lacks a builtin, VmError for
 * a run that fails.
 */
export function runProgramFile(files: ProgramFiles, layout: ProofLayoutName): CairoRun {
  const input = files.input === undefined ? {} : readJson(files.input, "the input");
  if (typeof input !== "object" || input === null || Array.isArray(input))
    throw new ProgramError(`the input ${files.input!} is not a JSON object`);
  const hints = composeHints(
    commonHints,
    runnerHints,
    inputHints(input as Readonly<Record<string, unknown>>),
  );
  const program = loadProgram(files.program, hints);
  if (!program.labels.has("__start__"))
    throw new ProgramError(
      `the program ${files.program} has no __start__: compile it with --proof_mode`,
    );
  const available = ["output", ...builtinNames(PROOF_LAYOUTS[layout])];
  const missing = program.builtins.filter((name) => !available.includes(name));
  if (missing.length > 0)
    throw new ProverError(
      "LAYOUT",
      `the layout ${layout} has no builtin ${missing.join(", ")}: ${suggestion(missing)}`,
    );
  return runCairo0(program, {
    layout: layout satisfies LayoutName,
    proofMode: true,
    fillsBitwise: true,
  });
}

function loadProgram(path: string, hints: HintLibrary): Cairo0Program {
  const json = readJson(path, "the program");
  try {
    return loadCairo0(json, hints);
  } catch (error) {
    if (!(error instanceof ProgramError)) throw error;
    throw new ProgramError(`the program ${path}: ${error.message}`, { cause: error });
  }
}

function suggestion(builtins: readonly string[]): string {
  const fitting = Object.entries(PROOF_LAYOUTS)
    .filter(([, layout]) => builtins.every((name) => builtinNames(layout).includes(name)))
    .map(([name]) => name);
  return fitting.length === 0 ? "no layout has" : `${fitting.join(", ")} would have`;
}
