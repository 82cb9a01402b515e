// Builds src/l1/artifacts and src/l1/verifier/artifacts from the Solidity sources in contracts, as the project's own Hardhat compiles
// them: settings are those of hardhat.config.ts, and the code is the code that the tests run. With
// --check: builds and compares with the committed files.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import hre from "hardhat";
import { L1_CONTRACTS } from "../src/l1/artifacts.ts";
import { verifierContractNames } from "../src/l1/verifier/artifacts.ts";

const folderOf = (path) => fileURLToPath(new URL(`../src/l1/${path}/`, import.meta.url));
const artifacts = [
  ...L1_CONTRACTS.map((name) => ({ name, folder: folderOf("artifacts") })),
  ...verifierContractNames().map((name) => ({ name, folder: folderOf("verifier/artifacts") })),
];
const check = process.argv.includes("--check");

await hre.tasks.getTask("build").run({ noTests: true, quiet: true });
for (const { name, folder } of artifacts) {
  mkdirSync(folder, { recursive: true });
  const { contractName, sourceName, abi, bytecode } = await hre.artifacts.readArtifact(name);
  const committed = `${folder}${name}.json`;
  const built = `${JSON.stringify({ contractName, sourceName, abi, bytecode }, null, 1)}\n`;
  if (!check) {
    writeFileSync(committed, built);
  } else if (!existsSync(committed) || readFileSync(committed, "utf8") !== built) {
    console.error(`${name}.json is not what its source builds to: run "npm run build:contracts"`);
    process.exitCode = 1;
  }
  console.log(`${name}.json: ${(bytecode.length - 2) / 2} bytes of code`);
}
