/** The `devnet_*` methods: parameters and answers of starknet-devnet 0.10.1 (its `api/models`). */
import { expect } from "chai";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Journal, readDump } from "../../src/rpc/journal.ts";
import { DEFAULT_RESTRICTED_METHODS } from "../../src/rpc/restricted.ts";
import { DEVNET_METHODS } from "../../src/rpc/methods/index.ts";
import { sierraClassJson } from "../../src/starknet/class/sierra.ts";
import { loadSystemClass } from "../../src/starknet/class/system.ts";
import { toHex } from "../../src/util/hex.ts";
import { invoke } from "./support/broadcasts.ts";
import { ACCOUNT, contentOf, L1_HANDLER, startFixture, type Fixture } from "./support/fixture.ts";

const account = toHex(ACCOUNT);

describe("rpc/methods/devnet", () => {
  let fixture: Fixture;
  beforeEach(async () => (fixture = await startFixture()));
  afterEach(() => fixture.close());

  const result = async (method: string, params?: unknown) => {
    const answer = await fixture.request(`devnet_${method}`, params);
    expect(answer.error, method).to.equal(undefined);
    return answer.result;
  };
  const error = async (method: string, params?: unknown) =>
    (await fixture.request(`devnet_${method}`, params)).error;

  it("has the names of starknet-devnet 0.10.1, and two of its own", () => {
    // json_rpc_request.rs, DevnetSpecRequest
    const names =
      "applyStateDiff impersonateAccount stopImpersonateAccount autoImpersonate stopAutoImpersonate dump snapshot revert load postmanLoad postmanFlush postmanSendMessageToL2 postmanConsumeMessageFromL2 createBlock abortBlocks acceptOnL1 setGasPrice restart setTime increaseTime getPredeployedAccounts getAccountBalance mint getConfig getStatus getL1Status getL1Gas";
    expect(DEVNET_METHODS.map(({ name }) => name)).to.have.members(
      names.split(" ").map((name) => `devnet_${name}`),
    );
  });

  it("forbids in restrictive mode only what it has", () => {
    expect(DEVNET_METHODS.map(({ name }) => name)).to.include.members([
      ...DEFAULT_RESTRICTED_METHODS,
    ]);
  });

  it("mints: bare integers of any size, FRI unless said otherwise", async () => {
    const { text } = await fixture.post(
      `{"jsonrpc":"2.0","id":1,"method":"devnet_mint","params":{"address":"${account}","amount":1000000000000000000000000000001}}`,
    );
    expect(JSON.parse(text).result).to.deep.equal({
      new_balance: "1000000000000000000000000000001",
      unit: "FRI",
      tx_hash: "0x1234",
    });
    expect((await result("mint", { address: account, amount: 5, unit: "WEI" })).unit).to.equal(
      "WEI",
    );
    expect(fixture.controlled).to.deep.equal([
      ["mint", ACCOUNT, 10n ** 30n + 1n, "FRI"],
      ["mint", ACCOUNT, 5n, "WEI"],
    ]);
    expect((await error("mint", { address: account, amount: "5" })).message).to.match(
      /^Invalid params: amount: expected an integer/,
    );
    expect((await error("mint", { address: account, amount: -1 })).code).to.equal(-32602);
  });

  it("shows accounts and balances", async () => {
    expect(await result("getAccountBalance", { address: account })).to.deep.equal({
      amount: "1" + "0".repeat(30),
      unit: "FRI",
    });
    expect(
      await result("getAccountBalance", {
        address: account,
        unit: "WEI",
        block_id: "pre_confirmed",
      }),
    ).to.have.property("unit", "WEI");
    const [plain] = await result("getPredeployedAccounts");
    expect(plain).to.deep.equal({
      initial_balance: "1" + "0".repeat(21),
      address: "0x" + "acc0".padStart(64, "0"),
      public_key: "0x2",
      private_key: "0x3",
      balance: null,
    });
    const [rich] = await result("getPredeployedAccounts", { with_balance: true });
    expect(rich.balance).to.deep.equal({
      eth: { amount: "1" + "0".repeat(30), unit: "WEI" },
      strk: { amount: "1" + "0".repeat(30), unit: "FRI" },
    });
  });

  it("makes and takes back blocks", async () => {
    expect(await result("createBlock")).to.deep.equal({ block_hash: "0xb10c001" });
    await result("createBlock", []);
    expect(await result("abortBlocks", { starting_block_id: { block_number: 1 } })).to.deep.equal({
      aborted: ["0xb10c002", "0xb10c001"],
    });
    expect((await error("abortBlocks", { starting_block_id: { block_number: 9 } })).code).to.equal(
      24,
    );
  });

  it("sets the clock", async () => {
    expect(await result("setTime", { time: 1000 })).to.deep.equal({
      block_timestamp: 1000,
      block_hash: "0xb10c001",
    });
    expect(await result("setTime", { time: 1000, generate_block: false })).to.deep.equal({
      block_timestamp: 1000,
      block_hash: null,
    });
    expect(await result("increaseTime", { time: 60 })).to.deep.equal({
      timestamp_increased_by: 60,
      block_hash: "0xb10c002",
    });
    expect((await error("setTime", { time: -1 })).code).to.equal(-32602);
  });

  it("sets gas prices: bare integers, exact ones back", async () => {
    const { text } = await fixture.post(
      '{"jsonrpc":"2.0","id":1,"method":"devnet_setGasPrice","params":{"gas_price_wei":9007199254740993,"l2_gas_price_fri":7,"generate_block":true}}',
    );
    expect(text).to.equal(
      '{"jsonrpc":"2.0","id":1,"result":{"gas_price_wei":1152921504606846977,"data_gas_price_wei":1152921504606846977,"gas_price_fri":7,"data_gas_price_fri":7,"l2_gas_price_wei":1152921504606846977,"l2_gas_price_fri":7}}',
    );
    const [[, changes, generateBlock]] = fixture.controlled as [[string, object, boolean]];
    expect(changes).to.deep.include({
      l1GasWei: 9007199254740993n,
      l2GasFri: 7n,
      l1GasFri: undefined,
    });
    expect(generateBlock).to.equal(true);
    expect((await error("setGasPrice", { gas_price_wei: 0 })).message).to.match(
      /gas_price_wei: expected an integer from 1/,
    );
  });

  it("impersonates", async () => {
    expect(await result("impersonateAccount", { account_address: account })).to.deep.equal({});
    expect(await result("stopImpersonateAccount", { account_address: account })).to.deep.equal({});
    expect(await result("autoImpersonate")).to.deep.equal({});
    expect(await result("stopAutoImpersonate")).to.deep.equal({});
    expect(fixture.controlled).to.deep.equal([
      ["impersonate", ACCOUNT],
      ["stop", ACCOUNT],
      ["auto", true],
      ["auto", false],
    ]);
  });

  it("applies state diffs, and refuses what starknet-devnet refuses", async () => {
    const classes = [
      { contract_class: sierraClassJson(loadSystemClass("account").sierra), class_hash: "0x1" },
    ];
    const state_diff = {
      storage_diffs: [{ address: account, storage_entries: [{ key: "0x1", value: "0x2" }] }],
      nonces: [{ contract_address: account, nonce: "0x9" }],
      deployed_contracts: [{ address: "0x5", class_hash: "0x7" }],
    };
    expect(await result("applyStateDiff", { state_diff, classes })).to.deep.equal({
      classes: [{ class_hash: "0x1", compiled_class_hash: "0x2" }],
    });
    const [[, diff, supplied]] = fixture.controlled as [[string, unknown, { classHash: bigint }[]]];
    expect(diff).to.deep.equal({
      storage: new Map([[ACCOUNT, new Map([[1n, 2n]])]]),
      nonces: new Map([[ACCOUNT, 9n]]),
      deployedContracts: new Map([[5n, 7n]]),
      replacedClasses: new Map(),
      declaredClasses: new Map(),
    });
    expect(supplied[0]!.classHash).to.equal(1n);
    for (const [problem, params] of [
      ["state_diff: missing", {}],
      ['state_diff: unknown "extra"', { state_diff: { extra: [] } }],
      [
        "state_diff.nonces[0]: unknown",
        { state_diff: { nonces: [{ contract_address: "0x1", nonce: "0x2", extra: 1 }] } },
      ],
      [
        "state_diff.nonces.contract_address: expected each key once",
        {
          state_diff: {
            nonces: [
              { contract_address: "0x1", nonce: "0x2" },
              { contract_address: "0x01", nonce: "0x2" },
            ],
          },
        },
      ],
      [
        "state_diff.migrated_compiled_classes",
        {
          state_diff: {
            migrated_compiled_classes: [{ class_hash: "0x1", compiled_class_hash: "0x1" }],
          },
        },
      ],
      [
        "classes[0].contract_class",
        { state_diff: {}, classes: [{ contract_class: { sierra_program: 5 } }] },
      ],
    ] as const) {
      expect(await error("applyStateDiff", params), problem).to.have.property("code", -32602);
      expect((await error("applyStateDiff", params)).message).to.include(problem);
    }
  });

  it("shows its configuration and its status", async () => {
    // DevnetConfig: StarknetConfig flattened, and server_config; l1 is ours
    expect(await result("getConfig")).to.have.all.keys(
      "seed total_accounts account_contract_class_hash predeployed_accounts_initial_balance start_time gas_price_wei gas_price_fri data_gas_price_wei data_gas_price_fri l2_gas_price_wei l2_gas_price_fri chain_id dump_on dump_path block_generation_on lite_mode proof_mode state_archive fork_config eth_erc20_class_hash strk_erc20_class_hash class_size_config server_config l1".split(
        " ",
      ),
    );
    expect(await result("getStatus")).to.deep.equal({
      block_count: 1,
      transaction_count: 0,
      pre_confirmed_tx_count: 0,
      chain_id: "SN_SEPOLIA",
      protocol_version: "0.10.2",
      devnet_version: "0.1.0",
      is_forked: false,
      impersonated_accounts: [account],
      auto_impersonate: false,
    });
  });

  it("says what needs an L1", async () => {
    for (const [name, params] of [
      ["acceptOnL1", { starting_block_id: "latest" }],
      ["postmanLoad", { network_url: "http://x" }],
      ["postmanFlush", undefined],
      ["getL1Status", undefined],
    ] as const) {
      expect(await error(name, params)).to.deep.equal({
        code: -1,
        message: "this devnet runs without an L1",
      });
    }
  });

  describe("dumps", () => {
    let folder: string;
    before(async () => (folder = await mkdtemp(join(tmpdir(), "rpc-dump-"))));
    after(() => rm(folder, { recursive: true }));

    const change = async (other: Fixture, nonce: number) =>
      other.request("starknet_addInvokeTransaction", { invoke_transaction: invoke(nonce) });
    const readJson = async (path: string) => JSON.parse(await readFile(path, "utf8"));

    it("lists the requests that changed the chain, and runs them again", async () => {
      await change(fixture, 1);
      await fixture.request("starknet_blockNumber");
      await fixture.request("starknet_addInvokeTransaction", [{}]);
      await result("setTime", { time: 5 });
      const events = await result("dump");
      expect(events).to.deep.equal([
        {
          jsonrpc: "2.0",
          method: "starknet_addInvokeTransaction",
          params: { invoke_transaction: invoke(1) },
          id: 1,
        },
        { jsonrpc: "2.0", method: "devnet_setTime", params: { time: 5 }, id: 1 },
      ]);
      const path = join(folder, "dump.json");
      await result("dump", { path });
      expect(await readJson(path)).to.deep.equal(events);

      fixture.submitted.length = 0;
      expect(await result("load", { path })).to.deep.equal({});
      expect(fixture.controlled).to.deep.include(["restart"]);
      expect(fixture.submitted).to.have.length(1);
      await result("load", { events });
      expect(fixture.submitted).to.have.length(2);
      expect((await result("dump")).map(({ method }: { method: string }) => method)).to.deep.equal([
        "starknet_addInvokeTransaction",
        "devnet_setTime",
      ]);
    });

    it("forgets what came after a snapshot", async () => {
      await change(fixture, 1);
      expect(await result("snapshot")).to.equal("0x1");
      await change(fixture, 2);
      expect(await result("revert", { snapshot_id: "0x1" })).to.equal(true);
      expect(await result("dump")).to.have.length(1);
      expect(await result("revert", { snapshot_id: "0x7" })).to.equal(false);
      expect((await error("revert", { snapshot_id: "seven" })).code).to.equal(-32602);
      await result("restart");
      expect(await result("dump")).to.deep.equal([]);
    });

    it("forgets nothing for a snapshot that it has not heard of", async () => {
      const journal = new Journal({ dumpOn: "exit", dumpPath: undefined });
      for (const id of [1, 2]) {
        await journal.record({ method: "devnet_createBlock", params: null, id });
        if (id === 1) journal.mark(4);
      }
      await journal.truncate(3);
      expect(journal.length).to.equal(2);
      await journal.truncate(4);
      expect(journal.length).to.equal(1);
    });

    it("tells the log of files that cannot be written when no request waits for them", async () => {
      const block = await startFixture({ dumpOn: "block", dumpPath: join(folder, "no", "dump") });
      await block.request("devnet_snapshot");
      block.chain.add(contentOf(L1_HANDLER));
      while (block.logged.length < 1) await new Promise(setImmediate);
      await block.request("devnet_snapshot");
      block.chain.add(contentOf(L1_HANDLER));
      await block.request("devnet_revert", { snapshot_id: "0x2" });
      while (block.logged.length < 3) await new Promise(setImmediate);
      expect(new Set(block.logged)).to.deep.equal(new Set(["the dump cannot be written"]));
      await block.close();
    });

    it("keeps the digits of amounts, in answers and in dumps of any size", async () => {
      const mint = `{"jsonrpc":"2.0","method":"devnet_mint","params":{"address":"${account}","amount":1000000000000000000001},"id":1}`;
      const filler = `{"jsonrpc":"2.0","method":"devnet_createBlock","params":null,"id":"${"x".repeat(1 << 16)}"}`;
      const minted = ["mint", ACCOUNT, 10n ** 21n + 1n, "FRI"];
      await fixture.post(`[${mint},${filler}]`);
      const { text } = await fixture.post('{"jsonrpc":"2.0","id":1,"method":"devnet_dump"}');
      const answer = `{"jsonrpc":"2.0","id":1,"result":[${mint},${filler}]}`;
      expect(text === answer, text.slice(0, 200)).to.equal(true);
      await fixture.post(
        `{"jsonrpc":"2.0","id":1,"method":"devnet_load","params":{"events":[${mint},${filler}]}}`,
      );
      const path = join(folder, "large.json");
      await writeFile(path, `[${mint},${filler}]`);
      await result("load", { path });
      const restart = ["restart"];
      expect(fixture.controlled).to.deep.equal([minted, restart, minted, restart, minted]);
    });

    it("refuses files that are no dumps", async () => {
      const path = join(folder, "broken.json");
      for (const text of ["", "{", "{}", "[1]", '[{"method":1}]']) {
        await writeFile(path, text);
        expect(await error("load", { path }), text).to.have.property("code", -5);
      }
      expect(await error("load", { path: join(folder, "absent") })).to.have.property("code", -5);
      expect(await error("load", {})).to.have.property("code", -32602);
      expect(fixture.controlled).to.deep.equal([]);
    });

    it("keeps the file of a dump that fails, and no state of it", async () => {
      const path = join(folder, "failing.json");
      const entries = [
        { jsonrpc: "2.0", id: 1, method: "devnet_createBlock", params: null },
        { jsonrpc: "2.0", id: 2, method: "devnet_setTime", params: { time: "late" } },
      ];
      await writeFile(path, JSON.stringify(entries));
      for (const dumpOn of ["exit", "block"] as const) {
        const failure = await startFixture({ dumpOn, dumpPath: path, dump: entries as never }).then(
          () => expect.fail("it started"),
          (reason: Error) => reason.message,
        );
        expect(failure).to.match(
          /^entry 1 of the dump, devnet_setTime, failed: Invalid params: time/,
        );
        expect(await readJson(path)).to.deep.equal(entries);
      }
      expect((await error("load", { path })).message).to.match(/^entry 1 of the dump/);
      expect(fixture.controlled.filter(([name]) => name === "restart")).to.have.length(2);
      expect(await result("dump")).to.deep.equal([]);
    });

    it("refuses dumps that load dumps", async () => {
      const path = join(folder, "circular.json");
      await writeFile(path, JSON.stringify([{ method: "devnet_load", params: { path } }]));
      expect((await error("load", { path })).message).to.match(/cannot load another/);
    });

    it("writes the file on each change, or when it stops, or never", async () => {
      const path = join(folder, "block.json");
      const block = await startFixture({ dumpOn: "block", dumpPath: path });
      await change(block, 1);
      expect(await readJson(path)).to.have.length(1);
      await Promise.all([2, 3, 4].map((nonce) => change(block, nonce)));
      expect(await readJson(path)).to.have.length(4);
      await block.request("devnet_restart");
      expect(await readFile(path).catch(({ code }) => code)).to.equal("ENOENT");
      await block.close();

      // What is loaded at the start is the journal from then on, not added to it.
      await writeFile(
        path,
        JSON.stringify([{ jsonrpc: "2.0", id: 1, method: "devnet_createBlock", params: null }]),
      );
      const dump = await readDump(path);
      const again = await startFixture({ dumpOn: "block", dumpPath: path, dump });
      expect(again.chain.entries).to.have.length(2);
      await change(again, 1);
      expect(await readJson(path)).to.have.length(2);
      await again.close();

      const onExit = join(folder, "exit.json");
      const exit = await startFixture({ dumpOn: "exit", dumpPath: onExit });
      await change(exit, 1);
      expect(await readFile(onExit).catch(({ code }) => code)).to.equal("ENOENT");
      await exit.close();
      expect(await readJson(onExit)).to.have.length(1);

      const never = await startFixture({ dumpOn: undefined });
      expect((await never.request("devnet_dump")).error).to.have.property("code", -5);
      await never.close();
    });
  });
});
