/** Keeps the layers together while nobody asks: looks at L1 in intervals, settles, and tries again what failed. */
import type { Chain } from "../sequencer/chain.ts";
import { retryPause } from "../util/retry-pause.ts";
import type { LayerEvent } from "./layer-event.ts";
import type { SettlementLayer } from "./settlement-layer.ts";

const LONGEST_RETRY_MS = 30_000;

export interface DriverParts {
  readonly layer: SettlementLayer;
  readonly chain: Chain;
  readonly onEvent: (event: LayerEvent) => void;
}

export class LayerDriver {
  readonly #parts: DriverParts;
  readonly #unsubscribe: () => void;
  #timer: NodeJS.Timeout | undefined;
  #round: Promise<void> | undefined;
  #stopped = false;
  #failures = 0;
  #problem: string | undefined;

  constructor(parts: DriverParts) {
    this.#parts = parts;
    // A block is settled when it is there, not when the interval is over.
    this.#unsubscribe = parts.chain.subscribe((event) => {
      if (event.kind === "block" && this.#settles && this.#failures === 0) this.#schedule(0);
    });
    this.#schedule(parts.layer.options.pollMs);
  }

  /** What does not work at present; undefined where all does. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /** Ends it when the round that runs is done. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#unsubscribe();
    clearTimeout(this.#timer);
    await this.#round;
  }

  get #settles(): boolean {
    const { settlement, settleOn } = this.#parts.layer.options;
    return settlement !== "none" && settleOn === "block";
  }

  #schedule(ms: number): void {
    if (this.#stopped || this.#round !== undefined) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#round = this.#run().finally(() => {
        this.#round = undefined;
        this.#schedule(this.#pause());
      });
    }, ms);
    this.#timer.unref();
  }

  #pause(): number {
    const { pollMs } = this.#parts.layer.options;
    if (this.#failures === 0) return pollMs;
    return Math.max(pollMs, retryPause(this.#failures, LONGEST_RETRY_MS));
  }

  async #run(): Promise<void> {
    const { layer, onEvent } = this.#parts;
    try {
      await layer.sync();
      if (this.#settles && layer.canSettle) await layer.settleReady();
      if (this.#problem !== undefined) onEvent({ kind: "recovered" });
      this.#failures = 0;
      this.#problem = undefined;
    } catch (error) {
      this.#failures++;
      const message = error instanceof Error ? error.message : String(error);
      // Said once, not at each try.
      if (message !== this.#problem) onEvent({ kind: "problem", message });
      this.#problem = message;
    }
  }
}
