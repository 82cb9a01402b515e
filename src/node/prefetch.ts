/** Blocks that are asked for while earlier ones are worked on. */
import type { BlockSource, SourceBlock } from "./block-source.ts";

/** How many are under way: a source decides how large a block is. */
const AHEAD = 4;

export class Prefetch {
  readonly #source: BlockSource;
  readonly #last: number;
  readonly #abort = new AbortController();
  readonly #signal: AbortSignal;
  readonly #asked = new Map<number, Promise<SourceBlock | undefined>>();

  constructor(source: BlockSource, last: number, signal: AbortSignal) {
    this.#source = source;
    this.#last = last;
    this.#signal = AbortSignal.any([signal, this.#abort.signal]);
  }

  /** The block, which stays to be taken. Rejects as the source does. */
  peek(number: number): Promise<SourceBlock | undefined> {
    this.#ask(number);
    return this.#asked.get(number)!;
  }

  /** Rejects as the source does. */
  async take(number: number): Promise<SourceBlock | undefined> {
    for (let n = number; n <= Math.min(number + AHEAD, this.#last); n++) this.#ask(n);
    const block = this.#asked.get(number)!;
    this.#asked.delete(number);
    return block;
  }

  /** Gives up what is under way. */
  close(): void {
    this.#abort.abort();
  }

  #ask(number: number): void {
    if (this.#asked.has(number)) return;
    const answer = this.#source.block(number, this.#signal);
    // Whoever takes it hears of the failure; one that nobody takes any more is none.
    answer.catch(() => undefined);
    this.#asked.set(number, answer);
  }
}
