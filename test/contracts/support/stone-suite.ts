/** The contracts accept a proof of Stone's, and no change to it. */
import { expect } from "chai";
import { decodeBytes, selectorOf } from "../../../src/l1/abi.ts";
import { planVerification, resumeCall } from "../../../src/l1/verifier/calldata.ts";
import type { VerifierClient } from "../../../src/l1/verifier/client.ts";
import type { ProofFile } from "../../../src/prover/proof-file.ts";
import { type Verification, verify } from "../../../src/prover/verifier/verify.ts";
import { mutations } from "../../prover/support/mutations.ts";
import { readStoneProof, type StoneProofName } from "../../prover/support/stone-proofs.ts";
import { rejectionOf } from "../../../src/l1/verifier/rejections.ts";
import { VerifierFixture } from "./verifier.ts";

export const describeStoneProofOnL1 = (name: StoneProofName): void =>
  void describe(`Stone's proof of layout ${name} on L1`, () => {
    let file: ProofFile;
    let verification: Verification;
    let fixture: VerifierFixture;
    let verifier: VerifierClient;

    before(async function () {
      file = readStoneProof(this, name);
      verification = verify(file);
      fixture = await VerifierFixture.create();
      // Only the required security is low, so that a rejection of a change is the proof's own.
      const bits = verification.parameters.powBits + 1;
      verifier = await fixture.verifier(name, { security: { bits, minPowBits: 0 } });
    });
    after(() => fixture?.close());

    /** Calls what would verify the proof; where it takes two transactions, sends the first. */
    async function rejection(changed: ProofFile): Promise<string | undefined> {
      const plan = planVerification(changed, verification);
      try {
        if (plan.kind === "one transaction") {
          await verifier.call(plan.data);
          return undefined;
        }
        let state = decodeBytes(await verifier.call(plan.begin));
        await verifier.send("begin", plan.begin);
        for (const { layerCount, proof } of plan.resume)
          state = decodeBytes(await verifier.call(resumeCall(state, layerCount, proof)));
        return undefined;
      } catch (error) {
        return rejectionOf(error);
      }
    }

    it("is accepted, and its claim is kept", async () => {
      const claim = Buffer.from(verification.publicInput.seed);
      const isValid = async (): Promise<Uint8Array> =>
        verifier.call(Buffer.concat([selectorOf("isProven(bytes32)"), claim]));
      expect((await isValid()).at(-1)).to.equal(0);
      const sent = await verifier.register(file, verification);
      expect(sent.length).to.equal(name === "small" ? 1 : 2);
      for (const { calldataBytes, gasUsed } of sent) {
        expect(calldataBytes).to.be.lessThan(128 * 1024);
        expect(gasUsed).to.be.lessThan(2 ** 24);
      }
      expect((await isValid()).at(-1)).to.equal(1);
    });

    it("is not accepted for more security than it has", async () => {
      const { queries, logBlowup, powBits } = verification.parameters;
      const bits = queries * logBlowup + powBits;
      for (const [security, refused] of [
        [{ bits, minPowBits: powBits }, false],
        [{ bits: bits + 1, minPowBits: 0 }, true],
        [{ bits, minPowBits: powBits + 1 }, true],
      ] as const) {
        const strict = await fixture.verifier(name, { security });
        const plan = planVerification(file, verification);
        const data = plan.kind === "split" ? plan.begin : plan.data;
        const found = await strict.call(data).then(
          () => undefined,
          (error: unknown) => rejectionOf(error),
        );
        expect(found).to.equal(refused ? "WrongParameters(string)" : undefined);
      }
    });

    it("is rejected after any change", async function () {
      this.timeout(600_000);
      const wrong: string[] = [];
      let count = 0;
      for (const { name: change, file: changed } of mutations(file, verification)) {
        count++;
        if ((await rejection(changed)) === undefined) wrong.push(change);
      }
      expect(wrong).to.deep.equal([]);
      expect(count).to.be.greaterThan(150);
    });

    it("takes no contract larger than a chain allows", () => {
      for (const [contract, bytes] of fixture.codeBytes)
        expect(bytes, contract).to.be.within(1, 24_576);
    });
  });
