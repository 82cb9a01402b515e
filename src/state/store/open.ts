/** The store of a chain: memory, or a folder on disk. */
import { MemoryStore } from "./memory-store.ts";
import type { KeyValueStore } from "./store.ts";

/** Opens the folder `data`, or memory without one. Rejects with StoreError where the folder cannot be used. */
export async function openStore(data: string | undefined): Promise<KeyValueStore> {
  if (data === undefined) return new MemoryStore();
  const { openLmdbStore } = await import("./lmdb-store.ts");
  return openLmdbStore(data);
}
