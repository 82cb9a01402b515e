/** A prover that answers a query with what answers another one. */
import { expect } from "chai";
import { planVerification } from "../../src/l1/verifier/calldata.ts";
import type { VerifierClient } from "../../src/l1/verifier/client.ts";
import { byLevel } from "../../src/l1/verifier/node-order.ts";
import { rejectionOf } from "../../src/l1/verifier/rejections.ts";
import { PROOF_LAYOUTS } from "../../src/prover/air/layouts/index.ts";
import type { ProofFile } from "../../src/prover/proof-file.ts";
import { prove } from "../../src/prover/prove.ts";
import { WORD_BYTES } from "../../src/prover/verifier/proof-reader.ts";
import { ProofRejected } from "../../src/prover/verifier/rejection.ts";
import { type Verification, verify } from "../../src/prover/verifier/verify.ts";
import { VerifierFixture } from "../contracts/support/verifier.ts";
import { proofRun } from "../support/cairo-program.ts";

/** A stretch of the proof. */
interface Span {
  readonly start: number;
  readonly end: number;
}

/** A tree that is opened at the queries, and where the answers stand. */
interface Opening {
  readonly step: string;
  /** With what the contract refuses it. */
  readonly onL1: string;
  /** In ascending order. */
  readonly leaves: readonly number[];
  /** What the proof has of each leaf. */
  readonly contents: readonly Span[];
  /** Places of the authentication nodes, by their numbers; the root is 1. */
  readonly nodes: ReadonlyMap<number, Span>;
  readonly height: number;
}

/** Consecutive spans of these lengths. */
function spans(start: number, lengths: readonly number[]): Span[] {
  let end = start;
  return lengths.map((length) => ({ start: end, end: (end += length) }));
}

function openingsOf({ sections, queries, parameters }: Verification): Opening[] {
  const section = (name: string): Span => sections.find((each) => each.name === name)!;
  const nodesOf = (name: string, leaves: readonly number[], height: number): Opening["nodes"] => {
    const numbers = byLevel(leaves, height);
    const { start } = section(`${name} nodes`);
    const places = spans(start, Array<number>(numbers.length).fill(WORD_BYTES));
    return new Map(numbers.map((node, i) => [node, places[i]!]));
  };
  let height = parameters.logDomain;
  const openings = ["trace", "interaction", "composition"].map((name, tree): Opening => {
    const { start, end } = section(`${name} rows`);
    const rows = Array<number>(queries.length).fill((end - start) / queries.length);
    return {
      step: `${name} opening`,
      onL1: `WrongOpening(${tree})`,
      ...{ leaves: queries, height, contents: spans(start, rows) },
      nodes: nodesOf(name, queries, height),
    };
  });
  let known = queries;
  parameters.friSteps.forEach((friStep, i) => {
    const name = `FRI layer ${i + 1}`;
    const cosetOf = (index: number): number => Math.floor(index / 2 ** friStep);
    const leaves = [...new Set(known.map(cosetOf))];
    const unknown = leaves.map(
      (leaf) => 2 ** friStep - known.filter((index) => cosetOf(index) === leaf).length,
    );
    height -= friStep;
    openings.push({
      step: name,
      onL1: "WrongOpening()",
      ...{ leaves, height },
      contents: spans(
        section(`${name} witnesses`).start,
        unknown.map((count) => count * WORD_BYTES),
      ),
      nodes: nodesOf(name, leaves, height),
    });
    known = leaves;
  });
  return openings;
}

const copy = (proof: Buffer, from: Span, to: Span): void =>
  void proof.copy(proof, to.start, from.start, from.end);

/** Gives leaf `to` what the proof has of leaf `from`. */
function copyContent(proof: Buffer, { contents }: Opening, from: number, to: number): void {
  const [source, target] = [contents[from]!, contents[to]!];
  if (source.end - source.start === target.end - target.start) copy(proof, source, target);
}

/** The same for the nodes on the way from the leaf to the root, where both ways have one of their own. */
function copyPath(proof: Buffer, opening: Opening, from: number, to: number): void {
  const { leaves, height, nodes } = opening;
  for (let level = 0; level < height; level++) {
    const sibling = (leaf: number): number =>
      Math.floor((leaves[leaf]! + 2 ** height) / 2 ** level) ^ 1;
    const [source, target] = [nodes.get(sibling(from)), nodes.get(sibling(to))];
    if (source !== undefined && target !== undefined) copy(proof, source, target);
  }
}

const CHEATS: readonly (readonly [
  name: string,
  change: (proof: Buffer, opening: Opening) => void,
])[] = [
  ["the values of one query for another", (proof, opening) => copyContent(proof, opening, 0, 1)],
  ["the path of one query for another", (proof, opening) => copyPath(proof, opening, 0, 1)],
  [
    "values and path of one query for another",
    (proof, opening) => {
      copyContent(proof, opening, 0, 1);
      copyPath(proof, opening, 0, 1);
    },
  ],
  [
    "two queries' values in each other's place",
    (proof, opening) => {
      const old = Buffer.from(proof);
      const [a, b] = [opening.contents[0]!, opening.contents[1]!];
      old.copy(proof, a.start, b.start, b.end);
      old.copy(proof, b.start, a.start, a.end);
    },
  ],
  [
    "one query's values and path for all",
    (proof, opening) => {
      for (let to = 1; to < opening.leaves.length; to++) {
        copyContent(proof, opening, 0, to);
        copyPath(proof, opening, 0, to);
      }
    },
  ],
];

describe("a prover that answers a query with what answers another", function () {
  this.timeout(240_000);
  let fixture: VerifierFixture;
  let verifier: VerifierClient;
  let file: ProofFile;
  let verification: Verification;

  before(async () => {
    const layout = PROOF_LAYOUTS.compact;
    const security = { bits: 96, logBlowup: 3, powBits: 12 };
    file = await prove(proofRun("fibonacci", "compact"), { layout, security, threads: 0 });
    verification = verify(file, { bits: 96, minPowBits: 0 });
    fixture = await VerifierFixture.create();
    verifier = await fixture.verifier("compact");
  });
  after(() => fixture?.close());

  const stepOf = (changed: ProofFile): string => {
    try {
      verify(changed, { bits: 96, minPowBits: 0 });
      return "accepted";
    } catch (error) {
      if (error instanceof ProofRejected) return error.step;
      throw error;
    }
  };

  async function outcomeOnL1(changed: ProofFile): Promise<string> {
    const plan = planVerification(changed, verification);
    if (plan.kind === "split") throw new Error("a small proof expected");
    return verifier.call(plan.data).then(
      () => "accepted",
      (error: unknown) => rejectionOf(error),
    );
  }

  it("is believed where it does not", async () => {
    expect(await outcomeOnL1(file)).to.equal("accepted");
  });

  for (const [name, cheat] of CHEATS)
    it(`is refused in each tree: ${name}`, async () => {
      for (const opening of openingsOf(verification)) {
        const proof = Buffer.from(file.proof);
        cheat(proof, opening);
        expect(Buffer.compare(proof, file.proof), opening.step).to.not.equal(0);
        expect(stepOf({ ...file, proof })).to.equal(opening.step);
        expect(await outcomeOnL1({ ...file, proof }), opening.step).to.equal(opening.onL1);
      }
    });
});
