import { expect } from "chai";
import { PROOF_LAYOUTS, type ProofLayoutName } from "../../src/prover/air/layouts/index.ts";
import type { ProofFile } from "../../src/prover/proof-file.ts";
import { prove } from "../../src/prover/prove.ts";
import type { SecurityOptions } from "../../src/prover/security.ts";
import { verify } from "../../src/prover/verifier/verify.ts";
import { proofRun } from "../support/cairo-program.ts";
import { PROOF_CHECK, proofCheck } from "../support/proof-check.ts";
import { requireShared } from "../support/shared.ts";

const proofOf = (
  program: string,
  name: ProofLayoutName,
  security: SecurityOptions = {},
): Promise<ProofFile> => prove(proofRun(program, name), { layout: PROOF_LAYOUTS[name], security });

describe("proofs of longer runs and of every builtin", function () {
  this.timeout(1_200_000);

  for (const [program, name] of [
    ["ecdsa", "small"],
    ["range_check", "small"],
    ["bitwise", "recursive"],
    ["poseidon", "starknet"],
  ] as const)
    it(`${program} in layout ${name}, by the independent checker`, async function () {
      requireShared(this, PROOF_CHECK);
      const { accepted, output } = proofCheck(await proofOf(program, name));
      expect(accepted, output).to.equal(true);
    });

  for (const program of ["fibonacci", "pedersen", "range_check", "bitwise", "ec_op", "poseidon"])
    it(`${program} in layout compact, by the verifier`, async () => {
      expect(verify(await proofOf(program, "compact")).layout).to.equal("compact");
    });

  for (const logBlowup of [1, 3, 4])
    it(`at blowup ${2 ** logBlowup}`, async () => {
      const file = await proofOf("fibonacci", "compact", { bits: 60, logBlowup });
      const { parameters } = verify(file, { bits: 60, minPowBits: 0 });
      expect(parameters.logBlowup).to.equal(logBlowup);
    });
});
