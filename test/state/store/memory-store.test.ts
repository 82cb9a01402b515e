import { expect } from "chai";
import fc from "fast-check";
import { MemoryStore } from "../../../src/state/store/memory-store.ts";
import { NaiveStore, bounds, operation } from "./naive-store.ts";

describe("state/store: MemoryStore", () => {
  it("gives what a list of rows gives, whatever is written and asked", () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(operation, { maxLength: 30 }), { maxLength: 6 }),
        fc.array(bounds, { minLength: 1, maxLength: 6 }),
        (batches, ranges) => {
          const [store, naive] = [new MemoryStore(), new NaiveStore()];
          for (const batch of batches) {
            store.batch(batch);
            naive.batch(batch);
            for (const { key } of batch) expect(store.get(key)).deep.equals(naive.get(key));
            for (const range of ranges) {
              const rows = [...store.range(range)].map(([key, value]) => [[...key], [...value]]);
              expect(rows).deep.equals(
                naive.range(range).map(([key, value]) => [[...key], [...value]]),
              );
            }
          }
        },
      ),
    );
  });

  it("keeps order through many splits and removals of blocks", () => {
    const store = new MemoryStore();
    const key = (i: number): Uint8Array => {
      const bytes = new Uint8Array(4);
      new DataView(bytes.buffer).setUint32(0, Math.imul(i, 2654435761) >>> 0);
      return bytes;
    };
    const numbers = Array.from({ length: 5000 }, (_, i) => i);
    store.batch(numbers.map((i) => ({ type: "put", key: key(i), value: Uint8Array.of(1) })));
    const even = numbers.filter((i) => i % 2 === 0);
    store.batch(even.map((i) => ({ type: "delete", key: key(i) })));
    const expected = numbers.filter((i) => i % 2 === 1).map(key);
    expected.sort(Buffer.compare);
    expect([...store.range({})].map(([found]) => [...found])).deep.equals(
      expected.map((bytes) => [...bytes]),
    );
    expect(store.size).equals(2500);
  });
});
