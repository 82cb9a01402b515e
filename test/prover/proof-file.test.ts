import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import {
  encodeProofFile,
  NotAProofFile,
  parseProofFile,
  type ProofFile,
  readProofFile,
} from "../../src/prover/proof-file.ts";

const FILE: ProofFile = {
  layout: "small",
  parameters: [18n, 4n],
  publicInput: [9n, 0n, 5n, 0x736d616c6cn],
  pages: [{ cells: [[1n, 2n]] }, { start: 7n, values: [8n, 9n] }],
  proof: Uint8Array.of(1, 2, 3),
};

describe("proof files", () => {
  const folder = mkdtempSync(join(tmpdir(), "proof-file-"));
  after(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "proof.json");

  it("are read as they are written, gzipped or not", () => {
    for (const zipped of [false, true]) {
      writeFileSync(path, encodeProofFile(FILE, zipped));
      expect(readProofFile(path)).to.deep.equal(FILE);
    }
  });

  it("may leave out the layout's name, which its code spells", () => {
    const json = JSON.parse(Buffer.from(encodeProofFile(FILE)).toString());
    delete json.layout;
    expect(parseProofFile(json).layout).to.equal("small");
  });

  it("are refused with a reason", () => {
    const good = JSON.parse(Buffer.from(encodeProofFile(FILE)).toString());
    const cases: [change: object, reason: string][] = [
      [{ format: "another" }, '"format" expected "starkware-evm-job-1"'],
      [{ layout: 5 }, '"layout" expected a name'],
      [{ proofParams: "0x1" }, '"proofParams" expected a list'],
      [{ proofParams: [5] }, '"proofParams[0]" expected a number'],
      [{ proofParams: ["-1"] }, '"proofParams[0]" expected a number'],
      [{ proofParams: [`0x1${"0".repeat(64)}`] }, '"proofParams[0]" expected a number'],
      [{ proofParams: [String(2n ** 256n)] }, '"proofParams[0]" expected a number below 2^256'],
      [{ pages: [{ pairs: [["1"]] }] }, '"pages[0].pairs[0]" expected an address and a value'],
      [{ pages: [null] }, '"pages[0].startAddr" expected a number'],
      [{ proof: "0x123" }, '"proof" expected bytes'],
      [{ proof: undefined }, '"proof" expected bytes'],
    ];
    for (const [change, reason] of cases)
      expect(() => parseProofFile({ ...good, ...change })).to.throw(NotAProofFile, reason);
    for (const json of [null, [], "proof", 5])
      expect(() => parseProofFile(json)).to.throw(NotAProofFile);
  });

  it("that are none are refused, however they are broken", () => {
    for (const content of ["", "{", "[]", Buffer.from([0x1f, 0x8b, 1, 2])]) {
      writeFileSync(path, content);
      expect(() => readProofFile(path)).to.throw(NotAProofFile, path);
    }
    expect(() => readProofFile(join(folder, "missing.json"))).to.throw(NotAProofFile, "missing");
    expect(() => readProofFile(folder)).to.throw(NotAProofFile, folder);
  });
});
