/**
 * Rows that an L1 node keeps beside the state, whose blocks are the updates here, by their index. Their tables come
 * before those of src/state/tables.ts, and their values are in V8's structured clone format.
 *
 * `source`   -> the core contract, and on which L1
 * `read`     -> the block of L1 up to which its logs have been read
 * `u` index  -> what an update ended with; index 0 is the initial state
 */
import { deserialize, serialize } from "node:v8";
import type { Felt } from "../../field/felt.ts";
import type { L1Block } from "../../l1/ethereum.ts";
import type { L1Place } from "../../l1/events.ts";
import { atBlock } from "../../state/encoding.ts";
import type { KeyValueStore, StoreOperation } from "../../state/store/store.ts";
import { put, remove } from "../../state/tables.ts";

/** Whose data a folder has. */
export interface Source {
  readonly l1ChainId: number;
  readonly core: string;
}

/** A block of L2 after which the state is known: the last one of an update, or the initial one. */
export interface End {
  /** First block of the update; for the initial state the same as `number`. */
  readonly first: number;
  /** -1 for an L2 that has no block yet */
  readonly number: number;
  readonly hash: Felt;
  readonly root: Felt;
  /** Where L1 says so. */
  readonly place: L1Place;
}

export type L1BlockId = Pick<L1Block, "number" | "hash">;

const SOURCE_KEY = Buffer.from("source");
const READ_KEY = Buffer.from("read");
const END_TABLE = Buffer.from("u");

const endKey = (index: number): Buffer => atBlock(END_TABLE, index);

export const sourceRow = (source: Source): StoreOperation => put(SOURCE_KEY, serialize(source));
export const readRow = (block: L1BlockId | undefined): StoreOperation =>
  block === undefined ? remove(READ_KEY) : put(READ_KEY, serialize(block));
export const endRow = (index: number, end: End): StoreOperation =>
  put(endKey(index), serialize(end));
export const endRemoval = (index: number): StoreOperation => remove(endKey(index));

/** Throws what V8 says of bytes that are none of its format. */
const read = <T>(store: KeyValueStore, key: Uint8Array): T | undefined => {
  const bytes = store.get(key);
  return bytes && (deserialize(bytes) as T);
};

export const readSource = (store: KeyValueStore): Source | undefined => read(store, SOURCE_KEY);
export const readReadUpTo = (store: KeyValueStore): L1BlockId | undefined => read(store, READ_KEY);

/** The ends with the indices of their rows, in order. */
export function* readEnds(store: KeyValueStore): Iterable<[index: number, end: End]> {
  for (const [key, value] of store.range({ prefix: END_TABLE }))
    yield [Buffer.from(key).readUInt32BE(END_TABLE.length), deserialize(value) as End];
}
