/** `starknet:prove`, run as a task on files. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { expect } from "chai";
import { createHardhatRuntimeEnvironment } from "hardhat/hre";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import starknetPlugin from "../../src/index.ts";
import { readProofFile } from "../../src/prover/proof-file.ts";
import { verify } from "../../src/prover/verifier/verify.ts";

const program = (name: string): string =>
  gunzipSync(
    readFileSync(new URL(`../cairo/programs/${name}.json.gz`, import.meta.url)),
  ).toString();

describe("starknet:prove", function () {
  this.timeout(120_000);
  let hre: HardhatRuntimeEnvironment;
  let folder: string;
  const { log } = console;

  before(async () => {
    hre = await createHardhatRuntimeEnvironment({ plugins: [starknetPlugin] });
    folder = mkdtempSync(join(tmpdir(), "prove-"));
    writeFileSync(join(folder, "fibonacci.json"), program("fibonacci"));
    writeFileSync(join(folder, "ecdsa.json"), program("ecdsa"));
    writeFileSync(join(folder, "list.json"), "[]");
    writeFileSync(join(folder, "text.json"), "not JSON");
    writeFileSync(join(folder, "other.json"), '{"a":1}');
    // The assertion on the sum fails.
    writeFileSync(
      join(folder, "failing.json"),
      program("fibonacci").replace(/"0x3af9a19bbd9"/i, '"0x3af9a19bbda"'),
    );
    console.log = () => undefined;
  });
  after(() => {
    console.log = log;
    rmSync(folder, { recursive: true });
  });

  const run = (args: Record<string, string | undefined>): Promise<unknown> =>
    hre.tasks.getTask("starknet:prove").run({
      program: join(folder, "fibonacci.json"),
      out: join(folder, "proof.json"),
      ...args,
    });

  const refusal = async (args: Record<string, string | undefined>): Promise<string> => {
    const before = readdirSync(folder);
    const message = await run(args).then(
      () => "proved",
      (error: unknown) => (error as Error).message,
    );
    expect(readdirSync(folder), "files").to.deep.equal(before);
    return message;
  };

  it("writes a proof that the verifier accepts", async () => {
    await run({ security: "40" });
    const file = readProofFile(join(folder, "proof.json"));
    expect(verify(file, { bits: 40, minPowBits: 0 }).layout).to.equal("compact");
    rmSync(join(folder, "proof.json"));
  });

  it("gives the program its input", async () => {
    // At pc 10 the program writes 60 to [ap]; a hint that writes it before must agree.
    const json = JSON.parse(program("fibonacci")) as { hints: Record<string, unknown> };
    json.hints["10"] = [
      {
        accessible_scopes: ["__main__", "__main__.main"],
        code: "memory[ap] = to_felt_or_relocatable(program_input['n'])",
        flow_tracking_data: { ap_tracking: { group: 0, offset: 0 }, reference_ids: {} },
      },
    ];
    const file = (name: string): string => join(folder, name);
    writeFileSync(file("reading.json"), JSON.stringify(json));
    writeFileSync(file("60.json"), '{ "n": 60 }');
    writeFileSync(file("61.json"), '{ "n": "0x3d" }');
    await run({ program: file("reading.json"), input: file("60.json"), security: "20" });
    rmSync(file("proof.json"));
    expect(await refusal({ program: file("reading.json"), input: file("61.json") })).to.match(
      /the run failed/,
    );
    expect(await refusal({ program: file("reading.json") })).to.match(/hint/);
  });

  it("says what is wrong, and leaves no file", async () => {
    const file = (name: string): string => join(folder, name);
    expect(await refusal({ program: undefined })).to.match(/--program/);
    expect(await refusal({ program: file("none.json") })).to.match(/none\.json/);
    expect(await refusal({ program: file("text.json") })).to.match(/not JSON/);
    expect(await refusal({ program: file("list.json") })).to.match(/compiled Cairo 0 program/);
    expect(await refusal({ program: file("other.json") })).to.match(
      /other\.json: it is no compiled Cairo 0 program/,
    );
    expect(await refusal({ program: file("failing.json") })).to.match(/the run failed/);
    expect(await refusal({ input: file("list.json") })).to.match(/not a JSON object/);
    expect(await refusal({ program: file("ecdsa.json") })).to.match(/no builtin ecdsa.*starknet/);
    expect(await refusal({ layout: "plain" })).to.match(/--layout.*compact/);
    expect(await refusal({ security: "many" })).to.match(/--security/);
    expect(await refusal({ blowup: "3" })).to.match(/--blowup/);
    expect(await refusal({ security: "250" })).to.match(/queries/);
    expect(await refusal({ out: file("nowhere/proof.json") })).to.match(/no folder/);
    expect(existsSync(file("proof.json"))).to.equal(false);
  });
});
