// `npm test` and `npm run test:slow`: mocha over test/**/*.test.ts or test/**/*.slow.ts, then the plain
// closing line "N passed, N failed, N skipped" that any log reader understands.
import { globSync } from "node:fs";
import { fileURLToPath } from "node:url";
import Mocha from "mocha";

const [suite = "fast", ...filters] = process.argv.slice(2);
const suffix = { fast: "test", slow: "slow" }[suite];
if (suffix === undefined) {
  console.error(`unknown suite "${suite}": use fast or slow, then optional path filters`);
  process.exit(2);
}
process.chdir(fileURLToPath(new URL("..", import.meta.url)));
const files = globSync(`test/**/*.${suffix}.ts`, { exclude: (f) => f.includes("fixture-projects") })
  .filter((f) => filters.length === 0 || filters.some((part) => f.includes(part)))
  .sort();

const mocha = new Mocha({
  timeout: 120_000,
  reporter: process.env.REPORTER ?? "spec",
  slow: 2_000,
});
for (const file of files) mocha.addFile(file);
await mocha.loadFilesAsync();
const runner = mocha.run((failures) => {
  const { passes = 0, pending = 0 } = runner.stats ?? {};
  console.log(`${passes} passed, ${failures} failed, ${pending} skipped`);
  process.exit(failures === 0 && passes > 0 ? 0 : 1);
});
