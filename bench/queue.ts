/**
 * Blocks proven per minute by provers in processes of their own, which share this machine's cores.
 *
 *   node bench/queue.ts [blocks [transfers]]
 *
 * Needs redis-server in the PATH.
 */
import { availableParallelism } from "node:os";
import { readFileSync } from "node:fs";
import { STRK_TOKEN } from "../src/starknet/addresses.ts";
import { BLOCK_SECURITY } from "../src/proving/prove-job.ts";
import { callOf } from "../test/os/support/os-chain.ts";
import { QueueBench, until } from "../test/proving/support/queue-bench.ts";
import { spawnProver } from "../test/support/spawn-prover.ts";

const [blocks = 3, transfers = 1] = process.argv.slice(2).map(Number);
const cores = availableParallelism();
const bench = await QueueBench.start();
for (let block = 0; block < blocks; block++) {
  for (let i = 0; i < transfers; i++)
    await bench.chain.invoke([callOf(STRK_TOKEN, "transfer", [0x1234n, 1n, 0n])]);
  await bench.chain.block();
}

/** CPU seconds of a process and its threads, by Linux. */
function cpuOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
    .replace(/^.*\) /, "")
    .split(" ");
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

const load = (): string => readFileSync("/proc/loadavg", "utf8").split(" ")[0]!;

for (const count of [1, 2]) {
  const threads = Math.max(1, Math.floor(cores / count));
  const queue = await bench.queue();
  const args = ["--queue", bench.server.url, "--threads", String(threads)];
  const provers = await Promise.all(Array.from({ length: count }, () => spawnProver(args)));
  await until("provers are there", () => queue.status.provers.length === count);
  const before = provers.map(({ pid }) => cpuOf(pid));
  const start = performance.now();
  const orders = Array.from({ length: blocks }, (_, i) =>
    bench.order(queue, bench.jobOf(i + 1), BLOCK_SECURITY),
  );
  await Promise.all(orders.map(({ done }) => done));
  const seconds = (performance.now() - start) / 1_000;
  const cpu = provers.map(({ pid }, i) => cpuOf(pid) - before[i]!).reduce((sum, one) => sum + one);
  console.log(
    `${count} ${count === 1 ? "prover" : "provers"} of ${threads} threads  ${blocks} blocks of ${transfers}  ` +
      `${seconds.toFixed(1)} s wall, ${((60 * blocks) / seconds).toFixed(2)} blocks a minute  ` +
      `${(cpu / blocks).toFixed(1)} s CPU a block: ${((60 * cores * blocks) / cpu).toFixed(2)} a minute on ${cores} cores of their own  ` +
      `load ${load()}`,
  );
  for (const prover of provers) prover.send("SIGINT");
  await Promise.all(provers.map(({ exited }) => exited));
  await bench.clear();
}
await bench.close();
