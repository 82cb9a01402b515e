/** When blocks have waited long enough for others to share their proof. */

export interface GatheringPolicy {
  /** Steps of the OS that blocks are joined up to; so many do not wait. One block alone may take more. */
  readonly steps: number;
  /** Milliseconds after its closing that the oldest block waits no longer. */
  readonly ageMs: number;
}

/**
 * 2^16 steps are 2^20 rows of the proof, some 3 GB. Half a second is little beside a proof, and many blocks of a client
 * that sends one transaction after the other.
 */
export const DEFAULT_GATHERING: GatheringPolicy = { steps: 2 ** 16, ageMs: 500 };

/** Times are those of `performance.now()`. */
export class Gathering {
  readonly #ageMs: number;
  /** When blocks were closed. Those that are not in it, as from before the start, are old. */
  readonly #closed = new Map<number, number>();
  #askedUpTo = 0;

  constructor({ ageMs }: GatheringPolicy) {
    this.#ageMs = ageMs;
  }

  /** A block has been closed now. */
  close(number: number): void {
    this.#closed.set(number, performance.now());
  }

  /** Somebody waits for the proofs of blocks up to that one. */
  ask(number: number): void {
    this.#askedUpTo = Math.max(this.#askedUpTo, number);
  }

  /** Blocks after that one are no longer in the chain. */
  goBackTo(number: number): void {
    this.#askedUpTo = Math.min(this.#askedUpTo, number);
    for (const closed of this.#closed.keys()) if (closed > number) this.#closed.delete(closed);
  }

  /** The blocks up to that one are in proofs. */
  done(number: number): void {
    for (const closed of this.#closed.keys()) if (closed <= number) this.#closed.delete(closed);
  }

  /** Milliseconds that a proof which would begin with that block is still to wait; at most 0 for none. */
  remaining(first: number): number {
    const closed = this.#closed.get(first);
    if (closed === undefined || first <= this.#askedUpTo) return 0;
    return closed + this.#ageMs - performance.now();
  }
}
