/** The Sierra compiler against compiled classes of others. */
import { readdirSync, readFileSync } from "node:fs";
import { expect } from "chai";
import { shortString } from "../../../src/field/short-string.ts";
import { parseCasmClass } from "../../../src/starknet/class/casm.ts";
import { compiledClassHash } from "../../../src/starknet/class/compiled-class-hash.ts";
import { SierraCompiler } from "../../../src/starknet/class/compiler/compile.ts";
import { narrowFallThrough } from "../../../src/starknet/class/compiler/fall-through.ts";
import { ClassError } from "../../../src/starknet/class/errors.ts";
import { parseSierraClass, type SierraClass } from "../../../src/starknet/class/sierra.ts";
import { readSharedJson, requireShared, sharedPath } from "../../support/shared.ts";
import { blakeClassHash } from "./support/blake-class-hash.ts";
import { hyperlaneClass } from "./support/hyperlane.ts";
import { compressed } from "./support/sierra-program.ts";
import { expectSameCasm } from "./support/same-casm.ts";

const CLASSES = "vectors/starknet/classes";

/** `x.casm.json` of `x.sierra.json`, whichever of them are gzipped. */
const sameStem = (sierra: string, casm: string): boolean =>
  casm.replace(/\.casm\.json(\.gz)?$/, "") === sierra.replace(/\.sierra\.json(\.gz)?$/, "");

const artifact = (file: string): unknown =>
  JSON.parse(
    readFileSync(
      new URL(`../../../contracts/cairo/artifacts/${file}.json`, import.meta.url),
      "utf8",
    ),
  );

async function refusal(compiler: SierraCompiler, sierra: SierraClass): Promise<string> {
  try {
    await compiler.compile(sierra);
  } catch (error) {
    if (error instanceof ClassError && error.code === "COMPILATION_FAILED") return error.message;
    throw error;
  }
  throw new Error("the class was compiled");
}

describe("Sierra compiler", function () {
  this.timeout(120_000);
  const compiler = new SierraCompiler();
  after(() => compiler.close());

  for (const name of ["account", "erc20", "udc", "bridge"]) {
    it(`compiles ${name} to the bytecode, hints and entry points of the native compiler`, async () => {
      const expected = parseCasmClass(artifact(`${name}.casm`));
      const compiled = await compiler.compile(parseSierraClass(artifact(`${name}.sierra`)));
      expect(compiledClassHash(compiled)).to.equal(compiledClassHash(expected));
      expectSameCasm(compiled, expected);
    });
  }

  for (const name of ["contracts_merkle_tree_hook", "token_HypErc20"]) {
    it(`compiles ${name}, where 2^64 - 1 is a number as well as a branch target`, async () => {
      const { sierra, casm } = await hyperlaneClass(name);
      const narrowed = narrowFallThrough(sierra.sierraProgram);
      for (const felt of [(1n << 64n) - 1n, (1n << 32n) - 1n])
        expect(narrowed.includes(felt), felt.toString()).to.equal(true);
      expectSameCasm(await compiler.compile(sierra), casm);
    });
  }

  it("compiles classes of compilers 1.1 to 2.6 as those did", async function () {
    requireShared(this, CLASSES);
    const files = readdirSync(sharedPath(CLASSES));
    const pairs = files
      .filter((file) => file.includes(".sierra.json"))
      .map((file) => [file, files.find((other) => sameStem(file, other))] as const)
      .filter(([, casm]) => casm !== undefined);
    expect(pairs).to.have.length.greaterThan(10);
    for (const [sierra, casm] of pairs) {
      const compiled = await compiler.compile(
        parseSierraClass(readSharedJson(`${CLASSES}/${sierra}`)),
      );
      expectSameCasm(compiled, parseCasmClass(readSharedJson(`${CLASSES}/${casm!}`)));
    }
  });

  it("compiles on-chain classes to what the chain says", async function () {
    requireShared(this, CLASSES);
    const { cases } = readSharedJson<{
      cases: { class_hash: string; compiled_class_hash_v2_blake: string }[];
    }>(`${CLASSES}/casm_hash_v2_onchain.json`);
    const files = readdirSync(sharedPath(CLASSES));
    let compared = 0;
    for (const { class_hash, compiled_class_hash_v2_blake } of cases) {
      const file = files.find((name) => name.includes(class_hash.replace(/^0x0*/, "")));
      if (file === undefined) continue;
      const json = readSharedJson<{ result?: unknown }>(`${CLASSES}/${file}`);
      const compiled = await compiler.compile(parseSierraClass(json.result ?? json));
      expect(blakeClassHash(compiled), file).to.equal(BigInt(compiled_class_hash_v2_blake));
      compared++;
    }
    expect(compared).to.be.greaterThan(1);
  });

  describe("given broken classes", () => {
    const sierra = parseSierraClass(artifact("bridge.sierra"));
    const broken = (change: (program: bigint[]) => bigint[]): SierraClass => ({
      ...sierra,
      sierraProgram: change([...sierra.sierraProgram]),
    });

    it("says what is wrong and goes on", async () => {
      expect(
        await refusal(
          compiler,
          broken((program) => program.slice(0, 100)),
        ),
      ).to.match(/Invalid Sierra program|deserialization/);
      expect(
        await refusal(
          compiler,
          broken(() => []),
        ),
      ).to.match(/Invalid Sierra program/);
      expect(
        await refusal(
          compiler,
          broken((program) => program.with(0, 9n)),
        ),
      ).to.match(/version/i);
      const compiled = await compiler.compile(sierra);
      expect(compiled.bytecode.length).to.be.greaterThan(100);
    });

    it("survives any change of a felt", async () => {
      for (let at = 6; at < sierra.sierraProgram.length; at += 97) {
        for (const felt of [0n, 1n, (1n << 64n) - 1n, (1n << 250n) - 1n]) {
          await compiler.compile(broken((program) => program.with(at, felt))).then(
            (casm) => expect(casm.bytecode.length).to.be.greaterThan(0),
            (error: unknown) => expect(error).to.be.instanceOf(ClassError),
          );
        }
      }
    });

    const slow: SierraClass = {
      ...sierra,
      sierraProgram: quadratic(30_000),
      entryPointsByType: { EXTERNAL: [], L1_HANDLER: [], CONSTRUCTOR: [] },
    };

    it("gives up on one that takes too long, and goes on", async () => {
      const hasty = new SierraCompiler({ timeLimit: 700 });
      const refused = refusal(hasty, slow);
      const next = hasty.compile(sierra);
      expect(await refused).to.equal("the compiler took more than 700 ms");
      expect((await next).bytecode.length).to.be.greaterThan(100);
      await hasty.close();
    });

    it("answers for the class under way when it is closed", async () => {
      const closing = new SierraCompiler();
      const refused = refusal(closing, slow);
      await new Promise((resolve) => setTimeout(resolve, 50));
      await closing.close();
      expect(await refused).to.equal("the compiler was closed");
    });

    it("refuses bytecode above the limit", async () => {
      const strict = new SierraCompiler({ maxBytecodeSize: 100 });
      expect(await refusal(strict, sierra)).to.match(/bytecode|size/i);
      await strict.close();
    });
  });
});

/** Makes `count` constants and drops none: the compiler's time grows with the square of the count. */
function quadratic(count: number): bigint[] {
  const constant = (id: number): bigint[] => [0n, 0n, 0n, 1n, (1n << 64n) - 1n, 1n, BigInt(id)];
  const types = [1n, shortString("felt252"), 0n];
  const libfuncs = [1n, shortString("felt252_const"), 1n, 2n, 1n];
  const statements = Array.from({ length: count }, (_, id) => constant(id)).flat();
  const main = [0n, 0n, 0n];
  return compressed([
    ...types,
    ...libfuncs,
    BigInt(count + 1),
    ...statements,
    ...[1n, 0n],
    1n,
    ...main,
  ]);
}
