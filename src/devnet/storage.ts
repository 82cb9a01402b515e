/** The store of a devnet: memory, or a folder on disk. */
import { MemoryStore } from "../state/store/memory-store.ts";
import type { KeyValueStore } from "../state/store/store.ts";

/** Opens the folder `data`, or memory without one. Rejects with StoreError where the folder cannot be used. */
export async function openStore(data: string | undefined): Promise<KeyValueStore> {
  if (data === undefined) return new MemoryStore();
  const { openLmdbStore } = await import("../state/store/lmdb-store.ts");
  return openLmdbStore(data);
}
