/**
 * Rows of the committed state in a key-value store. Keys start with the byte of their table; the state has
 * the bytes from 0x80 on, those below are free for what else a chain keeps.
 *
 * `latest`            -> number of the latest block
 * `roots` number      -> contracts root, classes root
 * `diff` number       -> state diff
 * `node` hash         -> trie node
 * `storage` address, key -> latest storage value, if not 0
 * `storageHistory` address, key, number -> storage value that this block set
 * `contract` address  -> latest class hash, storage root, nonce
 * `contractHistory` address, number -> the same as this block left it
 * `classHistory` class hash, number -> compiled class hash that this block declared
 * `sierra` class hash -> Sierra class; `casm` class hash -> CASM class
 *
 * State diffs are in V8's structured clone format, which keeps bigint and Map and is readable by all later
 * versions.
 */
import { deserialize, serialize } from "node:v8";
import type { Felt } from "../field/felt.ts";
import type { ContractLeaf } from "./commitment.ts";
import type { StateDiff } from "./diff.ts";
import { atBlock, encodeFelts, FELT_BYTES, feltAt, feltKey, numberAt } from "./encoding.ts";
import type { KeyValueStore, StoreOperation } from "./store/store.ts";

const TABLE = {
  latest: 0x80,
  roots: 0x81,
  diff: 0x82,
  node: 0x83,
  storage: 0x84,
  storageHistory: 0x85,
  contract: 0x86,
  contractHistory: 0x87,
  classHistory: 0x88,
  sierra: 0x89,
  casm: 0x8a,
} as const;

/** Tables whose rows answer what a value is or was. */
export const VALUE_TABLES = (
  ["storage", "storageHistory", "contract", "contractHistory", "classHistory"] as const
).map((name) => Buffer.of(TABLE[name]));

/** The table that a row is in, as messages name it. */
export const tableName = (key: Uint8Array): string =>
  Object.entries(TABLE).find(([, byte]) => byte === key[0])?.[0] ?? "no table";

export const LATEST_KEY = feltKey(TABLE.latest);

export const nodeKey = (hash: Felt): Buffer => feltKey(TABLE.node, hash);

export const rootsKey = (number: number): Buffer => atBlock(feltKey(TABLE.roots), number);
export const diffKey = (number: number): Buffer => atBlock(feltKey(TABLE.diff), number);
export const storageKey = (address: Felt, key: Felt): Buffer =>
  feltKey(TABLE.storage, address, key);
export const contractKey = (address: Felt): Buffer => feltKey(TABLE.contract, address);
export const sierraKey = (classHash: Felt): Buffer => feltKey(TABLE.sierra, classHash);
export const casmKey = (classHash: Felt): Buffer => feltKey(TABLE.casm, classHash);

/** Keys of rows that every change adds one to; the block's number follows. */
export const storageHistoryKey = (address: Felt, key: Felt): Buffer =>
  feltKey(TABLE.storageHistory, address, key);
export const contractHistoryKey = (address: Felt): Buffer =>
  feltKey(TABLE.contractHistory, address);
export const classHistoryKey = (classHash: Felt): Buffer => feltKey(TABLE.classHistory, classHash);

export const put = (key: Uint8Array, value: Uint8Array): StoreOperation => ({
  type: "put",
  key,
  value,
});
export const remove = (key: Uint8Array): StoreOperation => ({ type: "delete", key });

export const encodeNumber = (number: number): Uint8Array => atBlock(Buffer.alloc(0), number);
export const encodeDiff = (diff: StateDiff): Uint8Array => serialize(diff);
export const decodeDiff = (bytes: Uint8Array): StateDiff => deserialize(bytes) as StateDiff;

export const NO_CONTRACT: ContractLeaf = { classHash: 0n, storageRoot: 0n, nonce: 0n };

export const encodeContract = (contract: ContractLeaf): Uint8Array =>
  encodeFelts(contract.classHash, contract.storageRoot, contract.nonce);

export const decodeContract = (bytes: Uint8Array): ContractLeaf => ({
  classHash: feltAt(bytes, 0),
  storageRoot: feltAt(bytes, FELT_BYTES),
  nonce: feltAt(bytes, 2 * FELT_BYTES),
});

/** A row of a history. */
export interface Change {
  readonly number: number;
  readonly value: Uint8Array;
}

/** No block has a larger number. */
export const LAST_NUMBER = 0xffffffff;

/** The last row of a history at or before block `number`. */
export function lastChange(
  store: KeyValueStore,
  history: Uint8Array,
  number: number,
): Change | undefined {
  const range = { prefix: history, last: atBlock(history, number), reverse: true, limit: 1 };
  for (const [key, value] of store.range(range)) {
    return { number: numberAt(key, history.length), value };
  }
  return undefined;
}

/** Addresses of all contracts that a diff says something about. */
export const touchedContracts = (diff: StateDiff): Felt[] => [
  ...new Set(
    [diff.storage, diff.nonces, diff.deployedContracts, diff.replacedClasses].flatMap((changes) => [
      ...changes.keys(),
    ]),
  ),
];
