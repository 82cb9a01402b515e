import { deserialize, serialize } from "node:v8";
import { expect } from "chai";
import { claimStore, type NodeIdentity } from "../../src/node/record.ts";
import { MemoryStore } from "../../src/state/store/memory-store.ts";

const KEY = Buffer.from("node");

describe("what a node's store remembers of it", () => {
  let store: MemoryStore;
  beforeEach(() => (store = new MemoryStore()));

  const row = (): unknown => deserialize(store.get(KEY)!);
  const claim = (change: Partial<NodeIdentity> = {}): void =>
    claimStore(store, { mode: "replay", chainId: 7n, onTrust: false, ...change });
  const writeRow = (value: object): void =>
    store.batch([{ type: "put", key: KEY, value: serialize(value) }]);

  it("is mode, chain id and whether states are there on trust, whatever else is passed", () => {
    const options = { ethUrl: "https://provider/key", log: () => undefined };
    claim({ onTrust: true, ...options });
    expect(row()).deep.equal({ mode: "replay", chainId: 7n, onTrust: true });
  });

  it("lets no start turn states on trust into checked ones", () => {
    for (const [mode, option] of [
      ["replay", "--accept-written"],
      ["l1", "--accept-unproven"],
    ] as const) {
      store = new MemoryStore();
      claim({ mode });
      claim({ mode, onTrust: true });
      expect(row()).deep.equal({ mode, chainId: 7n, onTrust: true });
      expect(() => claim({ mode }))
        .throw(`filled with ${option}`)
        .that.includes({ name: "StoreError", code: "FOREIGN" });
      expect(() => claim({ mode })).throw(/with that option again, or choose another folder/);
      claim({ mode, onTrust: true });
    }
  });

  it("is read from an earlier version's row, which is written anew without what it must not hold", () => {
    const old = { mode: "l1", chainId: 7n, ethUrl: "https://provider/key" };
    for (const onTrust of [false, true]) {
      writeRow(old);
      claim({ mode: "l1", onTrust });
      expect(row()).deep.equal({ mode: "l1", chainId: 7n, onTrust });
    }
    writeRow(old);
    expect(() => claim({ mode: "l2" })).throw(/that of a node of mode l1/);
    expect(row()).deep.equal(old);
  });
});
