/**
 * `starknet:devnet`, with proofs as by default and without settlement, beside starknet-devnet, driven by the same client
 * in the same run: start-up, 200 STRK transfers one after the other through starknet.js with a block on each, 200 at
 * once, memory.
 *
 * The peer is the program that STARKNET_DEVNET names (crates.io starknet-devnet 0.10.1); without it only
 * our own rows are printed. Both run with 200 accounts of seed 0.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Account, RpcProvider, logger } from "starknet";
import { freePort } from "../test/support/free-port.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const STRK = "0x4718f5a0fc34cc1af16a1cdee98ffb20c31f5cd61d6ab07201858f4287c938d";
const TRANSFERS = 200;
const ROUNDS = 3;
/** Between start and load, as when somebody starts a devnet and then a script. */
const SETTLE_MS = 2_000;

interface Candidate {
  readonly name: string;
  command(port: number): readonly [string, readonly string[]];
}

interface Result {
  startMs: number;
  sequential: number;
  atOnce: number;
  idleMb: number;
  loadedMb: number;
}

const COMMON = ["--accounts", String(TRANSFERS), "--seed", "0"];
const CLI = "node_modules/hardhat/dist/src/cli.js";
const ours = (name: string, ...options: readonly string[]): Candidate => ({
  name,
  command: (port) => [
    process.execPath,
    [CLI, "starknet:devnet", "--port", String(port), "--eth-port", "0", ...options, ...COMMON],
  ],
});
const peerProgram = process.env["STARKNET_DEVNET"];
const candidates: readonly Candidate[] = [
  ours("with proofs"),
  ours("settlement none", "--settlement", "none"),
  ...(peerProgram === undefined
    ? []
    : [
        {
          name: "starknet-devnet",
          command: (port: number) => [peerProgram, ["--port", String(port), ...COMMON]] as const,
        },
      ]),
];

async function untilAlive(url: string): Promise<void> {
  for (;;) {
    try {
      if ((await fetch(`${url}/is_alive`)).ok) return;
    } catch {
      await new Promise((later) => setTimeout(later, 5));
    }
  }
}

/** Resident memory of a process, MiB. */
const memory = (child: ChildProcess): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"))![1]) / 1024;

const bounds = { max_amount: 10n ** 7n, max_price_per_unit: 10n ** 10n };
const resourceBounds = {
  l1_gas: bounds,
  l1_data_gas: bounds,
  l2_gas: { ...bounds, max_amount: 10n ** 8n },
};
const transfer = {
  contractAddress: STRK,
  entrypoint: "transfer",
  calldata: ["0x1234", "0x1", "0x0"],
};

async function measure({ command }: Candidate): Promise<Result> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const [program, args] = command(port);
  const started = performance.now();
  const child = spawn(program, args, { cwd: ROOT, stdio: "ignore" });
  try {
    await untilAlive(url);
    const startMs = performance.now() - started;
    await new Promise((settled) => setTimeout(settled, SETTLE_MS));
    const idleMb = memory(child);
    const provider = new RpcProvider({ nodeUrl: `${url}/rpc` });
    const listed = (await (
      await fetch(`${url}/rpc`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({
          jsonrpc: "2.0",
          id: 1,
          method: "devnet_getPredeployedAccounts",
          params: {},
        }),
      })
    ).json()) as { result: { address: string; private_key: string }[] };
    const accounts = listed.result.map(
      ({ address, private_key }) =>
        new Account({ provider, address, signer: private_key, cairoVersion: "1" }),
    );

    const sender = accounts[0]!;
    const sequentialStart = performance.now();
    for (let nonce = 0; nonce < TRANSFERS; nonce++) {
      const { transaction_hash } = await sender.execute(transfer, {
        nonce,
        resourceBounds,
        tip: 0,
      });
      const { block_number } = (await provider.getTransactionReceipt(transaction_hash)) as {
        block_number?: number;
      };
      if (block_number === undefined) throw new Error(`${transaction_hash} is not in a block`);
    }
    const sequential = TRANSFERS / ((performance.now() - sequentialStart) / 1000);

    const signed = await Promise.all(
      accounts.map((account, i) => signedRequest(account, i === 0 ? TRANSFERS : 0)),
    );
    const onceStart = performance.now();
    const answers = await Promise.all(
      signed.map((body) =>
        fetch(`${url}/rpc`, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body,
        }).then((r) => r.json()),
      ),
    );
    const failed = (answers as { error?: unknown }[]).find(({ error }) => error !== undefined);
    if (failed !== undefined) throw new Error(JSON.stringify(failed));
    while ((await provider.getBlockNumber()) < 2 * TRANSFERS) await new Promise(setImmediate);
    const atOnce = TRANSFERS / ((performance.now() - onceStart) / 1000);
    return { startMs, sequential, atOnce, idleMb, loadedMb: memory(child) };
  } finally {
    child.kill("SIGKILL");
  }
}

/** A signed transfer as the body of a request; the client's signing is not part of what is measured. */
async function signedRequest(account: Account, nonce: number): Promise<string> {
  let body = "";
  const { provider } = account;
  const capture = new Account({
    provider: new RpcProvider({
      nodeUrl: provider.channel.nodeUrl,
      baseFetch: async (url, init) => {
        const text = String((init as RequestInit).body);
        if (!text.includes("addInvokeTransaction"))
          return fetch(url as string, init as RequestInit);
        body = text;
        return new Response(
          JSON.stringify({ jsonrpc: "2.0", id: 0, result: { transaction_hash: "0x0" } }),
        );
      },
    }),
    address: account.address,
    signer: account.signer,
    cairoVersion: "1",
  });
  await capture.execute(transfer, { nonce, resourceBounds, tip: 0 });
  return body;
}

const best = (results: readonly Result[]): Result => ({
  startMs: Math.min(...results.map(({ startMs }) => startMs)),
  sequential: Math.max(...results.map(({ sequential }) => sequential)),
  atOnce: Math.max(...results.map(({ atOnce }) => atOnce)),
  idleMb: Math.min(...results.map(({ idleMb }) => idleMb)),
  loadedMb: Math.min(...results.map(({ loadedMb }) => loadedMb)),
});

logger.setLogLevel("ERROR");
const results = new Map<Candidate, Result[]>(candidates.map((candidate) => [candidate, []]));
for (let round = 0; round < ROUNDS; round++)
  for (const [candidate, list] of results) list.push(await measure(candidate));

const ROWS: readonly [string, (result: Result) => number][] = [
  ["start-up to first answer, ms", ({ startMs }) => startMs],
  [`${TRANSFERS} transfers in sequence, per s`, ({ sequential }) => sequential],
  [`${TRANSFERS} transfers at once, per s`, ({ atOnce }) => atOnce],
  ["memory at start, MiB", ({ idleMb }) => idleMb],
  [`memory after ${2 * TRANSFERS} transfers, MiB`, ({ loadedMb }) => loadedMb],
];
console.log([`best of ${ROUNDS} rounds`, ...candidates.map(({ name }) => name)].join(" | "));
const columns = [...results.values()].map(best);
for (const [name, value] of ROWS)
  console.log([name, ...columns.map((column) => value(column).toFixed(1))].join(" | "));
