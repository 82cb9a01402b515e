/** What the proof of a fact cost, part by part, against receipts and against the other profile. */
import { expect } from "chai";
import { Ethereum } from "../../../src/l1/ethereum.ts";
import { factParts, factTransactions, functionOf } from "../../../src/l1/gas/fact-parts.ts";
import { sumOf } from "../../../src/l1/gas/part.ts";
import { inProcessTransport, L1RequestError } from "../../../src/l1/transport.ts";
import {
  carryOut,
  factPurpose,
  planVerification,
  proofParts,
  type VerificationPlan,
} from "../../../src/l1/verifier/calldata.ts";
import { FactProfiler } from "../../../src/l1/verifier/fact-phases.ts";
import { calldataGas, profileVerification } from "../../../src/l1/verifier/phases.ts";
import { programOnL1 } from "../../../src/l1/verifier/program.ts";
import { encodeCall } from "../../../src/l1/abi.ts";
import type { ProofFile } from "../../../src/prover/proof-file.ts";
import { keccakOfWords } from "../../../src/prover/verifier/public-input.ts";
import { verify, type Verification } from "../../../src/prover/verifier/verify.ts";
import { bytesToBigInt } from "../../../src/util/bytes.ts";
import { proofRun } from "../../support/cairo-program.ts";
import { LAYOUT, outputOf, programWords, proofOf, REQUIRED } from "../support/fact-proof.ts";
import { VerifierFixture } from "../support/verifier.ts";

describe("gas of a proven fact", function () {
  this.timeout(120_000);
  let fixture: VerifierFixture;
  let l1: Ethereum;
  let registry: string;
  let file: ProofFile;
  let verification: Verification;
  let fact: bigint;

  before(async () => {
    fixture = await VerifierFixture.create();
    l1 = new Ethereum(inProcessTransport(fixture.connection.provider));
    const words = programWords(proofRun("poseidon", "compact").publicInput!);
    const program = programOnL1(words, ["output", "poseidon"], LAYOUT);
    registry = (await fixture.factRegistry("compact", program, REQUIRED)).address;
    file = await proofOf("poseidon");
    verification = verify(file, REQUIRED);
    const output = bytesToBigInt(keccakOfWords(outputOf(file)));
    fact = bytesToBigInt(keccakOfWords([program.hash, output]));
  });
  after(() => fixture.close());

  const hex = (data: Uint8Array): string => `0x${Buffer.from(data).toString("hex")}`;
  const target = {
    call: async (data: Uint8Array) =>
      Buffer.from((await l1.call(registry, hex(data))).slice(2), "hex"),
    send: (_: string, data: Uint8Array) =>
      l1.request<string>("eth_sendTransaction", {
        from: fixture.account,
        to: registry,
        data: hex(data),
        gas: "0x1000000",
      }),
  };
  const bring = (plan: VerificationPlan): Promise<string[]> =>
    carryOut(plan, target, { whole: "proveFact", begin: "beginFact" });
  const gasUsed = async (hash: string): Promise<number> =>
    Number((await l1.receipt(hash))!.gasUsed);

  it("is told by phases that add up to the receipt", async () => {
    const [hash] = await bring(planVerification(file, verification, factPurpose(file)));
    const { number } = await l1.head();
    const [transaction, ...more] = await factTransactions(l1, registry, fact, number);
    expect([transaction!.hash, functionOf(transaction!), more.length]).to.deep.equal([
      hash,
      "proveFact",
      0,
    ]);
    const used = await gasUsed(hash!);
    const parts = await factParts(new FactProfiler(l1, registry), transaction!, used);
    expect(sumOf(parts)).to.equal(used);
    expect(new Set(parts.map(({ group }) => group))).to.deep.equal(new Set(["verification"]));
    const gas = new Map(parts.map(({ part, gas }) => [part, gas]));
    const input = Buffer.from(transaction!.input.slice(2), "hex");
    expect(gas.get("calldata")).to.equal(calldataGas(input).standard);
    // A new slot (EIP-2929), and a log with two topics.
    expect(gas.get("keeping the fact")).to.be.within(22_100 + 1_125, 22_100 + 1_125 + 1_000);
    expect(gas.get("call and answer")).to.be.within(0, 5_000);

    // The verifier without a program takes the same steps, but for public memory.
    const security = { bits: REQUIRED.bits, minPowBits: 0 };
    const profiler = await fixture.verifier("compact", { security }, "VerifierProfile");
    const { phases } = await profileVerification(profiler, file, verification);
    for (const { phase, gas: expected } of phases.filter(({ phase }) => phase !== "public memory"))
      expect(Math.abs(gas.get(phase)! - expected), phase).to.be.below(300 + expected / 100);
    expect(parts).to.have.length(phases.length + 4);
  });

  it("is that of all transactions where the proof took several", async () => {
    const { head, layers } = proofParts(file, verification);
    const purpose = factPurpose(file, 1);
    const sent = await bring({
      kind: "split",
      begin: encodeCall(purpose.begin, [...purpose.arguments, head]),
      resume: layers.map((proof) => ({ layerCount: 1, proof })),
    });
    const { number } = await l1.head();
    const [log] = (await l1.logs(registry, number, number)).map(({ topics }) => topics[1]!);
    const found = await factTransactions(l1, registry, BigInt(log!), number);
    expect(found.map(({ hash }) => hash)).to.deep.equal(sent);
    expect(found.map(functionOf)).to.deep.equal(["beginFact", ...layers.map(() => "resume")]);
    const profiler = new FactProfiler(l1, registry);
    for (const transaction of found) {
      const used = await gasUsed(transaction.hash);
      expect(sumOf(await factParts(profiler, transaction, used))).to.equal(used);
    }
  });

  it("is told without phases where L1 takes no other code for a call", async () => {
    const [transaction] = await factTransactions(l1, registry, fact, (await l1.head()).number);
    const simple = new Ethereum({
      request: ({ method, params }) =>
        method === "eth_call" && params!.length > 2
          ? Promise.reject(new L1RequestError("too many arguments", -32602, undefined))
          : inProcessTransport(fixture.connection.provider).request({ method, params }),
    });
    const used = await gasUsed(transaction!.hash);
    const parts = await factParts(new FactProfiler(simple, registry), transaction!, used);
    expect(parts.map(({ part }) => part)).to.deep.equal([
      "base of a transaction",
      "calldata",
      "execution and storage",
    ]);
    expect(sumOf(parts)).to.equal(used);
  });

  it("is not to be found for a fact that nobody proved", async () => {
    const { number } = await l1.head();
    const error = await factTransactions(l1, registry, fact + 1n, number).catch(String);
    expect(error).to.include("has no log of the fact");
  });
});
