// Builds every AssemblyScript kernel, src/**/wasm/index.ts, to the .wasm beside its folder
// (src/hash/wasm/index.ts -> src/hash/hash.wasm). With --check: builds to memory and compares, so that
// the committed binaries are known to come from the sources beside them.
import { globSync, readFileSync, writeFileSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import asc from "assemblyscript/asc";

const check = process.argv.includes("--check");
process.chdir(fileURLToPath(new URL("..", import.meta.url)));

let differing = 0;
for (const entry of globSync("src/**/wasm/index.ts").sort()) {
  const owner = dirname(dirname(entry));
  const target = join(owner, `${basename(owner)}.wasm`);
  const scratch = mkdtempSync(join(tmpdir(), "kernel-"));
  const out = join(scratch, "out.wasm");
  const flags =
    readFileSync(entry, "utf8")
      .match(/^\/\/ asc: (.*)$/m)?.[1]
      .split(/\s+/) ?? [];
  const { error, stderr } = await asc.main([
    entry,
    "-o",
    out,
    "-O3",
    "--runtime",
    "stub",
    ...flags,
  ]);
  if (error) {
    console.error(stderr.toString());
    throw error;
  }
  const built = readFileSync(out);
  rmSync(scratch, { recursive: true });
  if (!check) {
    writeFileSync(target, built);
    console.log(`${target}: ${built.length} bytes`);
  } else if (
    !readdirSync(owner).includes(basename(target)) ||
    !built.equals(readFileSync(target))
  ) {
    differing++;
    console.error(
      `${target} is not what ${entry} builds to: run "npm run build:wasm" and commit it`,
    );
  }
}
process.exit(differing === 0 ? 0 : 1);
