/** A map keyed by felts whose speed a contract cannot degrade by its choice of keys. */
import type { Felt } from "../../field/felt.ts";

/**
 * V8 hashes a bigint by its lowest 64 bits only, so keys that agree there share a bucket and n of them cost
 * n²/2 comparisons. Longer keys are hashed as strings, which are hashed whole and seeded per process.
 */
const hashable = (key: Felt): bigint | string => (key >> 64n === 0n ? key : key.toString(32));

interface Entry<V> {
  readonly key: Felt;
  value: V;
}

/** Insertion-ordered map from felts to `V`. */
export class FeltMap<V> {
  readonly #entries = new Map<bigint | string, Entry<V>>();

  constructor(entries: Iterable<readonly [Felt, V]> = []) {
    for (const [key, value] of entries) this.set(key, value);
  }

  get size(): number {
    return this.#entries.size;
  }

  get(key: Felt): V | undefined {
    return this.#entries.get(hashable(key))?.value;
  }

  has(key: Felt): boolean {
    return this.#entries.has(hashable(key));
  }

  set(key: Felt, value: V): void {
    const name = hashable(key);
    const entry = this.#entries.get(name);
    if (entry === undefined) this.#entries.set(name, { key, value });
    else entry.value = value;
  }

  keys(): Felt[] {
    return Array.from(this.#entries.values(), ({ key }) => key);
  }

  *[Symbol.iterator](): Generator<[Felt, V]> {
    for (const { key, value } of this.#entries.values()) yield [key, value];
  }
}
