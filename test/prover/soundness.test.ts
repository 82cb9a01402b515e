import { expect } from "chai";
import { airOf } from "../../src/prover/air/create.ts";
import { PROOF_LAYOUTS } from "../../src/prover/air/layouts/index.ts";
import { ProofRejected } from "../../src/prover/verifier/rejection.ts";
import { verify } from "../../src/prover/verifier/verify.ts";
import { proofRun } from "../support/cairo-program.ts";
import { CheatingProver } from "../support/cheating-prover.ts";

describe("a prover that breaks constraints", function () {
  this.timeout(120_000);
  const layout = PROOF_LAYOUTS.compact;
  const security = { bits: 12, powBits: 0 };

  it("can break each of them by a cell or two, and is found out", async () => {
    const cheater = new CheatingProver(proofRun("ec_op", "compact"), layout);
    const cheats = cheater.cheats();
    const unbroken = airOf(layout).constraints.filter((_, i) => cheats[i] === undefined);
    expect(unbroken.map(({ name }) => name)).to.deep.equal([]);
    // One of each kind of column; soundness.slow.ts has all.
    for (const name of ["cpu/operands/res", "memory/multi_column_perm/perm/last"]) {
      const cheat = cheats.find((candidate) => candidate?.constraint === name)!;
      const file = await cheater.prove(cheat, { layout, security, threads: 0 });
      expect(() => verify(file, { bits: 12, minPowBits: 0 }), name).to.throw(ProofRejected);
    }
  });
});
