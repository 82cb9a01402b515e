/** Declarations that are wrong: each is answered with its error, nothing changes, and the next one works. */
import { readFileSync } from "node:fs";
import { expect } from "chai";
import type { Felt } from "../../src/field/felt.ts";
import { sierraClassHash } from "../../src/starknet/class/class-hash.ts";
import { compiledClassHash } from "../../src/starknet/class/compiled-class-hash.ts";
import { parseSierraClass, type SierraClass } from "../../src/starknet/class/sierra.ts";
import { TestDevnet } from "../support/devnet.ts";
import { declare } from "../support/submit.ts";

const GOOD = parseSierraClass(
  JSON.parse(
    readFileSync(
      new URL("../../contracts/cairo/artifacts/bridge.sierra.json", import.meta.url),
      "utf8",
    ),
  ),
);
const ADD = "starknet_addDeclareTransaction";

describe("bad declarations", function () {
  this.timeout(180_000);
  let devnet: TestDevnet;
  let goodHash: Felt;

  before(async () => {
    devnet = await TestDevnet.start({ maximumSierraLength: 30_000 });
    goodHash = compiledClassHash(await devnet.devnet.core.compile(GOOD));
  });
  after(() => devnet.close());

  const refused = async (transaction: object): Promise<number> => {
    const { chain } = devnet.devnet.core.sequencer;
    const { hash } = chain.latest();
    const { code } = await devnet.failure(ADD, [transaction]);
    expect(chain.latest().hash).to.equal(hash);
    return code;
  };
  const withProgram = (sierraProgram: readonly Felt[]): SierraClass => ({ ...GOOD, sierraProgram });
  const program = GOOD.sierraProgram;
  /** A program whose felts from `at` on are others. */
  const changed = (at: number, ...felts: Felt[]): SierraClass =>
    withProgram([...program.slice(0, at), ...felts, ...program.slice(at + felts.length)]);

  const external = GOOD.entryPointsByType.EXTERNAL[0]!;
  const withExternal = (...entryPoints: (typeof external)[]): SierraClass => ({
    ...GOOD,
    entryPointsByType: { ...GOOD.entryPointsByType, EXTERNAL: entryPoints },
  });

  const CLASSES: readonly (readonly [string, SierraClass])[] = [
    ["an empty program", withProgram([])],
    ["a program of its versions only", withProgram(program.slice(0, 6))],
    ["half a program", withProgram(program.slice(0, program.length / 2))],
    ["a program without its last felt", withProgram(program.slice(0, -1))],
    ["a version of the future", changed(0, 99n)],
    ["a huge version", changed(0, 1n << 200n)],
    ["a huge count where a count is", changed(6, (1n << 64n) - 1n)],
    ["felts of nothing", withProgram([...program.slice(0, 6), ...Array<Felt>(1000).fill(7n)])],
    ["zeros", withProgram([...program.slice(0, 6), ...Array<Felt>(1000).fill(0n)])],
    [
      "pseudo-random felts",
      withProgram([
        ...program.slice(0, 6),
        ...Array.from({ length: 5000 }, (_, i) => (BigInt(i) ** 40n * 7919n) % (1n << 250n)),
      ]),
    ],
    [
      "an entry point of a function that is not there",
      withExternal({ ...external, functionIdx: 1 << 30 }),
    ],
    ["entry points of one selector", withExternal(external, external)],
  ];

  for (const [name, sierra] of CLASSES) {
    it(`refuses ${name}`, async () => {
      expect(await refused(declare(devnet, sierra, goodHash))).to.be.oneOf([56, 57, -32602]);
    });
  }

  it("refuses another compiled class hash", async () => {
    expect(await refused(declare(devnet, GOOD, goodHash + 1n))).to.equal(60);
  });

  it("refuses a class that is too long", async () => {
    const long = withProgram([...program, ...Array<Felt>(30_000).fill(1n)]);
    expect(await refused(declare(devnet, long, goodHash))).to.equal(57);
  });

  it("refuses what is no class", async () => {
    const whole = declare(devnet, GOOD, goodHash);
    for (const contract_class of [
      null,
      [],
      "class",
      {},
      { ...whole.contract_class, sierra_program: "0x1" },
      { ...whole.contract_class, sierra_program: [{}] },
      { ...whole.contract_class, sierra_program: [`0x${"f".repeat(64)}`] },
      { ...whole.contract_class, entry_points_by_type: { EXTERNAL: [] } },
      { ...whole.contract_class, abi: { deep: [] } },
      { ...whole.contract_class, contract_class_version: "9.9.9" },
    ]) {
      expect(await refused({ ...whole, contract_class })).to.be.oneOf([-32602, 62]);
    }
  });

  it("takes an ABI that is no JSON: it is text to the protocol", async () => {
    const sierra = { ...GOOD, abi: "{[garbage \u0000 \ud83d\ude00" };
    const answer = await devnet.rpc<{ class_hash: string }>(ADD, [
      declare(devnet, sierra, goodHash),
    ]);
    expect(BigInt(answer.class_hash)).to.equal(sierraClassHash(sierra));
    expect(
      await devnet.rpc<object>("starknet_getClass", ["latest", answer.class_hash]),
    ).to.have.property("abi", sierra.abi);
  });

  it("takes one of many equal declarations at once", async () => {
    const outcomes = await Promise.all(
      [0, 1, 2].map((from) =>
        devnet.rpc(ADD, [declare(devnet, GOOD, goodHash, { from })]).then(
          () => "taken",
          (error: { failure: { code: number } }) => error.failure.code,
        ),
      ),
    );
    expect(outcomes.sort()).to.deep.equal([51, 51, "taken"]);
    expect(await refused(declare(devnet, GOOD, goodHash))).to.equal(51);
    await devnet.send(0x1234n, 1n);
    expect(await devnet.balance(0x1234n)).to.equal(1n);
  });
});
