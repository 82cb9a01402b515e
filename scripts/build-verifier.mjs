// `npm run build:verifier`: generates the contracts of each layout's constraints, DEEP quotient and
// periodic columns from its AIR. `--check` compares them with what is committed instead.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { verifierContracts } from "../src/prover/codegen/layouts.ts";
import { PROOF_LAYOUTS } from "../src/prover/air/layouts/index.ts";
import { verifierLayout } from "../src/prover/verifier/layout.ts";

const check = process.argv.includes("--check");
const folder = fileURLToPath(new URL("../contracts/verifier/generated/", import.meta.url));

const stale = [];
for (const name of Object.keys(PROOF_LAYOUTS)) {
  const directory = `${folder}${name}/`;
  mkdirSync(directory, { recursive: true });
  const sources = verifierContracts(verifierLayout(name));
  const files = new Map([...sources].map(([contract, source]) => [`${contract}.sol`, source]));
  for (const file of readdirSync(directory)) {
    if (files.has(file)) continue;
    if (check) stale.push(`${name}/${file}`);
    else rmSync(directory + file);
  }
  for (const [file, source] of files) {
    const path = directory + file;
    let committed;
    try {
      committed = readFileSync(path, "utf8");
    } catch {
      // Not there yet.
    }
    if (committed === source) continue;
    if (check) stale.push(`${name}/${file}`);
    else writeFileSync(path, source);
  }
}
if (stale.length > 0) {
  console.error(`not what the AIR generates: ${stale.join(", ")}; run npm run build:verifier`);
  process.exit(1);
}
