/** The devnet as its clients meet it: block rules, mempool, admin methods, storage. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { TestDevnet } from "../support/devnet.ts";

const RECEIVER = 0x1234n;

describe("devnet", function () {
  this.timeout(60_000);
  const running: TestDevnet[] = [];
  const start = async (options: Record<string, unknown> = {}): Promise<TestDevnet> => {
    const devnet = await TestDevnet.start(options);
    running.push(devnet);
    return devnet;
  };
  afterEach(async () => {
    await Promise.all(running.splice(0).map((devnet) => devnet.close()));
  });

  it("starts from a genesis block whose state pays every account", async () => {
    const devnet = await start({ initialBalance: 5n * 10n ** 18n });
    const [header, block] = [
      devnet.devnet.core.sequencer.chain.latest(),
      await devnet.rpc<{ new_root: string }>("starknet_getBlockWithTxs", ["latest"]),
    ];
    expect(header.number).to.equal(0);
    expect(BigInt(block.new_root)).to.equal(header.stateRoot);
    expect(header.stateRoot).to.not.equal(0n);
    for (const { address } of devnet.accounts)
      expect(await devnet.balance(address)).to.equal(5n * 10n ** 18n);
  });

  it("has the same genesis for the same seed and start time, and another for another", async () => {
    const roots = async (options: Record<string, unknown>): Promise<bigint> =>
      (await start({ startTime: 1_700_000_000, ...options })).devnet.core.sequencer.chain.latest()
        .hash;
    expect(await roots({ seed: 1 })).to.equal(await roots({ seed: 1 }));
    expect(await roots({ seed: 1 })).to.not.equal(await roots({ seed: 2 }));
  });

  describe("block rules", () => {
    it("closes a block on each transaction by default", async () => {
      const devnet = await start();
      const hash = await devnet.send(RECEIVER, 1n);
      expect(await devnet.status(hash)).to.deep.include({
        finality_status: "ACCEPTED_ON_L2",
        execution_status: "SUCCEEDED",
      });
      await devnet.send(RECEIVER, 1n);
      expect(await devnet.blockNumber()).to.equal(2);
    });

    it("keeps transactions pre-confirmed until a block is asked for", async () => {
      const devnet = await start({ blockGenerationOn: "demand" });
      const hashes = [await devnet.send(RECEIVER, 1n), await devnet.send(RECEIVER, 2n)];
      expect(await devnet.status(hashes[1]!)).to.include({ finality_status: "PRE_CONFIRMED" });
      expect(await devnet.balance(RECEIVER)).to.equal(3n);
      expect(await devnet.balance(RECEIVER, "latest")).to.equal(0n);
      const { block_hash } = await devnet.rpc<{ block_hash: string }>("devnet_createBlock");
      const block = await devnet.rpc<{ transactions: string[] }>("starknet_getBlockWithTxHashes", [
        { block_hash },
      ]);
      expect(block.transactions).to.deep.equal(hashes);
      expect(await devnet.balance(RECEIVER, "latest")).to.equal(3n);
    });

    it("closes blocks by time, empty ones too", async () => {
      const devnet = await start({ blockGenerationOn: 0.2 });
      const hash = await devnet.send(RECEIVER, 1n);
      expect(await devnet.status(hash)).to.include({ finality_status: "PRE_CONFIRMED" });
      while ((await devnet.blockNumber()) < 2) await new Promise((later) => setTimeout(later, 50));
      expect(await devnet.status(hash)).to.include({ finality_status: "ACCEPTED_ON_L2" });
    });
  });

  describe("mempool", () => {
    it("lets a transaction wait for the nonce before it", async () => {
      const devnet = await start();
      const second = await devnet.send(RECEIVER, 2n, { nonce: 1n });
      expect(await devnet.status(second)).to.deep.equal({ finality_status: "RECEIVED" });
      const first = await devnet.send(RECEIVER, 1n, { nonce: 0n });
      for (const hash of [first, second]) {
        while ((await devnet.status(hash)).finality_status !== "ACCEPTED_ON_L2")
          await new Promise(setImmediate);
      }
      expect(await devnet.balance(RECEIVER)).to.equal(3n);
    });

    it("takes many at once, whatever their order, each exactly once", async () => {
      const devnet = await start();
      const nonces = [...Array(40).keys()].map((i) => BigInt((i * 7) % 40));
      const hashes = await Promise.all(nonces.map((nonce) => devnet.send(RECEIVER, 1n, { nonce })));
      while ((await devnet.blockNumber()) < 40) await new Promise(setImmediate);
      for (const hash of hashes)
        expect(await devnet.status(hash)).to.include({ finality_status: "ACCEPTED_ON_L2" });
      expect(await devnet.balance(RECEIVER)).to.equal(40n);
    });

    it("refuses what cannot run, by the spec's codes, and leaves the state as it was", async () => {
      const devnet = await start();
      const add = (invoke: unknown) => devnet.failure("starknet_addInvokeTransaction", [invoke]);
      const root = devnet.devnet.core.sequencer.chain.latest().stateRoot;
      expect(await add(devnet.transfer(RECEIVER, 1n, { signature: [1n, 2n] }).invoke)).to.include({
        code: 55,
      });
      expect(
        await add({ ...devnet.transfer(RECEIVER, 1n).invoke, sender_address: "0x999" }),
      ).to.include({ code: 58 });
      const done = devnet.transfer(RECEIVER, 1n);
      await devnet.rpc("starknet_addInvokeTransaction", [done.invoke]);
      expect(await add(done.invoke)).to.include({ code: 59 });
      expect(await add(devnet.transfer(RECEIVER, 2n, { nonce: 0n }).invoke)).to.include({
        code: 52,
      });
      expect(await devnet.blockNumber()).to.equal(1);
      expect(devnet.devnet.core.sequencer.chain.header(0)!.stateRoot).to.equal(root);
    });
  });

  describe("admin methods", () => {
    it("mint, by a transaction that can be looked at", async () => {
      const devnet = await start();
      const minted = await devnet.rpc<{ new_balance: string; unit: string; tx_hash: string }>(
        "devnet_mint",
        {
          address: "0x1234",
          amount: 1000,
          unit: "FRI",
        },
      );
      expect(minted).to.deep.include({ new_balance: "1000", unit: "FRI" });
      expect(await devnet.balance(RECEIVER)).to.equal(1000n);
      expect(await devnet.status(minted.tx_hash)).to.include({ finality_status: "ACCEPTED_ON_L2" });
    });

    it("mint many at once", async () => {
      const devnet = await start();
      await Promise.all(
        [...Array(10)].map(() =>
          devnet.rpc("devnet_mint", { address: "0x1234", amount: 10, unit: "WEI" }),
        ),
      );
      expect(
        await devnet.rpc("devnet_getAccountBalance", { address: "0x1234", unit: "WEI" }),
      ).to.deep.include({ amount: "100" });
    });

    it("set and move the time of blocks", async () => {
      const devnet = await start();
      const timestamp = async (): Promise<number> =>
        (await devnet.rpc<{ timestamp: number }>("starknet_getBlockWithTxHashes", ["latest"]))
          .timestamp;
      await devnet.rpc("devnet_setTime", { time: 2_000_000_000, generate_block: true });
      expect(await timestamp()).to.equal(2_000_000_000);
      await devnet.rpc("devnet_increaseTime", { time: 1000 });
      expect(await timestamp()).to.be.within(2_000_001_000, 2_000_001_005);
      await devnet.send(RECEIVER, 1n);
      expect(await timestamp()).to.be.within(2_000_001_000, 2_000_001_010);
    });

    it("snapshot and revert: blocks, balances, nonces and the open block", async () => {
      const devnet = await start({ blockGenerationOn: "demand" });
      await devnet.send(RECEIVER, 1n);
      await devnet.rpc("devnet_createBlock");
      const open = await devnet.send(RECEIVER, 10n);
      const { snapshot_id: id } = await devnet
        .rpc<{ snapshot_id: unknown }>("devnet_snapshot")
        .then((answer) =>
          typeof answer === "object"
            ? (answer as { snapshot_id: unknown })
            : { snapshot_id: answer },
        );
      const lost = await devnet.send(RECEIVER, 100n);
      await devnet.rpc("devnet_createBlock");
      expect(await devnet.balance(RECEIVER)).to.equal(111n);
      await devnet.rpc("devnet_revert", { snapshot_id: id });
      expect(await devnet.blockNumber()).to.equal(1);
      expect(await devnet.balance(RECEIVER)).to.equal(11n);
      expect(await devnet.status(open)).to.include({ finality_status: "PRE_CONFIRMED" });
      expect((await devnet.failure("starknet_getTransactionStatus", [lost])).code).to.equal(29);
      await devnet.send(RECEIVER, 1000n);
      expect(await devnet.balance(RECEIVER)).to.equal(1011n);
    });

    it("abort blocks and go on from the one before", async () => {
      const devnet = await start();
      for (const amount of [1n, 2n, 4n]) await devnet.send(RECEIVER, amount);
      const root = devnet.devnet.core.sequencer.chain.header(1)!.stateRoot;
      const { aborted } = await devnet.rpc<{ aborted: string[] }>("devnet_abortBlocks", {
        starting_block_id: { block_number: 2 },
      });
      expect(aborted).to.have.length(2);
      expect(devnet.devnet.core.sequencer.chain.latest()).to.include({
        number: 1,
        stateRoot: root,
      });
      expect(await devnet.balance(RECEIVER)).to.equal(1n);
      await devnet.send(RECEIVER, 8n);
      expect(await devnet.balance(RECEIVER)).to.equal(9n);
    });

    it("impersonate an account: its signature is not asked for", async () => {
      const devnet = await start();
      const sign = devnet.transfer(RECEIVER, 1n, { signature: [1n, 2n] });
      expect(await devnet.failure("starknet_addInvokeTransaction", [sign.invoke])).to.include({
        code: 55,
      });
      await devnet.rpc("devnet_autoImpersonate");
      await devnet.rpc("starknet_addInvokeTransaction", [sign.invoke]);
      expect(await devnet.balance(RECEIVER)).to.equal(1n);
    });

    it("go back to a snapshot with what was sent under an impersonation that has ended", async () => {
      const devnet = await start({ blockGenerationOn: "demand" });
      await devnet.rpc("devnet_autoImpersonate");
      const hash = await devnet.send(RECEIVER, 1n, { signature: [1n, 2n] });
      await devnet.rpc("devnet_stopAutoImpersonate");
      const signed = await devnet.send(RECEIVER, 2n, { from: 1 });
      const id = await devnet.rpc("devnet_snapshot");
      const block = devnet.devnet.core.sequencer.openBlock();
      await devnet.send(RECEIVER, 4n, { from: 1 });
      await devnet.rpc("devnet_createBlock");
      await devnet.rpc("devnet_revert", { snapshot_id: id });
      for (const each of [hash, signed])
        expect(await devnet.status(each)).to.include({ finality_status: "PRE_CONFIRMED" });
      expect(await devnet.balance(RECEIVER)).to.equal(3n);
      const { transactions, receipts, unvalidated } = devnet.devnet.core.sequencer.openBlock();
      expect(receipts).to.deep.equal(block.receipts.slice(0, transactions.length));
      expect([...unvalidated]).to.deep.equal([BigInt(hash)]);
    });

    it("make blocks again with what was sent under an impersonation that has ended", async () => {
      const devnet = await start();
      const { sequencer } = devnet.devnet.core;
      await devnet.rpc("devnet_autoImpersonate");
      const hash = await devnet.send(RECEIVER, 1n, { signature: [1n, 2n] });
      await devnet.rpc("devnet_stopAutoImpersonate");
      const dropped = await devnet.send(RECEIVER, 2n, { from: 1 });
      await sequencer.exclusively(() => sequencer.replayWithout(1, new Set([BigInt(dropped)])));
      expect(await devnet.status(hash)).to.include({ finality_status: "ACCEPTED_ON_L2" });
      expect(await devnet.balance(RECEIVER)).to.equal(1n);
    });

    it("start over at the start time", async () => {
      const devnet = await start({ startTime: 1000 });
      const sent = async (): Promise<number> => {
        await devnet.send(RECEIVER, 1n);
        return devnet.devnet.core.sequencer.chain.latest().timestamp;
      };
      expect(await sent()).to.be.within(1000, 1060);
      await devnet.rpc("devnet_setTime", { time: 2000, generate_block: false });
      await devnet.rpc("devnet_restart");
      expect(await sent()).to.be.within(1000, 1060);
    });

    it("start over at genesis", async () => {
      const devnet = await start();
      const genesis = devnet.devnet.core.sequencer.chain.latest();
      await devnet.send(RECEIVER, 1n);
      await devnet.rpc("devnet_restart");
      expect(devnet.devnet.core.sequencer.chain.latest()).to.deep.equal(genesis);
      expect(await devnet.balance(RECEIVER)).to.equal(0n);
      await devnet.send(RECEIVER, 1n);
      expect(await devnet.balance(RECEIVER)).to.equal(1n);
    });
  });

  describe("storage", () => {
    let folder: string;
    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), "devnet-"));
    });
    afterEach(async () => {
      await Promise.all(running.splice(0).map((devnet) => devnet.close()));
      rmSync(folder, { recursive: true, force: true });
    });

    it("keeps the chain in a data folder over a restart", async () => {
      const data = join(folder, "chain");
      const first = await start({ data, seed: 5 });
      const hash = await first.send(RECEIVER, 7n);
      const head = first.devnet.core.sequencer.chain.latest();
      await running.pop()!.close();
      const second = await start({ data, seed: 6 });
      expect(second.devnet.core.sequencer.chain.latest()).to.deep.equal(head);
      expect(second.accounts).to.deep.equal(first.accounts);
      expect(await second.status(hash)).to.include({ finality_status: "ACCEPTED_ON_L2" });
      await second.send(RECEIVER, 1n);
      expect(await second.balance(RECEIVER)).to.equal(8n);
    });

    it("refuses a data folder of another chain id, and one that is in use", async () => {
      const data = join(folder, "chain");
      await start({ data });
      const message = (error: unknown): string => (error as Error).message;
      expect(await TestDevnet.start({ data }).catch(message)).to.match(/use/);
      await running.pop()!.close();
      expect(await TestDevnet.start({ data, chainId: "OTHER" }).catch(message)).to.match(
        /chain with id/,
      );
    });

    it("writes a dump at its end and runs it again at the next start", async () => {
      const dumpPath = join(folder, "dump.json");
      const first = await start({ dumpOn: "exit", dumpPath });
      await first.send(RECEIVER, 7n);
      await first.rpc("devnet_mint", { address: "0x1234", amount: 5, unit: "FRI" });
      await running.pop()!.close();
      const dump = JSON.parse(readFileSync(dumpPath, "utf8")) as { method: string }[];
      expect(dump.map(({ method }) => method)).to.deep.equal([
        "starknet_addInvokeTransaction",
        "devnet_mint",
      ]);
      const second = await start({ dumpOn: "exit", dumpPath });
      expect(await second.balance(RECEIVER)).to.equal(12n);
      expect(await second.blockNumber()).to.equal(2);
    });
  });
});
