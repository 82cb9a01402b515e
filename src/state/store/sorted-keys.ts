/** A set of strings in code unit order, as a list of sorted blocks: the two lowest levels of a B-tree. */

const BLOCK_SIZE = 512;

/** First index in the sorted `list` for which `isBefore` is false. */
function lowerBound<T>(list: readonly T[], isBefore: (item: T) => boolean): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isBefore(list[middle]!)) low = middle + 1;
    else high = middle;
  }
  return low;
}

export class SortedKeys {
  /** No block is empty; all keys of a block come before those of the next. */
  readonly #blocks: string[][] = [];

  /** `key` must not be there yet. */
  add(key: string): void {
    const [b, i] = this.#place(key);
    if (b === this.#blocks.length) {
      const last = this.#blocks.at(-1);
      // Keys that come in ascending order fill their block to the end.
      if (last !== undefined && last.length < BLOCK_SIZE) last.push(key);
      else this.#blocks.push([key]);
      return;
    }
    const block = this.#blocks[b]!;
    block.splice(i, 0, key);
    if (block.length > BLOCK_SIZE) this.#blocks.splice(b + 1, 0, block.splice(BLOCK_SIZE / 2));
  }

  /** `key` must be there. */
  delete(key: string): void {
    const [b, i] = this.#place(key);
    const block = this.#blocks[b]!;
    block.splice(i, 1);
    if (block.length === 0) this.#blocks.splice(b, 1);
  }

  /** Keys with start <= key < end in ascending order. */
  *ascending(start: string, end: string | undefined): Generator<string> {
    let [b, i] = this.#place(start);
    for (; b < this.#blocks.length; b++, i = 0) {
      const block = this.#blocks[b]!;
      for (; i < block.length; i++) {
        const key = block[i]!;
        if (end !== undefined && key >= end) return;
        yield key;
      }
    }
  }

  /** Keys with start <= key < end in descending order. */
  *descending(start: string, end: string | undefined): Generator<string> {
    let [b, i] = end === undefined ? [this.#blocks.length, 0] : this.#place(end);
    for (;;) {
      if (--i < 0) {
        if (--b < 0) return;
        i = this.#blocks[b]!.length - 1;
      }
      const key = this.#blocks[b]![i]!;
      if (key < start) return;
      yield key;
    }
  }

  /** Block and index of the first key that is not before `key`. */
  #place(key: string): [block: number, index: number] {
    const b = lowerBound(this.#blocks, (block) => block.at(-1)! < key);
    const block = this.#blocks[b];
    return [b, block === undefined ? 0 : lowerBound(block, (other) => other < key)];
  }
}
