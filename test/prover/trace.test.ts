import { expect } from "chai";
import { pow } from "../../src/field/felt.ts";
import { airOf } from "../../src/prover/air/create.ts";
import { findViolations } from "../../src/prover/air/debug.ts";
import type { LayoutDefinition } from "../../src/prover/air/layout.ts";
import { PROOF_LAYOUTS, type ProofLayoutName } from "../../src/prover/air/layouts/index.ts";
import { ProverKernel } from "../../src/prover/kernel.ts";
import { buildTrace, type Trace } from "../../src/prover/trace/build.ts";
import { writeInteraction } from "../../src/prover/trace/interaction.ts";
import { verifierLayoutOf } from "../../src/prover/verifier/layout.ts";
import { publicValues } from "../../src/prover/verifier/public-values.ts";
import { proofRun } from "../support/cairo-program.ts";

const kernel = new ProverKernel();

function interact(
  { table, statement }: Trace,
  layout: LayoutDefinition,
): ReadonlyMap<string, bigint> {
  const shape = verifierLayoutOf(layout);
  const elements = shape.interactionElements.map((_, i) => pow(11n, BigInt(1000 + i)));
  writeInteraction(kernel, table, layout, elements);
  return publicValues(shape, statement.publicInput, statement.pages, elements);
}

const CASES: Readonly<Partial<Record<ProofLayoutName, readonly string[]>>> = {
  small: ["fibonacci", "instructions", "pedersen", "ecdsa", "range_check"],
  compact: ["fibonacci", "instructions", "pedersen", "range_check", "bitwise", "ec_op", "poseidon"],
};

describe("traces satisfy every constraint", function () {
  this.timeout(120_000);
  for (const [name, programs] of Object.entries(CASES))
    for (const program of programs)
      it(`${program} in layout ${name}`, () => {
        const layout = PROOF_LAYOUTS[name as ProofLayoutName];
        const trace = buildTrace(proofRun(program, name as ProofLayoutName), layout);
        const values = interact(trace, layout);
        expect(findViolations(airOf(layout), trace.table, values)).to.deep.equal([]);
      });

  it("poseidon with the addresses of Stone v3", () => {
    const { compact } = PROOF_LAYOUTS;
    const layout: LayoutDefinition = {
      ...compact,
      poseidon: { ...compact.poseidon!, addressing: "by cell" },
    };
    const trace = buildTrace(proofRun("poseidon", "compact"), layout);
    const values = interact(trace, layout);
    expect(findViolations(airOf(layout), trace.table, values)).to.deep.equal([]);
  });
});
