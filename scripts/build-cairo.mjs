// Builds contracts/cairo/artifacts from the Cairo sources beside them. With --check: builds and compares
// with the committed files; where the compiler cannot be had it says so and passes.
//
// The compiler is the one in PyPI's cairo-lang package. Its core library is incomplete, so
// contracts/cairo/corelib-completion is laid over it. CAIRO_SITE_PACKAGES names the folder where the
// package is installed already; otherwise pip installs it into a temporary one.
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, existsSync, globSync, mkdirSync, mkdtempSync } from "node:fs";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";

const PACKAGE = "cairo-lang==0.14.0.1";
const COMPILER = "starkware/starknet/compiler/v1/sierra-compiler-major-1";
const CRATES = ["system/account", "system/erc20", "system/udc", "examples/bridge"];

const root = fileURLToPath(new URL("../contracts/cairo/", import.meta.url));
const completion = join(root, "corelib-completion/src");
const check = process.argv.includes("--check");

const scratch = mkdtempSync(join(tmpdir(), "build-cairo-"));
process.on("exit", () => rmSync(scratch, { recursive: true, force: true }));

function sitePackages() {
  if (process.env.CAIRO_SITE_PACKAGES) return process.env.CAIRO_SITE_PACKAGES;
  const folder = join(scratch, "site-packages");
  const pip = ["-m", "pip", "install", "--quiet", "--no-deps", "--target", folder, PACKAGE];
  const { status, error, stderr } = spawnSync("python3", pip, { encoding: "utf8" });
  if (status === 0) return folder;
  console.log(`Cairo artifacts: not built, as pip cannot install ${PACKAGE}`);
  console.log(error?.message ?? stderr);
  process.exit(check ? 0 : 1);
}

/** The compiler with a complete core library. */
function toolchain() {
  const shipped = join(sitePackages(), COMPILER);
  const folder = join(scratch, "toolchain");
  cpSync(shipped, folder, { recursive: true });
  for (const file of globSync("**/*.cairo", { cwd: completion })) {
    if (existsSync(join(shipped, "corelib/src", file)))
      throw new Error(`${file} comes with ${PACKAGE}: remove it from corelib-completion`);
  }
  cpSync(completion, join(folder, "corelib/src"), { recursive: true });
  return join(folder, "bin");
}

function compile(bin, crate) {
  const sierraFile = join(scratch, "sierra.json");
  const casmFile = join(scratch, "casm.json");
  const run = (command, ...args) => execFileSync(join(bin, command), args, { stdio: "inherit" });
  run("starknet-compile", join(root, crate), sierraFile);
  run("starknet-sierra-compile", sierraFile, casmFile);
  const sierra = JSON.parse(readFileSync(sierraFile, "utf8"));
  delete sierra.sierra_program_debug_info;
  return { sierra, casm: JSON.parse(readFileSync(casmFile, "utf8")) };
}

const bin = toolchain();
mkdirSync(join(root, "artifacts"), { recursive: true });
for (const crate of CRATES) {
  for (const [kind, artifact] of Object.entries(compile(bin, crate))) {
    const file = `${basename(crate)}.${kind}.json`;
    const committed = join(root, "artifacts", file);
    const built = `${JSON.stringify(artifact)}\n`;
    if (!check) {
      writeFileSync(committed, built);
    } else if (!existsSync(committed) || readFileSync(committed, "utf8") !== built) {
      console.error(`${file} is not what its source builds to: run "node scripts/build-cairo.mjs"`);
      process.exitCode = 1;
    }
    console.log(`${file}: ${built.length} bytes`);
  }
}
