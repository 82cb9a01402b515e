// Compiles the programs beside this script and records what the cairo-vm crate makes of them: vectors.json.
//
//   pip install cairo-lang==0.14.0.1        (for cairo-compile, Python 3.11 does)
//   cargo build --release --manifest-path ../oracle/Cargo.toml
//   node record.mjs ../oracle/target/release/cairo-vm-oracle
//
// Traces and memories are recorded by their SHA-256, public memories too; the rest as it is.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const RUNS = {
  fibonacci: ["plain", "small"],
  instructions: ["small"],
  pedersen: ["small", "all_cairo"],
  range_check: ["small", "starknet"],
  bitwise: ["starknet", "recursive"],
  ec_op: ["starknet"],
  ecdsa: ["small"],
  poseidon: ["starknet"],
  keccak: ["starknet_with_keccak"],
  modulo: ["all_cairo"],
  dictionaries: ["small"],
  segments: ["small"],
};

const oracle = process.argv[2];
if (oracle === undefined) throw new Error("usage: node record.mjs ORACLE");
const scratch = mkdtempSync(join(tmpdir(), "vectors-"));
const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");
const here = (name) => new URL(name, import.meta.url);

const vectors = [];
for (const [program, layouts] of Object.entries(RUNS)) {
  const source = here(`${program}.cairo`).pathname;
  const compiled = join(scratch, `${program}.json`);
  execFileSync("cairo-compile", [source, "--proof_mode", "--no_debug_info", "--output", compiled], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  writeFileSync(here(`${program}.json.gz`), gzipSync(readFileSync(compiled), { level: 9 }));
  for (const layout of layouts)
    for (const mode of ["exec", "proof"]) {
      const prefix = join(scratch, "run");
      execFileSync(oracle, ["run", layout, mode, compiled, prefix]);
      const { publicInput, ...rest } = JSON.parse(readFileSync(`${prefix}.json`, "utf8"));
      const vector = {
        program,
        layout,
        mode,
        ...rest,
        trace: sha256(readFileSync(`${prefix}.trace`)),
        memory: sha256(readFileSync(`${prefix}.memory`)),
      };
      if (publicInput !== null) {
        const { public_memory: cells, ...others } = publicInput;
        const lines = cells.map(({ address, value, page }) => `${address} ${value} ${page}\n`);
        vector.publicInput = { ...others, public_memory: sha256(lines.join("")) };
      }
      vectors.push(vector);
    }
}
rmSync(scratch, { recursive: true });
writeFileSync(here("vectors.json"), `${JSON.stringify(vectors, null, 2)}\n`);
