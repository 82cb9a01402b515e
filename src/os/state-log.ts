/** The state log that a run has written, taken apart: accesses by contract and key. */
import type { MemoryView } from "../cairo/hints/context.ts";
import type { Relocatable } from "../cairo/relocatable.ts";
import { shift } from "../cairo/relocatable.ts";
import type { Felt } from "../field/felt.ts";

/** Cells of an access: address, key, value before, value after. */
export const ACCESS_SIZE = 4;

/** The accesses of one value. */
export interface Chain {
  /** Their places in the log, ascending. */
  readonly indices: readonly number[];
  readonly before: Felt;
  readonly after: Felt;
}

interface Access {
  readonly index: number;
  readonly before: Felt;
  readonly after: Felt;
}

const byKey = <T>(map: ReadonlyMap<Felt, T>): (readonly [Felt, T])[] =>
  [...map].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));

/** Chains by address and key. */
export class StateLog {
  readonly #accesses = new Map<Felt, Map<Felt, Access[]>>();

  constructor(memory: MemoryView, start: Relocatable, end: Relocatable) {
    const count = (end.offset - start.offset) / ACCESS_SIZE;
    for (let index = 0; index < count; index++) {
      const [address, key, before, after] = memory.felts(shift(start, index * ACCESS_SIZE), 4);
      this.#list(address!, key!).push({ index, before: before!, after: after! });
    }
  }

  #list(address: Felt, key: Felt): Access[] {
    let keys = this.#accesses.get(address);
    if (keys === undefined) this.#accesses.set(address, (keys = new Map()));
    const list = keys.get(key) ?? [];
    keys.set(key, list);
    return list;
  }

  addresses(): readonly Felt[] {
    return byKey(this.#accesses).map(([address]) => address);
  }

  has(address: Felt, key: Felt): boolean {
    return this.#accesses.get(address)?.has(key) === true;
  }

  /** Throws RangeError for a value that was not accessed. */
  chain(address: Felt, key: Felt): Chain {
    const list = this.#accesses.get(address)?.get(key);
    if (list === undefined) throw new RangeError(`no access of ${address}, ${key}`);
    const indices = list.map(({ index }) => index);
    return { indices, before: list[0]!.before, after: list.at(-1)!.after };
  }

  /** Chains of an address in ascending order of their keys. */
  chains(address: Felt): readonly (readonly [key: Felt, chain: Chain])[] {
    return byKey(this.#accesses.get(address) ?? new Map<Felt, Access[]>()).map(([key]) => [
      key,
      this.chain(address, key),
    ]);
  }
}
