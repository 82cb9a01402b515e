/** Follows the core contract: takes on the updates that are new on L1, takes back those that are gone. */
import { CoreContract } from "../../l1/core-contract.ts";
import type { Ethereum, L1Block } from "../../l1/ethereum.ts";
import { logRanges } from "../../l1/log-ranges.ts";
import { commonCount } from "../../l1/reorg.ts";
import { L1UnavailableError } from "../../l1/transport.ts";
import type { KeyValueStore } from "../../state/store/store.ts";
import type { FollowerEvent } from "../follower.ts";
import { fetchUpdate, type FetchedUpdate } from "./fetch-update.ts";
import { findInitialState, untold } from "./initial-state.ts";
import { sameEnd, shownEnd, type EndId, type L1Chain } from "./l1-chain.ts";
import { expectEnds } from "./expect-ends.ts";
import { ContradictionError, L1NodeError } from "./problem.ts";
import type { Settlement } from "./settlement.ts";
import {
  readReadUpTo,
  readRow,
  sourceRow,
  type End,
  type L1BlockId,
  type Source,
} from "./tables.ts";
import { readUpdates, UPDATE_TOPICS, type UpdateEvent } from "./update-events.ts";

/** Transactions that are asked for at a time. */
const FETCHED_AT_ONCE = 8;

export interface FollowerParts {
  readonly ethereum: Ethereum;
  readonly store: KeyValueStore;
  readonly chain: L1Chain;
  readonly source: Source;
  readonly settlement: Settlement;
  /** Blocks of L1 that have to come after one that is believed. */
  readonly confirmations: number;
  readonly onEvent: (event: Extract<FollowerEvent, { kind: "progress" | "wentBack" }>) => void;
}

export class L1Follower {
  readonly #parts: FollowerParts;
  readonly #core: CoreContract;
  /** Up to which L1 has been read; what it says is a hint where to go on. */
  #readUpTo: L1BlockId | undefined;
  #head: EndId | undefined;
  #l1Block: number | undefined;
  #stopped = false;

  constructor(parts: FollowerParts) {
    this.#parts = parts;
    this.#core = new CoreContract(parts.ethereum, parts.source.core);
    this.#readUpTo = readReadUpTo(parts.store);
  }

  /** What the core contract is at, as far as it is believed; undefined before the first look. */
  get head(): EndId | undefined {
    return this.#head;
  }

  /** Block of L1 up to which everything is read. */
  get l1Block(): number | undefined {
    return this.#l1Block;
  }

  /** A look that runs ends after the update that it is at. */
  stop(): void {
    this.#stopped = true;
  }

  /**
   * Takes the initial state on, or sees that L1 has all that is stored. To be called once, before the first look.
   * Rejects with L1NodeError, StoreError and L1's errors.
   */
  async open(): Promise<void> {
    const { ethereum, chain, source } = this.#parts;
    const target = await this.#target();
    if (chain.newest === undefined) return this.#begin(target);
    await this.#takeBack(target);
    await expectEnds(ethereum, source.core, chain.ends);
  }

  /**
   * Reads what is new on L1. Not to be called again before it is done. Rejects with L1NodeError and L1's errors: then
   * what was read before stays, and is what L1 has accepted; with ContradictionError, it is not.
   */
  async look(): Promise<void> {
    try {
      const target = await this.#target();
      this.#head = await this.#coreState(target);
      await this.#takeBack(target);
      await this.#read(await this.#nextBlock(target), target);
      if (this.#stopped) return;
      this.#compare(this.#head);
      await this.#noteRead(target);
    } catch (error) {
      // What L1 showed when it was read may have been wrong, too.
      if (error instanceof L1NodeError) this.#forgetRead();
      throw error;
    }
  }

  /** The newest block of L1 that is believed. */
  async #target(): Promise<L1Block> {
    const { ethereum, confirmations } = this.#parts;
    const head = await ethereum.head();
    if (confirmations === 0) return head;
    const block = await ethereum.block(Math.max(0, head.number - confirmations));
    if (block !== undefined) return block;
    throw new L1UnavailableError(`L1 lacks block ${head.number - confirmations} before its newest`);
  }

  async #coreState(target: L1Block): Promise<EndId> {
    const { blockNumber, blockHash, root } = await this.#core.state(target.number);
    return { number: blockNumber, hash: blockHash, root };
  }

  /** Takes the initial state on. */
  async #begin(target: L1Block): Promise<void> {
    const { ethereum, chain, source } = this.#parts;
    const { end, tellings } = await findInitialState(ethereum, source.core, target.number);
    for await (const words of tellings) {
      try {
        chain.append(end, words, [sourceRow(source)]);
        return;
      } catch (error) {
        // Somebody told something else.
        if (!(error instanceof L1NodeError)) throw error;
      }
    }
    throw untold(end, source.core);
  }

  /** Takes back what is not in L1's blocks any more. */
  async #takeBack(target: L1Block): Promise<void> {
    const { ethereum, chain, source } = this.#parts;
    const common = await commonCount(chain.ends.length, (index) =>
      this.#isThere(chain.ends[index]!.place, target),
    );
    if (common > 0) return this.#truncate(common - 1);
    const before = chain.ends[0]!;
    const { end } = await findInitialState(ethereum, source.core, target.number).catch(
      (error: unknown) => {
        if (!(error instanceof L1NodeError)) throw error;
        throw new ContradictionError(`L1 is another one than before: ${error.message}`);
      },
    );
    if (!sameEnd(end, before))
      throw new ContradictionError(
        `the core contract ${source.core} on L1 began with ${shownEnd(end)}, and not with ${shownEnd(before)} as before: L1 is another one. Start the node with an empty data folder`,
      );
    this.#truncate(0);
    chain.moveInitial(end.place);
  }

  async #isThere(
    { blockNumber, blockHash }: Pick<End["place"], "blockNumber" | "blockHash">,
    target: L1Block,
  ): Promise<boolean> {
    if (blockNumber > target.number) return false;
    if (blockNumber === target.number) return blockHash === target.hash;
    return (await this.#parts.ethereum.block(blockNumber))?.hash === blockHash;
  }

  /** Where to go on: at the newest update's block, which may have more of them, or after what has been read. */
  async #nextBlock(target: L1Block): Promise<number> {
    const from = this.#parts.chain.newest!.place.blockNumber;
    const read = this.#readUpTo;
    if (read === undefined || read.number < from) return from;
    const place = { blockNumber: read.number, blockHash: read.hash };
    return (await this.#isThere(place, target)) ? read.number + 1 : from;
  }

  async #read(from: number, target: L1Block): Promise<void> {
    const { ethereum, source, chain } = this.#parts;
    const pieces = logRanges(ethereum, source.core, from, target.number, UPDATE_TOPICS);
    for await (const { logs, last } of pieces) {
      const newest = chain.newest!.place;
      const updates = readUpdates(logs, source.core).filter(
        ({ place }) =>
          place.blockNumber > newest.blockNumber ||
          (place.blockNumber === newest.blockNumber && place.logIndex > newest.logIndex),
      );
      for (let i = 0; i < updates.length; i += FETCHED_AT_ONCE)
        await this.#takeOn(updates.slice(i, i + FETCHED_AT_ONCE));
      if (this.#stopped) return;
      this.#l1Block = last;
    }
  }

  async #takeOn(events: readonly UpdateEvent[]): Promise<void> {
    const { ethereum, settlement } = this.#parts;
    const fetched = events.map((event) => fetchUpdate(ethereum, event, settlement));
    // Whichever fails first, those before it are taken on.
    for (const each of fetched) each.catch(() => undefined);
    for (const each of fetched) {
      const update = await each;
      if (this.#stopped) return;
      this.#apply(update);
    }
  }

  #apply({ before, end, stateDiff }: FetchedUpdate): void {
    const { chain, onEvent } = this.#parts;
    if (!sameEnd(before, chain.newest!)) {
      const index = chain.find(before);
      if (index === undefined)
        throw new L1NodeError(
          `the update of blocks ${end.first} to ${end.number} on L1 begins after ${shownEnd(before)}, those before it end with ${shownEnd(chain.newest!)}: L1 does not show all of them`,
        );
      // A development chain's core contract was set back by hand, as devnet_restart does.
      this.#truncate(index);
    }
    chain.append(end, stateDiff);
    onEvent({ kind: "progress", number: end.number, head: this.#head!.number });
  }

  /** What the core contract is at must be what its updates end with. */
  #compare(onL1: EndId): void {
    const { chain } = this.#parts;
    const newest = chain.newest!;
    if (sameEnd(onL1, newest)) return;
    const index = chain.find(onL1);
    if (index !== undefined) return this.#truncate(index);
    const message = `the core contract on L1 is at ${shownEnd(onL1)}, the updates that L1 shows end with ${shownEnd(newest)}`;
    throw onL1.number > newest.number
      ? new L1NodeError(`${message}: L1 does not show all of them`)
      : new ContradictionError(
          `${message}. If L1 stays with it, start the node with an empty data folder`,
        );
  }

  #truncate(index: number): void {
    const { chain, onEvent } = this.#parts;
    // In the batch that takes them back: what comes in their place is not to be passed over.
    if (chain.truncate(index, [readRow(undefined)]) === 0) return;
    this.#readUpTo = undefined;
    onEvent({ kind: "wentBack", number: chain.newest!.number });
  }

  #forgetRead(): void {
    if (this.#readUpTo === undefined) return;
    this.#readUpTo = undefined;
    this.#parts.store.batch([readRow(undefined)]);
  }

  async #noteRead({ number, hash }: L1Block): Promise<void> {
    this.#l1Block = number;
    if (this.#readUpTo?.hash === hash) return;
    // L1 may have left this way while it was read.
    if ((await this.#parts.ethereum.block(number))?.hash !== hash) return;
    this.#readUpTo = { number, hash };
    this.#parts.store.batch([readRow({ number, hash })]);
  }
}
