/**
 * A look at a file of LMDB before it is mapped into memory: reading a mapped page behind the end of its file
 * ends the process (SIGBUS), so a file that was cut off must be dealt with before.
 *
 * Layout: liblmdb's mdb.c, MDB_page (header of 24 bytes in data version 2), MDB_meta and MDB_db.
 */
import { closeSync, fstatSync, ftruncateSync, openSync, readSync } from "node:fs";

const MAGIC = 0xbeefc0de;
const DATA_VERSION = 2;
/** Offsets in a meta page. */
const META = {
  magic: 24,
  version: 28,
  pageSize: 48,
  freeRoot: 88,
  mainRoot: 136,
  lastPage: 144,
  transaction: 152,
  end: 160,
};
/** The root of an empty tree. */
const NO_PAGE = (1n << 64n) - 1n;

/**
 * Makes the file as long as its last page says; what is missing, the system reads as zeros, and LMDB as a corrupted
 * page. Pages that were allocated and not written may be missing in a file that is whole. Answers what is wrong
 * where it is plain: no LMDB file, or the roots cut off. A file that is new, or of another version, is left to LMDB.
 */
export function prepareLmdbFile(path: string): string | undefined {
  let file: number;
  try {
    file = openSync(path, "r+");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
  try {
    const { size } = fstatSync(file);
    if (size === 0) return undefined;
    const first = Buffer.alloc(META.end);
    if (readSync(file, first, 0, META.end, 0) < META.end) return "it is cut off in its first page";
    if (first.readUInt32LE(META.magic) !== MAGIC) return "it is no LMDB file";
    if ((first.readUInt32LE(META.version) & 0xffff) !== DATA_VERSION) return undefined;
    const pageSize = first.readUInt32LE(META.pageSize);
    const second = Buffer.alloc(META.end);
    if (readSync(file, second, 0, META.end, pageSize) < META.end)
      return "it is cut off in its second page";
    const age = (meta: Buffer): bigint => meta.readBigUInt64LE(META.transaction);
    const newest = age(first) > age(second) ? first : second;
    const pages = BigInt(Math.floor(size / pageSize));
    for (const root of [META.freeRoot, META.mainRoot].map((at) => newest.readBigUInt64LE(at))) {
      if (root !== NO_PAGE && root >= pages) return `it is cut off after ${size} bytes`;
    }
    const needed = (Number(newest.readBigUInt64LE(META.lastPage)) + 1) * pageSize;
    if (needed > size) ftruncateSync(file, needed);
    return undefined;
  } finally {
    closeSync(file);
  }
}
