/** The one interface to storage: ordered bytes to bytes, read synchronously, written in atomic batches. */

export type StoreOperation =
  | { readonly type: "put"; readonly key: Uint8Array; readonly value: Uint8Array }
  | { readonly type: "delete"; readonly key: Uint8Array };

/** Which rows a range has. All bounds that are given hold together. */
export interface RangeBounds {
  /** Keys that begin with these bytes. */
  readonly prefix?: Uint8Array;
  /** First key, inclusive. */
  readonly start?: Uint8Array;
  /** Last key, inclusive. */
  readonly last?: Uint8Array;
  /** From the last key to the first. */
  readonly reverse?: boolean;
  /** At most so many rows. */
  readonly limit?: number;
}

/**
 * Rows in the order of their keys' bytes. Bytes that go in or come out belong to the store from then
 * on: nobody changes them. Keys have 1 to 1024 bytes.
 */
export interface KeyValueStore {
  get(key: Uint8Array): Uint8Array | undefined;
  /** Rows within bounds, in order of key. To be used up before the next batch is written. */
  range(bounds: RangeBounds): Iterable<[key: Uint8Array, value: Uint8Array]>;
  /** All of the operations or, when it throws, none of them. A later operation on a key wins. */
  batch(operations: readonly StoreOperation[]): void;
  close(): void;
}

export function isEmptyStore(store: KeyValueStore): boolean {
  for (const [,] of store.range({ limit: 1 })) return false;
  return true;
}

/** Smallest key after all those that begin with `prefix`; undefined when there is none. */
export function afterPrefix(prefix: Uint8Array): Uint8Array | undefined {
  let length = prefix.length;
  while (length > 0 && prefix[length - 1] === 0xff) length--;
  if (length === 0) return undefined;
  // Not `slice`, which is a view where the bytes are a Buffer.
  const after = Uint8Array.from(prefix.subarray(0, length));
  after[length - 1]! += 1;
  return after;
}
