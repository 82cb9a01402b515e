/** How many words parts of an output take, without encoding them (see state-diff-encoding.ts, program-output.ts). */
import type { StateDiff } from "../../state/diff.ts";
import type { Receipt } from "../receipt.ts";
import type { Transaction } from "../transaction.ts";

/** Sizes of the state diff's two lists. */
const LIST_SIZES = 2;
const MESSAGE_TO_L1_PREFIX = 3;
const MESSAGE_TO_L2_PREFIX = 5;

/** Words of a state diff: exactly as many as `encodeStateDiff` gives. */
export function stateDiffWords(diff: StateDiff): number {
  const contracts = new Set([
    ...diff.nonces.keys(),
    ...diff.deployedContracts.keys(),
    ...diff.replacedClasses.keys(),
  ]);
  let updates = 0;
  for (const [address, entries] of diff.storage) {
    if (entries.size > 0) contracts.add(address);
    updates += entries.size;
  }
  return (
    LIST_SIZES +
    2 * contracts.size +
    diff.deployedContracts.size +
    diff.replacedClasses.size +
    2 * updates +
    2 * diff.declaredClasses.size
  );
}

/** Words of the messages that a transaction sends to L1, and of the one that it consumes. */
export function messageWords(transaction: Transaction, receipt: Receipt): number {
  let words = 0;
  for (const { payload } of receipt.messages) words += MESSAGE_TO_L1_PREFIX + payload.length;
  if (transaction.type === "L1_HANDLER" && receipt.revertReason === undefined)
    words += MESSAGE_TO_L2_PREFIX + transaction.calldata.length - 1;
  return words;
}
