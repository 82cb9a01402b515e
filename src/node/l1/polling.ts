/** Does something again and again: at intervals, more rarely while it fails, and when it is asked to. */
import { setTimeout as sleep } from "node:timers/promises";
import { retryPause } from "../../util/retry-pause.ts";

const LONGEST_RETRY_MS = 15_000;

export interface PollingParts {
  readonly pollMs: number;
  readonly round: () => Promise<void>;
  readonly succeeded: () => void;
  readonly failed: (error: unknown) => void;
}

export class Polling {
  readonly #parts: PollingParts;
  readonly #abort = new AbortController();
  readonly #done: Promise<void>;
  #last: Promise<void> = Promise.resolve();
  #failures = 0;

  constructor(parts: PollingParts) {
    this.#parts = parts;
    this.#done = this.#run();
  }

  /** A round that begins now, or when the one that runs is done. Never rejects. */
  now(): Promise<void> {
    return (this.#last = this.#last.then(() => this.#round()));
  }

  /** Resolves when the round that runs is done. */
  async stop(): Promise<void> {
    this.#abort.abort();
    await this.#done;
    await this.#last;
  }

  async #run(): Promise<void> {
    const { signal } = this.#abort;
    while (!signal.aborted) {
      await this.now();
      await sleep(this.#pause(), undefined, { signal, ref: false }).catch(() => undefined);
    }
  }

  async #round(): Promise<void> {
    if (this.#abort.signal.aborted) return;
    try {
      await this.#parts.round();
      this.#failures = 0;
      this.#parts.succeeded();
    } catch (error) {
      this.#failures++;
      this.#parts.failed(error);
    }
  }

  #pause(): number {
    const { pollMs } = this.#parts;
    if (this.#failures === 0) return pollMs;
    return Math.max(pollMs, retryPause(this.#failures, LONGEST_RETRY_MS));
  }
}
