// `npm run bench [-- NAME …]`: the benches of this folder, all or those named, one after the other.
import { spawnSync } from "node:child_process";
import { globSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";

process.chdir(fileURLToPath(new URL(".", import.meta.url)));
const benches = globSync("*.ts")
  .map((file) => basename(file, ".ts"))
  .sort();
const chosen = process.argv.slice(2);
const unknown = chosen.filter((name) => !benches.includes(name));
if (unknown.length > 0) {
  console.error(`no bench ${unknown.join(", ")}; there are ${benches.join(", ")}`);
  process.exit(2);
}
for (const name of chosen.length > 0 ? chosen : benches) {
  console.log(`\n## ${name}`);
  const { status } = spawnSync(process.execPath, [`${name}.ts`], { stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
}
