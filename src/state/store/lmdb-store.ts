/** A store in a folder on disk, by the optional package `lmdb`. */
import { join } from "node:path";
import { crc32 } from "node:zlib";
import type { RootDatabase } from "lmdb";
import { openDataFolder } from "./data-folder.ts";
import { prepareLmdbFile } from "./lmdb-file.ts";
import { StoreError } from "./store-error.ts";
import { afterPrefix, type KeyValueStore, type RangeBounds, type StoreOperation } from "./store.ts";

type Database = RootDatabase<Buffer, Uint8Array>;

const later = (a: Uint8Array, b: Uint8Array): Uint8Array => (Buffer.compare(a, b) > 0 ? a : b);
const earlier = (a: Uint8Array, b: Uint8Array): Uint8Array => (Buffer.compare(a, b) < 0 ? a : b);

const CHECKSUM_BYTES = 4;

/** CRC-32 of key and value: LMDB itself has no checksums, and a value that a disk has changed must not be believed. */
const checksum = (key: Uint8Array, value: Uint8Array): number => crc32(value, crc32(key));

function sealed(key: Uint8Array, value: Uint8Array): Buffer {
  const bytes = Buffer.allocUnsafe(value.length + CHECKSUM_BYTES);
  bytes.set(value);
  bytes.writeUInt32BE(checksum(key, value), value.length);
  return bytes;
}

/** Throws StoreError where the bytes are not those that were written. */
function opened(key: Uint8Array, bytes: Buffer): Uint8Array {
  const length = bytes.length - CHECKSUM_BYTES;
  const value = bytes.subarray(0, Math.max(length, 0));
  if (length < 0 || bytes.readUInt32BE(length) !== checksum(key, value))
    throw new StoreError(
      "CORRUPT",
      `the data folder is damaged: the row 0x${Buffer.from(key).toString("hex")} is not as it was written`,
    );
  return value;
}

class LmdbStore implements KeyValueStore {
  readonly #database: Database;
  readonly #release: () => void;
  #open = true;

  constructor(database: Database, release: () => void) {
    this.#database = database;
    this.#release = release;
  }

  get(key: Uint8Array): Uint8Array | undefined {
    const bytes = this.#database.get(key);
    return bytes && opened(key, bytes);
  }

  *range(bounds: RangeBounds): Iterable<[Uint8Array, Uint8Array]> {
    const { prefix, start, last, reverse = false, limit } = bounds;
    const from = [prefix, start].filter((key) => key !== undefined);
    const end = prefix && afterPrefix(prefix);
    // The smallest key after `last` is `last` and a zero byte.
    const ends = [last && Uint8Array.of(...last, 0), end].filter((key) => key !== undefined);
    const low = from.length === 0 ? undefined : from.reduce(later);
    const high = ends.length === 0 ? undefined : ends.reduce(earlier);
    if (low !== undefined && high !== undefined && Buffer.compare(low, high) >= 0) return;

    const rows = this.#database.getRange({
      ...(limit !== undefined && { limit }),
      ...(reverse
        ? { reverse, start: high, exclusiveStart: true, end: low, inclusiveEnd: true }
        : { start: low, end: high }),
    } as Parameters<Database["getRange"]>[0]);
    for (const { key, value } of rows) yield [key, opened(key, value)];
  }

  batch(operations: readonly StoreOperation[]): void {
    this.#database.transactionSync(() => {
      for (const operation of operations) {
        if (operation.type === "put")
          this.#database.putSync(operation.key, sealed(operation.key, operation.value));
        else this.#database.removeSync(operation.key);
      }
    });
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    void this.#database.close();
    this.#release();
  }
}

/**
 * Opens the store in `folder`, which is made if it is not there. What a batch wrote survives the end of
 * the process at once, and a failure of power as soon as the operating system has flushed it. Rejects
 * with StoreError where the folder cannot be used or the package `lmdb` is missing.
 */
export async function openLmdbStore(folder: string): Promise<KeyValueStore> {
  const lmdb = await import("lmdb").catch((error: unknown) => {
    throw new StoreError(
      "MISSING_PACKAGE",
      `the data folder ${folder} needs the package lmdb, which cannot be loaded: install it with "npm install lmdb"`,
      { cause: error },
    );
  });
  const release = openDataFolder(folder);
  try {
    const path = join(folder, "chain");
    const problem = prepareLmdbFile(join(path, "data.mdb"));
    if (problem !== undefined) throw new Error(problem);
    const options = {
      path,
      keyEncoding: "binary",
      encoding: "binary",
    } as const;
    return new LmdbStore(lmdb.open<Buffer, Uint8Array>(options), release);
  } catch (error) {
    release();
    const reason = error instanceof Error ? error.message : String(error);
    throw new StoreError("UNUSABLE", `the data in ${folder} cannot be read: ${reason}`, {
      cause: error,
    });
  }
}
