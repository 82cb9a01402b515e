// Builds src/starknet/class/compiler/sierra-to-casm.wasm from the Rust beside it, and THIRD_PARTY.txt with
// the licences of the crates in it. With --check: builds and compares with the committed files; without
// the toolchain below it says so and passes, so that nobody needs Rust to use or test the project.
//
// The build is reproducible: toolchain and Cargo.lock pin what goes in, and every path is remapped.
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { homedir, setPriority, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { thirdPartyNotice } from "./third-party-crates.mjs";

const TOOLCHAIN = "1.95.0";
const TARGET = "wasm32-unknown-unknown";
/** Bytes of memory that a compilation may take. */
const MAX_MEMORY = 1 << 30;
/** Bytes of stack, as many as a native compiler's main thread has. */
const STACK = 8 << 20;

const folder = fileURLToPath(new URL("../src/starknet/class/compiler/", import.meta.url));
const crate = join(folder, "rust");
const check = process.argv.includes("--check");

const rustc = (...args) => spawnSync("rustc", args, { encoding: "utf8" }).stdout?.trim() ?? "";
const version = rustc("--version").split(" ")[1];
const library = rustc("--print", "target-libdir", "--target", TARGET);
if (version !== TOOLCHAIN || !existsSync(library)) {
  console.log(`sierra-to-casm.wasm: not built, as rustc ${TOOLCHAIN} with ${TARGET} is not here`);
  process.exit(check ? 0 : 1);
}

setPriority(10);
const targetDir = process.env.CARGO_TARGET_DIR ?? join(tmpdir(), "sierra-to-casm-target");
const cargo = (args, flags = []) =>
  execFileSync("cargo", args, {
    cwd: crate,
    stdio: ["ignore", "pipe", "inherit"],
    maxBuffer: 1 << 28,
    env: {
      ...process.env,
      CARGO_TARGET_DIR: targetDir,
      CARGO_ENCODED_RUSTFLAGS: flags.join("\x1f"),
    },
  });

// Fetches the crates, too, so that the folder of their sources is there.
const metadata = JSON.parse(
  cargo(["metadata", "--format-version", "1", "--locked", "--filter-platform", TARGET]),
);
const registries = join(process.env.CARGO_HOME ?? join(homedir(), ".cargo"), "registry/src");
cargo(
  ["build", "--release", "--locked", "--target", TARGET],
  [
    ...readdirSync(registries).map(
      (registry) => `--remap-path-prefix=${join(registries, registry)}=/crates`,
    ),
    `--remap-path-prefix=${targetDir}=/target`,
    `--remap-path-prefix=${crate}=/sierra-to-casm`,
    `-Clink-arg=--max-memory=${MAX_MEMORY}`,
    `-Clink-arg=-zstack-size=${STACK}`,
  ],
);

const outputs = {
  "sierra-to-casm.wasm": readFileSync(join(targetDir, TARGET, "release/sierra_to_casm.wasm")),
  "THIRD_PARTY.txt": Buffer.from(thirdPartyNotice(metadata)),
};
for (const [name, built] of Object.entries(outputs)) {
  const committed = join(folder, name);
  if (!check) {
    writeFileSync(committed, built);
  } else if (!existsSync(committed) || !readFileSync(committed).equals(built)) {
    console.error(
      `${name} is not what its sources build to: run "node scripts/build-sierra-compiler.mjs" and commit it`,
    );
    process.exitCode = 1;
  }
  console.log(`${name}: ${built.length} bytes`);
}
