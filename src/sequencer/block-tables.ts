/**
 * Blocks in a key-value store. A block's rows go into the same batch as its state, so that a block is
 * there with all that belongs to it or not at all.
 *
 * Rows: `h` number -> header; `b` number -> transactions and receipts; `t` number -> traces;
 * `n` block hash -> number; `x` transaction hash -> number, index; `settled` number of the newest block on L1.
 * Values are V8's structured clone format, which keeps bigint and Map and is readable by all later versions.
 */
import { deserialize, serialize } from "node:v8";
import type { Felt } from "../field/felt.ts";
import type { KeyValueStore, StoreOperation } from "../state/store/store.ts";
import type { Block, BlockHeader } from "../starknet/block.ts";
import type { TransactionTrace } from "../starknet/receipt.ts";
import { bigIntToBytes } from "../util/bytes.ts";

const ROW = (letter: string): number => letter.charCodeAt(0);

/** Numbers are big-endian, so that rows of a table are in order of number. */
function numberKey(table: string, number: number): Uint8Array {
  const key = new Uint8Array(5);
  key[0] = ROW(table);
  new DataView(key.buffer).setUint32(1, number);
  return key;
}

function hashKey(table: string, hash: Felt): Uint8Array {
  const key = new Uint8Array(33);
  key[0] = ROW(table);
  key.set(bigIntToBytes(hash, 32), 1);
  return key;
}

type Body = Pick<Block, "transactions" | "receipts">;

/** Where a transaction is: block number and place in it. */
export type Place = readonly [number: number, index: number];

export function blockRows(block: Block, traces: readonly TransactionTrace[]): StoreOperation[] {
  const { header, transactions, receipts } = block;
  const { number } = header;
  const put = (key: Uint8Array, value: unknown): StoreOperation => ({
    type: "put",
    key,
    value: serialize(value),
  });
  const body: Body = { transactions, receipts };
  return [
    put(numberKey("h", number), header),
    put(numberKey("b", number), body),
    put(numberKey("t", number), traces),
    put(hashKey("n", header.hash), number),
    ...transactions.map(({ hash }, index) =>
      put(hashKey("x", hash), [number, index] satisfies Place),
    ),
  ];
}

/** Operations that take a block's rows away. */
export function blockRemoval({ header, transactions }: Block): StoreOperation[] {
  const keys = [
    ...["h", "b", "t"].map((table) => numberKey(table, header.number)),
    hashKey("n", header.hash),
    ...transactions.map(({ hash }) => hashKey("x", hash)),
  ];
  return keys.map((key) => ({ type: "delete", key }));
}

const SETTLED_KEY = Buffer.from("settled");

/** Operation that notes the newest block on L1; undefined for none. */
export const settledRow = (number: number | undefined): StoreOperation =>
  number === undefined
    ? { type: "delete", key: SETTLED_KEY }
    : { type: "put", key: SETTLED_KEY, value: serialize(number) };

export const readSettled = (store: KeyValueStore): number | undefined => read(store, SETTLED_KEY);

const read = <T>(store: KeyValueStore, key: Uint8Array): T | undefined => {
  const value = store.get(key);
  return value === undefined ? undefined : (deserialize(value) as T);
};

export const readHeader = (store: KeyValueStore, number: number): BlockHeader | undefined =>
  read(store, numberKey("h", number));

export const readBody = (store: KeyValueStore, number: number): Body | undefined =>
  read(store, numberKey("b", number));

export const readTraces = (
  store: KeyValueStore,
  number: number,
): readonly TransactionTrace[] | undefined => read(store, numberKey("t", number));

export const readNumber = (store: KeyValueStore, blockHash: Felt): number | undefined =>
  read(store, hashKey("n", blockHash));

export const readPlace = (store: KeyValueStore, transactionHash: Felt): Place | undefined =>
  read(store, hashKey("x", transactionHash));
