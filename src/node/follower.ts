/**
 * Keeps a chain at the head of a source: takes its blocks in order, goes back with it where it goes back, and waits where
 * it is away. What is not as claimed is not taken, however often it is said.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { Chain } from "../sequencer/chain.ts";
import { retryPause } from "../util/retry-pause.ts";
import {
  SourceError,
  type BlockSource,
  type SourceBlock,
  type SourceHead,
} from "./block-source.ts";
import { Divergence, shown } from "./divergence.ts";
import { Prefetch } from "./prefetch.ts";
import type { NodeStage } from "./status.ts";

export const LONGEST_RETRY_MS = 15_000;

export type FollowerEvent =
  | { readonly kind: "progress"; readonly number: number; readonly head: number }
  /** It has all that the source has. */
  | { readonly kind: "current"; readonly number: number }
  /** Blocks after `number` are gone, as they are at the source. */
  | { readonly kind: "wentBack"; readonly number: number }
  /** Said once, not at each try. */
  | { readonly kind: "problem"; readonly message: string; readonly stopped: boolean }
  | { readonly kind: "recovered" };

export interface FollowerParts {
  readonly chain: Chain;
  readonly source: BlockSource;
  /** Puts a block on top of the chain. Rejects with Divergence and SourceError; then nothing has changed. */
  readonly take: (block: SourceBlock, signal: AbortSignal) => Promise<void>;
  /** How often the source is asked, in milliseconds. */
  readonly pollMs: number;
  readonly longestRetryMs: number;
  readonly onEvent: (event: FollowerEvent) => void;
}

/** The source has other blocks than it had a moment ago: look again. A source that goes on so contradicts itself. */
class Moved extends Error {}

/** How often it may be looked at again at once. */
const MOVES = 3;

export class Follower {
  readonly #parts: FollowerParts;
  readonly #abort = new AbortController();
  #stage: NodeStage = "starting";
  #head: SourceHead | undefined;
  #problem: string | undefined;
  #failures = 0;
  #moves = 0;
  /** Where the node stood when it last began to catch up. */
  #startedAt: number | undefined;
  readonly #done: Promise<void>;
  #foundBlock!: () => void;
  /** Resolves when the chain has a block: before that there is nothing to serve. */
  readonly hasBlock: Promise<void>;

  constructor(parts: FollowerParts) {
    this.#parts = parts;
    this.hasBlock = new Promise((resolve) => (this.#foundBlock = resolve));
    if (!parts.chain.isEmpty) this.#foundBlock();
    this.#done = this.#run();
  }

  get stage(): NodeStage {
    return this.#stage;
  }

  get head(): SourceHead | undefined {
    return this.#head;
  }

  get problem(): string | undefined {
    return this.#problem;
  }

  /** Block from which on it catches up. */
  get startedAt(): number | undefined {
    return this.#startedAt;
  }

  async stop(): Promise<void> {
    this.#abort.abort();
    await this.#done;
  }

  async #run(): Promise<void> {
    const { signal } = this.#abort;
    while (!signal.aborted) {
      try {
        await this.#round(signal);
        this.#succeeded();
      } catch (error) {
        if (signal.aborted) return;
        if (error instanceof Moved && ++this.#moves <= MOVES) continue;
        this.#failed(error instanceof Moved ? this.#contradiction(error) : error);
      }
      await sleep(this.#pause(), undefined, { signal }).catch(() => undefined);
    }
  }

  #pause(): number {
    const { pollMs, longestRetryMs } = this.#parts;
    if (this.#failures === 0) return pollMs;
    return Math.max(pollMs, retryPause(this.#failures, longestRetryMs));
  }

  #succeeded(): void {
    const { chain, onEvent } = this.#parts;
    if (this.#problem !== undefined) onEvent({ kind: "recovered" });
    if (this.#stage !== "following") onEvent({ kind: "current", number: chain.latest().number });
    this.#stage = "following";
    this.#problem = undefined;
    this.#failures = 0;
    this.#moves = 0;
  }

  #contradiction({ message }: Moved): SourceError {
    return new SourceError(`${this.#parts.source.url} contradicts itself: ${message}, it says now`);
  }

  #failed(error: unknown): void {
    this.#failures++;
    // Away is away; anything else is a source that must not be followed, or a fault of ours: both stop the node.
    const stopped = !(error instanceof SourceError);
    const expected = error instanceof SourceError || error instanceof Divergence;
    const message = expected
      ? error.message
      : `internal error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
    if (stopped) this.#stage = "stopped";
    if (message !== this.#problem) this.#parts.onEvent({ kind: "problem", message, stopped });
    this.#problem = message;
  }

  /** Asks for the head and goes there. */
  async #round(signal: AbortSignal): Promise<void> {
    const { chain, source } = this.#parts;
    const head = (this.#head = await source.head(signal));
    const blocks = new Prefetch(source, head.number, signal);
    try {
      if (!chain.isEmpty && !(await this.#continues(head, blocks)))
        await this.#goBackWith(head, signal);
      await this.#goOnTo(head, blocks, signal);
    } finally {
      blocks.close();
    }
    const { number, hash } = chain.latest();
    if (number !== head.number || hash !== head.hash)
      throw new Moved(`its head is block ${head.number} with the hash ${shown(head.hash)}`);
    const { latestOnL1 } = head;
    chain.setLatestOnL1(latestOnL1 === undefined ? undefined : Math.min(latestOnL1, number));
  }

  /** Whether the source's chain goes on from the node's newest block, or ends with it. */
  async #continues(head: SourceHead, blocks: Prefetch): Promise<boolean> {
    const { number, hash } = this.#parts.chain.latest();
    if (head.number <= number) return head.number === number && head.hash === hash;
    return (await blocks.peek(number + 1))?.block.header.parentHash === hash;
  }

  /** Takes back the blocks that the source no longer has. */
  async #goBackWith(head: SourceHead, signal: AbortSignal): Promise<void> {
    const { chain, onEvent } = this.#parts;
    const { number } = chain.latest();
    const shared = await this.#lastShared(Math.min(number, head.number), head, signal);
    if (shared === number) return;
    chain.goBackTo(shared);
    onEvent({ kind: "wentBack", number: shared });
  }

  /** The newest block, up to `high`, that both have: two chains of hashes are the same up to a place, and nowhere later. */
  async #lastShared(high: number, head: SourceHead, signal: AbortSignal): Promise<number> {
    const { chain, source } = this.#parts;
    const isShared = async (number: number): Promise<boolean> => {
      const hash =
        number === head.number
          ? head.hash
          : (await source.block(number, signal))?.block.header.hash;
      return hash === chain.header(number)!.hash;
    };
    if (await isShared(high)) return high;
    let different = high;
    let shared = -1;
    for (let step = 1; shared < 0; step *= 2) {
      if (different === 0) throw new Divergence(0, this.#otherGenesis());
      const earlier = Math.max(0, different - step);
      if (await isShared(earlier)) shared = earlier;
      else different = earlier;
    }
    while (different - shared > 1) {
      const middle = (shared + different) >> 1;
      if (await isShared(middle)) shared = middle;
      else different = middle;
    }
    return shared;
  }

  #otherGenesis(): string {
    const { chain, source } = this.#parts;
    return (
      `the chain of ${source.url} does not begin with ${shown(chain.header(0)!.hash)}, as the node's does: it is ` +
      "another chain. Start the node with an empty data folder, or with the feeder gateway of its own chain"
    );
  }

  async #goOnTo(head: SourceHead, blocks: Prefetch, signal: AbortSignal): Promise<void> {
    const { chain, take, onEvent } = this.#parts;
    const first = chain.isEmpty ? 0 : chain.latest().number + 1;
    if (first > head.number) return;
    if (this.#stage !== "stopped" && first < head.number) this.#stage = "catching up";
    this.#startedAt = first;
    for (let number = first; number <= head.number; number++) {
      const block = await blocks.take(number);
      if (block === undefined) throw new Moved(`it has no block ${number}`);
      if (!chain.isEmpty && block.block.header.parentHash !== chain.latest().hash)
        throw new Moved(`its block ${number} does not follow its block ${number - 1}`);
      await take(block, signal);
      this.#foundBlock();
      onEvent({ kind: "progress", number, head: head.number });
      signal.throwIfAborted();
    }
  }
}
