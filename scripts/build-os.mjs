// Builds contracts/cairo/artifacts/os.json.gz, the OS program, from contracts/cairo/os, and a contract of
// its tests. With --check: builds and compares with the committed files; where the compiler cannot be had it says so and passes.
//
// The compiler is cairo-compile of PyPI's cairo-lang. CAIRO_VENV names a virtual environment that has it;
// otherwise one is made in a temporary folder.
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync, gzipSync } from "node:zlib";

const PACKAGE = "cairo-lang==0.14.0.1";
/** The program lies in public memory, whose every word costs gas on L1. */
const MAX_WORDS = 6000;

const sources = fileURLToPath(new URL("../contracts/cairo", import.meta.url));
const artifact = join(sources, "artifacts/os.json.gz");
const tests = fileURLToPath(new URL("../test/os/contracts", import.meta.url));
const maliciousArtifact = join(tests, "malicious.json");
const check = process.argv.includes("--check");

const scratch = mkdtempSync(join(tmpdir(), "build-os-"));
process.on("exit", () => rmSync(scratch, { recursive: true, force: true }));

function virtualEnvironment() {
  if (process.env.CAIRO_VENV) return process.env.CAIRO_VENV;
  const folder = join(scratch, "venv");
  const make = spawnSync("python3", ["-m", "venv", folder], { encoding: "utf8" });
  const pip = ["install", "--quiet", PACKAGE];
  const install =
    make.status === 0 ? spawnSync(join(folder, "bin/pip"), pip, { encoding: "utf8" }) : make;
  if (install.status === 0) return folder;
  console.log(`The OS program: not built, as ${PACKAGE} cannot be installed`);
  console.log(install.error?.message ?? install.stderr);
  process.exit(check ? 0 : 1);
}

/** Folder in which the package's modules are found as `starkware` and, as two of them want, `src.starkware`. */
function libraryPath(environment) {
  const python = join(environment, "bin/python");
  const locate = "import starkware, os; print(os.path.dirname(list(starkware.__path__)[0]))";
  const packages = execFileSync(python, ["-c", locate], { encoding: "utf8" }).trim();
  const folder = join(scratch, "path");
  mkdirSync(folder);
  symlinkSync(packages, join(folder, "src"));
  return folder;
}

/** The compiler's output, numbers as they are written. */
function compile(environment, path, folder, source, options) {
  const output = join(scratch, "compiled.json");
  const common = ["--no_debug_info", "--cairo_path", path, "--output", output];
  execFileSync(join(environment, "bin/cairo-compile"), [source, ...options, ...common], {
    cwd: folder,
    stdio: "inherit",
  });
  // Numbers past 2^53 must stay as they are written.
  const verbatim = (_, value, context) =>
    typeof value === "number" ? JSON.rawJSON(context.source) : value;
  return JSON.parse(readFileSync(output, "utf8"), verbatim);
}

/** What a run needs of the OS program. */
function osProgram(environment, path) {
  const compiled = compile(environment, path, sources, "os/os.cairo", ["--proof_mode"]);
  const { prime, data, builtins, hints, identifiers, reference_manager } = compiled;
  return JSON.stringify({ prime, data, builtins, hints, identifiers, reference_manager });
}

/** Code and functions of the contract that tests make the OS run. */
function maliciousContract(environment, path) {
  const options = ["--no_opt_unused_functions"];
  const compiled = compile(environment, path, tests, "malicious.cairo", options);
  const functions = Object.entries(compiled.identifiers)
    .filter(([, { type }]) => type === "function")
    .map(([name, { pc }]) => [name.replace("__main__.", ""), pc]);
  return `${JSON.stringify({ data: compiled.data, functions: Object.fromEntries(functions) })}\n`;
}

const environment = virtualEnvironment();
const path = `${libraryPath(environment)}:${sources}`;
const built = osProgram(environment, path);
const words = JSON.parse(built).data.length;
console.log(`os.json.gz: ${words} words`);
if (words > MAX_WORDS) {
  console.error(`the OS program has ${words} words, ${MAX_WORDS} are allowed`);
  process.exitCode = 1;
}
const malicious = maliciousContract(environment, path);
if (!check) {
  writeFileSync(artifact, gzipSync(built, { level: 9 }));
  writeFileSync(maliciousArtifact, malicious);
} else {
  const committed = [
    [artifact, built, (file) => gunzipSync(readFileSync(file)).toString()],
    [maliciousArtifact, malicious, (file) => readFileSync(file, "utf8")],
  ];
  for (const [file, expected, read] of committed) {
    if (existsSync(file) && read(file) === expected) continue;
    console.error(`${file} is not what its source builds to: run "node scripts/build-os.mjs"`);
    process.exitCode = 1;
  }
}
