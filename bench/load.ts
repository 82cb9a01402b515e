/**
 * Transfers per second, one after the other with a block on each, while nobody reads and while clients do: the devnet,
 * the client that sends and those that read are processes of their own. Readers compete with the sequencer for its
 * event loop and, where cores are few, for CPU time: `nice` takes most of the latter away.
 *
 *   node bench/load.ts [transfers [rounds [readers]]]
 */
import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { setPriority } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { DevnetCore } from "../src/devnet/core.ts";
import { silentLog } from "../src/devnet/log.ts";
import { readOptions } from "../src/devnet/options.ts";
import { signedInvoke } from "../src/devnet/signed-invoke.ts";
import { selector } from "../src/hash/keccak.ts";
import { formatTransaction } from "../src/rpc/format/transaction.ts";
import { STRK_TOKEN } from "../src/starknet/addresses.ts";
import { MemoryStore } from "../src/state/store/memory-store.ts";
import { spawnDevnet } from "../test/support/spawn-devnet.ts";
import { poster } from "./support/poster.ts";
import type { Reading } from "./support/reading-clients.ts";

const [transfers = 150, rounds = 4, readers = 100] = process.argv.slice(2).map(Number);
/** Transfers that nobody measures. */
const WARM_UP = 300;
/** Readers read for so long before the transfers begin, in milliseconds. */
const READ_FIRST = 1_000;

/** Bodies of signed transfers, for a devnet of seed 0: a twin of it tells that they succeed. */
async function signedTransfers(count: number): Promise<string[]> {
  const { options } = readOptions({ accounts: 1 });
  const twin = { options: { ...options, seed: 0 }, store: new MemoryStore(), log: silentLog };
  const core = new DevnetCore(twin);
  const bodies: string[] = [];
  const call = { to: STRK_TOKEN, selector: selector("transfer"), calldata: [0x1234n, 1n, 0n] };
  for (let id = 0; id < count; id++) {
    const transaction = signedInvoke(core, core.accounts[0]!, call);
    const params = [formatTransaction(transaction)];
    const method = "starknet_addInvokeTransaction";
    bodies.push(JSON.stringify({ jsonrpc: "2.0", id, method, params }));
    await core.sequencer.submit({ transaction });
  }
  await core.close();
  return bodies;
}

const KINDS = ["nobody reads", "readers", "readers, nice 19"] as const;
interface Round extends Reading {
  readonly perSecond: number;
  /** Seconds of CPU of the sequencer's thread, reads and all. */
  readonly cpu: number;
  readonly seconds: number;
}

const bodies = await signedTransfers(WARM_UP + KINDS.length * rounds * transfers);
const devnet = await spawnDevnet(["--seed", "0", "--accounts", "1"]);
const [{ address }] = devnet.accounts as [(typeof devnet.accounts)[0]];
const post = poster(devnet.l2Url);

async function readersOf(priority: number): Promise<ChildProcess> {
  const file = fileURLToPath(new URL("support/reading-clients.ts", import.meta.url));
  const child = fork(file, [devnet.l2Url, devnet.webSocketUrl, String(readers), address]);
  await once(child, "message");
  setPriority(child.pid!, priority);
  return child;
}

/** CPU seconds of the sequencer's thread: its process's first, by Linux. */
const threadCpu = (): number =>
  Number(readFileSync(`/proc/${devnet.pid}/task/${devnet.pid}/schedstat`, "utf8").split(" ")[0]) /
  1e9;

async function send(count: number): Promise<number> {
  const start = performance.now();
  for (const body of bodies.splice(0, count)) {
    const answer = await post(body);
    if (!answer.includes("transaction_hash")) throw new Error(answer);
  }
  return (performance.now() - start) / 1000;
}

async function round(kind: (typeof KINDS)[number]): Promise<Round> {
  const child = kind === "nobody reads" ? undefined : await readersOf(kind === "readers" ? 0 : 19);
  child?.send(true);
  if (child) await sleep(READ_FIRST);
  child?.send(true);
  const before = threadCpu();
  const seconds = await send(transfers);
  const cpu = threadCpu() - before;
  child?.send(false);
  const [read] = child
    ? ((await once(child, "message")) as [Reading])
    : [{ reads: 0, notifications: 0 }];
  child?.disconnect();
  if (child) await once(child, "exit");
  return { perSecond: transfers / seconds, cpu, seconds, ...read };
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1]!;

try {
  await send(WARM_UP);
  const results = new Map<string, Round[]>(KINDS.map((kind) => [kind, []]));
  for (let i = 0; i < rounds; i++)
    for (const kind of KINDS) results.get(kind)!.push(await round(kind));
  const base = results.get(KINDS[0])!;
  console.log(
    `medians of ${rounds} rounds of ${transfers} transfers; ${readers} readers; load ${readFileSync("/proc/loadavg", "utf8").split(" ")[0]}`,
  );
  console.log(
    "                   transfers/s   ratio   ms of the thread a transfer   ratio   reads/s   notifications/s",
  );
  const perTransfer = ({ cpu }: Round): number => (1000 * cpu) / transfers;
  for (const [kind, list] of results) {
    const column = (width: number, digits: number, pick: (round: Round, i: number) => number) =>
      median(list.map(pick)).toFixed(digits).padStart(width);
    console.log(
      kind.padEnd(18) +
        column(12, 1, ({ perSecond }) => perSecond) +
        column(8, 3, ({ perSecond }, i) => perSecond / base[i]!.perSecond) +
        column(30, 2, perTransfer) +
        column(8, 3, (round, i) => perTransfer(round) / perTransfer(base[i]!)) +
        column(10, 0, ({ reads, seconds }) => reads / seconds) +
        column(18, 0, ({ notifications, seconds }) => notifications / seconds),
    );
  }
} finally {
  await devnet.kill();
}
process.exit(0);
