/**
 * What the OS program is given to prove blocks: transactions with the calls that they make, classes, and
 * the tries before. The blocks are executed once more for it, with everything written down.
 */
import type { Felt } from "../field/felt.ts";
import { CachedState } from "../state/cached-state.ts";
import type { ContractLeaf } from "../state/commitment.ts";
import type { StateDiff } from "../state/diff.ts";
import type { StateReader } from "../state/reader.ts";
import type { NodeSource } from "../state/trie/node.ts";
import type { Block, BlockContext } from "../starknet/block.ts";
import type { CasmClass } from "../starknet/class/casm.ts";
import { BLOCK_HASH_CONTRACT, STORED_BLOCK_HASH_BUFFER } from "../starknet/constants.ts";
import type { ExecutedCall } from "../starknet/execution/call-info.ts";
import type { ExecutionEnvironment } from "../starknet/execution/environment.ts";
import { executeTransaction } from "../starknet/execution/transaction.ts";
import type { TransactionExecution } from "../starknet/execution/transaction.ts";
import type { Transaction } from "../starknet/transaction.ts";
import { type OsClass, osClass } from "./classes.ts";
import { checkCall, checkTransaction } from "./limits.ts";
import { Unprovable } from "./unprovable.ts";

/** A transaction as it ran in its block. */
export interface OsTransaction {
  readonly transaction: Transaction;
  /** Its execution was undone, or never finished: it is not run. */
  readonly reverted: boolean;
  readonly fee: bigint;
  /** Every call in the order in which calls begin. */
  readonly calls: readonly ExecutedCall[];
}

export interface OsBlock {
  readonly context: BlockContext;
  /** Hash of the block ten blocks before; 0 for the first ten. */
  readonly agedHash: Felt;
  readonly transactions: readonly OsTransaction[];
}

/** The state before the first block. */
export interface OsState {
  readonly reader: StateReader;
  readonly nodes: NodeSource;
  readonly contractsRoot: Felt;
  readonly classesRoot: Felt;
  contract(address: Felt): ContractLeaf;
}

export interface OsInput {
  readonly chainId: Felt;
  readonly feeToken: Felt;
  /** -1 before the first block */
  readonly prevBlockNumber: number;
  readonly prevBlockHash: Felt;
  readonly newBlockHash: Felt;
  readonly blocks: readonly OsBlock[];
  /** Classes that ran. */
  readonly classes: readonly OsClass[];
  readonly state: OsState;
}

/** Where blocks and the states between them come from; the sequencer's chain is one. */
export interface OsSource {
  block(number: number): Block | undefined;
  /** Hash of a block, which may be an older one than those whose bodies are known. */
  blockHash(number: number): Felt | undefined;
  stateDiff(number: number): StateDiff | undefined;
  casmClass(classHash: Felt): CasmClass | undefined;
  /** The state after a block. */
  osState(number: number): OsState;
}

/**
 * The input for the blocks `first` to `last`. Throws Unprovable, in words for whoever made the block, for
 * what the OS cannot prove; RangeError for blocks that are not there.
 */
export function osInput(
  source: OsSource,
  environment: ExecutionEnvironment,
  first: number,
  last: number,
): OsInput {
  if (first < 1) {
    throw new Unprovable(
      0,
      "the genesis block has no transactions: its state is given, not proven",
    );
  }
  const state = source.osState(first - 1);
  const classes = new ClassTable(source);
  const recording = { ...environment, records: true };
  const blocks: OsBlock[] = [];
  let before: StateReader = state.reader;
  for (let number = first; number <= last; number++) {
    const after = new CachedState(before);
    const block = requireBlock(source, number);
    blocks.push(executeBlock(source, recording, block, after, classes));
    if (!sameDiff(after.diff(), source.stateDiff(number)!)) {
      throw new Unprovable(
        number,
        "its state changed otherwise than by its transactions (by devnet_applyStateDiff, for one)",
      );
    }
    before = after;
  }
  return {
    chainId: environment.chainId,
    feeToken: environment.feeTokens.strk,
    prevBlockNumber: first - 1,
    prevBlockHash: requireBlock(source, first).header.parentHash,
    newBlockHash: requireBlock(source, last).header.hash,
    blocks,
    classes: classes.all(),
    state,
  };
}

function requireBlock(source: OsSource, number: number): Block {
  const block = source.block(number);
  if (block === undefined) throw new RangeError(`there is no block ${number}`);
  return block;
}

function executeBlock(
  source: OsSource,
  environment: ExecutionEnvironment,
  { header, transactions, receipts }: Block,
  state: CachedState,
  classes: ClassTable,
): OsBlock {
  const { number } = header;
  const aged = number - STORED_BLOCK_HASH_BUFFER;
  const agedHash = aged < 0 ? 0n : source.blockHash(aged)!;
  if (aged >= 0) state.setStorage(BLOCK_HASH_CONTRACT, BigInt(aged), agedHash);
  return {
    context: header,
    agedHash,
    transactions: transactions.map((transaction, i): OsTransaction => {
      checkTransaction(number, transaction);
      const { receipt, calls } = execute(environment, header, state, transaction);
      const { actualFee, revertReason } = receipts[i]!;
      const reverted = revertReason !== undefined;
      if (receipt.actualFee !== actualFee || (receipt.revertReason !== undefined) !== reverted) {
        throw new Unprovable(number, "its transactions do not give the same receipts again");
      }
      const all = phases(transaction, calls).flatMap(preorder);
      for (const call of all) {
        checkCall(number, call, classes.get(number, state, call.classHash));
      }
      return { transaction, reverted, fee: actualFee, calls: all };
    }),
  };
}

function execute(
  environment: ExecutionEnvironment,
  context: BlockContext,
  state: CachedState,
  transaction: Transaction,
): TransactionExecution {
  try {
    return executeTransaction(environment, context, state, transaction);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Unprovable(
      context.number,
      `a transaction is in it that the protocol refuses (impersonation?): ${why}`,
      { cause: error },
    );
  }
}

/** Phases in the order in which they run: a new account is constructed before it validates. */
function phases({ type }: Transaction, calls: TransactionExecution["calls"]): ExecutedCall[] {
  const { validate, execute: executed, feeTransfer } = calls;
  return (
    type === "DEPLOY_ACCOUNT"
      ? [executed, validate, feeTransfer]
      : [validate, executed, feeTransfer]
  ).filter((call) => call !== undefined);
}

const preorder = (call: ExecutedCall): ExecutedCall[] => [call, ...call.calls.flatMap(preorder)];

/** Classes by their hash, with what ran of them. */
class ClassTable {
  readonly #source: OsSource;
  readonly #classes = new Map<Felt, OsClass>();

  constructor(source: OsSource) {
    this.#source = source;
  }

  get(number: number, state: StateReader, classHash: Felt): OsClass {
    const known = this.#classes.get(classHash);
    if (known !== undefined) return known;
    const casm = this.#source.casmClass(classHash);
    if (casm === undefined) throw new Error(`class ${classHash} is not in storage`);
    const loaded = osClass(number, casm, state.compiledClassHash(classHash), classHash);
    this.#classes.set(classHash, loaded);
    return loaded;
  }

  all(): OsClass[] {
    return [...this.#classes.values()];
  }
}

const sameMap = (a: ReadonlyMap<Felt, Felt>, b: ReadonlyMap<Felt, Felt>): boolean =>
  a.size === b.size && [...a].every(([key, value]) => b.get(key) === value);

function sameDiff(a: StateDiff, b: StateDiff): boolean {
  const none: ReadonlyMap<Felt, Felt> = new Map();
  const addresses = new Set([...a.storage.keys(), ...b.storage.keys()]);
  return (
    sameMap(a.nonces, b.nonces) &&
    sameMap(a.deployedContracts, b.deployedContracts) &&
    sameMap(a.replacedClasses, b.replacedClasses) &&
    sameMap(a.declaredClasses, b.declaredClasses) &&
    [...addresses].every((address) =>
      sameMap(a.storage.get(address) ?? none, b.storage.get(address) ?? none),
    )
  );
}
