/** Blocks that a process can write until it is killed, and that another can check. */
import { fileURLToPath } from "node:url";
import { ChainState } from "../../../src/state/chain-state.ts";
import { emptyDiff, type StateDiff } from "../../../src/state/diff.ts";
import { openLmdbStore } from "../../../src/state/store/lmdb-store.ts";

/** A hundred values, some of them changed by every block, others cleared again. */
export const diffOf = (number: number): StateDiff => ({
  ...emptyDiff(),
  storage: new Map([
    [
      7n,
      new Map(
        Array.from({ length: 100 }, (_, i) => [
          BigInt(i + (number % 3) * 50),
          BigInt((number * 31 + i) % 5),
        ]),
      ),
    ],
  ]),
  nonces: new Map([[BigInt(number), 1n]]),
});

/** A row of the block beside its state. */
export const bodyKey = (number: number): Uint8Array => Buffer.from(`body ${number}`);

// Run by itself, it writes to the folder that it is given and tells of every block.
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const store = await openLmdbStore(process.argv[2]!);
  const state = new ChainState(store);
  for (let number = (state.latestNumber() ?? -1) + 1; ; number++) {
    const { operations } = state.prepare(number, diffOf(number));
    const body = { type: "put", key: bodyKey(number), value: Buffer.alloc(2000, 1) } as const;
    store.batch([...operations, body]);
    console.log(number);
  }
}
