/** Taking blocks back: latest values become again what the history says they were. */
import type { StateDiff } from "./diff.ts";
import { atBlock, feltAt } from "./encoding.ts";
import type { KeyValueStore, StoreOperation } from "./store/store.ts";
import * as tables from "./tables.ts";

/** Operations that undo the blocks after `number` up to `latest`, newest first. Trie nodes stay. */
export function* revertOperations(
  store: KeyValueStore,
  number: number,
  latest: number,
): Generator<StoreOperation> {
  for (let block = latest; block > number; block--) {
    const diff = tables.decodeDiff(store.get(tables.diffKey(block))!);
    yield* undoContracts(store, diff, block, number);
    yield* undoStorage(store, diff, block, number);
    yield* undoClasses(store, diff, block, number);
    yield tables.remove(tables.diffKey(block));
    yield tables.remove(tables.rootsKey(block));
  }
}

function* undoContracts(
  store: KeyValueStore,
  diff: StateDiff,
  block: number,
  number: number,
): Generator<StoreOperation> {
  for (const address of tables.touchedContracts(diff)) {
    const history = tables.contractHistoryKey(address);
    const before = tables.lastChange(store, history, number);
    const latestKey = tables.contractKey(address);
    yield tables.remove(atBlock(history, block));
    yield before === undefined ? tables.remove(latestKey) : tables.put(latestKey, before.value);
  }
}

function* undoStorage(
  store: KeyValueStore,
  diff: StateDiff,
  block: number,
  number: number,
): Generator<StoreOperation> {
  for (const [address, entries] of diff.storage) {
    for (const key of entries.keys()) {
      const history = tables.storageHistoryKey(address, key);
      const before = tables.lastChange(store, history, number);
      const latestKey = tables.storageKey(address, key);
      yield tables.remove(atBlock(history, block));
      yield before === undefined || feltAt(before.value, 0) === 0n
        ? tables.remove(latestKey)
        : tables.put(latestKey, before.value);
    }
  }
}

function* undoClasses(
  store: KeyValueStore,
  diff: StateDiff,
  block: number,
  number: number,
): Generator<StoreOperation> {
  for (const classHash of diff.declaredClasses.keys()) {
    const history = tables.classHistoryKey(classHash);
    yield tables.remove(atBlock(history, block));
    if (tables.lastChange(store, history, number) === undefined) {
      yield tables.remove(tables.sierraKey(classHash));
      yield tables.remove(tables.casmKey(classHash));
    }
  }
}
