/** An L1 that goes back, is set back, is away, or is another one; and a node that is started again. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import type { L1Access } from "../../../src/devnet/l1.ts";
import { L1UnavailableError, type Transport } from "../../../src/l1/transport.ts";
import { failureOf, Layers } from "../../support/layers.ts";
import { expectSameStates, TestL1Node } from "./support/l1-node.ts";

/** As a remote L1: nobody tells what others do there. */
const unseen = ({ transport, url, pollMs }: L1Access): L1Access => ({ transport, url, pollMs });

describe("an L1 node over time", function () {
  this.timeout(120_000);
  let layers: Layers;
  let node: TestL1Node | undefined;
  let folder: string;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "l1-node-"));
    layers = await Layers.start({ access: unseen });
  });
  afterEach(async () => {
    await node?.close();
    node = undefined;
    await layers.close();
    rmSync(folder, { recursive: true });
  });

  const chain = () => layers.devnet.core.sequencer.chain;
  const l1 = <T>(method: string, ...params: unknown[]): Promise<T> =>
    layers.connection.provider.request({ method, params }) as Promise<T>;
  const settle = async (...amounts: readonly bigint[]): Promise<void> => {
    for (const amount of amounts) await layers.l2.send(0x1234n, amount);
    await layers.layer.settle();
  };
  const follows = async (): Promise<void> => {
    await node!.node.look();
    expect(node!.problem).to.equal(undefined);
    expectSameStates(node!, chain());
  };
  const numbers = () => node!.node.chain.ends.map(({ number }) => number);
  const start = async (
    options: Parameters<typeof TestL1Node.start>[1] = {},
    wrap?: (transport: Transport) => Transport,
  ): Promise<void> => {
    node = await TestL1Node.start(layers, { data: folder, ...options }, wrap);
  };
  const restart = async (...args: Parameters<typeof start>): Promise<void> => {
    await node!.close();
    node = undefined;
    await start(...args);
  };

  it("goes back with L1, and on with whatever comes in its place", async () => {
    await settle(1n);
    await start();
    const id = await l1<string>("evm_snapshot");
    await settle(2n, 3n);
    await settle(4n);
    await follows();
    expect(numbers()).to.deep.equal([0, 1, 3, 4]);
    expect(await l1("evm_revert", id)).to.equal(true);
    await node!.node.look();
    expect(numbers()).to.deep.equal([0, 1]);
    expect(node!.events).to.deep.include({ kind: "wentBack", number: 1 });
    // The same blocks by another update, in other blocks of L1.
    await l1("hardhat_mine", "0x2");
    await layers.sync();
    await settle();
    await settle(5n);
    await follows();
    expect(numbers()).to.deep.equal([0, 1, 4, 5]);
    await restart();
    expectSameStates(node!, chain());
  });

  it("sees a reorg that happened while it was not there", async () => {
    await start();
    const id = await l1<string>("evm_snapshot");
    await settle(2n, 3n);
    await follows();
    await node!.close();
    node = undefined;
    expect(await l1("evm_revert", id)).to.equal(true);
    await layers.sync();
    await settle(4n);
    await start();
    expect(node!.events).to.deep.include({ kind: "wentBack", number: 0 });
    expect(numbers()).to.deep.equal([0, 3]);
    expectSameStates(node!, chain());
  });

  it("answers nothing once L1 is before the core contract, and again when that is there again", async () => {
    const { core } = layers.layer.deployment;
    const snapshot = await l1<string>("evm_snapshot");
    await start();
    const code = await l1<string>("eth_getCode", core, "latest");
    await l1("hardhat_setCode", core, "0x");
    await node!.node.look();
    expect(node!.problem).to.match(/there is no core contract at/);
    await l1("hardhat_setCode", core, code);
    await follows();
    await l1("evm_revert", snapshot);
    await follows();
  });

  it("goes back where the core contract is set back by hand", async () => {
    await settle(1n);
    await start();
    await settle(2n);
    await follows();
    await layers.l2.rpc("devnet_restart", { restart_l1_to_l2_messaging: false });
    await node!.node.look();
    expect(node!.problem).to.equal(undefined);
    expect(numbers()).to.deep.equal([0]);
    await settle(7n, 8n);
    await follows();
    expect(numbers()).to.deep.equal([0, 2]);
    await restart();
    expectSameStates(node!, chain());
    await node!.close();
    // From the beginning, too.
    node = await TestL1Node.start(layers);
    expectSameStates(node, chain());
  });

  it("refuses to answer where the core contract is at a state that no update led to", async () => {
    await settle(1n);
    await start();
    const { core } = layers.layer.deployment;
    const slot = "0x71a8ef1b1265359d77973c3524afac225c0a0d829a0d4da5cac3b34532019fec";
    const root = await l1<string>("eth_getStorageAt", core, slot, "latest");
    await l1("hardhat_setStorageAt", core, slot, `0x${"01".repeat(32)}`);
    await node!.node.look();
    expect(node!.node.status().stage).to.equal("stopped");
    expect(node!.problem).to.match(
      /is at block 1 with .* root 0x10101.*updates .* end with block 1/,
    );
    const { error } = await node!.rpc("starknet_blockNumber");
    expect(error).to.deep.equal({
      code: 63,
      message: "An unexpected error occurred",
      data: node!.problem,
    });
    expect((await node!.rpc("node_getStatus")).error).to.equal(undefined);
    await l1("hardhat_setStorageAt", core, slot, root);
    await follows();
    expect(await node!.result("starknet_blockNumber")).to.equal(1);
  });

  it("keeps its state while L1 is away, says so, and goes on", async () => {
    let isAway = false;
    await start({}, ({ request }) => ({
      request: (asked) =>
        isAway ? Promise.reject(new L1UnavailableError("L1 cannot be reached")) : request(asked),
    }));
    await settle(1n);
    isAway = true;
    await node!.node.look();
    await node!.node.look();
    expect(node!.node.status()).to.include({ stage: "following", problem: "L1 cannot be reached" });
    expect(await node!.result("starknet_blockNumber")).to.equal(0);
    isAway = false;
    await follows();
    const kinds = node!.events.map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === "problem" || kind === "recovered")).to.deep.equal([
      "problem",
      "recovered",
    ]);
  });

  it("goes on from its folder without reading state diffs again", async () => {
    await settle(1n, 2n);
    await settle(3n);
    await start();
    const asked: string[] = [];
    const counting = ({ request }: Transport): Transport => ({
      request: (each) => {
        asked.push(each.method);
        return request(each);
      },
    });
    await restart({}, counting);
    expectSameStates(node!, chain());
    expect(asked).to.not.include("eth_getTransactionByHash");
    await settle(4n);
    await follows();
    expect(asked.filter((method) => method === "eth_getTransactionByHash")).to.have.length(1);
    expect(node!.events).to.deep.include({ kind: "audit", number: 3, latest: 3 });
  });

  it("begins nothing with the folder of another L2, L1 or mode", async () => {
    await start();
    await node!.close();
    node = undefined;
    const { core } = layers.layer.deployment;
    const startOn = async (startTime: number): Promise<string> => {
      const other = await Layers.start({ devnet: { startTime } });
      expect(other.layer.deployment.core).to.equal(core);
      const started = TestL1Node.start(other, { data: folder }).then((each) => each.close());
      const failure = await failureOf(started);
      await other.close();
      return failure;
    };
    const { timestamp } = chain().header(0)!;
    expect(await startOn(timestamp + 9)).to.match(/as before: L1 is another one/);
    // The same genesis in another block of L1, as after a deep reorg.
    expect(await startOn(timestamp)).to.equal("accepted");
    const factRegistry = layers.layer.deployment.factRegistry!;
    expect(await failureOf(start({ core: factRegistry }))).to.match(
      /folder has the L2 of the core contract 0x.* choose another folder/,
    );
    expect(await failureOf(start({ chainId: 5n }))).to.match(/holds a chain with id/);
    await expectOtherChainId();
    await layers.close();
    const devnet = mkdtempSync(join(tmpdir(), "l1-node-devnet-"));
    layers = await Layers.start({ devnet: { data: devnet } });
    await layers.close();
    layers = await Layers.start();
    expect(await failureOf(start({ data: devnet }))).to.match(/holds the chain of a devnet/);
    rmSync(devnet, { recursive: true });
  });

  const expectOtherChainId = async (): Promise<void> => {
    const wrap = ({ request }: Transport): Transport => ({
      request: (asked) =>
        asked.method === "eth_chainId" ? Promise.resolve("0x5") : request(asked),
    });
    expect(await failureOf(start({}, wrap))).to.match(
      /on the L1 with chain id 31337, not of .* on 5/,
    );
  };
});
