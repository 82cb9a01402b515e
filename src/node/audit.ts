/** Whether a store is what its own hashes say; a node that begins on a damaged one would go on wrongly without a word. */
import { setImmediate } from "node:timers/promises";
import { deserialize } from "node:v8";
import type { Felt } from "../field/felt.ts";
import {
  readBody,
  readHeader,
  readNumber,
  readPlace,
  readTraces,
} from "../sequencer/block-tables.ts";
import type { BlockHeader } from "../starknet/block.ts";
import type { CasmClass } from "../starknet/class/casm.ts";
import { sierraClassHash } from "../starknet/class/class-hash.ts";
import { compiledClassHash } from "../starknet/class/compiled-class-hash.ts";
import type { SierraClass } from "../starknet/class/sierra.ts";
import { blockCommitments, blockHash } from "../starknet/commitment/block-hash.ts";
import { transactionHash } from "../starknet/transaction-hash.ts";
import { StateAudit } from "../state/audit.ts";
import { ChainState } from "../state/chain-state.ts";
import type { StateDiff } from "../state/diff.ts";
import { StoreError } from "../state/store/store-error.ts";
import type { KeyValueStore } from "../state/store/store.ts";
import { headerDifference } from "./compare.ts";
import { shown } from "./divergence.ts";

/** Blocks between two turns for others, and two reports. */
const STRIDE = 32;

/**
 * Computes every hash of the chain again, from the rows that it is the hash of, and the state from the diffs. Rejects with
 * StoreError for what does not fit.
 */
export async function audit(
  store: KeyValueStore,
  chainId: Felt,
  onProgress: (number: number, latest: number) => void,
): Promise<void> {
  try {
    await auditChain(store, chainId, onProgress);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StoreError(
      "CORRUPT",
      `the data folder is damaged: ${reason}. Remove the folder and start again: the node fetches everything anew`,
      { cause: error },
    );
  }
}

async function auditChain(
  store: KeyValueStore,
  chainId: Felt,
  onProgress: (number: number, latest: number) => void,
): Promise<void> {
  const state = new ChainState(store);
  const latest = state.latestNumber();
  if (latest === undefined) return;
  const rebuilt = new StateAudit(store);
  let parentHash = 0n;
  for (let number = 0; number <= latest; number++) {
    const { header, diff } = auditBlock(store, state, chainId, number, parentHash);
    const { globalRoot } = rebuilt.next(number);
    if (globalRoot !== header.stateRoot)
      throw new Error(`the diffs up to block ${number} do not lead to its state root`);
    auditClasses(state, diff);
    parentHash = header.hash;
    if (number % STRIDE > 0 && number < latest) continue;
    onProgress(number, latest);
    await setImmediate();
  }
  rebuilt.finish();
}

/** The block's header and state diff, which all else of the block fits. */
function auditBlock(
  store: KeyValueStore,
  state: ChainState,
  chainId: Felt,
  number: number,
  parentHash: Felt,
): { readonly header: BlockHeader; readonly diff: StateDiff } {
  const fail = (reason: string): never => {
    throw new Error(`block ${number}: ${reason}`);
  };
  const header = readHeader(store, number) ?? fail("its header is missing");
  const { transactions, receipts } = readBody(store, number) ?? fail("its body is missing");
  const diff = state.diff(number) ?? fail("its state diff is missing");
  if (readTraces(store, number) === undefined) fail("its traces are missing");
  const unhashed = {
    ...header,
    ...blockCommitments(transactions, receipts, diff),
    number,
    parentHash,
  };
  const difference = headerDifference({ ...unhashed, hash: blockHash(unhashed) }, header);
  if (difference !== undefined) fail(difference.replace("the source says", "its header says"));
  if (readNumber(store, header.hash) !== number) fail("its hash does not lead to it");
  for (const [index, transaction] of transactions.entries()) {
    if (transactionHash(transaction, chainId) !== transaction.hash)
      fail(`transaction ${index} does not have the hash ${shown(transaction.hash)}`);
    const place = readPlace(store, transaction.hash);
    if (place?.[0] !== number || place[1] !== index)
      fail(`the hash of transaction ${index} does not lead to it`);
  }
  return { header, diff };
}

function auditClasses(state: ChainState, { declaredClasses }: StateDiff): void {
  for (const [classHash, compiledHash] of declaredClasses) {
    const [sierra, casm] = [state.sierra(classHash), state.casm(classHash)];
    if (sierra === undefined || casm === undefined)
      throw new Error(`class ${shown(classHash)} is missing`);
    if (
      sierraClassHash(deserialize(sierra) as SierraClass) !== classHash ||
      compiledClassHash(deserialize(casm) as CasmClass) !== compiledHash
    )
      throw new Error(`class ${shown(classHash)} is another one`);
  }
}
