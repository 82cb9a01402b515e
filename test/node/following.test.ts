import { expect } from "chai";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SourceError, type BlockSource } from "../../src/node/block-source.ts";
import { silentLog } from "../../src/rpc/dispatcher.ts";
import { STRK_TOKEN } from "../../src/starknet/addresses.ts";
import { toHex } from "../../src/util/hex.ts";
import { openStore } from "../../src/state/store/open.ts";
import { failureOf } from "../support/layers.ts";
import { OsChain, callOf } from "../os/support/os-chain.ts";
import { RandomBlocks } from "../os/support/random-blocks.ts";
import { expectSameChain, TestNode } from "./support/nodes.ts";
import { chainSource } from "./support/sources.ts";

describe("nodes that follow", () => {
  let sequencer: OsChain;
  let chainId: bigint;
  let node: TestNode | undefined;
  let folder: string;

  before(async () => {
    sequencer = new OsChain();
    sequencer.supplyProbes();
    const random = new RandomBlocks(sequencer, 7);
    for (let i = 0; i < 12; i++) await random.next(6);
    ({ chainId } = sequencer.core.sequencer.chain);
  });
  after(() => sequencer.close());
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "node-"));
  });
  afterEach(async () => {
    await node?.close();
    node = undefined;
    rmSync(folder, { recursive: true, force: true });
  });

  const chain = () => sequencer.core.sequencer.chain;
  const transferBlock = async (amount = 1n): Promise<void> => {
    await sequencer.invoke([callOf(STRK_TOKEN, "transfer", [0x1234n, amount, 0n])]);
    sequencer.core.sequencer.closeBlock();
  };

  for (const mode of ["replay", "l2"] as const) {
    describe(mode, () => {
      const start = (source: BlockSource = chainSource(chain()), options = {}) =>
        TestNode.start(source, chainId, { mode, ...options });

      it("comes to the sequencer's state, and goes on with it", async () => {
        node = await start();
        await node.reaches(chain());
        expectSameChain(node.node.chain, chain(), { traces: mode === "replay" });
        await transferBlock();
        await node.reaches(chain());
        expectSameChain(node.node.chain, chain(), { traces: mode === "replay" });
      });

      it("goes back where the sequencer does", async () => {
        node = await start();
        await node.reaches(chain());
        for (const depth of [1, 5]) {
          sequencer.core.sequencer.goBackTo(chain().latest().number - depth);
          await node.reaches(chain());
          await transferBlock();
          await node.reaches(chain());
        }
        expectSameChain(node.node.chain, chain(), { traces: mode === "replay" });
      });

      it("takes other blocks in place of its own, however many came since", async () => {
        const behind = { on: false };
        const source = chainSource(chain());
        const away: BlockSource = {
          ...source,
          head: (signal) =>
            behind.on ? Promise.reject(new SourceError("away")) : source.head(signal),
        };
        node = await start(away);
        await node.reaches(chain());
        behind.on = true;
        expect((await node.problem()).problem).equal("away");
        sequencer.core.sequencer.goBackTo(chain().latest().number - 3);
        for (let i = 0; i < 9; i++) await transferBlock();
        behind.on = false;
        await node.reaches(chain());
        expectSameChain(node.node.chain, chain(), { traces: mode === "replay" });
        expect(node.node.status().problem).equal(undefined);
        expect(node.events.some(({ kind }) => kind === "recovered")).equal(true);
      });

      it("continues where it was, from its folder, and finds what happened meanwhile", async () => {
        const data = join(folder, "data");
        node = await start(undefined, { data });
        await node.reaches(chain());
        await node.close();
        sequencer.core.sequencer.goBackTo(chain().latest().number - 1);
        // Within the same second the same transaction would make the same block.
        await transferBlock(2n);
        await transferBlock();
        node = await start(undefined, { data });
        await node.reaches(chain());
        expectSameChain(node.node.chain, chain(), { traces: mode === "replay" });
        expect(node.events.filter(({ kind }) => kind === "progress")).lengthOf(2);
      });

      it("says how far L1 is, but not further than itself", async () => {
        const source = chainSource(chain());
        node = await start({
          ...source,
          head: async (signal) => ({ ...(await source.head(signal)), latestOnL1: 1_000_000 }),
        });
        await node.reaches(chain());
        expect(node.node.status().latestOnL1).equal(chain().latest().number);
      });

      it("answers JSON-RPC like the sequencer, and takes no transactions", async () => {
        node = await start();
        await node.reaches(chain());
        expect(await node.rpc("starknet_blockNumber")).equal(chain().latest().number);
        const balance = {
          contract_address: `0x${STRK_TOKEN.toString(16)}`,
          entry_point_selector: "0x2e4263afad30923c891518314c3c95dbe830a16874e8abc5777a9a20b54c76e",
          calldata: ["0x1234"],
        };
        const [low] = await node.rpc<string[]>("starknet_call", [balance, "latest"]);
        expect(BigInt(low!) > 0n).equal(true);
        const status = await node.rpc<Record<string, unknown>>("node_getStatus");
        expect(status).include({ mode, stage: "following", problem: null, blocks_behind: 0 });
        expect(await node.rpc("starknet_syncing")).equal(false);
        // Traces are of an execution, which mode l2 leaves to others.
        const { number } = chain().latest();
        const { hash } = chain().block(number)!.transactions[0]!;
        const traces = [
          node.rpc<unknown[]>("starknet_traceBlockTransactions", [{ block_number: number }]),
          node.rpc("starknet_traceTransaction", [toHex(hash)]),
        ];
        for (const trace of traces) {
          const answer = await trace.then(
            () => "answered",
            (error: Error) => error.message,
          );
          expect(answer).match(mode === "l2" ? /has not executed it/ : /^answered$/);
        }
      });
    });
  }

  it("do not take a folder of another mode, chain or program", async () => {
    const data = join(folder, "data");
    node = await TestNode.start(chainSource(chain()), chainId, { mode: "l2", data });
    await node.reaches(chain());
    await node.close();
    node = undefined;
    const refused = async (options: object, id = chainId): Promise<string> => {
      try {
        node = await TestNode.start(chainSource(chain()), id, { mode: "l2", data, ...options });
      } catch (error) {
        return (error as Error).message;
      }
      throw new Error("it started");
    };
    expect(await refused({ mode: "replay" })).match(/that of a node of mode l2/);
    expect(await refused({}, 5n)).match(/a chain with id 0x[0-9a-f]+, not 0x5/);
    const devnet = join(folder, "devnet");
    const store = await openStore(devnet);
    store.batch([{ type: "put", key: Buffer.from("devnet"), value: Buffer.of(1) }]);
    store.close();
    expect(await refused({ data: devnet })).match(/holds the chain of a devnet/);
  });

  it("remember that written blocks were taken on trust, but for mode l2, which trusts anyway", async () => {
    const data = join(folder, "data");
    const options = { data, acceptWritten: true, log: silentLog };
    node = await TestNode.start(chainSource(chain()), chainId, options);
    await node.reaches(chain());
    await node.close();
    node = undefined;
    const refused = TestNode.start(chainSource(chain()), chainId, { data, acceptWritten: false });
    expect(await failureOf(refused)).match(/filled with --accept-written.* choose another folder/);
    node = await TestNode.start(chainSource(chain()), chainId, options);
    await node.close();
    for (const acceptWritten of [true, false]) {
      const l2 = { mode: "l2", data: join(folder, "l2"), acceptWritten } as const;
      node = await TestNode.start(chainSource(chain()), chainId, l2);
      await node.close();
    }
    node = undefined;
  });

  describe("whose start is aborted", () => {
    const away: BlockSource = {
      url: "nowhere",
      head: () => Promise.reject(new SourceError("away")),
      block: () => Promise.reject(new SourceError("away")),
      sierraClass: () => Promise.reject(new SourceError("away")),
    };
    const outcome = (source: BlockSource, signal: AbortSignal): Promise<string> =>
      failureOf(TestNode.start(source, chainId, { data: join(folder, "data") }, signal));

    it("end before they have a block, also where it was aborted before they listen", async function () {
      this.timeout(5_000);
      const abort = new AbortController();
      const started = outcome(away, abort.signal);
      setTimeout(() => abort.abort(new Error("interrupted")), 50);
      expect(await started).equal("interrupted");
      expect(await outcome(away, AbortSignal.abort(new Error("before")))).equal("before");
    });

    it("do not audit what they have to the end, and leave the folder free", async () => {
      const data = join(folder, "data");
      node = await TestNode.start(chainSource(chain()), chainId, { data });
      await node.reaches(chain());
      await node.close();
      node = undefined;
      const aborted = AbortSignal.abort(new Error("before"));
      expect(await outcome(chainSource(chain()), aborted)).equal("before");
      node = await TestNode.start(chainSource(chain()), chainId, { data });
    });
  });

  it("say when their folder holds another chain than the source's", async () => {
    const data = join(folder, "data");
    node = await TestNode.start(chainSource(chain()), chainId, { mode: "l2", data });
    await node.reaches(chain());
    await node.close();
    const foreign = new OsChain();
    try {
      const other = foreign.core.sequencer.chain;
      // Their genesis blocks differ in their times.
      expect(other.latest().hash).not.equal(chain().header(0)!.hash);
      node = await TestNode.start(chainSource(other), chainId, { mode: "l2", data });
      const { problem, stage, latest } = await node.problem();
      expect(stage).equal("stopped");
      expect(problem).match(/it is another chain.*empty data folder/);
      expect(latest).deep.equal(chain().latest());
    } finally {
      await foreign.close();
    }
  });
});
