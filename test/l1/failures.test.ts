/** What fails between the layers, and how it goes on: nothing twice, nothing lost. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import hre from "hardhat";
import type { NetworkConnection } from "hardhat/types/network";
import type { L1Access } from "../../src/devnet/l1.ts";
import { L1UnavailableError, type Transport } from "../../src/l1/transport.ts";
import { Layers, failureOf } from "../support/layers.ts";

type Request = Parameters<Transport["request"]>[0];

/** An L1 whose line can be cut, before a request reaches it or after. */
class Line {
  /** Says of a request whether it gets lost, and when. */
  cut: (request: Request) => "before" | "after" | undefined = () => undefined;

  readonly access = (real: L1Access): L1Access => ({
    ...real,
    pollMs: 20,
    transport: {
      request: async (request) => {
        const when = this.cut(request);
        if (when === "before") throw new L1UnavailableError("L1 at nowhere cannot be reached");
        const answer = await real.transport.request(request);
        if (when === "after") throw new L1UnavailableError("L1 at nowhere cannot be reached");
        return answer;
      },
    },
  });
}

async function eventually(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 400; tries++) {
    if (await holds()) return;
    await sleep(25);
  }
  throw new Error(`${what} did not come about`);
}

describe("failures between the layers", function () {
  this.timeout(120_000);
  let layers: Layers;
  let line: Line;
  let account: bigint;

  const start = async (
    devnet: Record<string, unknown> = {},
    connection?: NetworkConnection,
  ): Promise<void> => {
    line = new Line();
    layers = await Layers.start({
      devnet,
      access: line.access,
      ...(connection !== undefined && { connection }),
    });
    account = layers.l2.accounts[0]!.address;
  };
  afterEach(() => layers.close());

  const latest = (): number => layers.devnet.core.sequencer.chain.latest().number;
  const onL1 = (): number | undefined => layers.devnet.core.sequencer.chain.latestOnL1();
  const updates = async (): Promise<[bigint, bigint][]> => {
    const logs = await layers.core.queryFilter("LogStateUpdateData");
    return logs.map((log) => {
      const { args } = layers.core.interface.parseLog(log)!;
      return [args["firstBlockNumber"], args["lastBlockNumber"]];
    });
  };
  /** Every block in one update, in order. */
  const expectGapless = async (): Promise<void> => {
    let next = 1n;
    for (const [first, last] of await updates()) {
      expect(first).to.equal(next);
      next = last + 1n;
    }
    expect(Number(next)).to.equal(latest() + 1);
  };

  it("L1 away for a while: L2 goes on, and settles when it is back", async () => {
    await start({ settleOn: "block" });
    await layers.deployBridge();
    await eventually("settlement", () => onL1() === latest());
    line.cut = () => "before";
    await layers.l2.send(0x1234n, 1n);
    const { hash } = await layers.deposit(account, 5n);
    await eventually("the warning", () => layers.events.some(({ kind }) => kind === "problem"));
    expect((await layers.l2.rpc<{ problem: string }>("devnet_getL1Status")).problem).to.include(
      "cannot be reached",
    );
    await layers.l2.send(0x1234n, 1n);
    expect(await layers.l2.failure("devnet_postmanFlush")).to.have.property("code", -1);
    line.cut = () => undefined;
    await eventually("the deposit", async () => (await layers.tokens(account)) === 5n);
    await eventually("settlement", () => onL1() === latest());
    expect(layers.events.map(({ kind }) => kind)).to.include("recovered");
    const [status] = await layers.l2.rpc<{ finality_status: string }[]>(
      "starknet_getMessagesStatus",
      [hash],
    );
    expect(status!.finality_status).to.equal("ACCEPTED_ON_L1");
    expect(layers.events.filter(({ kind }) => kind === "problem")).to.have.length(1);
    await expectGapless();
  });

  it("an answer that is lost after the update was taken: it is not sent twice", async () => {
    await start();
    await layers.deployBridge();
    let lost = 0;
    // The fact's registration arrives, the update's answer does not.
    line.cut = ({ method }) =>
      method === "eth_sendRawTransaction" && ++lost === 2 ? "after" : undefined;
    expect(await failureOf(layers.layer.settle())).to.include("cannot be reached");
    expect(await layers.layer.settle()).to.deep.equal([]);
    expect(onL1()).to.equal(latest());
    expect(await updates()).to.have.length(1);
  });

  it("an operator without ether says what it needs", async () => {
    await start();
    await layers.deployBridge();
    const { operator } = layers.layer;
    const setBalance = (wei: bigint): Promise<unknown> =>
      layers.connection.provider.request({
        method: "hardhat_setBalance",
        params: [operator.address, `0x${wei.toString(16)}`],
      });
    await setBalance(1n);
    expect(await failureOf(layers.layer.settle())).to.match(
      new RegExp(`operator ${operator.address} has .* too little to settle: send it some`),
    );
    expect(onL1()).to.equal(0);
    await setBalance(10n ** 18n);
    await layers.layer.settle();
    await expectGapless();
  });

  it("an update that reverts gives L1's reason, and is tried again", async () => {
    await start({ settleOn: "block" });
    await layers.deployBridge();
    await eventually("settlement", () => onL1() === latest());
    const { operator, core } = layers.layer;
    const govern = (name: string): Promise<unknown> =>
      operator.send({
        to: core.address,
        data: core.interface.encodeFunctionData(name, [operator.address]),
      });
    await govern("unregisterOperator");
    await layers.l2.send(0x1234n, 1n);
    await eventually("the warning", () =>
      layers.events.some((event) => event.kind === "problem" && event.message === "ONLY_OPERATOR"),
    );
    await govern("registerOperator");
    await eventually("settlement", () => onL1() === latest());
    await expectGapless();
  });

  it("a restart in mid-settlement, with the chain kept: it goes on from where L1 is", async () => {
    const connection = await hre.network.create();
    const folder = mkdtempSync(join(tmpdir(), "layers-"));
    try {
      await start({ data: folder }, connection);
      await layers.deployBridge();
      await layers.deposit(account, 5n);
      await layers.sync();
      await layers.layer.settle();
      await layers.deposit(account, 6n);
      await layers.sync();
      let sent = 0;
      line.cut = ({ method }) =>
        method === "eth_sendRawTransaction" && ++sent === 2 ? "before" : undefined;
      await failureOf(layers.layer.settle());
      line.cut = () => "before";
      const { bridge, l2Bridge } = layers;
      const core = layers.layer.deployment.core;
      await layers.l2.close();

      await start({ data: folder }, connection);
      expect(layers.layer.deployment.core).to.equal(core);
      Object.assign(layers, { bridge, l2Bridge });
      await layers.sync();
      expect(await layers.tokens(account)).to.equal(11n);
      expect(onL1()).to.be.lessThan(latest());
      await layers.layer.settle();
      await expectGapless();
      await layers.deposit(account, 7n);
      await layers.sync();
      expect(await layers.tokens(account)).to.equal(18n);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("a chain that was kept, on a new L1: it goes on in a new core contract", async () => {
    const folder = mkdtempSync(join(tmpdir(), "layers-"));
    try {
      await start({ data: folder });
      await layers.deployBridge();
      await layers.deposit(account, 5n);
      await layers.sync();
      await layers.l2.send(0x1234n, 1n);
      const bound = latest() - 1;
      await layers.close();
      await start({ data: folder });
      // Up to the message, which the new L1 has never seen, L2 stays as it is.
      expect(onL1()).to.equal(bound);
      await layers.layer.settle();
      expect(onL1()).to.equal(latest());
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("settlement that nobody asked for is refused, and messages go to L2 all the same", async () => {
    await start({ settlement: "none" });
    await layers.deployBridge();
    await layers.deposit(account, 5n);
    await layers.sync();
    expect(await layers.tokens(account)).to.equal(5n);
    expect(await failureOf(layers.layer.settle())).to.include('settlement "proven"');
    const { message } = await layers.l2.failure("devnet_acceptOnL1", {
      starting_block_id: "latest",
    });
    expect(message).to.include('start with settlement "proven"');
    const config = await layers.l2.rpc<{ l1: Record<string, unknown> }>("devnet_getConfig");
    expect(config.l1).to.include({ settlement: "none", fact_registry_address: null });
  });
});
