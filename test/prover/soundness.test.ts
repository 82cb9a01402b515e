import { expect } from "chai";
import { airOf } from "../../src/prover/air/create.ts";
import { PROOF_LAYOUTS } from "../../src/prover/air/layouts/index.ts";
import { proveTrace } from "../../src/prover/prove.ts";
import { buildTrace } from "../../src/prover/trace/build.ts";
import { verifierLayoutOf } from "../../src/prover/verifier/layout.ts";
import { keccakOfWords, parsePublicInput } from "../../src/prover/verifier/public-input.ts";
import { bytesToBigInt } from "../../src/util/bytes.ts";
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
    // One of each kind of column; test/soundness has all.
    for (const name of ["cpu/operands/res", "memory/multi_column_perm/perm/last"]) {
      const cheat = cheats.find((candidate) => candidate?.constraint === name)!;
      const file = await cheater.prove(cheat, { layout, security, threads: 0 });
      expect(() => verify(file, { bits: 12, minPowBits: 0 }), name).to.throw(ProofRejected);
    }
  });

  it("cannot state what the trace does not show", async () => {
    const shape = verifierLayoutOf(layout);
    const trace = buildTrace(proofRun("fibonacci", "compact"), layout);
    const { statement } = trace;
    const words = (at: number, by: bigint): bigint[] =>
      statement.words.map((word, i) => (i === at ? word + by : word));
    const [page] = statement.pages;
    const cells = "cells" in page! ? page.cells : [];
    const [address, value] = cells.at(-1)!;
    const otherCells = [...cells.slice(0, -1), [address, value + 1n] as const];
    const otherHash = bytesToBigInt(keccakOfWords(otherCells.flat()));
    const last = statement.words.length - 1;
    const lies = {
      "another end of the execution": { words: words(7, 1n), pages: statement.pages },
      "another start of Poseidon": { words: words(18, 6n), pages: statement.pages },
      "another public cell": {
        words: statement.words.map((word, i) => (i === last ? otherHash : word)),
        pages: [{ cells: otherCells }],
      },
    };
    for (const [name, lie] of Object.entries(lies)) {
      const publicInput = parsePublicInput(lie.words, shape);
      const file = await proveTrace(
        { ...trace, statement: { ...statement, ...lie, publicInput } },
        { layout, security, threads: 0 },
      );
      const step = ((): unknown => {
        try {
          verify(file, { bits: 12, minPowBits: 0 });
          return "accepted";
        } catch (error) {
          return (error as ProofRejected).step;
        }
      })();
      expect(step, name).to.be.oneOf(["constraints", "builtin segments"]);
    }
  });
});
