/** A proof of Stone's is accepted by the TypeScript verifier, and no change to it is. */
import { expect } from "chai";
import type { ProofFile } from "../../../src/prover/proof-file.ts";
import { ProofRejected } from "../../../src/prover/verifier/rejection.ts";
import { type Verification, verify } from "../../../src/prover/verifier/verify.ts";
import { mutations } from "./mutations.ts";
import { readStoneProof, type StoneProofName } from "./stone-proofs.ts";

export const describeStoneProof = (name: StoneProofName): void =>
  void describe(`Stone's proof of layout ${name}`, () => {
    let file: ProofFile;
    let verification: Verification;

    before(function () {
      file = readStoneProof(this, name);
    });

    const rejection = (changed: ProofFile, bits = 1): ProofRejected | undefined => {
      try {
        // Only the required security is low, so that a rejection is the proof's own.
        verify(changed, { bits: verification.parameters.powBits + bits, minPowBits: 0 });
        return undefined;
      } catch (error) {
        if (error instanceof ProofRejected) return error;
        throw error;
      }
    };

    it("is accepted, to its last byte", () => {
      verification = verify(file);
      expect(verification.layout).to.equal(name);
      const { sections } = verification;
      expect(sections.at(-1)!.end).to.equal(file.proof.length);
      for (const [i, { start }] of sections.entries())
        expect(start).to.equal(i === 0 ? 0 : sections[i - 1]!.end);
    });

    it("is not accepted for more security than it has", () => {
      const { queries, logBlowup, powBits } = verification.parameters;
      const bits = queries * logBlowup + powBits;
      const attempt = (required: { bits: number; minPowBits: number }) => () =>
        verify(file, required);
      expect(attempt({ bits, minPowBits: powBits })).not.to.throw();
      expect(attempt({ bits: bits + 1, minPowBits: 0 })).to.throw(ProofRejected, "security");
      expect(attempt({ bits, minPowBits: powBits + 1 })).to.throw(ProofRejected, "security");
    });

    it("is rejected after any change, at the step that the change concerns", function () {
      this.timeout(600_000);
      const wrong: string[] = [];
      let count = 0;
      for (const { name: change, file: changed, step } of mutations(file, verification)) {
        count++;
        const found = rejection(changed);
        if (found === undefined) wrong.push(`accepted: ${change}`);
        else if (!step.test(found.step)) wrong.push(`${change}: ${found.message}`);
      }
      expect(wrong).to.deep.equal([]);
      expect(count).to.be.greaterThan(150);
    });
  });
