// `npm test` and `npm run test:slow`: mocha over test/**/*.test.ts or test/**/*.slow.ts, in two processes, after the
// fast ones Hardhat's runner over test/solidity/**/*.t.sol, then the plain closing line "N passed,
// N failed, N skipped" of both together that any log reader understands.
import { fork } from "node:child_process";
import { once } from "node:events";
import { globSync } from "node:fs";
import { fileURLToPath } from "node:url";
import hre from "hardhat";
import Mocha from "mocha";

const [suite = "fast", ...filters] = process.argv.slice(2);
const suffix = { fast: "test", slow: "slow" }[suite];
if (suffix === undefined) {
  console.error(`unknown suite "${suite}": use fast or slow, then optional path filters`);
  process.exit(2);
}
process.chdir(fileURLToPath(new URL("..", import.meta.url)));
const matching = (pattern) =>
  globSync(pattern, { exclude: (f) => f.includes("fixture-projects") })
    .filter((f) => filters.length === 0 || filters.some((part) => f.includes(part)))
    .sort();

async function runMocha(files) {
  const mocha = new Mocha({
    timeout: 120_000,
    reporter: process.env.REPORTER ?? "spec",
    slow: 2_000,
  });
  for (const file of files) mocha.addFile(file);
  await mocha.loadFilesAsync();
  return new Promise((resolve) => {
    const runner = mocha.run((failed) => {
      const { passes: passed = 0, pending: skipped = 0 } = runner.stats ?? {};
      resolve({ passed, failed, skipped });
    });
  });
}

async function runSolidity(testFiles) {
  const result = await hre.tasks.getTask(["test", "solidity"]).run({ testFiles });
  const { suiteResults } = result.success ? result.value : result.error;
  const statuses = suiteResults.flatMap(({ testResults }) =>
    testResults.map(({ status }) => status),
  );
  const count = (wanted) => statuses.filter((status) => status === wanted).length;
  return {
    passed: count("Success"),
    // A run that broke down has no failed test to show for it.
    failed: result.success ? 0 : Math.max(count("Failure"), 1),
    skipped: count("Skipped"),
  };
}

/**
 * What runs in a second process beside the rest: about half of the time of each suite. Of the fast one it is what waits
 * for servers and clocks, of the slow one what leaves a core idle.
 */
const SECOND_LANE = {
  fast: /^test.(devnet|e2e|l1|node|plugin|proving|rpc)\b/,
  slow: /^test.(soundness|starknet|prover|e2e.(hyperlane|packed)|proving.queue)\b/,
}[suite];

/** Files in one process, or in two; what the second one prints comes when it has ended. */
async function runLanes(files) {
  const isSecond = (file) => SECOND_LANE.test(file);
  const lanes = [files.filter((file) => !isSecond(file)), files.filter(isSecond)];
  const filled = lanes.filter((lane) => lane.length > 0);
  if (filled.length < 2) return filled.map(runMocha);
  // Not by both of them at once.
  await hre.tasks.getTask("build").run({ quiet: true });
  return lanes.map(runLane);
}

async function runLane(files, index) {
  const child = fork(fileURLToPath(import.meta.url), [suite, ...files], {
    stdio: ["ignore", "pipe", "inherit", "ipc"],
  });
  let counts = { ...none, failed: 1 };
  child.on("message", (message) => (counts = message));
  let held = "";
  child.stdout.on("data", (chunk) => {
    if (index === 0) process.stdout.write(chunk);
    else held += chunk;
  });
  await once(child, "close");
  process.stdout.write(held);
  return counts;
}

const none = { passed: 0, failed: 0, skipped: 0 };
const typescript = matching(`test/**/*.${suffix}.ts`);
const solidity = suite === "fast" ? matching("test/solidity/**/*.t.sol") : [];
// A process that another one of these has started is a lane, and tells that one.
const isLane = process.send !== undefined;
const parts = isLane ? [await runMocha(typescript)] : await Promise.all(await runLanes(typescript));
if (!isLane && solidity.length > 0) parts.push(await runSolidity(solidity));
const sum = (key) => parts.reduce((total, part) => total + part[key], 0);
const counts = { passed: sum("passed"), failed: sum("failed"), skipped: sum("skipped") };
if (isLane) await new Promise((sent) => process.send(counts, sent));
else console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
process.exit(counts.failed === 0 && counts.passed > 0 ? 0 : 1);
