/** The time that blocks are stamped with: the machine's, shifted as the user asked. */

/** Where a clock stands; plain data, so that a snapshot can keep it. */
export interface ClockState {
  readonly offset: number;
  readonly next: number | undefined;
}

export class Clock {
  /** Seconds that blocks are ahead of the machine. */
  #offset = 0;
  /** Time of the next block, when it was set and not yet used. */
  #next: number | undefined;
  readonly #machineSeconds: () => number;

  constructor(machineSeconds: () => number = () => Math.floor(Date.now() / 1000)) {
    this.#machineSeconds = machineSeconds;
  }

  /** Time that a block opened now would have, in seconds since 1970. */
  now(): number {
    return this.#next ?? this.#machineSeconds() + this.#offset;
  }

  /** The next block gets exactly this time; later ones go on from there. */
  set(seconds: number): void {
    this.#next = seconds;
    this.#offset = seconds - this.#machineSeconds();
  }

  increase(seconds: number): void {
    this.set(this.now() + seconds);
  }

  /** A block has been stamped: time flows again. */
  used(): void {
    this.#next = undefined;
  }

  save(): ClockState {
    return { offset: this.#offset, next: this.#next };
  }

  restore({ offset, next }: ClockState): void {
    this.#offset = offset;
    this.#next = next;
  }
}
