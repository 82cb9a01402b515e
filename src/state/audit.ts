/** Whether the rows of a state are what its blocks' diffs make of an empty one. */
import { ChainState, type StateRoots } from "./chain-state.ts";
import { MemoryStore } from "./store/memory-store.ts";
import { StoreError } from "./store/store-error.ts";
import type { KeyValueStore } from "./store/store.ts";
import * as tables from "./tables.ts";

const corrupt = (what: string): StoreError => new StoreError("CORRUPT", what);

/** Builds the state once more in memory, block by block, and compares all rows in the end. */
export class StateAudit {
  readonly #store: KeyValueStore;
  readonly #state: ChainState;
  readonly #rebuilt = new MemoryStore();
  readonly #again = new ChainState(this.#rebuilt);

  constructor(store: KeyValueStore) {
    this.#store = store;
    this.#state = new ChainState(store);
  }

  /** Roots after the next block, which the caller compares with what it knows of them. Throws StoreError. */
  next(number: number): StateRoots {
    const diff = this.#state.diff(number);
    if (diff === undefined) throw corrupt(`the state diff of block ${number} is missing`);
    const { operations, ...roots } = this.#again.prepare(number, diff);
    this.#rebuilt.batch(operations);
    return roots;
  }

  /** Compares the rows; classes are no rows of diffs and not looked at. Throws StoreError. */
  finish(): void {
    for (const [key, value] of this.#rebuilt.range({})) {
      const stored = this.#store.get(key);
      if (stored === undefined) throw corrupt(`a row of ${tables.tableName(key)} is missing`);
      if (Buffer.compare(stored, value) !== 0)
        throw corrupt(`a row of ${tables.tableName(key)} is not what the blocks made it`);
    }
    // Nodes of blocks that were taken back stay; any other row that no block made would be read as if one had.
    for (const prefix of tables.VALUE_TABLES)
      for (const [key] of this.#store.range({ prefix }))
        if (this.#rebuilt.get(key) === undefined)
          throw corrupt(`a row of ${tables.tableName(key)} was made by no block`);
  }
}
