/** Cheating provers: for every constraint of our layout a trace that breaks it, proven with the checks off. */
import { expect } from "chai";
import { add, pow } from "../../src/field/felt.ts";
import { planVerification } from "../../src/l1/verifier/calldata.ts";
import type { VerifierClient } from "../../src/l1/verifier/client.ts";
import { airOf } from "../../src/prover/air/create.ts";
import { type Placement, virtual } from "../../src/prover/air/layout.ts";
import { PROOF_LAYOUTS } from "../../src/prover/air/layouts/index.ts";
import { ProverKernel } from "../../src/prover/kernel.ts";
import type { ProofFile } from "../../src/prover/proof-file.ts";
import { proveTrace } from "../../src/prover/prove.ts";
import { buildTrace, type Trace } from "../../src/prover/trace/build.ts";
import { writeInteraction } from "../../src/prover/trace/interaction.ts";
import { readWords, writeWords, WORDS } from "../../src/prover/trace/table.ts";
import { verifierLayoutOf } from "../../src/prover/verifier/layout.ts";
import { parsePublicInput } from "../../src/prover/verifier/public-input.ts";
import { publicValues } from "../../src/prover/verifier/public-values.ts";
import { ProofRejected } from "../../src/prover/verifier/rejection.ts";
import { type Verification, verify } from "../../src/prover/verifier/verify.ts";
import { rejectionOf } from "../../src/l1/verifier/rejections.ts";
import { VerifierFixture } from "../contracts/support/verifier.ts";
import { proofRun } from "../support/cairo-program.ts";
import { changedTable, TraceBreaker } from "./broken-traces.ts";

const LAYOUT = PROOF_LAYOUTS.compact;
const SHAPE = verifierLayoutOf(LAYOUT);
const [TRACE_COLUMNS] = LAYOUT.columns;
const SECURITY = { bits: 12, powBits: 0 };
const REQUIRED = { bits: 12, minPowBits: 0 };

/** Of constraints over running products, which the prover computes after the trace is committed to. */
const PRODUCTS: Readonly<Record<string, readonly [placement: Placement, row: number]>> = {
  "memory/multi_column_perm/perm/init0": [LAYOUT.memory.product, 0],
  "memory/multi_column_perm/perm/step0": [LAYOUT.memory.product, 5],
  "rc16/perm/init0": [LAYOUT.rangeCheck.product, 0],
  "rc16/perm/step0": [LAYOUT.rangeCheck.product, 5],
  "diluted_check/permutation/init0": [LAYOUT.diluted!.product, 0],
  "diluted_check/permutation/step0": [LAYOUT.diluted!.product, 5],
  "diluted_check/init": [LAYOUT.diluted!.cumulative, 0],
  "diluted_check/step": [LAYOUT.diluted!.cumulative, 5],
  "diluted_check/last": [LAYOUT.diluted!.cumulative, -1],
};

/** A sound trace, and what breaks it. */
interface Subject {
  readonly trace: Trace;
  readonly breaker: TraceBreaker;
  /** Of the trace's own proof: where the parts of proofs lie. */
  readonly honest: Verification;
}

/** Between them they use every instruction, both inputs of Pedersen, and several instances of EC-op. */
const PROGRAMS = ["instructions", "pedersen", "ec_op"];

const proofOf = (of: Trace): Promise<ProofFile> =>
  proveTrace(of, { layout: LAYOUT, security: SECURITY, threads: 0 });

async function subjectOf(program: string): Promise<Subject> {
  const trace = buildTrace(proofRun(program, "compact"), LAYOUT);
  const elements = SHAPE.interactionElements.map((_, i) => pow(11n, BigInt(1000 + i)));
  const { statement } = trace;
  const table = changedTable(trace.table, [], TRACE_COLUMNS);
  writeInteraction(new ProverKernel(), table, LAYOUT, elements);
  const values = publicValues(SHAPE, statement.publicInput, statement.pages, elements);
  const breaker = new TraceBreaker(airOf(LAYOUT), LAYOUT, table, values);
  return { trace, breaker, honest: verify(await proofOf(trace), REQUIRED) };
}

describe("a cheating prover of layout compact", function () {
  this.timeout(1_800_000);
  const subjects: Subject[] = [];
  let fixture: VerifierFixture;
  let verifier: VerifierClient;

  before(async () => {
    for (const program of PROGRAMS) subjects.push(await subjectOf(program));
    fixture = await VerifierFixture.create();
    verifier = await fixture.verifier("compact", { security: REQUIRED });
  });
  after(() => fixture.close());

  /** Both verifiers must see it at the constraints; the openings behind them do not matter. */
  async function expectRefused(file: ProofFile, { honest }: Subject, name: string): Promise<void> {
    expect(() => verify(file, REQUIRED), name)
      .to.throw(ProofRejected)
      .with.property("step", "constraints");
    const plan = planVerification(file, honest);
    if (plan.kind === "split") throw new Error("a small proof expected");
    const found = await verifier.call(plan.data).then(
      () => "accepted",
      (error: unknown) => rejectionOf(error),
    );
    expect(found, name).to.equal("WrongComposition()");
  }

  it("is believed where it does not cheat", async () => {
    for (const { trace, honest } of subjects) {
      const [sent] = await verifier.register(await proofOf(trace), honest);
      expect(sent!.gasUsed).to.be.greaterThan(500_000);
    }
  });

  it("is refused for each constraint that its trace breaks", async () => {
    const [first] = subjects as [Subject];
    const alone: string[] = [];
    const together: string[] = [];
    for (const constraint of airOf(LAYOUT).constraints) {
      const { name } = constraint;
      const product = PRODUCTS[name];
      if (product !== undefined) {
        const [placement, row] = product;
        const { table: sound } = first.trace;
        const table = changedTable(sound, [], TRACE_COLUMNS, (columns) => {
          const { column, step, offset } = virtual(placement);
          const at = (row < 0 ? sound.rows - step + offset : offset + row * step) * WORDS;
          writeWords(columns[column]!, at, add(readWords(columns[column]!, at), 1n));
        });
        (row > 0 ? alone : together).push(name);
        await expectRefused(await proofOf({ ...first.trace, table }), first, name);
        continue;
      }
      const [best] = subjects
        .flatMap((subject) => {
          const found = subject.breaker.breaking(constraint);
          return found === undefined ? [] : [{ subject, ...found }];
        })
        .sort((a, b) => a.broken.length - b.broken.length);
      if (best === undefined) throw new Error(`no change breaks ${name}`);
      const { subject, changes, broken } = best;
      const table = changedTable(subject.trace.table, changes, TRACE_COLUMNS);
      (broken.length === 1 ? alone : together).push(name);
      await expectRefused(await proofOf({ ...subject.trace, table }), subject, name);
    }
    console.log(`      broken alone: ${alone.length}, with others: ${together.length}`);
    expect(alone.length + together.length).to.equal(airOf(LAYOUT).constraints.length);
    expect(alone.length).to.be.greaterThan(45);
  });

  it("is refused for a wrong word of the statement that constraints look at", async () => {
    const [subject] = subjects as [Subject];
    const { trace } = subject;
    const { statement } = trace;
    const words: Readonly<Record<string, [index: number, by: bigint]>> = {
      "range-check minimum": [1, 1n],
      "range-check maximum": [2, -1n],
      "first ap": [6, 1n],
      "last ap": [7, 1n],
      "start of pedersen": [10, -1n],
      "start of poseidon": [18, -1n],
      "padding cell": [21, 1n],
    };
    for (const [name, [index, by]] of Object.entries(words)) {
      const changed = statement.words.with(index, statement.words[index]! + by);
      const publicInput = parsePublicInput(changed, SHAPE);
      const lie = { ...trace, statement: { ...statement, words: changed, publicInput } };
      await expectRefused(await proofOf(lie), subject, name);
    }
  });
});
