/** What a prover that nobody trusts may send, and what is taken of it. One small proof, and many lies about it. */
import { gzipSync } from "node:zlib";
import { expect } from "chai";
import { encodeProofFile, type ProofFile } from "../../src/prover/proof-file.ts";
import { verify } from "../../src/prover/verifier/verify.ts";
import type { BlockProof } from "../../src/proving/prove-job.ts";
import { BadProof, checkProof } from "../../src/proving/queue/check.ts";
import { checkInThread } from "../../src/proving/queue/check-thread.ts";
import { createJob } from "../../src/proving/job.ts";
import { startProof } from "../../src/proving/prover-thread.ts";
import { OsChain } from "../os/support/os-chain.ts";
import { gzipped, LOW_SECURITY as security } from "./support/queue-bench.ts";

describe("the check of proofs from a queue", function () {
  this.timeout(300_000);
  let proof: BlockProof;
  let output: readonly bigint[];
  let otherOutput: readonly bigint[];

  before(async () => {
    const chain = new OsChain();
    await chain.block();
    await chain.block();
    const range = { first: 1, last: 1 };
    const job = createJob(chain.core.sequencer.chain, chain.core.environment, range);
    [output, otherOutput] = [chain.expected(1), chain.expected(2)];
    await chain.close();
    const onProgress = (): void => undefined;
    proof = await startProof(job, { threads: 1, security, onProgress }).done;
  });

  const check = (file: ProofFile, expected = output): BlockProof =>
    checkProof(encodeProofFile(file, true), { output: expected, security });
  const refused = (change: Partial<ProofFile>, reason: string | RegExp): void => {
    expect(() => check({ ...proof.file, ...change })).to.throw(BadProof, reason);
  };

  it("takes an honest proof as it is", async () => {
    const taken = check(proof.file);
    expect(taken).to.deep.equal(proof);
    expect(await checkInThread(gzipped(proof), { output, security })).to.deep.equal(proof);
  });

  it("refuses what is no proof, whatever it is", async () => {
    const texts = ["", "{}", "[]", "null", '{"format":"starkware-evm-job-1"}'];
    const rubbish = [
      Buffer.alloc(0),
      Buffer.from("garbage"),
      gzipped(proof).subarray(0, 1_000),
      ...texts.map((text) => gzipSync(text)),
      gzipSync(Buffer.alloc(1 << 25)), // 32 MiB of zeros
      gzipSync("[".repeat(1 << 20)),
    ];
    for (const bytes of rubbish)
      expect(() => checkProof(bytes, { output, security })).to.throw(BadProof);
    const error: unknown = await checkInThread(rubbish[1]!, { output, security }).catch(
      (reason: unknown) => reason,
    );
    expect(error).to.be.instanceOf(BadProof);
  });

  it("refuses a valid proof of another job", () => {
    expect(() => check(proof.file, otherOutput)).to.throw(BadProof, "another output");
    expect(() => check(proof.file, output.slice(1))).to.throw(BadProof, "another output");
  });

  it("refuses another layout, other parameters, fewer bits", () => {
    refused({ layout: "starknet" }, "layout starknet");
    const { parameters } = proof.file;
    for (const i of parameters.keys())
      refused({ parameters: parameters.with(i, parameters[i]! + 1n) }, "other parameters");
    expect(() =>
      checkProof(gzipped(proof), { output, security: { ...security, bits: 8 } }),
    ).to.throw(BadProof, "other parameters");
  });

  it("refuses another program, another stack, an output that differs from the proven one", () => {
    const { pages } = proof.file;
    const stack = pages[0] as { cells: readonly (readonly [bigint, bigint])[] };
    const [address, value] = stack.cells[3]!;
    const cells = stack.cells.with(3, [address, value + 1n]);
    refused({ pages: pages.with(0, { cells }) }, "page 0 is not that of the program");
    const page = pages[2] as { start: bigint; values: readonly bigint[] };
    const values = page.values.with(5, page.values[5]! + 1n);
    refused({ pages: pages.with(2, { ...page, values }) }, "page 2 is not that of the program");
    refused({ pages: pages.toSpliced(1, 1) }, "pages");
    const last = pages.at(-1) as { start: bigint; values: readonly bigint[] };
    const changed = { ...last, values: last.values.with(1, last.values[1]! + 1n) };
    refused({ pages: pages.with(-1, changed) }, "another output");
    // With the output that is wanted, the proof is of other pages.
    expect(() => check({ ...proof.file, pages: pages.with(-1, changed) }, changed.values)).to.throw(
      BadProof,
      "memory pages",
    );
  });

  it("refuses a change of any word of the public input, and of the proof's sections", () => {
    const { publicInput, proof: bytes } = proof.file;
    for (const i of publicInput.keys())
      refused({ publicInput: publicInput.with(i, publicInput[i]! + 1n) }, "");
    const { sections } = verify(proof.file, { bits: 4, minPowBits: 0 });
    for (const { start, end } of sections) {
      for (const at of [start, end - 1]) {
        const changed = Uint8Array.from(bytes);
        changed[at]! ^= 1;
        refused({ proof: changed }, "");
      }
    }
    refused({ proof: bytes.subarray(0, bytes.length - 64) }, "");
    refused({ proof: Buffer.concat([bytes, Buffer.alloc(64, 1)]) }, "");
  });
});
