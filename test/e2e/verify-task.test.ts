/** `npx hardhat starknet:verify`, as a user runs it. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { PROOF_LAYOUTS } from "../../src/prover/air/layouts/index.ts";
import { encodeProofFile, type ProofFile } from "../../src/prover/proof-file.ts";
import { prove } from "../../src/prover/prove.ts";
import { proofRun } from "../support/cairo-program.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const HARDHAT = join(ROOT, "node_modules/hardhat/dist/src/cli.js");

describe("npx hardhat starknet:verify", function () {
  this.timeout(120_000);
  const folder = mkdtempSync(join(tmpdir(), "verify-task-"));
  after(() => rmSync(folder, { recursive: true }));
  let proof: ProofFile;

  before(async () => {
    proof = await prove(proofRun("fibonacci", "compact"), {
      layout: PROOF_LAYOUTS.compact,
      security: { bits: 40, powBits: 8 },
    });
  });

  function run(
    content: Uint8Array | string,
    ...options: string[]
  ): { code: number; output: string } {
    const path = join(folder, "proof.json");
    writeFileSync(path, content);
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [HARDHAT, "starknet:verify", path, ...options],
      { cwd: ROOT, encoding: "utf8", env: { ...process.env, NO_COLOR: "1" } },
    );
    return { code: status ?? -1, output: stdout + stderr };
  }

  it("accepts a good proof with 0 and gives the gas of each phase", () => {
    const { code, output } = run(encodeProofFile(proof, true), "--security", "40");
    expect(code, output).to.equal(0);
    expect(output).to.match(/accepted by the TypeScript verifier/);
    expect(output).to.match(/whole proof +[\d,]+ gas, \d+ bytes of calldata/);
    expect(output).to.match(/openings, DEEP quotient +[\d,]+\n/);
    expect(output.trimEnd()).to.match(/\naccepted$/);
  });

  it("rejects with 1 and names the step", () => {
    const weak = run(encodeProofFile(proof));
    expect(weak.code, weak.output).to.equal(1);
    expect(weak.output).to.match(/rejected at "security": 40 bits of security, not 96/);
    const bytes = Uint8Array.from(proof.proof);
    bytes[bytes.length - 40]! ^= 1;
    const wrong = run(encodeProofFile({ ...proof, proof: bytes }), "--security", "40");
    expect(wrong.code, wrong.output).to.equal(1);
    expect(wrong.output).to.match(/rejected at "FRI layer \d"/);
  });

  it("answers 2 to what is not a proof", () => {
    for (const content of ["", "{}", encodeProofFile(proof).subarray(0, 500)]) {
      const { code, output } = run(content);
      expect(code, output).to.equal(2);
      expect(output).to.match(/proof\.json is not a proof file: /);
    }
  });

  it("refuses bad options before it reads anything", () => {
    const { code, output } = run("", "--security", "many");
    expect(code).to.equal(1);
    expect(output).to.match(/--security: expected a number of bits, got "many"/);
    expect(run("", "--verifier", "0x12").output).to.match(/--verifier: expected an address/);
  });
});
