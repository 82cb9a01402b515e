/** Follows the core contract on L1, and notices when L1 itself takes blocks back. */
import type { CoreContract } from "./core-contract.ts";
import type { Ethereum, L1Block } from "./ethereum.ts";
import type { PlacedEvent } from "./events.ts";
import { L1RequestError } from "./transport.ts";

/** Blocks asked for at once; fewer where L1 refuses so many. */
const CHUNK = 2_000;
/** Blocks that are remembered by their hash, to find where L1 has left its former way. */
const REMEMBERED = 1_024;

type SeenBlock = Pick<L1Block, "number" | "hash">;

/** What a look at L1 brought. */
export interface Sighting {
  readonly head: L1Block;
  readonly added: readonly PlacedEvent[];
  /** Events that were there before and are no more. */
  readonly lost: readonly PlacedEvent[];
}

/** L1 has gone back to before the contract was there. */
export class CoreContractLostError extends Error {
  override readonly name = "CoreContractLostError";
}

export class Watcher {
  readonly #ethereum: Ethereum;
  readonly #core: CoreContract;
  readonly #start: number;
  /** Blocks up to which L1 has been read, oldest first. */
  readonly #seen: SeenBlock[] = [];
  #events: PlacedEvent[] = [];

  /** @param start block of the contract's deployment */
  constructor(ethereum: Ethereum, core: CoreContract, start: number) {
    this.#ethereum = ethereum;
    this.#core = core;
    this.#start = start;
  }

  /** All events since the contract was deployed, in their order. */
  get events(): readonly PlacedEvent[] {
    return this.#events;
  }

  /** The newest block that has been read. */
  get readUpTo(): SeenBlock | undefined {
    return this.#seen.at(-1);
  }

  /**
   * Reads what is new on L1. Not to be called again before it is done. Rejects with L1UnavailableError,
   * L1RequestError, and CoreContractLostError; then nothing has changed here.
   */
  async look(): Promise<Sighting> {
    const head = await this.#ethereum.head();
    const common = await this.#commonBlocks(head);
    const from = common === 0 ? this.#start : this.#seen[common - 1]!.number + 1;
    const kept = this.#events.filter(({ place }) => place.blockNumber < from);
    if (common < this.#seen.length || head.number < this.#start) await this.#expectContract();
    const added = await this.#read(from, head.number);
    const lost = this.#events.slice(kept.length);
    this.#seen.length = common;
    if (head.number >= from) this.#remember({ number: head.number, hash: head.hash });
    this.#events = [...kept, ...added];
    const stays = new Set(added.map(keyOf));
    return { head, added, lost: lost.filter((event) => !stays.has(keyOf(event))) };
  }

  /** Events of blocks `from` to `to`, in as many pieces as L1 wants. */
  async #read(from: number, to: number): Promise<PlacedEvent[]> {
    const events: PlacedEvent[] = [];
    let chunk = CHUNK;
    for (let first = from; first <= to;) {
      const last = Math.min(first + chunk - 1, to);
      try {
        events.push(...(await this.#core.events(first, last)));
        first = last + 1;
      } catch (error) {
        // Providers bound blocks or events of one answer, and each says so in its own words.
        if (!(error instanceof L1RequestError) || first === last) throw error;
        chunk = Math.ceil((last - first + 1) / 2);
      }
    }
    return events;
  }

  /** How many of the remembered blocks are still blocks of L1. */
  async #commonBlocks(head: L1Block): Promise<number> {
    const seen = this.#seen;
    const isThere = async ({ number, hash }: SeenBlock): Promise<boolean> => {
      if (number > head.number) return false;
      const there = number === head.number ? head : await this.#ethereum.block(number);
      return there?.hash === hash;
    };
    // All of them but for a reorg; then, what is before a common block is common, too.
    let [common, gone] = [0, seen.length + 1];
    for (let count = seen.length; common + 1 < gone; count = (common + gone) >> 1) {
      if (await isThere(seen[count - 1]!)) common = count;
      else gone = count;
    }
    return common;
  }

  async #expectContract(): Promise<void> {
    if ((await this.#ethereum.code(this.#core.address)) !== "0x") return;
    throw new CoreContractLostError(
      `L1 has gone back to before the core contract ${this.#core.address} was deployed: start the L2 anew, by devnet_restart with restart_l1_to_l2_messaging`,
    );
  }

  #remember(block: SeenBlock): void {
    this.#seen.push(block);
    if (this.#seen.length > REMEMBERED) this.#seen.shift();
  }
}

/** An event is the same one when it is in the same place of the same block. */
const keyOf = ({ place }: PlacedEvent): string => `${place.blockHash}:${place.logIndex}`;
