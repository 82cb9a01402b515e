/**
 * When requests that only read may run: one in a turn of the event loop, so that a transaction waits for one of them
 * at most; and where one did wait, seldom, for as long as transactions follow each other.
 */
import { performance } from "node:perf_hooks";

/** Part of the time that is left to reads while transactions keep the thread busy. */
const SHARE = 1 / 20;
/** Without a transaction for so long, in milliseconds, the thread is free. */
const QUIET = 2;

/** The event loop, as far as it matters here. */
export interface Turns {
  /** In milliseconds. */
  now(): number;
  /** Milliseconds for which there was nothing to do. */
  idle(): number;
  /** Runs it when sockets have had their turn; two that are asked for together run together. */
  next(run: () => void): void;
  after(ms: number, run: () => void): void;
}

const eventLoop: Turns = {
  now: () => performance.now(),
  idle: () => performance.eventLoopUtilization().idle,
  next: (run) => void setImmediate(run),
  after: (ms, run) => void setTimeout(run, ms).unref(),
};

export class ReadShare {
  readonly #turns: Turns;
  /** In the order in which they came. */
  readonly #waiting = new Set<() => void>();
  /** This turn has its read, or one is waited for: others queue up. */
  #busy = false;
  #granted = false;
  /** When the read of this turn began, until a transaction comes. */
  #began: number | undefined;
  /** Milliseconds of the last read, and how long there had been nothing to do when it ended. */
  #spent = 0;
  #idle = 0;
  #pausedUntil = -Infinity;
  #lastTransaction = -Infinity;

  constructor(turns: Turns = eventLoop) {
    this.#turns = turns;
  }

  /** Resolves when a read may run, to false where its client has gone: it has left the queue then. */
  turn(gone?: AbortSignal): Promise<boolean> {
    if (gone?.aborted) return Promise.resolve(false);
    if (!this.#busy) {
      this.#busy = true;
      if (this.#pause() <= 0) {
        this.#grant();
        this.#turns.next(() => this.#end());
        return Promise.resolve(true);
      }
      this.#nextTurn();
    }
    return new Promise((resolve) => {
      const start = (): void => {
        gone?.removeEventListener("abort", leave);
        resolve(true);
      };
      const leave = (): void => {
        this.#waiting.delete(start);
        resolve(false);
      };
      gone?.addEventListener("abort", leave, { once: true });
      this.#waiting.add(start);
    });
  }

  /** A transaction is there, or has gone on: it waited for the last read if there was no idle time in between. */
  transaction(): void {
    const now = this.#turns.now();
    this.#lastTransaction = now;
    if (this.#began !== undefined) this.#spent = now - this.#began;
    else if (this.#spent > 0 && this.#turns.idle() > this.#idle) this.#spent = 0;
    this.#pausedUntil = Math.max(this.#pausedUntil, now + this.#spent * (1 / SHARE - 1));
    this.#began = undefined;
    this.#spent = 0;
  }

  /** Milliseconds until a read may run. */
  #pause(): number {
    return Math.min(this.#pausedUntil, this.#lastTransaction + QUIET) - this.#turns.now();
  }

  #nextTurn(): void {
    this.#turns.next(() => this.#begin());
    this.#turns.next(() => this.#end());
  }

  #begin(): void {
    const [start] = this.#waiting;
    if (start === undefined) {
      this.#busy = false;
      return;
    }
    const pause = this.#pause();
    if (pause > 0) return this.#turns.after(pause, () => this.#nextTurn());
    this.#waiting.delete(start);
    this.#grant();
    start();
  }

  #grant(): void {
    this.#granted = true;
    this.#began = this.#turns.now();
  }

  /** What a read leaves to promises, its answer above all, has run by now. */
  #end(): void {
    if (!this.#granted) return;
    this.#granted = false;
    if (this.#began !== undefined) {
      this.#spent = this.#turns.now() - this.#began;
      this.#idle = this.#turns.idle();
      this.#began = undefined;
    }
    if (this.#waiting.size > 0) this.#nextTurn();
    else this.#busy = false;
  }
}
