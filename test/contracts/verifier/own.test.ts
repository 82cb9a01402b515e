/** The contracts accept our own proofs, and none of a trace that breaks a constraint. */
import { expect } from "chai";
import { add } from "../../../src/field/felt.ts";
import { virtual } from "../../../src/prover/air/layout.ts";
import { PROOF_LAYOUTS } from "../../../src/prover/air/layouts/index.ts";
import { prove, proveTrace } from "../../../src/prover/prove.ts";
import { buildTrace } from "../../../src/prover/trace/build.ts";
import { verify } from "../../../src/prover/verifier/verify.ts";
import { proofRun } from "../../support/cairo-program.ts";
import { VerifierFixture } from "../support/verifier.ts";

describe("proofs of layout compact on L1", function () {
  this.timeout(120_000);
  const layout = PROOF_LAYOUTS.compact;
  let fixture: VerifierFixture;
  before(async () => {
    fixture = await VerifierFixture.create();
  });
  after(() => fixture.close());

  it("are accepted", async () => {
    const file = await prove(proofRun("bitwise", "compact"), { layout, threads: 0 });
    const verifier = await fixture.verifier("compact");
    const sent = await verifier.register(file, verify(file));
    expect(sent.length).to.be.greaterThan(0);
  });

  it("are rejected where the trace has a wrong cell", async () => {
    const trace = buildTrace(proofRun("fibonacci", "compact"), layout);
    const honest = await proveTrace(trace, { layout, threads: 0 });
    const accumulator = virtual(layout.bitwise!.accumulator!);
    trace.table.set(accumulator, 5, add(trace.table.get(accumulator, 5), 1n));
    const file = await proveTrace(trace, { layout, threads: 0 });
    const verifier = await fixture.verifier("compact");
    const verification = verify(honest);
    const rejection = await verifier.register(file, verification).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(rejection).to.be.an("error");
  });
});
