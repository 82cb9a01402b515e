import { availableParallelism } from "node:os";
import { styleText } from "node:util";
import type { NewTaskActionFunction } from "hardhat/types/tasks";
import { configuredOptions } from "../src/plugin/config.ts";
import { QueueProver, type QueueProverEvent } from "../src/proving/queue/queue-prover.ts";
import { isRedisUrl, QueueError, shownUrl } from "../src/proving/queue/redis.ts";
import { blocksText } from "../src/starknet/output/range.ts";
import { grouped } from "../src/util/amount.ts";
import { failed, untilTheEnd } from "./support.ts";

interface ProverArguments {
  readonly queue: string | undefined;
  readonly threads: string | undefined;
  readonly concurrency: string | undefined;
}

const MAX = 1_024;

/** Proves what devnets put into a queue, until it is told to end; what runs is handed back then. */
const action: NewTaskActionFunction<ProverArguments> = async (args, hre) => {
  const { proverQueue } = await configuredOptions(hre.config.starknet);
  const url = args.queue ?? proverQueue;
  if (typeof url !== "string" || !isRedisUrl(url))
    throw failed(
      "--queue: expected the URL of a Redis, redis:// or rediss://, or proverQueue in the config",
    );
  const concurrency = count("concurrency", args.concurrency, 1);
  const shared = Math.max(1, Math.floor(availableParallelism() / concurrency));
  const threads = count("threads", args.threads, shared);
  const end = untilTheEnd();
  let prover: QueueProver;
  try {
    prover = await QueueProver.open({ url, threads, concurrency, onEvent: lines() });
  } catch (error) {
    throw error instanceof QueueError ? failed(error.message) : error;
  }
  console.log(
    [
      styleText("bold", `Prover ${prover.name}`),
      `queue    ${shownUrl(url)}`,
      `version  ${prover.version}`,
      `works    on ${concurrency} ${concurrency === 1 ? "proof" : "proofs"} at a time, ${threads} ${threads === 1 ? "thread" : "threads"} each`,
      "\nCtrl-C ends it; what it works on then goes to another.\n",
    ].join("\n"),
  );
  const outcome = await Promise.race([end, prover.refused]);
  await prover.stop();
  if (typeof outcome === "number") process.exit(outcome);
  console.error(`this prover is refused: ${outcome}`);
  process.exit(1);
};

/** Prints a line for what happens; on a terminal, how far proofs are, below. */
function lines(): (event: QueueProverEvent) => void {
  const { stdout } = process;
  const running = new Map<string, number>();
  const progress = (): void => {
    if (!stdout.isTTY) return;
    const parts = [...running].map(([name, part]) => `${name} ${Math.floor(100 * part)} %`);
    stdout.write(`\r\x1b[K${parts.join("  ")}`);
  };
  return (event) => {
    if (event.kind === "progress") {
      running.set(blocksText(event.range), event.fraction);
      progress();
      return;
    }
    if (event.kind !== "note" && event.kind !== "taken") running.delete(blocksText(event.range));
    if (stdout.isTTY) stdout.write("\r\x1b[K");
    console.log(describe(event));
    progress();
  };
}

function describe(event: Exclude<QueueProverEvent, { kind: "progress" }>): string {
  const warning = styleText("yellow", "warning");
  const proof = (range: Parameters<typeof blocksText>[0]): string =>
    `${styleText("magenta", "proof")}  of ${blocksText(range)}`;
  switch (event.kind) {
    case "taken":
      return `${proof(event.range)} is being made`;
    case "delivered":
      return `${proof(event.range)} made in ${event.seconds.toFixed(1)} s  ${grouped(BigInt(event.bytes))} bytes`;
    case "failed":
      return `${warning}  ${blocksText(event.range)} failed: ${event.reason}`;
    case "unwanted":
      return `${proof(event.range)} is no longer wanted`;
    case "handedBack":
      return `${proof(event.range)} is handed back`;
    case "note":
      return event.isWarning ? `${warning}  ${event.message}` : event.message;
  }
}

function count(name: string, text: string | undefined, fallback: number): number {
  if (text === undefined) return fallback;
  const number = /^\d+$/.test(text) ? Number(text) : 0;
  if (number < 1 || number > MAX)
    throw failed(`--${name}: expected a whole number from 1 to ${MAX}, got "${text}"`);
  return number;
}

export default action;
