/** The contracts and the TypeScript verifier go through the same transcript. */
import { expect } from "chai";
import { profileVerification } from "../../../src/l1/verifier/phases.ts";
import { verify } from "../../../src/prover/verifier/verify.ts";
import { bytesToBigInt } from "../../../src/util/bytes.ts";
import {
  readStoneProof,
  STONE_PROOFS,
  type StoneProofName,
} from "../../prover/support/stone-proofs.ts";
import { VerifierFixture } from "../support/verifier.ts";

for (const name of Object.keys(STONE_PROOFS) as StoneProofName[])
  describe(`transcript of Stone's proof of layout ${name}`, () => {
    let fixture: VerifierFixture;
    before(async () => {
      fixture = await VerifierFixture.create();
    });
    after(() => fixture.close());

    it("is the same on L1", async function () {
      const file = readStoneProof(this, name);
      const verification = verify(file);
      const verifier = await fixture.verifier(name, {}, "VerifierProfile");
      const { phases, digests, queries } = await profileVerification(verifier, file, verification);
      const { transcript, publicInput } = verification;
      expect(transcript[0]).to.deep.equal(publicInput.seed);
      const roots = verification.parameters.friSteps.length;
      // After the commitments come FRI's roots, the last layer and the nonce.
      const commitments = transcript[transcript.length - 1 - (roots + 2)]!;
      expect(digests).to.deep.equal([commitments, transcript.at(-1)!].map(bytesToBigInt));
      expect(queries).to.deep.equal(verification.queries);
      expect(phases).to.have.length(6 + roots);
      for (const { phase, gas } of phases) expect(gas, phase).to.be.greaterThan(0);
    });
  });
