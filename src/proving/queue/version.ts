/**
 * What a prover and whoever wants its proofs must have in common: the package's version, the OS program, the layout's
 * constraints. Each version has a queue of its own, so that no prover is given what it would prove otherwise.
 */
import { createHash } from "node:crypto";
import { osProgram } from "../../os/program.ts";
import { airOf } from "../../prover/air/create.ts";
import { PROOF_LAYOUTS } from "../../prover/air/layouts/index.ts";
import { packageVersion } from "../../util/package.ts";
import { BLOCK_LAYOUT_NAME } from "../prove-job.ts";

/** Of what lies in the queue (packing.ts): to be raised when it changes. */
const FORMAT = 2;

const DIGITS = 12;

let version: string | undefined;

/** Version of the package and digest of the rest, as `0.1.0-89abcdef0123`; computed once per process. */
export function proverVersion(): string {
  if (version !== undefined) return version;
  const { program, builtins } = osProgram();
  const { constraints, mask, periodicColumns } = airOf(PROOF_LAYOUTS[BLOCK_LAYOUT_NAME]);
  const identity = [FORMAT, program.bytecode, builtins, constraints, mask, periodicColumns];
  const text = JSON.stringify(identity, (_, value: unknown) =>
    typeof value === "bigint" ? value.toString(16) : value,
  );
  const digest = createHash("sha256").update(text).digest("hex");
  return (version = `${packageVersion()}-${digest.slice(0, DIGITS)}`);
}
