/** What a data folder holds of L1, and whether it is what its own hashes say. */
import { setImmediate } from "node:timers/promises";
import { StateAudit } from "../../state/audit.ts";
import { ChainState } from "../../state/chain-state.ts";
import { StoreError } from "../../state/store/store-error.ts";
import type { KeyValueStore } from "../../state/store/store.ts";
import { shown } from "../divergence.ts";
import { readEnds, readReadUpTo, readSource, type End, type Source } from "./tables.ts";

/**
 * The stored ends, from the initial state on; none where nothing is stored yet. Their state is computed once more from
 * the stored diffs, in memory, and compared row by row. Whether L1 has the same ends is for the follower to see.
 * Rejects with StoreError.
 *
 * @param source whose data it must be
 */
export async function auditStoredData(
  store: KeyValueStore,
  source: Source,
  onProgress: (number: number, latest: number) => void,
): Promise<readonly End[]> {
  let stored: Source | undefined;
  let ends: readonly End[];
  try {
    stored = readSource(store);
    ends = [...readEnds(store)].map(([index, end], i) => requireEnd(index === i ? end : undefined));
    readReadUpTo(store);
    if (ends.length !== (new ChainState(store).latestNumber() ?? -1) + 1)
      throw new Error("there are more states than updates of L1, or fewer");
    if ((stored !== undefined) !== ends.length > 0) throw new Error("a row is missing");
  } catch (error) {
    throw damaged(error);
  }
  if (stored !== undefined) requireSame(stored, source);
  try {
    await auditState(store, ends, onProgress);
  } catch (error) {
    throw damaged(error);
  }
  return ends;
}

async function auditState(
  store: KeyValueStore,
  ends: readonly End[],
  onProgress: (number: number, latest: number) => void,
): Promise<void> {
  if (ends.length === 0) return;
  const audit = new StateAudit(store);
  for (const [index, { number, root }] of ends.entries()) {
    const { globalRoot } = audit.next(index);
    if (globalRoot !== root)
      throw new Error(
        `the state diffs up to block ${number} give the root ${shown(globalRoot)}, not ${shown(root)}`,
      );
    onProgress(number, ends.at(-1)!.number);
    await setImmediate();
  }
  audit.finish();
}

function requireEnd(end: End | undefined): End {
  const { first, number, hash, root, place } = Object(end) as End;
  const isEnd =
    Number.isSafeInteger(first) &&
    Number.isSafeInteger(number) &&
    typeof hash === "bigint" &&
    typeof root === "bigint" &&
    Number.isSafeInteger(Object(place).blockNumber) &&
    Number.isSafeInteger(Object(place).logIndex);
  if (end !== undefined && isEnd) return end;
  throw new Error("a row of an update of L1 is missing, or is none");
}

function requireSame(stored: Source, source: Source): void {
  if (stored.l1ChainId === source.l1ChainId && BigInt(stored.core) === BigInt(source.core)) return;
  throw new StoreError(
    "FOREIGN",
    `the data folder has the L2 of the core contract ${stored.core} on the L1 with chain id ${stored.l1ChainId}, not of ${source.core} on ${source.l1ChainId}: start the node with those, or choose another folder`,
  );
}

/** The folder's rows are not what they must be. */
export function damaged(error: unknown): StoreError {
  const reason = error instanceof Error ? error.message : String(error);
  return new StoreError(
    "CORRUPT",
    `the data folder is damaged: ${reason}. Remove the folder and start again: the node reads everything anew from L1`,
    { cause: error },
  );
}
