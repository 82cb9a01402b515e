/** A registry of facts about one program takes that program's outputs, and nothing else. */
import { expect } from "chai";
import { selectorOf } from "../../../src/l1/abi.ts";
import { factPurpose, planVerification } from "../../../src/l1/verifier/calldata.ts";
import type { VerifierClient } from "../../../src/l1/verifier/client.ts";
import { programOnL1, type ProgramOnL1 } from "../../../src/l1/verifier/program.ts";
import type { CairoRun } from "../../../src/cairo/run/cairo-runner.ts";
import { PROOF_LAYOUTS } from "../../../src/prover/air/layouts/index.ts";
import { withProgramPages } from "../../../src/prover/program-pages.ts";
import type { ProofFile } from "../../../src/prover/proof-file.ts";
import { proveTrace } from "../../../src/prover/prove.ts";
import { buildTrace } from "../../../src/prover/trace/build.ts";
import { verifierLayoutOf } from "../../../src/prover/verifier/layout.ts";
import { keccakOfWords } from "../../../src/prover/verifier/public-input.ts";
import { verify } from "../../../src/prover/verifier/verify.ts";
import { onchainDataHash } from "../../../src/starknet/output/facts.ts";
import { bytesToBigInt } from "../../../src/util/bytes.ts";
import { proofRun } from "../../support/cairo-program.ts";
import { rejectionOf } from "../../../src/l1/verifier/rejections.ts";
import { VerifierFixture } from "../support/verifier.ts";

const SECURITY = { bits: 40, powBits: 8 };
const REQUIRED = { bits: 40, minPowBits: 0 };
const LAYOUT = verifierLayoutOf(PROOF_LAYOUTS.compact);

type RunStatement = NonNullable<CairoRun["publicInput"]>;

/** The program's words are the public cells before the stack. */
function programWords({ public_memory, memory_segments }: RunStatement): bigint[] {
  const length = memory_segments.execution!.begin_addr - 3;
  return public_memory.slice(0, length).map(({ value }) => BigInt(value!));
}

/** A proof of the run of a program, its statement changed before it is proven. */
async function proofOf(
  name: string,
  change: (statement: RunStatement) => RunStatement = (statement) => statement,
  paged = true,
): Promise<ProofFile> {
  const run = proofRun(name, "compact");
  const { length } = programWords(run.publicInput!);
  const layout = PROOF_LAYOUTS.compact;
  const trace = buildTrace({ ...run, publicInput: change(run.publicInput!) }, layout);
  const statement = paged ? withProgramPages(trace.statement, LAYOUT, length) : trace.statement;
  return proveTrace({ ...trace, statement }, { layout, security: SECURITY, threads: 0 });
}

const outputOf = (file: ProofFile): readonly bigint[] => {
  const page = file.pages.at(-1)!;
  return "start" in page ? page.values : [];
};

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
    const plan = planVerification(file, verify(file, REQUIRED), 20, purpose);
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
