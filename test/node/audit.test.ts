import { expect } from "chai";
import { adopt } from "../../src/node/adopt.ts";
import { audit } from "../../src/node/audit.ts";
import { Chain } from "../../src/sequencer/chain.ts";
import { ChainState } from "../../src/state/chain-state.ts";
import { MemoryStore } from "../../src/state/store/memory-store.ts";
import { OsChain } from "../os/support/os-chain.ts";
import { RandomBlocks } from "../os/support/random-blocks.ts";

/** Tables by the first byte of their keys, sequencer/block-tables.ts and state/tables.ts. */
const TABLES = {
  header: "h",
  body: "b",
  "number of a block hash": "n",
  "place of a transaction": "x",
  roots: "\x81",
  diff: "\x82",
  node: "\x83",
  storage: "\x84",
  storageHistory: "\x85",
  contract: "\x86",
  contractHistory: "\x87",
  classHistory: "\x88",
  sierra: "\x89",
} as const;

/** Rows of each table that are damaged. */
const SAMPLES = 1;

describe("the audit of a node's store", () => {
  const store = new MemoryStore();
  let chainId: bigint;

  before(async () => {
    const sequencer = new OsChain();
    sequencer.supplyProbes();
    const random = new RandomBlocks(sequencer, 3);
    for (let i = 0; i < 3; i++) await random.next(3);
    const { chain } = sequencer.core.sequencer;
    ({ chainId } = chain);
    const copy = new Chain(
      chainId,
      store,
      new ChainState(store),
      () => chain.preConfirmed() as never,
    );
    for (let number = 0; number <= chain.latest().number; number++) {
      const stateDiff = chain.stateDiff(number)!;
      const classes = new Map(
        [...stateDiff.declaredClasses.keys()].map((hash) => [hash, chain.storedClass(hash)!]),
      );
      adopt(copy, chain.block(number)!, { stateDiff, classes, traces: chain.traces(number)! });
    }
    await sequencer.close();
  });

  const check = () => audit(store, chainId, () => undefined);
  async function problem(): Promise<string> {
    try {
      await check();
    } catch (error) {
      expect(error).include({ name: "StoreError", code: "CORRUPT" });
      return (error as Error).message;
    }
    throw new Error("the audit found nothing");
  }

  it("passes what is whole, and says how far it is", async () => {
    const seen: number[] = [];
    await audit(store, chainId, (number) => seen.push(number));
    expect(seen.at(-1)).equal(new ChainState(store).latestNumber());
    await audit(new MemoryStore(), chainId, () => undefined);
  });

  for (const [name, first] of Object.entries(TABLES)) {
    it(`finds damaged and missing rows: ${name}`, async () => {
      const prefix = Buffer.from(first, "latin1");
      const rows = [...store.range({ prefix })].filter(([key]) => key.length > 4);
      expect(rows.length).greaterThan(0);
      const step = Math.ceil(rows.length / SAMPLES);
      for (const [key, value] of rows.filter((_, i) => i % step === 0)) {
        store.batch([{ type: "delete", key }]);
        expect(await problem()).match(/the data folder is damaged: .*Remove the folder/s);
        const damaged = Uint8Array.from(value);
        damaged[value.length >> 1]! ^= 1;
        store.batch([{ type: "put", key, value: damaged }]);
        await problem();
        store.batch([{ type: "put", key, value }]);
      }
      await check();
    });
  }

  it("finds values that no block has set", async () => {
    for (const [name, first] of Object.entries(TABLES).slice(7, 12)) {
      const prefix = Buffer.from(first, "latin1");
      const [[key, value]] = [...store.range({ prefix, limit: 1 })] as [[Uint8Array, Uint8Array]];
      const other = Uint8Array.from(key);
      other[20]! ^= 0x55;
      store.batch([{ type: "put", key: other, value }]);
      expect(await problem(), name).match(/was made by no block/);
      store.batch([{ type: "delete", key: other }]);
    }
    await check();
  });
});
