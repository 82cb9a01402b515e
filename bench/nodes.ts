/**
 * What it costs a node of each mode to catch up with a chain of transfers, beside what the chain cost its sequencer:
 * CPU seconds of this process, in which each node in turn is the only thing that works but for who it asks: the
 * sequencer's feeder gateway over HTTP, or an L1 of Hardhat's that has all updates, without proofs.
 *
 *   node bench/nodes.ts [blocks [transfers]]
 */
import { readFileSync } from "node:fs";
import { STRK_TOKEN } from "../src/starknet/addresses.ts";
import { FeederClient } from "../src/node/feeder-client.ts";
import { signedInvoke } from "../src/devnet/signed-invoke.ts";
import { selector } from "../src/hash/keccak.ts";
import { TestNode } from "../test/node/support/nodes.ts";
import { TestL1Node } from "../test/node/l1/support/l1-node.ts";
import { Layers } from "../test/support/layers.ts";

const [blocks = 100, transfers = 10] = process.argv.slice(2).map(Number);
/** Rounds of each node; the last counts, as code is warm then. */
const ROUNDS = 2;
/** Blocks whose making is not measured. */
const WARM_UP = 20;

const layers = await Layers.start({ devnet: { blockGenerationOn: "demand" } });
const { core } = layers.devnet;
const { sequencer } = core;

interface Cost {
  /** CPU seconds, and seconds on the clock. */
  readonly cpu: number;
  readonly wall: number;
}

async function costOf(work: () => Promise<unknown>): Promise<Cost> {
  const [before, start] = [process.cpuUsage(), performance.now()];
  await work();
  const { user, system } = process.cpuUsage(before);
  return { cpu: (user + system) / 1e6, wall: (performance.now() - start) / 1000 };
}

/** CPU and wall clock of the sequencer alone: the transactions are signed before. */
async function makeBlocks(count: number): Promise<Cost> {
  const sum = { cpu: 0, wall: 0 };
  for (let block = 0; block < count; block++) {
    for (let i = 0; i < transfers; i++) {
      const to = 0x1234n + BigInt(i);
      const call = { to: STRK_TOKEN, selector: selector("transfer"), calldata: [to, 1n, 0n] };
      const transaction = signedInvoke(core, core.accounts[0]!, call);
      add(sum, await costOf(() => sequencer.submit({ transaction })));
    }
    add(sum, await costOf(() => sequencer.exclusively(() => sequencer.closeBlock())));
    await layers.layer.settle();
  }
  return sum;
}

function add(sum: { cpu: number; wall: number }, { cpu, wall }: Cost): void {
  sum.cpu += cpu;
  sum.wall += wall;
}

async function follow(mode: "replay" | "l2"): Promise<void> {
  const source = new FeederClient(layers.devnet.url.replace(/\/rpc$/, ""));
  const node = await TestNode.start(source, sequencer.chain.chainId, { mode });
  await node.reaches(sequencer.chain);
  await node.close();
}

async function followL1(): Promise<void> {
  const node = await TestL1Node.start(layers);
  const { latest, problem } = node.node.status();
  if (latest?.hash !== sequencer.chain.latest().hash) throw new Error(problem ?? "it is behind");
  await node.close();
}

/** The cost of the last round. */
async function last(work: () => Promise<unknown>): Promise<Cost> {
  let cost: Cost | undefined;
  for (let round = 0; round < ROUNDS; round++) cost = await costOf(work);
  return cost!;
}

const nodes = {
  replay: () => follow("replay"),
  l2: () => follow("l2"),
  l1: followL1,
};

// Genesis, whose classes replay and l2 compile, and code that is cold, are not what a block costs.
const genesis = new Map<string, number>();
for (const [name, work] of Object.entries(nodes)) genesis.set(name, (await last(work)).cpu);
await makeBlocks(WARM_UP);
const made = await makeBlocks(blocks);
const all = sequencer.chain.latest().number;

console.log(
  `${all} blocks of ${transfers} transfers; load ${readFileSync("/proc/loadavg", "utf8").split(" ")[0]}`,
);
console.log(
  "           genesis, s   ms a block   blocks a CPU second   of the sequencer's   wall, s",
);
const own = made.cpu / blocks;
const row = (name: string, start: number, aBlock: number, wall: number): void =>
  console.log(
    `${name.padEnd(10)} ${start.toFixed(2).padStart(10)} ${(1000 * aBlock).toFixed(2).padStart(12)} ` +
      `${(1 / aBlock).toFixed(0).padStart(21)} ${(aBlock / own).toFixed(3).padStart(20)} ${wall.toFixed(1).padStart(9)}`,
  );
row("sequencer", 0, own, (made.wall * all) / blocks);
for (const [name, work] of Object.entries(nodes)) {
  const { cpu, wall } = await last(work);
  row(name, genesis.get(name)!, (cpu - genesis.get(name)!) / all, wall);
}
await layers.close();
process.exit(0);
