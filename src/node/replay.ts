/** A block executed again: every receipt, the state diff, the root and the hash must come out as they are claimed. */
import { setImmediate } from "node:timers/promises";
import type { Felt } from "../field/felt.ts";
import type { Chain } from "../sequencer/chain.ts";
import type { ClassLibrary, NewClass } from "../sequencer/class-library.ts";
import { OpenBlock, type BlockLimits } from "../sequencer/open-block.ts";
import { contextOf, type BlockContext } from "../starknet/block.ts";
import { STORED_BLOCK_HASH_BUFFER } from "../starknet/constants.ts";
import type { ExecutionEnvironment } from "../starknet/execution/environment.ts";
import { TransactionRejected } from "../starknet/execution/rejection.ts";
import type { Transaction } from "../starknet/transaction.ts";
import { adopt, adoptAsClaimed } from "./adopt.ts";
import type { SourceBlock } from "./block-source.ts";
import { diffDifference, receiptDifference } from "./compare.ts";
import { Divergence, shown } from "./divergence.ts";

export interface ReplayParts {
  readonly chain: Chain;
  readonly environment: ExecutionEnvironment;
  readonly library: ClassLibrary;
  /** Takes a block without transactions whatever it changes: `devnet_applyStateDiff` writes such blocks. */
  readonly acceptWritten: boolean;
}

/** How large a block may be is the sequencer's business. */
const NO_LIMITS: BlockLimits = {
  transactions: Infinity,
  l2Gas: 1n << 256n,
  l1Gas: 1n << 256n,
  outputWords: Infinity,
};

/** Between two transactions, others have their turn. Rejects with Divergence, and then nothing has changed. */
export async function replay(
  parts: ReplayParts,
  { block, stateDiff }: SourceBlock,
  classes: ReadonlyMap<Felt, NewClass>,
): Promise<void> {
  const { chain, library } = parts;
  for (const [classHash, declared] of classes) library.add(classHash, declared);
  try {
    const { header } = block;
    // The state of block 0 is given; whoever wants another one is on another chain.
    const given = header.number === 0 || (parts.acceptWritten && block.transactions.length === 0);
    if (given) {
      adoptAsClaimed(chain, { block, stateDiff }, classes);
      return;
    }
    const open = openOn(chain, contextOf(header), parts.environment);
    for (const [index, transaction] of block.transactions.entries()) {
      if (index > 0) await setImmediate();
      execute(open, transaction, index, block, classes);
    }
    const difference = diffDifference(open.stateDiff, stateDiff);
    if (difference !== undefined) throw new Divergence(header.number, difference);
    adopt(chain, block, { stateDiff: open.stateDiff, classes, traces: open.traces });
  } finally {
    for (const classHash of classes.keys()) library.release(classHash);
  }
}

/** An empty block on top of the chain. */
export const openOn = (
  chain: Chain,
  context: BlockContext,
  environment: ExecutionEnvironment,
): OpenBlock =>
  new OpenBlock({
    context,
    parentHash: chain.latest().hash,
    parentState: chain.state.latest(),
    agedBlockHash: chain.header(context.number - STORED_BLOCK_HASH_BUFFER)?.hash,
    environment,
    limits: NO_LIMITS,
  });

function execute(
  open: OpenBlock,
  transaction: Transaction,
  index: number,
  { header, receipts }: SourceBlock["block"],
  classes: ReadonlyMap<Felt, NewClass>,
): void {
  const fail = (reason: string): never => {
    throw new Divergence(
      header.number,
      `transaction ${index}, ${shown(transaction.hash)}: ${reason}`,
    );
  };
  const newClass = transaction.type === "DECLARE" ? classes.get(transaction.classHash) : undefined;
  try {
    const receipt = open.execute(transaction, { skipValidate: false, newClass });
    const difference = receiptDifference(receipt, receipts[index]!);
    if (difference !== undefined) fail(difference);
  } catch (error) {
    if (!(error instanceof TransactionRejected)) throw error;
    fail(`the protocol takes it into no block (was its sender impersonated?): ${error.message}`);
  }
}
