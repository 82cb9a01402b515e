import { expect } from "chai";
import { chooseParameters, parameterWords } from "../../src/prover/security.ts";
import { checkSecurity, parseParameters } from "../../src/prover/verifier/parameters.ts";

describe("parameters by bits of security", () => {
  it("are what verifiers take, and enough", () => {
    for (let logRows = 13; logRows <= 30; logRows++)
      for (const options of [{}, { bits: 80 }, { bits: 120, logBlowup: 4 }, { powBits: 0 }]) {
        const chosen = chooseParameters(logRows, options);
        expect(parseParameters(parameterWords(chosen), logRows)).to.deep.equal(chosen);
        checkSecurity(chosen, { bits: options.bits ?? 96, minPowBits: options.powBits ?? 20 });
      }
  });

  it("take no query more than the bits need", () => {
    const { queries, logBlowup, powBits } = chooseParameters(20, { bits: 96, logBlowup: 3 });
    expect((queries - 1) * logBlowup + powBits).to.be.below(96);
  });
});
