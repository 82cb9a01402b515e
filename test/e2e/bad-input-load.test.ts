/** Everything at once in random order: no internal error, and a chain that holds together afterwards. */
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { WebSocket } from "ws";
import { STRK_TOKEN } from "../../src/starknet/addresses.ts";
import { compiledClassHash } from "../../src/starknet/class/compiled-class-hash.ts";
import { parseSierraClass } from "../../src/starknet/class/sierra.ts";
import { ChainState } from "../../src/state/chain-state.ts";
import { MemoryStore } from "../../src/state/store/memory-store.ts";
import { toHex } from "../../src/util/hex.ts";
import { RpcFailed, TestDevnet, type RpcFailure } from "../support/devnet.ts";
import { declare } from "../support/submit.ts";

const SIERRA = parseSierraClass(
  JSON.parse(
    readFileSync(
      new URL("../../contracts/cairo/artifacts/bridge.sierra.json", import.meta.url),
      "utf8",
    ),
  ),
);

/** Numbers below `end`, the same for the same seed (a linear congruential generator). */
function randomNumbers(seed: number): (end: number) => number {
  let state = seed;
  return (end) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * end);
  };
}

interface Event {
  readonly from_address: string;
  readonly keys: readonly string[];
  readonly data: readonly string[];
}
interface BlockWithReceipts {
  readonly block_hash: string;
  readonly parent_hash: string;
  readonly new_root: string;
  readonly transactions: readonly {
    readonly receipt: { readonly transaction_hash: string; readonly events: readonly Event[] };
  }[];
}
interface StateUpdate {
  readonly state_diff: {
    readonly storage_diffs: {
      address: string;
      storage_entries: { key: string; value: string }[];
    }[];
    readonly nonces: { contract_address: string; nonce: string }[];
    readonly deployed_contracts: { address: string; class_hash: string }[];
    readonly replaced_classes: { contract_address: string; class_hash: string }[];
    readonly declared_classes: { class_hash: string; compiled_class_hash: string }[];
  };
}

/** Hash links, state roots from the state diffs alone, and events by block and by query. */
async function expectConsistent(devnet: TestDevnet): Promise<void> {
  const store = new MemoryStore();
  const state = new ChainState(store);
  const tip = await devnet.blockNumber();
  let parent = 0n;
  const fromReceipts: object[] = [];
  for (let number = 0; number <= tip; number++) {
    const id = { block_number: number };
    const block = await devnet.rpc<BlockWithReceipts>("starknet_getBlockWithReceipts", [id]);
    expect(BigInt(block.parent_hash)).to.equal(parent);
    parent = BigInt(block.block_hash);
    const { state_diff } = await devnet.rpc<StateUpdate>("starknet_getStateUpdate", [id]);
    const pairs = (rows: readonly object[]): Map<bigint, bigint> =>
      new Map(rows.map((row) => Object.values<string>({ ...row }).map(BigInt) as [bigint, bigint]));
    const { globalRoot, operations } = state.prepare(number, {
      storage: new Map(
        state_diff.storage_diffs.map((one) => [BigInt(one.address), pairs(one.storage_entries)]),
      ),
      nonces: pairs(state_diff.nonces),
      deployedContracts: pairs(state_diff.deployed_contracts),
      replacedClasses: pairs(state_diff.replaced_classes),
      declaredClasses: pairs(state_diff.declared_classes),
    });
    expect(globalRoot, `state root of block ${number}`).to.equal(BigInt(block.new_root));
    store.batch(operations);
    for (const { receipt } of block.transactions) {
      for (const { from_address, keys, data } of receipt.events) {
        fromReceipts.push({ hash: receipt.transaction_hash, from_address, keys, data });
      }
    }
  }
  const queried: object[] = [];
  let continuation_token: string | undefined;
  do {
    const page: {
      events: (Event & { transaction_hash: string })[];
      continuation_token?: string;
    } = await devnet.rpc("starknet_getEvents", [
      {
        from_block: { block_number: 0 },
        to_block: { block_number: tip },
        chunk_size: 37,
        continuation_token,
      },
    ]);
    for (const { transaction_hash: hash, from_address, keys, data } of page.events)
      queried.push({ hash, from_address, keys, data });
    continuation_token = page.continuation_token;
  } while (continuation_token !== undefined);
  expect(queried).to.deep.equal(fromReceipts);
}

/** Sends `count` random requests, some dozens at a time; the failures. */
async function load(
  devnet: TestDevnet,
  count: number,
  random: (end: number) => number,
): Promise<RpcFailure[]> {
  const compiled = compiledClassHash(await devnet.devnet.core.compile(SIERRA));
  const snapshots: unknown[] = [];
  const hashes: string[] = ["0x1"];
  const any = <T>(list: readonly T[]): T => list[random(list.length)]!;
  const block = (): unknown =>
    any(["latest", "pre_confirmed", { block_number: random(40) }, { block_hash: "0x5" }]);
  const account = (): string => toHex(any(devnet.accounts).address);
  const rpc = (method: string, params: unknown = []) => devnet.rpc(method, params);
  const transfer = () => devnet.transfer(0x1234n, 1n, { from: random(3) }).invoke;

  const actions: readonly (() => Promise<unknown>)[] = [
    async () => hashes.push(await devnet.send(0x1234n, 1n, { from: random(3) })),
    async () => hashes.push(await devnet.send(0x1234n, 1n, { from: random(3) })),
    () => rpc("devnet_mint", { address: account(), amount: 1000, unit: any(["FRI", "WEI"]) }),
    () => rpc("starknet_addDeclareTransaction", [declare(devnet, SIERRA, compiled)]),
    () => rpc("starknet_estimateFee", [[declare(devnet, SIERRA, compiled)], [], block()]),
    () => rpc("starknet_estimateFee", [[transfer()], [], block()]),
    () => rpc("starknet_simulateTransactions", [block(), [transfer(), transfer()], []]),
    () => devnet.balance(0x1234n, block()),
    () => rpc("starknet_getBlockWithReceipts", [block()]),
    () => rpc("starknet_getStateUpdate", [block()]),
    () => rpc("starknet_traceBlockTransactions", [block()]),
    () => rpc("starknet_getTransactionReceipt", [any(hashes)]),
    () => rpc("starknet_traceTransaction", [any(hashes)]),
    () => rpc("starknet_getTransactionStatus", [any(hashes)]),
    () => rpc("starknet_getNonce", [block(), account()]),
    () => rpc("starknet_getEvents", [{ from_block: block(), to_block: block(), chunk_size: 5 }]),
    () =>
      rpc("starknet_getStorageProof", [
        block(),
        [],
        [account()],
        [{ contract_address: toHex(STRK_TOKEN), storage_keys: ["0x1"] }],
      ]),
    () => rpc("devnet_createBlock"),
    async () => snapshots.push(await rpc("devnet_snapshot")),
    () => rpc("devnet_revert", { snapshot_id: any(snapshots.length > 0 ? snapshots : ["0x1"]) }),
    () => rpc("devnet_abortBlocks", { starting_block_id: { block_number: 1 + random(60) } }),
    () => rpc("devnet_abortBlocks", { starting_block_id: "pre_confirmed" }),
    () => rpc("devnet_increaseTime", { time: random(100) }),
    () => rpc("devnet_setGasPrice", { l2_gas_price_fri: 1e9 - random(10), generate_block: true }),
    () => (random(8) === 0 ? rpc("devnet_restart") : rpc("devnet_getStatus")),
  ];
  const failures: RpcFailure[] = [];
  for (let sent = 0; sent < count; sent += 40) {
    await Promise.all(
      Array.from({ length: 40 }, () =>
        any(actions)().catch((error: unknown) => {
          if (!(error instanceof RpcFailed)) throw error;
          failures.push(error.failure);
        }),
      ),
    );
  }
  return failures;
}

describe("load of all kinds at once", function () {
  this.timeout(240_000);
  let folder: string;
  before(() => (folder = mkdtempSync(join(tmpdir(), "load-"))));
  after(() => rmSync(folder, { recursive: true, force: true }));

  for (const blockGenerationOn of ["transaction", "demand", 0.05] as const) {
    it(`leaves a consistent chain, with blocks on ${blockGenerationOn}`, async () => {
      const devnet = await TestDevnet.start({ blockGenerationOn });
      const socket = new WebSocket(devnet.devnet.webSocketUrl);
      await once(socket, "open");
      const notifications: { method?: string }[] = [];
      socket.on("message", (text: Buffer) => {
        notifications.push(JSON.parse(text.toString()) as { method?: string });
      });
      for (const [id, name] of ["NewHeads", "Events", "NewTransactions"].entries())
        socket.send(JSON.stringify({ jsonrpc: "2.0", id, method: `starknet_subscribe${name}` }));
      const failures = await load(devnet, 800, randomNumbers(7));
      expect(failures.filter(({ code }) => code === -32603)).to.deep.equal([]);
      await expectConsistent(devnet);
      await devnet.send(0x9999n, 3n);
      expect(await devnet.balance(0x9999n)).to.equal(3n);
      expect(notifications.map(({ method }) => method)).to.include("starknet_subscriptionNewHeads");
      socket.terminate();
      await devnet.close();
    });
  }

  it("leaves a consistent chain in a data folder, over restarts", async () => {
    const data = join(folder, "chain");
    let devnet = await TestDevnet.start({ data, seed: 5 });
    for (let round = 0; round < 3; round++) {
      const failures = await load(devnet, 240, randomNumbers(100 + round));
      expect(failures.filter(({ code }) => code === -32603)).to.deep.equal([]);
      const head = devnet.devnet.core.sequencer.chain.latest();
      await devnet.close();
      devnet = await TestDevnet.start({ data });
      // What was executed and not in a block yet has been put into one more.
      expect(devnet.devnet.core.sequencer.chain.header(head.number)).to.deep.equal(head);
      expect(await devnet.blockNumber()).to.be.within(head.number, head.number + 1);
      await expectConsistent(devnet);
    }
    await devnet.close();
  });
});
