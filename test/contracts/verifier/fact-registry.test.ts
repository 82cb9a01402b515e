/** A registry of facts about one program takes that program's outputs, and nothing else. */
import { expect } from "chai";
import { selectorOf } from "../../../src/l1/abi.ts";
import { factPurpose, planVerification } from "../../../src/l1/verifier/calldata.ts";
import type { VerifierClient } from "../../../src/l1/verifier/client.ts";
import { programOnL1, type ProgramOnL1 } from "../../../src/l1/verifier/program.ts";
import type { ProofFile } from "../../../src/prover/proof-file.ts";
import { keccakOfWords } from "../../../src/prover/verifier/public-input.ts";
import { verify } from "../../../src/prover/verifier/verify.ts";
import { onchainDataHash } from "../../../src/starknet/output/facts.ts";
import { bytesToBigInt } from "../../../src/util/bytes.ts";
import { proofRun } from "../../support/cairo-program.ts";
import { rejectionOf } from "../../../src/l1/verifier/rejections.ts";
import {
  LAYOUT,
  outputOf,
  programWords,
  proofOf,
  REQUIRED,
  type RunStatement,
} from "../support/fact-proof.ts";
import { VerifierFixture } from "../support/verifier.ts";

const pairHash = (...words: bigint[]): bigint => bytesToBigInt(keccakOfWords(words));

describe("the registry of facts about a Cairo program", function () {
  this.timeout(120_000);
  let fixture: VerifierFixture;
  let program: ProgramOnL1;
  let words: bigint[];
  let registry: VerifierClient;
  let proof: ProofFile;

  before(async () => {
    fixture = await VerifierFixture.create();
    words = programWords(proofRun("poseidon", "compact").publicInput!);
    program = programOnL1(words, ["output", "poseidon"], LAYOUT);
    registry = await fixture.factRegistry("compact", program, REQUIRED);
    proof = await proofOf("poseidon");
  });
  after(() => fixture.close());

  const isValid = async (fact: bigint, of = registry): Promise<boolean> => {
    const word = Buffer.from(fact.toString(16).padStart(64, "0"), "hex");
    const data = Buffer.concat([selectorOf("isValid(bytes32)"), word]);
    return bytesToBigInt(await of.call(data)) === 1n;
  };

  /** The error with which the registry refuses a proof that the verifier accepts. */
  async function refusal(
    file: ProofFile,
    of = registry,
    purpose = factPurpose(file),
  ): Promise<string> {
    const plan = planVerification(file, verify(file, REQUIRED), purpose);
    if (plan.kind === "split") throw new Error("a small proof expected");
    return of.call(plan.data).then(
      () => "accepted",
      (error: unknown) => rejectionOf(error),
    );
  }

  it("computes the program's hash from its code", async () => {
    const hash = await registry.call(selectorOf("programHash()"));
    expect(bytesToBigInt(hash)).to.equal(program.hash);
  });

  it("registers the fact of a proven output", async () => {
    const output = outputOf(proof);
    expect(output.length).to.equal(4);
    const fact = pairHash(program.hash, bytesToBigInt(keccakOfWords(output)));
    expect(await isValid(fact)).to.equal(false);
    const [sent] = await registry.register(proof, verify(proof, REQUIRED), factPurpose(proof));
    expect(sent!.gasUsed).to.be.lessThan(2 ** 24);
    expect(await isValid(fact)).to.equal(true);
    expect(await isValid(fact + 1n)).to.equal(false);
  });

  it("registers the fact of an output that ends with data on chain, as a core contract asks for it", async () => {
    const output = outputOf(proof);
    const [main, data] = [output.slice(0, 1), output.slice(1)];
    const dataHash = onchainDataHash(data, main.length);
    const tree = pairHash(
      bytesToBigInt(keccakOfWords(main)),
      BigInt(main.length),
      dataHash,
      BigInt(output.length),
    );
    await registry.register(proof, verify(proof, REQUIRED), factPurpose(proof, main.length));
    expect(await isValid(pairHash(program.hash, tree + 1n))).to.equal(true);
  });

  it("refuses another output", async () => {
    const output = [...outputOf(proof)];
    output[2]! ^= 1n;
    const purpose = factPurpose(proof);
    const [parameters, publicInput, , mainSize] = purpose.arguments;
    const changed = {
      ...purpose,
      arguments: [parameters!, publicInput!, output, mainSize!],
    };
    expect(await refusal(proof, registry, changed)).to.equal("WrongPage(2)");
    const shorter = {
      ...purpose,
      arguments: [parameters!, publicInput!, output.slice(1), mainSize!],
    };
    expect(await refusal(proof, registry, shorter)).to.equal("WrongOutput()");
  });

  it("refuses the proof of another program", async () => {
    // Its own output, and its own stack: only the program is another.
    const other = programOnL1(words.with(words.length - 1, 5n), ["output", "poseidon"], LAYOUT);
    const strict = await fixture.factRegistry("compact", other, REQUIRED);
    expect(other.hash).not.to.equal(program.hash);
    expect(await refusal(proof, strict)).to.equal("WrongPage(1)");
    expect(await refusal(await proofOf("pedersen"))).to.equal("WrongPage(0)");
  });

  it("refuses the program with other builtins", async () => {
    const other = programOnL1(words, ["output", "pedersen"], LAYOUT);
    expect(other.hash).not.to.equal(program.hash);
    const strict = await fixture.factRegistry("compact", other, REQUIRED);
    expect(await refusal(proof, strict)).to.equal("WrongPage(0)");
  });

  it("refuses sound proofs of less than it asks for", async () => {
    const cells = (keep: (address: number, s: RunStatement) => boolean) => (s: RunStatement) => ({
      ...s,
      public_memory: s.public_memory.filter(({ address }) => keep(address, s)),
    });
    const segments = (s: RunStatement, name: string, by: number): RunStatement => {
      const { begin_addr, stop_ptr } = s.memory_segments[name]!;
      return {
        ...s,
        memory_segments: {
          ...s.memory_segments,
          [name]: { begin_addr, stop_ptr: stop_ptr + by },
        },
      };
    };
    const statements: Record<string, (s: RunStatement) => RunStatement> = {
      "without the stop pointers": cells(
        (address, { memory_segments: { execution } }) =>
          address < execution!.stop_ptr - 2 || address >= execution!.stop_ptr,
      ),
      "without [fp - 1]": cells(
        (address, { memory_segments: { execution } }) => address !== execution!.begin_addr - 1,
      ),
      "an output that stops early": (s) =>
        cells((address) => address !== s.memory_segments.output!.stop_ptr - 1)(
          segments(s, "output", -1),
        ),
      "a builtin that stops elsewhere": (s) => segments(s, "poseidon", 6),
    };
    for (const [name, change] of Object.entries(statements))
      expect(await refusal(await proofOf("poseidon", change)), name).to.equal("WrongPage(0)");
  });

  it("refuses public memory in other pages", async () => {
    const file = await proofOf("poseidon", undefined, false);
    expect(await refusal(file)).to.equal("WrongPage(1)");
  });

  it("cannot be deployed for what is no program, or has no output", async () => {
    const attempts: [ProgramOnL1, string][] = [
      [{ ...program, builtins: Uint8Array.of() }, "NoOutputBuiltin()"],
      [{ ...program, builtins: Uint8Array.of(6, 0) }, "NoOutputBuiltin()"],
      [{ ...program, builtins: Uint8Array.of(0, 7) }, "WrongLayout()"],
      [{ ...program, pages: [...program.pages, []] }, "NotAProgram(1)"],
      [{ ...program, pages: [[2n ** 252n]] }, "NotAProgram(0)"],
    ];
    for (const [attempt, reason] of attempts) {
      const found = await fixture.factRegistry("compact", attempt, REQUIRED).then(
        () => "deployed",
        (error: unknown) => rejectionOf(error),
      );
      expect(found).to.equal(reason);
    }
  });
});
