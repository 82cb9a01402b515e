/** A store in memory: a hash table for reads, and sorted keys for ranges. */
import { SortedKeys } from "./sorted-keys.ts";
import { afterPrefix, type KeyValueStore, type RangeBounds, type StoreOperation } from "./store.ts";

/** Bytes as a string of as many characters: strings compare as the bytes do, and Maps hash them. */
const textOf = (key: Uint8Array): string =>
  Buffer.from(key.buffer, key.byteOffset, key.length).toString("latin1");

const bytesOf = (text: string): Uint8Array => Buffer.from(text, "latin1");

/** Keys with the same first byte. Most tables are never asked for a range, so they are sorted on demand. */
interface Table {
  readonly keys: SortedKeys;
  /** Keys that came or went since the last range. */
  changed: string[];
}

export class MemoryStore implements KeyValueStore {
  readonly #values = new Map<string, Uint8Array>();
  /** Tables by first byte. */
  readonly #tables: (Table | undefined)[] = [];

  get size(): number {
    return this.#values.size;
  }

  get(key: Uint8Array): Uint8Array | undefined {
    return this.#values.get(textOf(key));
  }

  *range(bounds: RangeBounds): Iterable<[Uint8Array, Uint8Array]> {
    const { prefix, start, last, reverse = false, limit = Infinity } = bounds;
    const lowest = [prefix, start].filter((key) => key !== undefined).map(textOf);
    const from = lowest.reduce((a, b) => (a > b ? a : b), "");
    const end = prefix && afterPrefix(prefix);
    // The smallest key after `last` is `last` and a zero byte.
    const ends = [last && `${textOf(last)}\0`, end && textOf(end)].filter(
      (key) => key !== undefined,
    );
    const to = ends.length === 0 ? undefined : ends.reduce((a, b) => (a < b ? a : b));
    if (to !== undefined && to <= from) return;

    let count = 0;
    for (const table of this.#tablesBetween(from, to, reverse)) {
      for (const text of this.#sorted(table).between(from, to, reverse)) {
        if (count++ >= limit) return;
        yield [bytesOf(text), this.#values.get(text)!];
      }
    }
  }

  batch(operations: readonly StoreOperation[]): void {
    for (const operation of operations) {
      const text = textOf(operation.key);
      const { size } = this.#values;
      if (operation.type === "put") this.#values.set(text, operation.value);
      else this.#values.delete(text);
      if (this.#values.size !== size) this.#table(text).changed.push(text);
    }
  }

  close(): void {
    this.#values.clear();
    this.#tables.length = 0;
  }

  #table(text: string): Table {
    return (this.#tables[text.charCodeAt(0)] ??= { keys: new SortedKeys(), changed: [] });
  }

  /** The tables that can have keys from `from` up to `to`, in the order in which they are read. */
  #tablesBetween(from: string, to: string | undefined, reverse: boolean): Table[] {
    const first = from === "" ? 0 : from.charCodeAt(0);
    const last = to === undefined ? 0xff : to.charCodeAt(0);
    const tables = this.#tables.slice(first, last + 1).filter((table) => table !== undefined);
    return reverse ? tables.reverse() : tables;
  }

  #sorted({ keys, changed }: Table): SortedKeys {
    for (const text of changed) {
      if (this.#values.has(text)) keys.add(text);
      else keys.delete(text);
    }
    changed.length = 0;
    return keys;
  }
}
