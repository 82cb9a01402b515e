/** A map that keeps the entries used last, up to a number. */
export class BoundedCache<Key, Value> {
  readonly #entries = new Map<Key, Value>();
  readonly #capacity: number;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get(key: Key): Value | undefined {
    const value = this.#entries.get(key);
    if (value !== undefined) {
      this.#entries.delete(key);
      this.#entries.set(key, value);
    }
    return value;
  }

  set(key: Key, value: Value): void {
    this.#entries.delete(key);
    this.#entries.set(key, value);
    if (this.#entries.size > this.#capacity)
      this.#entries.delete(this.#entries.keys().next().value!);
  }

  /** The entry, or what `make` answers, which is kept unless it is undefined. */
  getOrAdd(key: Key, make: () => Value | undefined): Value | undefined {
    const known = this.get(key);
    if (known !== undefined) return known;
    const made = make();
    if (made !== undefined) this.set(key, made);
    return made;
  }

  delete(key: Key): void {
    this.#entries.delete(key);
  }
}
