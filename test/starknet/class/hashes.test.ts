/** Class and compiled class hashes that others published. */
import { readdirSync } from "node:fs";
import { expect } from "chai";
import { parseCasmClass } from "../../../src/starknet/class/casm.ts";
import { sierraClassHash } from "../../../src/starknet/class/class-hash.ts";
import { compiledClassHash } from "../../../src/starknet/class/compiled-class-hash.ts";
import { parseSierraClass } from "../../../src/starknet/class/sierra.ts";
import { readSharedJson, requireShared, sharedPath } from "../../support/shared.ts";

const FOLDER = "vectors/starknet/classes";

/** A class as it is, or inside of a JSON-RPC answer. */
const readClass = (file: string): unknown => {
  const json = readSharedJson<{ result?: unknown }>(`${FOLDER}/${file}`);
  return json.result ?? json;
};
const classHashOf = (file: string): bigint => sierraClassHash(parseSierraClass(readClass(file)));
const compiledHashOf = (file: string): bigint =>
  compiledClassHash(parseCasmClass(readSharedJson(`${FOLDER}/${file}`)));

/** The file of a class whose name may end in .gz. */
const find = (files: readonly string[], name: string): string =>
  files.find((file) => file === name || file === `${name}.gz`)!;

describe("published class hashes", function () {
  this.timeout(120_000);
  let files: string[];
  before(function () {
    requireShared(this, FOLDER);
    files = readdirSync(sharedPath(FOLDER));
  });

  it("of on-chain classes, named by their hash", () => {
    const named = files.filter(
      (file) =>
        /^(pathfinder|rpc)-.*0x[0-9a-f]+\.json/.test(file) ||
        /^pathfinder-testnet-[0-9a-f]+\.json$/.test(file),
    );
    expect(named).to.have.length.greaterThan(3);
    for (const file of named) {
      const expected = BigInt(`0x${/(?:0x|testnet-)([0-9a-f]+)\.json/.exec(file)![1]!}`);
      expect(classHashOf(file), file).to.equal(expected);
    }
  });

  it("of compiler outputs from 1.0 to 2.6", () => {
    const stems = files
      .filter((file) => /^cairo[12].*\.hashes\.json$/.test(file))
      .map((file) => file.replace(".hashes.json", ""));
    expect(stems).to.have.length.greaterThan(3);
    for (const stem of stems) {
      const hashes = readSharedJson<{ sierra_class_hash: string; compiled_class_hash: string }>(
        `${FOLDER}/${stem}.hashes.json`,
      );
      expect(classHashOf(find(files, `${stem}.sierra.json`)), stem).to.equal(
        BigInt(hashes.sierra_class_hash),
      );
      expect(compiledHashOf(find(files, `${stem}.casm.json`)), stem).to.equal(
        BigInt(hashes.compiled_class_hash),
      );
    }
  });

  it("of Cairo 2 contracts, as starknet.go expects them", () => {
    const { cases } = readSharedJson<{
      cases: { name: string; class_hash?: string; compiled_class_hash_v1_poseidon?: string }[];
    }>(`${FOLDER}/expected_hashes.json`);
    for (const { name, class_hash, compiled_class_hash_v1_poseidon } of cases) {
      const sierra = find(files, `${name}.sierra.json`);
      if (class_hash !== undefined && sierra !== undefined) {
        expect(classHashOf(sierra), name).to.equal(BigInt(class_hash));
      }
      if (compiled_class_hash_v1_poseidon !== undefined) {
        expect(compiledHashOf(find(files, `${name}.casm.json`)), name).to.equal(
          BigInt(compiled_class_hash_v1_poseidon),
        );
      }
    }
  });
});
