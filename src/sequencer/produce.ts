/** Closes a block: new tries, commitments and hash from what its transactions left; then it is stored. */
import type { Felt } from "../field/felt.ts";
import type { StateDiff } from "../state/diff.ts";
import type { Block, BlockContext } from "../starknet/block.ts";
import { blockCommitments, blockHash } from "../starknet/commitment/block-hash.ts";
import type { Receipt, TransactionTrace } from "../starknet/receipt.ts";
import type { Transaction } from "../starknet/transaction.ts";
import type { Chain } from "./chain.ts";
import type { NewClass } from "./class-library.ts";

/** All that a block is made of. */
export interface BlockParts {
  readonly context: BlockContext;
  /** 0 for the genesis block */
  readonly parentHash: Felt;
  readonly transactions: readonly Transaction[];
  /** receipts[i] and traces[i] belong to transactions[i] */
  readonly receipts: readonly Receipt[];
  readonly traces: readonly TransactionTrace[];
  readonly stateDiff: StateDiff;
  readonly classes: ReadonlyMap<Felt, NewClass>;
}

/** Makes the block of `parts` and puts it on top of `chain`. */
export function produce(parts: BlockParts, chain: Chain): Block {
  const { context, parentHash, stateDiff, classes } = parts;
  const transactions = [...parts.transactions];
  const receipts = [...parts.receipts];
  const effects = { stateDiff, classes, traces: [...parts.traces] };
  return chain.append(effects, context.number, (stateRoot) => {
    const commitments = blockCommitments(transactions, receipts, stateDiff);
    const unhashed = { ...context, ...commitments, parentHash, stateRoot };
    return { header: { ...unhashed, hash: blockHash(unhashed) }, transactions, receipts };
  });
}
