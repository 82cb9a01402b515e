/** L1 goes back: by a snapshot of its own, under the devnet's eyes or not. */
import { expect } from "chai";
import type { L1Access } from "../../src/devnet/l1.ts";
import { L1RequestError, L1UnavailableError } from "../../src/l1/transport.ts";
import { Layers, failureOf } from "../support/layers.ts";

/** As a remote L1: nobody tells what others do there. */
const unseen = ({ transport, url, pollMs }: L1Access): L1Access => ({ transport, url, pollMs });

describe("an L1 that goes back", function () {
  this.timeout(120_000);
  let layers: Layers;
  let account: bigint;

  const start = async (options: Parameters<typeof Layers.start>[0] = {}): Promise<void> => {
    layers = await Layers.start(options);
    await layers.deployBridge();
    account = layers.l2.accounts[0]!.address;
  };
  afterEach(() => layers.close());

  const l1 = <T>(method: string, ...params: unknown[]): Promise<T> =>
    layers.connection.provider.request({ method, params }) as Promise<T>;
  const stateOnL1 = async (): Promise<bigint> =>
    layers.core.getFunction("stateBlockNumber")() as Promise<bigint>;
  const latest = (): number => layers.devnet.core.sequencer.chain.latest().number;

  for (const [what, take, revert] of [
    ["evm_snapshot", () => l1<string>("evm_snapshot"), (id: string) => l1("evm_revert", id)],
    [
      "devnet_snapshot",
      () => layers.l2.rpc<string>("devnet_snapshot"),
      (id: string) => layers.l2.rpc("devnet_revert", { snapshot_id: id }),
    ],
  ] as const) {
    it(`takes L2 with it: one ${what} is of both layers`, async () => {
      await start();
      await layers.deposit(account, 5n);
      await layers.sync();
      await layers.layer.settle();
      const [root, block, onL1] = [
        layers.devnet.core.sequencer.chain.latest().stateRoot,
        latest(),
        await stateOnL1(),
      ];
      let id = await take();
      for (const amount of [6n, 7n]) {
        await layers.deposit(account, amount);
        await layers.sync();
        await layers.withdrawOnL2("0x00000000000000000000000000000000000a11ce", 1n);
        await layers.layer.settle();
        expect(await layers.tokens(account)).to.equal(4n + amount);
        expect(await revert(id)).to.equal(true);
        expect(await layers.tokens(account)).to.equal(5n);
        expect(await stateOnL1()).to.equal(onL1);
        expect(latest()).to.equal(block);
        expect(layers.devnet.core.sequencer.chain.latest().stateRoot).to.equal(root);
        expect(layers.devnet.core.sequencer.chain.latestOnL1()).to.equal(block);
        await layers.sync();
        expect(await layers.tokens(account)).to.equal(5n);
        id = await take();
      }
    });
  }

  it("takes the dump with it, whoever takes the snapshot and whoever goes back to it", async () => {
    await start({ devnet: { dumpOn: "request" } });
    const dumped = async (): Promise<number> =>
      (await layers.l2.rpc<unknown[]>("devnet_dump")).length;
    const before = await dumped();
    const outer = await l1<string>("evm_snapshot");
    await layers.l2.send(0x1234n, 1n);
    await l1<string>("evm_snapshot");
    await layers.l2.send(0x1234n, 2n);
    await layers.deposit(account, 5n);
    await layers.sync();
    expect(await dumped()).to.equal(before + 3);
    // L2's name of the inner one.
    expect(await layers.l2.rpc("devnet_revert", { snapshot_id: "0x2" })).to.equal(true);
    expect(await dumped()).to.equal(before + 1);
    await layers.l2.send(0x1234n, 3n);
    expect(await l1("evm_revert", outer)).to.equal(true);
    expect(await dumped()).to.equal(before);
  });

  it("is noticed: messages that are gone are taken out of L2, updates that are gone are sent again", async () => {
    await start({ access: unseen });
    await layers.deposit(account, 5n);
    await layers.sync();
    await layers.layer.settle();
    const settledBefore = latest();
    const id = await l1<string>("evm_snapshot");
    await layers.l2.send(0x1234n, 1n);
    await layers.deposit(account, 6n);
    await layers.sync();
    await layers.l2.send(0x1234n, 2n);
    expect(await layers.tokens(account)).to.equal(11n);
    await layers.layer.settle();
    const transfer = await layers.l2.send(0x1234n, 3n);

    expect(await l1("evm_revert", id)).to.equal(true);
    await layers.sync();
    expect(layers.devnet.core.sequencer.chain.latestOnL1()).to.equal(settledBefore);
    expect(await layers.tokens(account)).to.equal(5n);
    expect(await layers.l2.balance(0x1234n)).to.equal(6n);
    expect(await layers.l2.status(transfer)).to.include({ finality_status: "ACCEPTED_ON_L2" });
    expect(layers.events.map(({ kind }) => kind)).to.include.members(["l1Reorg", "replayed"]);

    await layers.layer.settle();
    expect(await stateOnL1()).to.equal(BigInt(latest()));
    await layers.deposit(account, 8n);
    await layers.sync();
    expect(await layers.tokens(account)).to.equal(13n);
  });

  it("is noticed though L1 is away when it is asked how far it is", async () => {
    let away = false;
    await start({
      access: (real) => ({
        ...unseen(real),
        transport: {
          request: (request) =>
            away && request.method === "eth_call"
              ? Promise.reject(new L1UnavailableError("L1 at nowhere cannot be reached"))
              : real.transport.request(request),
        },
      }),
    });
    await layers.layer.settle();
    const settledBefore = latest();
    const id = await l1<string>("evm_snapshot");
    await layers.l2.send(0x1234n, 1n);
    await layers.layer.settle();
    const { chain } = layers.devnet.core.sequencer;
    expect(chain.latestOnL1()).to.equal(settledBefore + 1);
    await l1("evm_revert", id);
    away = true;
    expect(await failureOf(layers.layer.sync())).to.include("cannot be reached");
    away = false;
    await layers.layer.sync();
    expect(chain.latestOnL1()).to.equal(settledBefore);
  });

  it("does not lose blocks to a snapshot of L2 that are on their way to it", async () => {
    let arrived: () => void = () => undefined;
    let goOn: () => void = () => undefined;
    let held = false;
    await start({
      access: (real) => ({
        ...unseen(real),
        transport: {
          request: async (request) => {
            // An L1 without snapshots, at which an update takes its time.
            if (request.method === "evm_snapshot")
              throw new L1RequestError("not found", -32601, undefined);
            if (held && request.method === "eth_sendRawTransaction") {
              arrived();
              await new Promise<void>((resolve) => (goOn = resolve));
            }
            return real.transport.request(request);
          },
        },
      }),
    });
    await layers.layer.settle();
    const id = await layers.l2.rpc<string>("devnet_snapshot");
    await layers.l2.send(0x1234n, 1n);
    const isThere = new Promise<void>((resolve) => (arrived = resolve));
    held = true;
    const settled = layers.layer.settle();
    await isThere;
    held = false;
    const reverted = failureOf(layers.l2.rpc("devnet_revert", { snapshot_id: id }));
    goOn();
    await settled;
    expect(await reverted).to.include("are accepted on L1");
    expect(await stateOnL1()).to.equal(BigInt(latest()));
  });

  it("keeps messages that are on its new way, too", async () => {
    await start({ access: unseen });
    const id = await l1<string>("evm_snapshot");
    await layers.deposit(account, 6n);
    await layers.sync();
    await l1("evm_revert", id);
    await layers.deposit(account, 6n);
    await layers.sync();
    expect(await layers.tokens(account)).to.equal(6n);
    expect(await layers.layer.settle()).to.have.length(1);
  });

  it("to before its core contract is an error that says so", async () => {
    const connection = await (await import("hardhat")).default.network.create();
    const id = (await connection.provider.request({ method: "evm_snapshot" })) as string;
    await start({ connection, access: unseen });
    await connection.provider.request({ method: "evm_revert", params: [id] });
    expect(await failureOf(layers.layer.sync())).to.match(
      /before the core contract .* start the L2 anew, by devnet_restart/,
    );
  });

  it("restarts with L2, whose old messages stay away", async () => {
    await start();
    await layers.deposit(account, 5n);
    await layers.sync();
    await layers.layer.settle();
    await layers.l2.rpc("devnet_restart");
    expect(await stateOnL1()).to.equal(0n);
    await layers.sync();
    expect(latest()).to.equal(0);
    await layers.deployBridge();
    await layers.deposit(account, 9n);
    await layers.sync();
    expect(await layers.tokens(account)).to.equal(9n);
    await layers.layer.settle();
    expect(await stateOnL1()).to.equal(BigInt(latest()));
  });

  it("has no messages of the old L2 after a restart, even where the new one sends the same", async () => {
    await start();
    const recipient = "0x00000000000000000000000000000000000a11ce";
    await layers.deposit(account, 5n);
    await layers.sync();
    await layers.withdrawOnL2(recipient, 5n);
    await layers.layer.settle();
    const status = () => layers.devnet.l1!.control.status();
    const [message] = (await status()).messagesToL1;
    const consumable = () => layers.layer.core.consumable(message!.hash);
    expect(await consumable()).to.equal(1n);
    await layers.l2.rpc("devnet_restart");
    expect(await consumable()).to.equal(0n);
    expect((await status()).messagesToL1).to.deep.equal([]);
  });

  it("can begin again with new contracts where it has lost the old ones", async () => {
    const connection = await (await import("hardhat")).default.network.create();
    const id = (await connection.provider.request({ method: "evm_snapshot" })) as string;
    await start({ connection, access: unseen });
    await connection.provider.request({ method: "evm_revert", params: [id] });
    await layers.l2.rpc("devnet_restart", { restart_l1_to_l2_messaging: true });
    await layers.deployBridge();
    await layers.deposit(account, 9n);
    await layers.sync();
    expect(await layers.tokens(account)).to.equal(9n);
  });

  it("has new contracts after a restart of the messaging", async () => {
    await start();
    const before = layers.layer.deployment.core;
    await layers.l2.rpc("devnet_restart", { restart_l1_to_l2_messaging: true });
    expect(layers.layer.deployment.core).to.not.equal(before);
    await layers.deployBridge();
    await layers.deposit(account, 9n);
    await layers.sync();
    expect(await layers.tokens(account)).to.equal(9n);
  });

  it("does not let blocks be aborted that it has accepted", async () => {
    await start();
    await layers.layer.settle();
    const { message } = await layers.l2.failure("devnet_abortBlocks", {
      starting_block_id: { block_number: 1 },
    });
    expect(message).to.include("block 1 is accepted on L1");
  });
});
