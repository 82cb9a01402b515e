/** A set of strings in order, in blocks that are split when they grow too large. */

const BLOCK_SIZE = 512;

/** Index of the first of `keys` that is not less than `key`. */
function lowerBound(keys: readonly string[], key: string): number {
  let [low, high] = [0, keys.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (keys[middle]! < key) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** blocks[block][index], or the very end. */
interface Position {
  readonly block: number;
  readonly index: number;
}

export class SortedKeys {
  /** None of them is empty. */
  readonly #blocks: string[][] = [];

  add(key: string): void {
    if (this.#blocks.length === 0) this.#blocks.push([]);
    const { block, index } = this.#find(key);
    const atEnd = block === this.#blocks.length;
    const keys = atEnd ? this.#blocks.at(-1)! : this.#blocks[block]!;
    if (atEnd) keys.push(key);
    else if (keys[index] !== key) keys.splice(index, 0, key);
    if (keys.length > BLOCK_SIZE) {
      this.#blocks.splice(atEnd ? block : block + 1, 0, keys.splice(keys.length >>> 1));
    }
  }

  delete(key: string): void {
    const { block, index } = this.#find(key);
    const keys = this.#blocks[block];
    if (keys?.[index] !== key) return;
    keys.splice(index, 1);
    if (keys.length === 0) this.#blocks.splice(block, 1);
  }

  /** Keys from `from` up to but without `to`, or to the last; or those from last to first. */
  *between(from: string, to: string | undefined, reverse: boolean): Generator<string> {
    const low = this.#find(from);
    const high = to === undefined ? { block: this.#blocks.length, index: 0 } : this.#find(to);
    let { block, index } = reverse ? high : low;
    const stop = reverse ? low : high;
    while (block !== stop.block || index !== stop.index) {
      if (reverse && --index < 0) index = this.#blocks[--block]!.length - 1;
      yield this.#blocks[block]![index]!;
      if (!reverse && ++index === this.#blocks[block]!.length) [block, index] = [block + 1, 0];
    }
  }

  /** Place of the first key that is not less than `key`. */
  #find(key: string): Position {
    let [low, high] = [0, this.#blocks.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#blocks[middle]!.at(-1)! < key) low = middle + 1;
      else high = middle;
    }
    const keys = this.#blocks[low];
    return { block: low, index: keys === undefined ? 0 : lowerBound(keys, key) };
  }
}
