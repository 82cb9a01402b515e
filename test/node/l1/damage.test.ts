/** A data folder whose rows are not what they were. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { openStore } from "../../../src/state/store/open.ts";
import type { StoreOperation } from "../../../src/state/store/store.ts";
import { Layers } from "../../support/layers.ts";
import { expectSameStates, TestL1Node } from "./support/l1-node.ts";

type Row = [key: Uint8Array, value: Uint8Array];

/** Tables of the state have a byte of their own; the node's own rows have names. */
const tableOf = ([key]: Row): string => {
  const first = key[0]!;
  return first < 0x80 && first !== "u".charCodeAt(0)
    ? Buffer.from(key).toString()
    : `${first.toString(16)}`;
};

describe("the data folder of an L1 node", function () {
  this.timeout(180_000);
  let layers: Layers;
  let folder: string;
  let rows: Row[];

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "l1-node-"));
    layers = await Layers.start();
    for (let i = 0; i < 3; i++) {
      await layers.l2.send(0x1234n, 1n);
      await layers.layer.settle();
    }
    await (await TestL1Node.start(layers, { data: folder })).close();
    const store = await openStore(folder);
    rows = [...store.range({})].map(([key, value]) => [Buffer.from(key), Buffer.from(value)]);
    store.close();
  });
  after(async () => {
    await layers.close();
    rmSync(folder, { recursive: true });
  });

  const change = async (operations: readonly StoreOperation[]): Promise<void> => {
    const store = await openStore(folder);
    store.batch(operations);
    store.close();
  };
  const isDamaged = (message: string): boolean =>
    /^the data folder (is damaged: .* Remove the folder and start again|holds (the chain of|a chain with)|is that of a node of mode)/.test(
      message,
    );

  /** Starts with changed rows: it finds that, or has the right states all the same. Then the rows are as before. */
  const startWith = async (operations: readonly StoreOperation[]): Promise<string> => {
    await change(operations);
    try {
      const node = await TestL1Node.start(layers, { data: folder });
      const { problem } = node;
      if (problem === undefined) expectSameStates(node, layers.devnet.core.sequencer.chain);
      await node.close();
      return problem ?? "right";
    } catch (error) {
      if ((error as Error).name !== "StoreError") throw error;
      return (error as Error).message;
    } finally {
      await restore();
    }
  };
  const restore = async (): Promise<void> => {
    const store = await openStore(folder);
    const all = [...store.range({})].map(([key]) => Buffer.from(key));
    store.batch([
      ...all.map((key) => ({ type: "delete", key }) as const),
      ...rows.map(([key, value]) => ({ type: "put", key, value }) as const),
    ]);
    store.close();
  };

  it("is read again as it was written", async () => {
    expect(await startWith([])).to.equal("right");
  });

  it("is found damaged, whichever table a row is missing or changed in", async () => {
    const tables = new Map<string, Row[]>();
    for (const row of rows) tables.set(tableOf(row), [...(tables.get(tableOf(row)) ?? []), row]);
    // latest, roots, diff, node, storage, its history, contract, its history, classes; node, source, read, updates.
    expect(tables.size).to.equal(13);
    for (const [table, all] of tables) {
      const [key, value] = all[all.length >> 1]!;
      const spoilt = Buffer.from(value);
      spoilt[spoilt.length - 1]! ^= 1;
      const missing = await startWith([{ type: "delete", key }]);
      const changed = await startWith([{ type: "put", key, value: spoilt }]);
      const short = await startWith([{ type: "put", key, value: value.subarray(0, 1) }]);
      // Where to go on reading L1 is a hint: L1 says where that is wrong.
      const outcomes = [missing, changed, short].filter(
        (outcome) => table !== "read" || outcome !== "right",
      );
      for (const outcome of outcomes)
        expect(isDamaged(outcome), `${table}: ${outcome}`).to.equal(true);
    }
  });

  it("is found damaged at any byte of an update's row, or is right again", async () => {
    const updates = rows.filter((row) => tableOf(row) === "75");
    expect(updates).to.have.length(4);
    const [key, value] = updates[2]!;
    let found = 0;
    for (let at = 0; at < value.length; at += 7) {
      const spoilt = Buffer.from(value);
      spoilt[at]! ^= 0x10;
      const outcome = await startWith([{ type: "put", key, value: spoilt }]);
      if (outcome !== "right") expect(isDamaged(outcome), `byte ${at}: ${outcome}`).to.equal(true);
      else found++;
    }
    expect(found).to.be.lessThan(value.length / 7);
  });

  it("is found damaged where a value is there that no update set", async () => {
    const [[key, value]] = rows.filter((row) => tableOf(row) === "84") as [Row];
    const other = Buffer.from(key);
    other[other.length - 1]! ^= 1;
    expect(await startWith([{ type: "put", key: other, value }])).to.match(/was made by no block/);
  });

  it("is found damaged by a whole update that L1 does not have", async () => {
    // The newest update again, as one more.
    const newest = rows.filter((row) => tableOf(row) === "75").at(-1)!;
    const next = Buffer.from(newest[0]);
    next[next.length - 1]! += 1;
    const outcome = await startWith([{ type: "put", key: next, value: newest[1] }]);
    expect(outcome).to.match(/more states than updates of L1, or fewer/);
  });
});
