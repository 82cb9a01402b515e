/** The RPC before a real devnet: what starknet.js does to it is read back by every method and checked. */
import { expect } from "chai";
import fc from "fast-check";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Account, RpcProvider, type Call } from "starknet";
import { startDevnet, type Devnet } from "../../src/devnet/devnet.ts";
import { STRK_TOKEN } from "../../src/starknet/addresses.ts";
import { silentLog } from "../../src/devnet/log.ts";
import { readOptions } from "../../src/devnet/options.ts";
import { DEVNET_METHODS, STARKNET_METHODS } from "../../src/rpc/methods/index.ts";
import { loadSystemClass } from "../../src/starknet/class/system.ts";
import { toHex } from "../../src/util/hex.ts";
import { requireShared } from "../support/shared.ts";
import { near } from "./support/arbitrary.ts";
import { loadOpenRpc, OPENRPC } from "./support/openrpc.ts";

const STRK = toHex(STRK_TOKEN);
const transfer = (to: string, amount: bigint): Call => ({
  contractAddress: STRK,
  entrypoint: "transfer",
  calldata: [to, toHex(amount), "0x0"],
});

const start = (options: Record<string, unknown> = {}): Promise<Devnet> =>
  startDevnet(readOptions({ port: 0, seed: 7, accounts: 2, ...options }).options, silentLog);

describe("rpc before a real devnet", function () {
  this.timeout(120_000);
  let devnet: Devnet;
  let provider: RpcProvider;
  let alice: Account;
  let address: string;
  let hashes: string[];

  const clientOf = (of: Devnet) => {
    const client = new RpcProvider({ nodeUrl: of.url });
    const { address: own, privateKey } = of.accounts[0]!;
    return {
      provider: client,
      account: new Account({ provider: client, address: toHex(own), signer: toHex(privateKey) }),
    };
  };
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- answers of any shape
  const ask = async (method: string, params?: unknown, of = devnet): Promise<any> => {
    const response = await fetch(of.url, {
      method: "POST",
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
    });
    return response.json();
  };
  const result = async (method: string, params?: unknown, of = devnet) => {
    const answer = await ask(method, params, of);
    expect(answer.error, `${method} ${JSON.stringify(params)}`).to.equal(undefined);
    return answer.result;
  };

  before(async () => {
    devnet = await start();
    ({ provider, account: alice } = clientOf(devnet));
    address = toHex(devnet.accounts[0]!.address);
    hashes = [];
    hashes.push((await alice.execute(transfer("0x123", 5n), { tip: 0n })).transaction_hash);
    hashes.push(
      (await alice.execute([transfer("0x124", 5n), transfer("0x125", 6n)], { tip: 0n }))
        .transaction_hash,
    );
    // More than there is: the estimate would refuse it, so bounds are given.
    const bounds = {
      l1_gas: { max_amount: 100_000n, max_price_per_unit: 10n ** 10n },
      l2_gas: { max_amount: 10_000_000n, max_price_per_unit: 10n ** 10n },
      l1_data_gas: { max_amount: 10_000n, max_price_per_unit: 10n ** 10n },
    };
    hashes.push(
      (await alice.execute(transfer("0x126", 10n ** 30n), { resourceBounds: bounds, tip: 0n }))
        .transaction_hash,
    );
    for (const hash of hashes) await provider.waitForTransaction(hash, { retryInterval: 10 });
  });
  after(() => devnet?.close());

  it("answers every reading method as the documents want it", async function () {
    requireShared(this, OPENRPC);
    const spec = loadOpenRpc();
    const account = loadSystemClass("account");
    const classHash = toHex(account.classHash);
    const call = {
      contract_address: STRK,
      entry_point_selector: "0x35a73cd311a05d46deda634c5ee045db92f811b4e74bca4437fcb5302b7af33",
      calldata: [address],
    };
    const blocks = ["latest", "pre_confirmed", { block_number: 0 }, { block_number: 2 }];
    const closed = blocks.filter((id) => id !== "pre_confirmed");
    const requests: [string, unknown[]][] = [
      ...blocks.flatMap((id): [string, unknown[]][] => [
        ["starknet_getBlockWithTxHashes", [id]],
        ["starknet_getBlockWithTxs", [id]],
        ["starknet_getBlockWithReceipts", [id]],
        ["starknet_getStateUpdate", [id]],
        ["starknet_getStorageAt", [STRK, "0x0", id, ["INCLUDE_LAST_UPDATE_BLOCK"]]],
        ["starknet_getClass", [id, classHash]],
        ["starknet_getClassAt", [id, STRK]],
        ["starknet_getClassHashAt", [id, STRK]],
        ["starknet_getBlockTransactionCount", [id]],
        ["starknet_getNonce", [id, address]],
        ["starknet_call", [call, id]],
      ]),
      ...closed.flatMap((id): [string, unknown[]][] => [
        [
          "starknet_getStorageProof",
          [id, [classHash], [address, "0x99"], [{ contract_address: STRK, storage_keys: ["0x0"] }]],
        ],
        ["starknet_traceBlockTransactions", [id]],
        ["starknet_traceBlockTransactions", [id, ["RETURN_INITIAL_READS"]]],
      ]),
      ...hashes.flatMap((hash): [string, unknown[]][] => [
        ["starknet_getTransactionByHash", [hash]],
        ["starknet_getTransactionReceipt", [hash]],
        ["starknet_getTransactionStatus", [hash]],
        ["starknet_traceTransaction", [hash]],
      ]),
      ["starknet_getEvents", [{ chunk_size: 100 }]],
      ["starknet_getCompiledCasm", [classHash]],
    ];
    for (const [method, params] of requests) {
      const value = await result(method, params);
      expect(spec.result(method, value), `${method} ${JSON.stringify(params)}`).to.equal(undefined);
    }
    const reverted = await result("starknet_getTransactionStatus", [hashes[2]]);
    expect(reverted).to.include({
      finality_status: "ACCEPTED_ON_L2",
      execution_status: "REVERTED",
    });
    expect(
      (await result("starknet_traceTransaction", [hashes[2]])).execute_invocation,
    ).to.have.property("revert_reason");
  });

  it("tells the same events in receipts, in pages and over all blocks", async () => {
    const { events } = await result("starknet_getEvents", [{ chunk_size: 1000 }]);
    const paged: unknown[] = [];
    let token: string | undefined;
    do {
      const page = await result("starknet_getEvents", [
        { chunk_size: 2, ...(token ? { continuation_token: token } : {}) },
      ]);
      paged.push(...page.events);
      token = page.continuation_token;
    } while (token !== undefined);
    expect(paged).to.deep.equal(events);
    for (const hash of hashes) {
      const receipt = await result("starknet_getTransactionReceipt", [hash]);
      const own = events.filter(
        (event: { transaction_hash: string }) => event.transaction_hash === hash,
      );
      expect(
        own.map(({ from_address, keys, data }: Record<string, unknown>) => ({
          from_address,
          keys,
          data,
        })),
      ).to.deep.equal(receipt.events);
      expect(own.map(({ event_index }: { event_index: number }) => event_index)).to.deep.equal([
        ...receipt.events.keys(),
      ]);
    }
  });

  it("refuses what the gateway and the executor refuse, by the spec's codes", async () => {
    const missing = { contract_address: "0xdead", entry_point_selector: "0x1", calldata: [] };
    expect((await ask("starknet_call", [missing, "latest"])).error.code).to.equal(20);
    expect(
      (await ask("starknet_call", [{ ...missing, contract_address: STRK }, "latest"])).error.code,
    ).to.equal(21);
    const tooFew = {
      contract_address: STRK,
      entry_point_selector: "0x35a73cd311a05d46deda634c5ee045db92f811b4e74bca4437fcb5302b7af33",
      calldata: [],
    };
    const failed = (await ask("starknet_call", [tooFew, "latest"])).error;
    expect(failed.code).to.equal(40);
    expect(JSON.stringify(failed.data.revert_error)).to.include("Failed to deserialize param #1");
    const { transaction_hash, ...known } = await result("starknet_getTransactionByHash", [
      hashes[0],
    ]);
    expect(transaction_hash).to.equal(hashes[0]);
    expect((await ask("starknet_addInvokeTransaction", [known])).error.code).to.be.oneOf([52, 59]);
    expect(
      (
        await ask("starknet_addInvokeTransaction", [
          { ...known, nonce: await result("starknet_getNonce", ["latest", address]) },
        ])
      ).error.code,
    ).to.equal(55);
    expect(
      (
        await ask("starknet_addInvokeTransaction", [
          { ...known, sender_address: "0xdead", nonce: "0x0" },
        ])
      ).error.code,
    ).to.be.oneOf([20, 54, 55, 58]);
    const estimate = await ask("starknet_estimateFee", [[known], [], "latest"]);
    expect(estimate.error.code).to.equal(41);
    expect(estimate.error.data.transaction_index).to.equal(0);
  });

  it("estimates and simulates what it charged, on the state before", async () => {
    for (const hash of hashes.slice(0, 2)) {
      const { actual_fee, block_number, execution_resources } = await result(
        "starknet_getTransactionReceipt",
        [hash],
      );
      const { transaction_hash, ...transaction } = await result("starknet_getTransactionByHash", [
        hash,
      ]);
      expect(transaction_hash).to.equal(hash);
      const before = { block_number: block_number - 1 };
      const [estimate] = await result("starknet_estimateFee", [[transaction], [], before]);
      expect(estimate).to.include({ overall_fee: actual_fee.amount, unit: "FRI" });
      expect(Number(estimate.l2_gas_consumed)).to.equal(execution_resources.l2_gas);
      const [simulated] = await result("starknet_simulateTransactions", [
        before,
        [transaction],
        [],
      ]);
      expect(simulated.fee_estimation).to.deep.equal(estimate);
      expect(simulated.transaction_trace).to.deep.equal(
        await result("starknet_traceTransaction", [hash]),
      );
    }
  });

  it("goes back to snapshots and takes back blocks, state and all", async () => {
    const before = await result("starknet_getBlockWithTxHashes", ["latest"]);
    const id = await result("devnet_snapshot");
    const { transaction_hash } = await alice.execute(transfer("0x128", 5n), { tip: 0n });
    expect(await result("devnet_revert", { snapshot_id: id })).to.equal(true);
    expect(await result("starknet_getBlockWithTxHashes", ["latest"])).to.deep.equal(before);
    expect((await ask("starknet_getTransactionReceipt", [transaction_hash])).error.code).to.equal(
      29,
    );

    const { block_hash } = await result("devnet_createBlock");
    expect(await result("devnet_abortBlocks", { starting_block_id: { block_hash } })).to.deep.equal(
      { aborted: [block_hash] },
    );
    expect(await result("starknet_getBlockWithTxHashes", ["latest"])).to.deep.equal(before);
    expect(
      (await ask("devnet_abortBlocks", { starting_block_id: { block_number: 0 } })).error.code,
    ).to.equal(-1);
  });

  it("mints, and shows it in balances and by call", async () => {
    const { new_balance } = await result("devnet_mint", { address: "0x500", amount: 12345 });
    expect(new_balance).to.equal("12345");
    expect((await result("devnet_getAccountBalance", { address: "0x500" })).amount).to.equal(
      "12345",
    );
    expect(
      await provider.callContract({
        contractAddress: STRK,
        entrypoint: "balanceOf",
        calldata: ["0x500"],
      }),
    ).to.deep.equal([toHex(12345), "0x0"]);
  });

  it("loads what it dumped, to the same state", async () => {
    const folder = await mkdtemp(join(tmpdir(), "rpc-devnet-"));
    const dumpPath = join(folder, "dump.json");
    const first = await start({ dumpOn: "exit", dumpPath, startTime: 1_700_000_000 });
    let second: Devnet | undefined;
    try {
      const { account } = clientOf(first);
      await account.execute(transfer("0x123", 5n), { tip: 0n });
      await result("devnet_mint", { address: "0x500", amount: 7 }, first);
      const { new_root } = await result("starknet_getBlockWithTxHashes", ["latest"], first);
      await first.close();
      second = await start({ dumpOn: "exit", dumpPath, startTime: 1_700_000_000 });
      const loaded = await result("starknet_getBlockWithTxHashes", ["latest"], second);
      expect(loaded.block_number).to.equal(2);
      expect(loaded.new_root).to.equal(new_root);
      await result("devnet_restart", undefined, second);
      expect(await result("starknet_blockNumber", undefined, second)).to.equal(0);
    } finally {
      await second?.close();
      await rm(folder, { recursive: true });
    }
  });

  it("keeps its state and its life under arbitrary parameters", async () => {
    const before = await result("starknet_getBlockWithTxHashes", ["latest"]);
    // Methods that need no well-formed transaction to change the chain are left out; so is writing of files.
    const changing = new Set(
      DEVNET_METHODS.map(({ name }) => name).filter((name) => !name.startsWith("devnet_get")),
    );
    const methods = [...STARKNET_METHODS, ...DEVNET_METHODS].filter(
      ({ name }) => !changing.has(name),
    );
    const values = fc.oneof(near, fc.constantFrom(address, STRK, hashes[0]!));
    const request = fc
      .constantFrom(...methods)
      .chain((method) =>
        fc
          .array(values, { maxLength: Object.keys(method.parameters).length })
          .map((params) => [method.name, params] as const),
      );
    await fc.assert(
      fc.asyncProperty(request, async ([method, params]) => {
        const { error } = await ask(method, params);
        expect(error?.code, `${method} ${JSON.stringify(params)}`).to.not.equal(-32603);
      }),
      { numRuns: 500 },
    );
    expect(await result("starknet_getBlockWithTxHashes", ["latest"])).to.deep.equal(before);
  });
});
