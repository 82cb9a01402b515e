import { expect } from "chai";
import { add } from "../../src/field/felt.ts";
import { PROOF_LAYOUTS, type ProofLayoutName } from "../../src/prover/air/layouts/index.ts";
import { virtual } from "../../src/prover/air/layout.ts";
import type { ProofFile } from "../../src/prover/proof-file.ts";
import { prove, proveTrace, type ProveOptions } from "../../src/prover/prove.ts";
import { buildTrace } from "../../src/prover/trace/build.ts";
import { ProofRejected } from "../../src/prover/verifier/rejection.ts";
import { verify } from "../../src/prover/verifier/verify.ts";
import { proofRun } from "../support/cairo-program.ts";
import { PROOF_CHECK, proofCheck } from "../support/proof-check.ts";
import { requireShared } from "../support/shared.ts";

/** Proofs of less security than the default's are made the same way, with fewer queries and less work. */
const SECURITY = { bits: 40, powBits: 8 };
const required = { bits: SECURITY.bits, minPowBits: 0 };

const proofOf = (
  program: string,
  name: ProofLayoutName,
  options: Partial<ProveOptions> = {},
): Promise<ProofFile> =>
  prove(proofRun(program, name), {
    layout: PROOF_LAYOUTS[name],
    security: SECURITY,
    threads: 0,
    ...options,
  });

describe("the prover", function () {
  this.timeout(120_000);

  it("makes proofs of small that the independent checker accepts", async function () {
    requireShared(this, PROOF_CHECK);
    const file = await proofOf("instructions", "small", { security: { bits: 96 } });
    const { accepted, output } = proofCheck(file);
    expect(accepted, output).to.equal(true);
  });

  it("makes proofs of compact that the verifier accepts", async () => {
    expect(verify(await proofOf("poseidon", "compact"), required).layout).to.equal("compact");
  });

  it("makes the same proof whatever the threads", async () => {
    const [alone, two] = await Promise.all([
      proofOf("fibonacci", "compact"),
      proofOf("fibonacci", "compact", { threads: 2 }),
    ]);
    expect(two).to.deep.equal(alone);
  });

  it("reports its stages in order and stops when it is told to", async () => {
    const controller = new AbortController();
    const stages = new Set<string>();
    const reason = new Error("enough");
    const proof = proofOf("fibonacci", "compact", {
      signal: controller.signal,
      onProgress: (stage) => {
        stages.add(stage);
        if (stage === "composition") controller.abort(reason);
      },
    });
    expect(
      await proof.then(
        () => undefined,
        (error: unknown) => error,
      ),
    ).to.equal(reason);
    expect([...stages]).to.deep.equal([
      "trace",
      "trace commitment",
      "interaction commitment",
      "composition",
    ]);
  });

  it("cannot prove a trace with a wrong cell", async () => {
    const layout = PROOF_LAYOUTS.compact;
    const trace = buildTrace(proofRun("fibonacci", "compact"), layout);
    const column = virtual(layout.cpu.res);
    trace.table.set(column, 3, add(trace.table.get(column, 3), 1n));
    const file = await proveTrace(trace, { layout, security: SECURITY, threads: 0 });
    expect(() => verify(file, required)).to.throw(ProofRejected);
  });

  it("refuses parameters that no verifier takes", async () => {
    for (const security of [{ bits: 0 }, { bits: 96, logBlowup: 1 }, { bits: 96, logBlowup: 17 }])
      await proofOf("fibonacci", "compact", { security }).then(
        () => expect.fail("proved"),
        (error: unknown) => expect(error).to.have.property("code", "PARAMETERS"),
      );
  });

  it("refuses traces that memory cannot hold", async () => {
    const run = { ...proofRun("fibonacci", "compact"), steps: 2 ** 28 };
    const options = { layout: PROOF_LAYOUTS.compact, threads: 0 };
    await prove(run, options).then(
      () => expect.fail("proved"),
      (error: unknown) => expect(error).to.have.property("code", "TOO_LARGE"),
    );
  });

  it("refuses runs of another layout or without proof mode", async () => {
    const run = proofRun("fibonacci", "compact");
    const options = { layout: PROOF_LAYOUTS.small, threads: 0 };
    const codeOf = (proof: Promise<unknown>): Promise<unknown> =>
      proof.then(
        () => "proved",
        (error: unknown) => (error as { code: string }).code,
      );
    expect(await codeOf(prove(run, options))).to.equal("LAYOUT");
    expect(await codeOf(prove({ ...run, publicInput: undefined }, options))).to.equal(
      "INVALID_RUN",
    );
  });
});
