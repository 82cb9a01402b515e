/** The OS program, as it is compiled from contracts/cairo/os. */
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { commonHints, composeHints, type HintLibrary } from "../cairo/hints/cairo0/index.ts";
import { type Cairo0Program, loadCairo0, parseCairo0Json } from "../cairo/run/cairo0-program.ts";
import { packageFile } from "../util/package.ts";
import { callHints } from "./hints/calls.ts";
import { classHints } from "./hints/classes.ts";
import { commitHints } from "./hints/commit.ts";
import { programHints } from "./hints/program.ts";
import { transactionHints } from "./hints/transactions.ts";

const ARTIFACT = "contracts/cairo/artifacts/os.json.gz";

/** Hints of the OS program by their code. */
export const osHints: HintLibrary = composeHints(
  commonHints,
  programHints,
  transactionHints,
  callHints,
  classHints,
  commitHints,
);

let json: unknown;
let program: Cairo0Program | undefined;

const osJson = (): unknown =>
  (json ??= parseCairo0Json(gunzipSync(readFileSync(packageFile(ARTIFACT))).toString()));

/** Loaded once per process. */
export const osProgram = (): Cairo0Program => (program ??= loadCairo0(osJson(), osHints));

/** The program with some hints of `library` instead of its own: for tests, whose hints lie. */
export const osProgramWith = (library: HintLibrary): Cairo0Program =>
  loadCairo0(osJson(), new Map([...osHints, ...library]));
