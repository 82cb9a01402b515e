/** The plainest store there can be, and random input for stores. */
import fc from "fast-check";
import type { RangeBounds, StoreOperation } from "../../../src/state/store/store.ts";

export class NaiveStore {
  #rows: [Uint8Array, Uint8Array][] = [];

  get(key: Uint8Array): Uint8Array | undefined {
    return this.#rows.find(([other]) => Buffer.compare(key, other) === 0)?.[1];
  }

  range({ prefix, start, last, reverse, limit }: RangeBounds): [Uint8Array, Uint8Array][] {
    const rows = this.#rows.filter(
      ([key]) =>
        (prefix === undefined || Buffer.from(key).subarray(0, prefix.length).equals(prefix)) &&
        (start === undefined || Buffer.compare(key, start) >= 0) &&
        (last === undefined || Buffer.compare(key, last) <= 0),
    );
    rows.sort(([a], [b]) => Buffer.compare(a, b));
    if (reverse) rows.reverse();
    return rows.slice(0, limit);
  }

  batch(operations: readonly StoreOperation[]): void {
    for (const operation of operations) {
      this.#rows = this.#rows.filter(([key]) => Buffer.compare(key, operation.key) !== 0);
      if (operation.type === "put") this.#rows.push([operation.key, operation.value]);
    }
  }
}

// Few different bytes, so that keys meet and prefix each other; the extremes among them.
const key = fc.uint8Array({ minLength: 1, maxLength: 4 }).map((bytes) => {
  const few = [0, 1, 0x80, 0xff];
  // As Buffer, whose slices share their memory: a store must not write there.
  return Buffer.from(bytes.map((byte) => few[byte % few.length]!));
});

export const operation: fc.Arbitrary<StoreOperation> = fc.oneof(
  fc.record({
    type: fc.constant("put" as const),
    key,
    value: fc.uint8Array({ maxLength: 5 }),
  }),
  fc.record({ type: fc.constant("delete" as const), key }),
);

export const bounds: fc.Arbitrary<RangeBounds> = fc.record(
  { prefix: key, start: key, last: key, reverse: fc.boolean(), limit: fc.nat(8) },
  { requiredKeys: [] },
);
