/** A store in memory: a hash table for reads, sorted blocks of keys for ranges. */
import { afterPrefix, type KeyValueStore, type RangeBounds, type StoreOperation } from "./store.ts";

/** Keys of a block; one that grows beyond is split in two. */
const BLOCK_SIZE = 512;

/** Bytes as a string of as many characters: strings compare as the bytes do, and Maps hash them. */
const textOf = (key: Uint8Array): string =>
  Buffer.from(key.buffer, key.byteOffset, key.length).toString("latin1");

const bytesOf = (text: string): Uint8Array => Buffer.from(text, "latin1");

/** Index of the first of `texts` that is not less than `text`. */
function lowerBound(texts: readonly string[], text: string): number {
  let [low, high] = [0, texts.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (texts[middle]! < text) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** A place in the sorted keys: blocks[block][index], or the very end. */
interface Position {
  block: number;
  index: number;
}

export class MemoryStore implements KeyValueStore {
  readonly #values = new Map<string, Uint8Array>();
  /** Sorted keys in blocks, none of them empty. */
  readonly #blocks: string[][] = [];

  get size(): number {
    return this.#values.size;
  }

  get(key: Uint8Array): Uint8Array | undefined {
    return this.#values.get(textOf(key));
  }

  *range(bounds: RangeBounds): Iterable<[Uint8Array, Uint8Array]> {
    const { prefix, start, last, reverse = false, limit = Infinity } = bounds;
    const lowest = [prefix, start].filter((key) => key !== undefined).map(textOf);
    const end = prefix && afterPrefix(prefix);
    const from = lowest.length === 0 ? "" : lowest.reduce((a, b) => (a > b ? a : b));
    // The smallest key after `last` is `last` and a zero byte.
    const ends = [last && `${textOf(last)}\0`, end && textOf(end)].filter(
      (key) => key !== undefined,
    );
    const to = ends.length === 0 ? undefined : ends.reduce((a, b) => (a < b ? a : b));
    if (to !== undefined && to <= from) return;

    const low = this.#find(from);
    const high = to === undefined ? this.#end() : this.#find(to);
    let { block, index } = reverse ? high : low;
    const stop = reverse ? low : high;
    for (let count = 0; count < limit; count++) {
      if (block === stop.block && index === stop.index) return;
      if (reverse && --index < 0) index = this.#blocks[--block]!.length - 1;
      const text = this.#blocks[block]![index]!;
      yield [bytesOf(text), this.#values.get(text)!];
      if (!reverse && ++index === this.#blocks[block]!.length) [block, index] = [block + 1, 0];
    }
  }

  batch(operations: readonly StoreOperation[]): void {
    for (const operation of operations) {
      const text = textOf(operation.key);
      if (operation.type === "put") {
        const { size } = this.#values;
        this.#values.set(text, operation.value);
        if (this.#values.size > size) this.#insert(text);
      } else if (this.#values.delete(text)) {
        this.#remove(text);
      }
    }
  }

  close(): void {
    this.#values.clear();
    this.#blocks.length = 0;
  }

  #end(): Position {
    return { block: this.#blocks.length, index: 0 };
  }

  /** Place of the first key that is not less than `text`. */
  #find(text: string): Position {
    let [low, high] = [0, this.#blocks.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#blocks[middle]!.at(-1)! < text) low = middle + 1;
      else high = middle;
    }
    if (low === this.#blocks.length) return this.#end();
    return { block: low, index: lowerBound(this.#blocks[low]!, text) };
  }

  #insert(text: string): void {
    if (this.#blocks.length === 0) this.#blocks.push([]);
    const found = this.#find(text);
    const atEnd = found.block === this.#blocks.length;
    const at = atEnd ? found.block - 1 : found.block;
    const block = this.#blocks[at]!;
    if (atEnd) block.push(text);
    else block.splice(found.index, 0, text);
    if (block.length > BLOCK_SIZE) {
      this.#blocks.splice(at + 1, 0, block.splice(block.length >>> 1));
    }
  }

  #remove(text: string): void {
    const { block, index } = this.#find(text);
    this.#blocks[block]!.splice(index, 1);
    if (this.#blocks[block]!.length === 0) this.#blocks.splice(block, 1);
  }
}
