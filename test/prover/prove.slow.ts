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
    it(`${program} in layout ${name}, by the verifier and the independent checker`, async function () {
      const file = await proofOf(program, name);
      expect(verify(file).layout).to.equal(name);
      requireShared(this, PROOF_CHECK);
      const { accepted, output } = proofCheck(file);
      expect(accepted, output).to.equal(true);
    });

  it("in layout starknet from 2^20 rows on, with diluted words in idle instances of bitwise", () => {
    const [run, asCairoRun] = [true, false].map((fillsBitwise) =>
      proofRun("poseidon", "starknet", fillsBitwise),
    );
    expect(run!.steps).to.equal(2 ** 16);
    expect(asCairoRun!.steps).to.equal(2 ** 17);
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
