/** A node that follows L1 alone, beside a sequencer whose states it must have. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { creationCode } from "../../../src/l1/artifacts.ts";
import { osProgramOnL1 } from "../../../src/l1/block-registry.ts";
import type { Transport } from "../../../src/l1/transport.ts";
import { configHash } from "../../../src/l1/update.ts";
import { STARKNET_METHODS, STATE_METHODS } from "../../../src/rpc/methods/index.ts";
import { ETH_TOKEN, STRK_TOKEN } from "../../../src/starknet/addresses.ts";
import { toHex } from "../../../src/util/hex.ts";
import { failureOf, Layers } from "../../support/layers.ts";
import { verifyStorageProof } from "../../support/storage-proof.ts";
import { expectSameStates, TestL1Node } from "./support/l1-node.ts";

describe("an L1 node", function () {
  this.timeout(120_000);
  let layers: Layers;
  let node: TestL1Node | undefined;

  afterEach(async () => {
    await node?.close();
    node = undefined;
    await layers.close();
  });

  const chain = () => layers.devnet.core.sequencer.chain;
  const follows = async (): Promise<void> => {
    await node!.node.look();
    expect(node!.problem).to.equal(undefined);
    expectSameStates(node!, chain());
  };

  it("has the genesis state, and what every update makes of it", async () => {
    layers = await Layers.start();
    node = await TestL1Node.start(layers);
    expect(node.node.status()).to.deep.include({ mode: "l1", stage: "following", head: 0 });
    expectSameStates(node, chain());

    await layers.deployBridge();
    const account = layers.l2.accounts[0]!.address;
    await layers.layer.settle();
    await follows();
    for (const amount of [5n, 6n]) {
      await layers.deposit(account, amount);
      await layers.sync();
      await layers.withdrawOnL2("0x00000000000000000000000000000000000a11ce", 1n);
      await layers.layer.settle();
      await follows();
    }
    expect(node.node.chain.ends.length).to.equal(4);
    const late = await TestL1Node.start(layers);
    expectSameStates(late, chain());
    expect(late.node.chain.ends).to.deep.equal(node.node.chain.ends);
    await late.close();
  });

  it("has what no transaction does: replaced classes, values set to zero, other nonces", async () => {
    layers = await Layers.start();
    node = await TestL1Node.start(layers);
    const state = chain().stateAt(0);
    const account = layers.l2.accounts[1]!.address;
    const classHash = toHex(state.classHashAt(ETH_TOKEN));
    const entries = [...chain().stateDiff(0)!.storage.get(STRK_TOKEN)!.keys()];
    const set = (values: readonly string[]) => ({
      storage_diffs: [
        {
          address: toHex(STRK_TOKEN),
          storage_entries: entries
            .slice(-2)
            .map((key, i) => ({ key: toHex(key), value: values[i] })),
        },
      ],
      nonces: [{ contract_address: toHex(account), nonce: "0x7" }],
      deployed_contracts: [],
      declared_classes: [],
      replaced_classes: [],
      migrated_compiled_classes: [],
    });
    const replaced = [{ contract_address: toHex(account), class_hash: classHash }];
    const deployed = [{ address: "0x99", class_hash: classHash }];
    const apply = (state_diff: object) =>
      layers.l2.rpc("devnet_applyStateDiff", { state_diff, classes: [] });
    await apply({ ...set(["0x0", "0x5"]), replaced_classes: replaced });
    await layers.layer.settle();
    await follows();
    expect(node.node.chain.stateDiff(1)!.replacedClasses.size).to.equal(1);
    // Back again, and within one update there and back.
    await apply({ ...set(["0x8", "0x0"]), deployed_contracts: deployed });
    await apply(set(["0x0", "0x1"]));
    await layers.layer.settle();
    await follows();
  });

  it("has states where updates end, and says so of what lies between them", async () => {
    layers = await Layers.start();
    for (let i = 0; i < 3; i++) await layers.l2.send(0x1234n, 1n);
    await layers.layer.settle();
    await layers.l2.send(0x1234n, 1n);
    await layers.layer.settle();
    await layers.l2.send(0x1234n, 1n);
    node = await TestL1Node.start(layers);
    expectSameStates(node, chain());
    expect(node.node.chain.ends.map(({ number }) => number)).to.deep.equal([0, 3, 4]);

    const nonceAt = (block: unknown) =>
      node!.rpc("starknet_getNonce", [block, toHex(layers.l2.accounts[0]!.address)]);
    for (const [block, nonce] of [
      [{ block_number: 0 }, "0x0"],
      [{ block_number: 3 }, "0x3"],
      [{ block_hash: toHex(chain().header(3)!.hash) }, "0x3"],
      ["latest", "0x4"],
      ["l1_accepted", "0x4"],
    ] as const)
      expect((await nonceAt(block)).result).to.equal(nonce);
    for (const [block, why] of [
      [{ block_number: 2 }, /accepted blocks 1 to 3 together: .* after 0 and after 3/],
      [{ block_number: 5 }, /accepted blocks up to 4/],
      [{ block_hash: toHex(chain().header(2)!.hash) }, undefined],
      ["pre_confirmed", /does not see blocks before they are closed/],
    ] as const) {
      const { error } = await nonceAt(block);
      expect(error?.code).to.equal(24);
      if (why !== undefined) expect(error?.data).to.match(why);
    }

    const update = (number: number) =>
      node!.rpc("starknet_getStateUpdate", [{ block_number: number }]);
    for (const number of [0, 4])
      expect((await update(number)).result).to.deep.equal(
        await layers.l2.rpc("starknet_getStateUpdate", [{ block_number: number }]),
      );
    expect((await update(3)).error).to.deep.include({ code: -32004 });
    expect((await update(3)).error!.message).to.include("of blocks 1 to 3 together");
  });

  it("answers as the sequencer does, with proofs that hold, and says of the rest whom to ask", async () => {
    layers = await Layers.start();
    await layers.l2.send(0x1234n, 5n);
    await layers.layer.settle();
    node = await TestL1Node.start(layers);
    const [cell] = [...chain().stateDiff(1)!.storage.get(STRK_TOKEN)!.keys()];
    const strk = toHex(STRK_TOKEN);
    for (const [method, params] of [
      ["starknet_chainId", []],
      ["starknet_specVersion", []],
      ["starknet_blockNumber", []],
      ["starknet_blockHashAndNumber", []],
      ["starknet_syncing", []],
      ["starknet_getClassHashAt", ["latest", strk]],
      ["starknet_getStorageAt", [strk, toHex(cell!), "latest", ["INCLUDE_LAST_UPDATE_BLOCK"]]],
      ["starknet_getStorageProof", ["latest", [], [strk], []]],
    ] as const)
      expect(await node.result(method, params), method).to.deep.equal(
        await layers.l2.rpc(method, params),
      );
    const proof = await node.result("starknet_getStorageProof", {
      block_id: "latest",
      contract_addresses: [strk],
      contracts_storage_keys: [{ contract_address: strk, storage_keys: [toHex(cell!)] }],
    });
    const value = chain().stateAt(1).storageAt(STRK_TOKEN, cell!);
    const root = (await layers.core.getFunction("stateRoot")()) as bigint;
    expect(verifyStorageProof(proof, root, STRK_TOKEN, cell!)).to.equal(value);

    const answered = STATE_METHODS.map(({ name }) => name);
    const others = STARKNET_METHODS.filter(({ name }) => !answered.includes(name));
    expect(others.length).to.be.greaterThan(20);
    const refused = await node.rpc("starknet_getTransactionReceipt", ["0x1"]);
    expect(refused.error!.code).to.equal(-32004);
    expect(refused.error!.message).to.match(/getTransactionReceipt is not supported: .* L1 alone/);
    for (const { name } of others)
      expect([-32004, -32602], name).to.include((await node.rpc(name)).error!.code);
    expect(await node.result("node_getStatus")).to.deep.equal({
      mode: "l1",
      stage: "following",
      source_url: "http://in-process",
      block_number: 1,
      block_hash: toHex(chain().latest().hash),
      state_root: toHex(root),
      head_block_number: 1,
      blocks_behind: 0,
      accepted_on_l1_block_number: 1,
      problem: null,
      core_contract: layers.layer.deployment.core,
      l1_block_number: await layers.provider.getBlockNumber(),
      proven_on_l1: false,
    });
  });

  it("shows how far L2 is, where it may ask a feeder gateway, and goes on where that is away", async () => {
    layers = await Layers.start();
    await layers.l2.send(0x1234n, 5n);
    let isAway = false;
    const feeder = {
      head: () =>
        isAway
          ? Promise.reject(new Error("away"))
          : Promise.resolve({ ...chain().latest(), latestOnL1: undefined }),
    };
    node = await TestL1Node.start(layers, { feeder });
    expect(await node.result("node_getStatus")).to.include({ block_number: 0, blocks_behind: 1 });
    isAway = true;
    await layers.layer.settle();
    await node.node.look();
    expect(await node.result("node_getStatus")).to.include({ block_number: 1, blocks_behind: 0 });
  });

  it("waits for as many blocks of L1 as it is told to", async () => {
    layers = await Layers.start();
    await layers.connection.provider.request({ method: "hardhat_mine", params: ["0x4"] });
    node = await TestL1Node.start(layers, { confirmations: 3 });
    await layers.l2.send(0x1234n, 5n);
    await layers.layer.settle();
    await node.node.look();
    expect(node.node.chain.latest().number).to.equal(0);
    await layers.connection.provider.request({ method: "hardhat_mine", params: ["0x3"] });
    await follows();
    expect(node.node.chain.latest().number).to.equal(1);
  });

  it("begins with a late block where the core contract does", async () => {
    layers = await Layers.start();
    for (let i = 0; i < 3; i++) await layers.l2.send(0x1234n, 1n);
    const { layer, connection } = layers;
    const { deploy } = await import("../../../src/l1/deployment.ts");
    const identity = { programHash: 5n, configHash: layer.configHash };
    const { ethereum, operator } = layer;
    const { core } = await deploy({ ethereum, operator, identity, mode: "unproven" }, chain(), 2);
    expect(connection).to.not.equal(undefined);
    node = await TestL1Node.start(layers, { core });
    expect(node.problem).to.equal(undefined);
    expect(node.node.chain.ends.map(({ number }) => number)).to.deep.equal([2]);
    const [ours, theirs] = [node.node.chain.stateAt(2), chain().stateAt(2)];
    for (const number of [0, 1, 2])
      for (const [address, entries] of chain().stateDiff(number)!.storage)
        for (const key of entries.keys())
          expect(ours.storageAt(address, key)).to.equal(theirs.storageAt(address, key));
    const { error } = await node.rpc("starknet_getNonce", [{ block_number: 1 }, "0x1"]);
    expect(error!.data).to.match(/began with block 2/);
  });

  it("refuses a core contract that asks for no proofs, whatever it says of itself", async () => {
    layers = await Layers.start();
    const refusal = (options: Parameters<typeof TestL1Node.start>[1]) =>
      failureOf(TestL1Node.start(layers, { acceptUnproven: false, ...options }));
    expect(await refusal({})).to.match(
      /not proven: it takes runs of the program .*accept-unproven/,
    );
    // With the OS's own hash, and a registry that takes its owner's word.
    const { operator } = layers.layer;
    const { factRegistry } = layers.layer.deployment;
    const initial = { globalRoot: 0n, blockNumber: 0n, blockHash: 0n };
    const hash = configHash(chain().chainId, STRK_TOKEN);
    const args = [osProgramOnL1().hash, 0n, factRegistry, hash, initial];
    const { contractAddress: core } = await operator.send({
      data: creationCode("StarknetCore", args),
    });
    expect(await refusal({ core: core! })).to.match(/not proven: .*it is no CairoFactRegistry/);
    expect(await refusal({ core: "0x12" })).to.match(/core: expected the address/);
    expect(await refusal({ chainId: 5n })).to.match(/config hash .* name the L2's chain id/);
    expect(await refusal({ core: `0x${"ab".repeat(20)}` })).to.match(/no contract at that address/);
    expect(await refusal({ core: factRegistry! })).to.match(/does not answer as one/);
  });

  it("ends its start when that is aborted, also while L1 hangs, and leaves its folder free", async () => {
    layers = await Layers.start();
    const data = mkdtempSync(join(tmpdir(), "l1-node-"));
    try {
      for (const hanging of ["eth_chainId", "eth_getCode", "eth_getLogs"]) {
        const abort = new AbortController();
        const hangs = (transport: Transport): Transport => ({
          request(request) {
            if (request.method !== hanging) return transport.request(request);
            setTimeout(() => abort.abort(new Error("interrupted")), 20);
            return new Promise(() => undefined);
          },
        });
        const started = TestL1Node.start(layers, { data }, hangs, abort.signal);
        const late = sleep(10_000, "it hangs", { ref: false });
        expect(await Promise.race([failureOf(started), late]), hanging).to.equal("interrupted");
      }
      await (await TestL1Node.start(layers, { data })).close();
      const before = AbortSignal.abort(new Error("before"));
      expect(await failureOf(TestL1Node.start(layers, { data }, undefined, before))).to.equal(
        "before",
      );
    } finally {
      rmSync(data, { recursive: true });
    }
  });

  it("runs on where the signal of its start is aborted later", async () => {
    layers = await Layers.start();
    const abort = new AbortController();
    node = await TestL1Node.start(layers, {}, undefined, abort.signal);
    abort.abort(new Error("late"));
    await layers.l2.send(0x1234n, 1n);
    await layers.layer.settle();
    await follows();
  });

  it("says where the state with which a core contract began is not on L1", async () => {
    layers = await Layers.start();
    const { operator } = layers.layer;
    const { factRegistry } = layers.layer.deployment;
    const initial = { globalRoot: 7n, blockNumber: 0n, blockHash: 0n };
    const args = [5n, 0n, factRegistry, layers.layer.configHash, initial];
    const { contractAddress } = await operator.send({ data: creationCode("StarknetCore", args) });
    const core = contractAddress!;
    expect(await failureOf(TestL1Node.start(layers, { core }))).to.match(
      /began with block 0 and root 0x7, and L1 does not have that state: .*publishInitialState/,
    );
  });
});
