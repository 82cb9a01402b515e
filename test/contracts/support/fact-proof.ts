/** Small proofs for registries of facts. */
import type { CairoRun } from "../../../src/cairo/run/cairo-runner.ts";
import { PROOF_LAYOUTS } from "../../../src/prover/air/layouts/index.ts";
import { withProgramPages } from "../../../src/prover/program-pages.ts";
import type { ProofFile } from "../../../src/prover/proof-file.ts";
import { proveTrace } from "../../../src/prover/prove.ts";
import { buildTrace } from "../../../src/prover/trace/build.ts";
import { verifierLayoutOf } from "../../../src/prover/verifier/layout.ts";
import { proofRun } from "../../support/cairo-program.ts";

/** Few queries, so that a transaction pays for what it executes and not calldata's floor. */
const SECURITY = { bits: 16, powBits: 8 };
export const REQUIRED = { bits: 16, minPowBits: 0 };
export const LAYOUT = verifierLayoutOf(PROOF_LAYOUTS.compact);

export type RunStatement = NonNullable<CairoRun["publicInput"]>;

/** The program's words are the public cells before the stack. */
export function programWords({ public_memory, memory_segments }: RunStatement): bigint[] {
  const length = memory_segments.execution!.begin_addr - 3;
  return public_memory.slice(0, length).map(({ value }) => BigInt(value!));
}

/** A proof of the run of a program, its statement changed before it is proven. */
export async function proofOf(
  name: string,
  change: (statement: RunStatement) => RunStatement = (statement) => statement,
  paged = true,
): Promise<ProofFile> {
  const run = proofRun(name, "compact");
  const { length } = programWords(run.publicInput!);
  const layout = PROOF_LAYOUTS.compact;
  const trace = buildTrace({ ...run, publicInput: change(run.publicInput!) }, layout);
  const statement = paged ? withProgramPages(trace.statement, LAYOUT, length) : trace.statement;
  return proveTrace({ ...trace, statement }, { layout, security: SECURITY, threads: 0 });
}

export const outputOf = (file: ProofFile): readonly bigint[] => {
  const page = file.pages.at(-1)!;
  return "start" in page ? page.values : [];
};
