// Builds the AssemblyScript kernels. An entry is a file src/X/wasm/*.ts whose first line is `// asc: FLAGS`;
// index.ts becomes src/X/X.wasm, any other NAME.ts becomes src/X/NAME.wasm. With --check: builds to memory
// and compares, so that the committed binaries are known to come from the sources beside them. Further
// arguments select the entries whose path contains one of them.
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import asc from "assemblyscript/asc";

const check = process.argv.includes("--check");
const filters = process.argv.slice(2).filter((argument) => argument !== "--check");
process.chdir(fileURLToPath(new URL("..", import.meta.url)));

let differing = 0;
for (const entry of globSync("src/**/wasm/*.ts").sort()) {
  const flags = readFileSync(entry, "utf8").match(/^\/\/ asc:(.*)/)?.[1];
  if (flags === undefined) continue;
  if (filters.length > 0 && !filters.some((part) => entry.includes(part))) continue;
  const owner = dirname(dirname(entry));
  const name = basename(entry, ".ts") === "index" ? basename(owner) : basename(entry, ".ts");
  const target = join(owner, `${name}.wasm`);
  const scratch = mkdtempSync(join(tmpdir(), "kernel-"));
  const out = join(scratch, "out.wasm");
  const { error, stderr } = await asc.main([
    entry,
    "-o",
    out,
    "-O3",
    "--runtime",
    "stub",
    ...flags.split(/\s+/).filter(Boolean),
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
  } else if (!existsSync(target) || !built.equals(readFileSync(target))) {
    differing++;
    console.error(
      `${target} is not what ${entry} builds to: run "npm run build:wasm" and commit it`,
    );
  }
}
process.exit(differing === 0 ? 0 : 1);
