/** Blocks of others on top of the own chain: nothing is stored unless all that the block hash covers fits. */
import { contextOf, type Block, type BlockHeader } from "../starknet/block.ts";
import { blockCommitments, blockHash } from "../starknet/commitment/block-hash.ts";
import { STARKNET_VERSION } from "../starknet/constants.ts";
import { transactionHash } from "../starknet/transaction-hash.ts";
import type { BlockEffects, Chain } from "../sequencer/chain.ts";
import type { StateDiff } from "../state/diff.ts";
import type { StateReader } from "../state/reader.ts";
import type { SourceBlock } from "./block-source.ts";
import { headerDifference } from "./compare.ts";
import { Divergence, shown } from "./divergence.ts";

/** What a block says of itself before anything runs. Throws Divergence. */
export function checkClaims({ header, transactions, receipts }: Block, chain: Chain): void {
  const { number, starknetVersion, parentHash } = header;
  const fail = (reason: string): never => {
    throw new Divergence(number, reason);
  };
  if (starknetVersion !== STARKNET_VERSION)
    fail(`it is of Starknet ${starknetVersion}, and this node knows ${STARKNET_VERSION}`);
  const parent = chain.isEmpty ? 0n : chain.latest().hash;
  if (parentHash !== parent)
    fail(`its parent's hash is ${shown(parentHash)}, not ${shown(parent)}`);
  if (receipts.length !== transactions.length)
    fail(`it has ${transactions.length} transactions and ${receipts.length} receipts`);
  for (const [index, transaction] of transactions.entries()) {
    const hash = transactionHash(transaction, chain.chainId);
    if (hash === transaction.hash) continue;
    fail(
      `transaction ${index} has the hash ${shown(hash)} on chain ${shown(chain.chainId)}, ` +
        `and the source says ${shown(transaction.hash)} (is the chain id the sequencer's?)`,
    );
  }
}

/**
 * Puts a claimed block on top of the chain: the header is computed from what is in the block and from the root to which
 * the diff leads, and must be the claimed one. Throws Divergence, and then nothing has changed.
 */
export function adopt(chain: Chain, claimed: Block, effects: BlockEffects): Block {
  const { transactions, receipts } = claimed;
  const { number, parentHash } = claimed.header;
  return chain.append(effects, number, (stateRoot) => {
    const unhashed = {
      ...contextOf(claimed.header),
      ...blockCommitments(transactions, receipts, effects.stateDiff),
      parentHash,
      stateRoot,
    };
    const header: BlockHeader = { ...unhashed, hash: blockHash(unhashed) };
    const difference = headerDifference(header, claimed.header);
    if (difference !== undefined) throw new Divergence(number, difference);
    return { header, transactions, receipts };
  });
}

/**
 * Puts a claimed block on top of the chain without executing it: its diff is taken as it is, where it names only what
 * changes. Throws Divergence, and then nothing has changed.
 */
export function adoptAsClaimed(
  chain: Chain,
  { block, stateDiff }: SourceBlock,
  classes: BlockEffects["classes"],
): Block {
  checkMinimal(block.header.number, stateDiff, chain.state.latest());
  return adopt(chain, block, { stateDiff, classes, traces: [] });
}

/**
 * A diff says only what differs from the state before, and every change by its right name: else the history of values
 * would have changes that were none. Throws Divergence.
 */
function checkMinimal(number: number, diff: StateDiff, before: StateReader): void {
  const fail = (reason: string): never => {
    throw new Divergence(number, `its state diff ${reason}`);
  };
  for (const [address, entries] of diff.storage)
    for (const [key, value] of entries)
      if (before.storageAt(address, key) === value)
        fail(`sets storage ${shown(key)} of contract ${shown(address)} to what it was`);
  for (const [address, nonce] of diff.nonces)
    if (before.nonceAt(address) === nonce)
      fail(`sets the nonce of ${shown(address)} to what it was`);
  for (const address of diff.deployedContracts.keys())
    if (before.classHashAt(address) !== 0n) fail(`deploys ${shown(address)} again`);
  for (const [address, classHash] of diff.replacedClasses) {
    const old = before.classHashAt(address);
    if (old === 0n || old === classHash) fail(`replaces the class of ${shown(address)} by none`);
  }
  for (const classHash of diff.declaredClasses.keys())
    if (before.compiledClassHash(classHash) !== 0n) fail(`declares ${shown(classHash)} again`);
}
