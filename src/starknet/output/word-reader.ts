/** Reading an array of words from front to back. */
import type { Felt } from "../../field/felt.ts";

/** Words that are not what the OS writes: they end too early, go on too long or hold what cannot be. */
export class MalformedOutputError extends Error {
  override readonly name = "MalformedOutputError";
}

/** A cursor; reading beyond the end throws MalformedOutputError that names `what` was being read. */
export class WordReader {
  readonly #words: readonly Felt[];
  #position = 0;

  constructor(words: readonly Felt[]) {
    this.#words = words;
  }

  get position(): number {
    return this.#position;
  }

  word(what: string): Felt {
    return this.words(1, what)[0]!;
  }

  words(count: number, what: string): readonly Felt[] {
    const end = this.#position + count;
    if (end > this.#words.length) {
      throw new MalformedOutputError(
        `${what}: ${count} words expected at ${this.#position}, the output has ${this.#words.length}`,
      );
    }
    const read = this.#words.slice(this.#position, end);
    this.#position = end;
    return read;
  }

  /** A count or index, at most 2^53 - 1; or -1, which the word `minusOne` stands for, where there is one. */
  number(what: string, minusOne?: Felt): number {
    const value = this.word(what);
    if (value === minusOne) return -1;
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) {
      throw new MalformedOutputError(`${what}: ${value} is too large`);
    }
    return Number(value);
  }

  /** 0 or 1. */
  flag(what: string): boolean {
    const value = this.word(what);
    if (value > 1n) throw new MalformedOutputError(`${what}: 0 or 1 expected, got ${value}`);
    return value === 1n;
  }

  /** All that is left. */
  rest(): readonly Felt[] {
    return this.words(this.#words.length - this.#position, "rest");
  }
}
