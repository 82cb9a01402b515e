/** For every constraint of compact: a trace that breaks it, proven by a prover that does not care. */
import { expect } from "chai";
import { PROOF_LAYOUTS } from "../../src/prover/air/layouts/index.ts";
import { ProofRejected } from "../../src/prover/verifier/rejection.ts";
import { type Verification, verify } from "../../src/prover/verifier/verify.ts";
import { rejectionOf } from "../../src/l1/verifier/rejections.ts";
import type { VerifierClient } from "../../src/l1/verifier/client.ts";
import { proofRun } from "../support/cairo-program.ts";
import { type Cheat, CheatingProver } from "../support/cheating-prover.ts";
import { VerifierFixture } from "../contracts/support/verifier.ts";

describe("traces that break a constraint", function () {
  this.timeout(3_600_000);
  const layout = PROOF_LAYOUTS.compact;
  const security = { bits: 12, powBits: 0 };
  const required = { bits: 12, minPowBits: 0 };
  const cheater = new CheatingProver(proofRun("ec_op", "compact"), layout);
  const cheats = cheater.cheats() as Cheat[];
  let fixture: VerifierFixture;
  let verifier: VerifierClient;
  let honest: Verification;

  before(async () => {
    fixture = await VerifierFixture.create();
    verifier = await fixture.verifier("compact", { security: required });
    const file = await cheater.prove({ constraint: "none", cells: [] }, { layout, security });
    honest = verify(file, required);
    await verifier.register(file, honest);
  });
  after(() => fixture.close());

  for (const cheat of cheats)
    it(cheat.constraint, async () => {
      const file = await cheater.prove(cheat, { layout, security });
      expect(() => verify(file, required)).to.throw(ProofRejected);
      const rejection = await verifier.register(file, honest).then(
        () => "accepted",
        (error: unknown) => rejectionOf(error),
      );
      expect(rejection, "on L1").to.equal("WrongComposition()");
    });
});
