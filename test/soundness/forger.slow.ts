/** Proofs of a false statement by a prover that has nothing but luck. */
import { expect } from "chai";
import { planVerification } from "../../src/l1/verifier/calldata.ts";
import type { VerifierClient } from "../../src/l1/verifier/client.ts";
import { PROOF_LAYOUTS } from "../../src/prover/air/layouts/index.ts";
import type { ProofFile } from "../../src/prover/proof-file.ts";
import { buildTrace } from "../../src/prover/trace/build.ts";
import { verifierLayoutOf } from "../../src/prover/verifier/layout.ts";
import { keccakOfWords } from "../../src/prover/verifier/public-input.ts";
import { ProofRejected, type VerifierStep } from "../../src/prover/verifier/rejection.ts";
import { type Verification, verify } from "../../src/prover/verifier/verify.ts";
import { bytesToBigInt } from "../../src/util/bytes.ts";
import { rejectionOf } from "../../src/l1/verifier/rejections.ts";
import { VerifierFixture } from "../contracts/support/verifier.ts";
import { proofRun } from "../support/cairo-program.ts";
import { type Flaw, Forger, type Forgery } from "./forger.ts";

const LAYOUT = verifierLayoutOf(PROOF_LAYOUTS.small);
const FEW = { queries: 3, required: { bits: 4, minPowBits: 1 } };
const MANY = { queries: 40, required: { bits: 41, minPowBits: 1 } };

describe("a prover without a witness", function () {
  this.timeout(1_200_000);
  let fixture: VerifierFixture;
  let words: readonly bigint[];
  let cells: readonly (readonly [bigint, bigint])[];

  before(async () => {
    fixture = await VerifierFixture.create();
    const { statement } = buildTrace(proofRun("fibonacci", "small"), PROOF_LAYOUTS.small);
    // Nobody ran this: the program's last word is another.
    const [page] = statement.pages;
    if (page === undefined || !("cells" in page)) throw new Error("a page of cells expected");
    cells = page.cells.with(5, [page.cells[5]![0], page.cells[5]![1] ^ 1n]);
    const hash = bytesToBigInt(keccakOfWords(cells.flat()));
    words = statement.words.with(-1, hash);
  });
  after(() => fixture.close());

  const forger = (flaw?: Flaw): Forger => new Forger(LAYOUT, words, [{ cells }], flaw);

  /** Proofs with other queries, by other nonces. */
  function* proofs(by: Forger, queries: number): Iterable<Forgery> {
    for (let nonce = 0n; ; nonce++) {
      const proof = by.proof(queries, nonce);
      if (proof !== undefined) yield proof;
    }
  }

  const outcome = (file: ProofFile, { required }: typeof FEW): Verification | VerifierStep => {
    try {
      return verify(file, required);
    } catch (error) {
      if (error instanceof ProofRejected) return error.step;
      throw error;
    }
  };

  async function outcomeOnL1(verifier: VerifierClient, forgery: Forgery): Promise<string> {
    const plan = planVerification(forgery.file, forgery);
    if (plan.kind === "split") throw new Error("a small proof expected");
    return verifier.call(plan.data).then(
      () => "accepted",
      (error: unknown) => rejectionOf(error),
    );
  }

  it("is believed by luck alone where the queries are few, and refused at the last layer where it has none", async () => {
    const verifier = await fixture.verifier("small", { security: FEW.required });
    const cheat = forger();
    let [lucky, unlucky] = [0, 0];
    for (const forgery of proofs(cheat, FEW.queries)) {
      const found = outcome(forgery.file, FEW);
      const onL1 = await outcomeOnL1(verifier, forgery);
      // Every one of its queries must meet the half on which the last layer is true.
      if (forgery.queries.every((query) => cheat.isTrueAt(query))) {
        if (typeof found === "string") throw new Error(`rejected at ${found}`);
        expect(found.queries).to.deep.equal(forgery.queries);
        expect(onL1).to.equal("accepted");
        lucky++;
      } else {
        expect(found).to.equal("last layer");
        expect(onL1).to.equal("WrongLastLayer()");
        unlucky++;
      }
      if (lucky >= 2 && unlucky >= 6) break;
    }
  });

  it("is refused at the last layer by as many queries as security takes", async () => {
    const verifier = await fixture.verifier("small", { security: MANY.required });
    let count = 0;
    for (const forgery of proofs(forger(), MANY.queries)) {
      expect(outcome(forgery.file, MANY)).to.equal("last layer");
      expect(await outcomeOnL1(verifier, forgery)).to.equal("WrongLastLayer()");
      if (++count === 8) break;
    }
  });

  const flaws: Record<Flaw, readonly [VerifierStep, rejection: string]> = {
    composition: ["constraints", "WrongComposition()"],
    quotient: ["FRI layer 1", "WrongOpening()"],
    fold: ["FRI layer 2", "WrongOpening()"],
  };
  for (const [flaw, [step, rejection]] of Object.entries(flaws) as [Flaw, [VerifierStep, string]][])
    it(`is refused at "${step}" where its ${flaw} is wrong, too`, async () => {
      const verifier = await fixture.verifier("small", { security: FEW.required });
      const [forgery] = proofs(forger(flaw), FEW.queries);
      expect(outcome(forgery!.file, FEW)).to.equal(step);
      expect(await outcomeOnL1(verifier, forgery!)).to.equal(rejection);
    });
});
