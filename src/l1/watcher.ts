/** Follows the core contract on L1, and notices when L1 itself takes blocks back. */
import type { CoreContract } from "./core-contract.ts";
import type { Ethereum, L1Block } from "./ethereum.ts";
import { readEvent, type PlacedEvent } from "./events.ts";
import { logRanges } from "./log-ranges.ts";
import { commonCount } from "./reorg.ts";

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

  async #read(from: number, to: number): Promise<PlacedEvent[]> {
    const { interface: abi, address } = this.#core;
    const events: PlacedEvent[] = [];
    for await (const { logs } of logRanges(this.#ethereum, address, from, to))
      events.push(...logs.flatMap((log) => readEvent(abi, log) ?? []));
    return events;
  }

  /** How many of the remembered blocks are still blocks of L1. */
  async #commonBlocks(head: L1Block): Promise<number> {
    return commonCount(this.#seen.length, async (index) => {
      const { number, hash } = this.#seen[index]!;
      if (number > head.number) return false;
      const there = number === head.number ? head : await this.#ethereum.block(number);
      return there?.hash === hash;
    });
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
