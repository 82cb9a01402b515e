// Builds what npm publishes: src and tasks as JavaScript in dist/, with the kernels beside them.
import { execFileSync } from "node:child_process";
import { cpSync, globSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));
rmSync("dist", { recursive: true, force: true });
execFileSync(process.execPath, ["node_modules/typescript/bin/tsc", "-p", "tsconfig.build.json"], {
  stdio: "inherit",
});
for (const kernel of globSync("src/**/*.wasm")) cpSync(kernel, join("dist", kernel));
