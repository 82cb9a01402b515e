/**
 * CPU time of a block's state: new tries, rows and one batch, on tries of 100,000 leaves. Beside it, in the
 * same run, what the hashes of its new nodes cost alone: by the kernel in one batch, which is the floor, and
 * by @scure/starknet.
 *
 *   node bench/state.ts [leaves]
 */
import { hash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pedersen as peerPedersen } from "@scure/starknet";
import { P, type Felt } from "../src/field/felt.ts";
import { pedersenBatch } from "../src/hash/pedersen.ts";
import { ChainState } from "../src/state/chain-state.ts";
import { emptyDiff, type StateDiff } from "../src/state/diff.ts";
import { feltAt } from "../src/state/encoding.ts";
import { openLmdbStore } from "../src/state/store/lmdb-store.ts";
import { MemoryStore } from "../src/state/store/memory-store.ts";
import type { KeyValueStore, StoreOperation } from "../src/state/store/store.ts";

const LEAVES = Number(process.argv[2] ?? 100_000);
const READS = 20_000;

const TOKEN: Felt = 0x4718n;
const BLOCK_HASHES: Felt = 1n;
const random = (label: string, i: number): Felt =>
  BigInt(`0x${hash("sha256", `${label} ${i}`)}`) % (P >> 1n);
const account = (i: number): Felt => random("account", i % LEAVES);
const balance = (i: number): Felt => random("balance", i % LEAVES);

/** LEAVES accounts that have a nonce, and a balance each in one token. */
const start = (): StateDiff => {
  const all = Array.from({ length: LEAVES }, (_, i) => i);
  return {
    ...emptyDiff(),
    storage: new Map([[TOKEN, new Map(all.map((i) => [balance(i), BigInt(i + 1)]))]]),
    nonces: new Map(all.map((i) => [account(i), 1n])),
  };
};

/** A transfer: balances of sender, receiver and sequencer, the total of a fee, a nonce, an old block's hash. */
const transfer = (n: number): StateDiff => ({
  ...emptyDiff(),
  storage: new Map([
    [TOKEN, new Map([7 * n, 11 * n + 1, 0, 1].map((i) => [balance(i), random("value", n + i)]))],
    [BLOCK_HASHES, new Map([[BigInt(n), random("hash", n)]])],
  ]),
  nonces: new Map([[account(7 * n), BigInt(n + 1)]]),
});

const manyUpdates = (n: number): StateDiff => ({
  ...emptyDiff(),
  storage: new Map([
    [
      TOKEN,
      new Map(
        Array.from({ length: 1000 }, (_, i) => [balance(i * 97 + n), random("value", n + i)]),
      ),
    ],
  ]),
});

const cpu = (): number => {
  const { user, system } = process.cpuUsage();
  return user + system;
};

/** CPU microseconds of `run`. */
function time(run: () => void): number {
  const before = cpu();
  run();
  return cpu() - before;
}

/** The hash inputs of the trie nodes among the rows. */
const hashInputs = (operations: readonly StoreOperation[]): [Felt, Felt][] =>
  operations
    .filter((row) => row.type === "put" && row.key.length === 33)
    .flatMap((row) => (row.type === "put" && /^6[45]$/.test(`${row.value.length}`) ? [row] : []))
    .map(({ value }) => [feltAt(value, 0), feltAt(value, 32)]);

interface Cost {
  readonly nodes: number;
  readonly block: number;
  readonly hashes: number;
  readonly peer: number;
}

/** Microseconds a block, the mean of `blocks`. */
function costOfBlocks(
  store: KeyValueStore,
  state: ChainState,
  blocks: number,
  diffOf: (n: number) => StateDiff,
): Cost {
  const first = state.latestNumber()! + 1;
  let [nodes, block, hashes, peer] = [0, 0, 0, 0];
  for (let number = first; number < first + blocks; number++) {
    const diff = diffOf(number);
    let rows: readonly StoreOperation[] = [];
    block += time(() => {
      rows = state.prepare(number, diff).operations;
      store.batch(rows);
    });
    const inputs = hashInputs(rows);
    nodes += inputs.length;
    hashes += time(() => void pedersenBatch(inputs));
    const sample = inputs.slice(0, 20);
    const ofSample = time(() => sample.forEach(([a, b]) => peerPedersen(a, b)));
    peer += (ofSample / sample.length) * inputs.length;
  }
  return {
    nodes: nodes / blocks,
    block: block / blocks,
    hashes: hashes / blocks,
    peer: peer / blocks,
  };
}

const number = (value: number): string => Math.round(value).toLocaleString("en-US").padStart(10);

function report(name: string, { nodes, block, hashes, peer }: Cost): void {
  console.log(
    `${name.padEnd(34)}${number(nodes)}${number(block)}${number(hashes)}${(block / hashes).toFixed(2).padStart(9)}x${number(peer)}${(peer / block).toFixed(1).padStart(8)}x`,
  );
}

function reads(name: string, state: ChainState): void {
  const latest = state.latest();
  const old = state.readerAt(state.latestNumber()! - 10);
  const microseconds = [latest, old].map(
    (reader) =>
      time(() => {
        for (let i = 0; i < READS; i++) reader.storageAt(TOKEN, balance(i * 31));
      }) / READS,
  );
  // Making the key is in both figures.
  const key = time(() => {
    for (let i = 0; i < READS; i++) balance(i * 31);
  });
  const [now, then] = microseconds.map((value) => (value - key / READS).toFixed(1));
  console.log(
    `${name}: a storage read takes ${now} us at the latest block, ${then} us at an old one`,
  );
}

async function bench(name: string, store: KeyValueStore): Promise<void> {
  const state = new ChainState(store);
  const seconds = time(() => store.batch(state.prepare(0, start()).operations)) / 1e6;
  console.log(`\n${name}: ${LEAVES} accounts and balances in block 0, ${seconds.toFixed(1)} s`);
  console.log(
    `${"CPU us a block".padEnd(34)}     nodes     total    hashes  total/hashes  scure  scure/total`,
  );
  costOfBlocks(store, state, 20, transfer);
  report("1 transfer", costOfBlocks(store, state, 100, transfer));
  report("1 transfer, cold nodes", costOfBlocks(store, new ChainState(store), 1, transfer));
  report("1000 updates", costOfBlocks(store, state, 5, manyUpdates));
  reads(name, state);
  store.close();
}

console.log(`Node ${process.version}`);
await bench("memory", new MemoryStore());
const folder = mkdtempSync(join(tmpdir(), "hardhat-starknet-bench-"));
try {
  await bench("lmdb", await openLmdbStore(join(folder, "data")));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
