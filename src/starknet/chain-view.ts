/**
 * Read access to a chain: what the JSON-RPC's read half and the feeder gateway serve. The sequencer
 * implements it, and so does every kind of node that follows it.
 */
import type { Felt } from "../field/felt.ts";
import type { StateDiff } from "../state/diff.ts";
import type { StateReader } from "../state/reader.ts";
import type { ProofAnswer, ProofRequest } from "../state/storage-proof.ts";
import type { Block, BlockContext, BlockHeader } from "./block.ts";
import type { CasmClass } from "./class/casm.ts";
import type { SierraClass } from "./class/sierra.ts";
import type { Receipt, TransactionTrace } from "./receipt.ts";
import type { Transaction } from "./transaction.ts";

/** The block that is being filled: ordered and executed, not yet closed. */
export interface PreConfirmedBlock {
  readonly context: BlockContext;
  readonly parentHash: Felt;
  readonly transactions: readonly Transaction[];
  /** receipts[i] and traces[i] belong to transactions[i] */
  readonly receipts: readonly Receipt[];
  readonly traces: readonly TransactionTrace[];
  /** Taken from the mempool, about to be executed. */
  readonly candidates: readonly Transaction[];
  readonly stateDiff: StateDiff;
  readonly state: StateReader;
}

/** Where a transaction is. `preConfirmed` when its block is still open. */
export type TransactionLocation =
  | { readonly kind: "block"; readonly number: number; readonly index: number }
  | { readonly kind: "preConfirmed"; readonly index: number };

export type TransactionStage =
  "RECEIVED" | "CANDIDATE" | "PRE_CONFIRMED" | "ACCEPTED_ON_L2" | "ACCEPTED_ON_L1";

export type { ProofAnswer, ProofRequest, StorageProof } from "../state/storage-proof.ts";
export type { TrieNode as ProofNode } from "../state/trie/node.ts";

/** What every view knows of a closed block. */
export type BlockSummary = Pick<BlockHeader, "number" | "hash" | "stateRoot">;

/** The states of a chain: what can be shown of it without its transactions. */
export interface StateView {
  readonly chainId: Felt;
  /** The newest closed block. */
  latest(): BlockSummary;
  /** Number of the newest block whose state root is on L1, if any. */
  latestOnL1(): number | undefined;
  header(number: number): BlockSummary | undefined;
  numberOf(blockHash: Felt): number | undefined;
  stateDiff(number: number): StateDiff | undefined;
  /** Undefined where nobody tells of open blocks. */
  preConfirmed(): Pick<PreConfirmedBlock, "context" | "stateDiff" | "state"> | undefined;
  /** State after block `number`. */
  stateAt(number: number): StateReader;
  /** Block in which storage[key] of the contract last changed, at or before `number`; undefined if never. */
  lastStorageUpdate(address: Felt, key: Felt, number: number): number | undefined;
  storageProof(number: number, request: ProofRequest): ProofAnswer;
  /** For a view that lacks blocks before its latest: why it lacks this one, and what to ask for; undefined if not. */
  whyMissing?(number: number): string | undefined;
}

export interface ChainView extends StateView {
  /** There is always a genesis block 0. */
  latest(): BlockHeader;
  header(number: number): BlockHeader | undefined;
  block(number: number): Block | undefined;
  /** traces of a closed block, in order */
  traces(number: number): readonly TransactionTrace[] | undefined;
  preConfirmed(): PreConfirmedBlock;
  /** Undefined for a hash that no block, closed or open, has. */
  locate(transactionHash: Felt): TransactionLocation | undefined;
  sierraClass(classHash: Felt): SierraClass | undefined;
  casmClass(classHash: Felt): CasmClass | undefined;
  /** Calls `listener` for every event from now on; the answer ends it. */
  subscribe(listener: ChainListener): () => void;
}

/** What happens on a chain, in the order in which it happens. */
export type ChainEvent =
  | { readonly kind: "received"; readonly transaction: Transaction }
  | { readonly kind: "candidate"; readonly transaction: Transaction }
  | {
      readonly kind: "preConfirmed";
      readonly transaction: Transaction;
      readonly receipt: Receipt;
      readonly index: number;
      readonly blockNumber: number;
    }
  | { readonly kind: "block"; readonly block: Block }
  /** It is dropped: it was taken for a block and may not be part of one. */
  | { readonly kind: "refused"; readonly transaction: Transaction; readonly reason: string }
  /** Blocks up to `number` are, those before it by the same update or by earlier ones. */
  | { readonly kind: "acceptedOnL1"; readonly number: number }
  /** Blocks `first` to `last` are gone, newest first; hashes are theirs. */
  | {
      readonly kind: "reorg";
      readonly first: { readonly number: number; readonly hash: Felt };
      readonly last: { readonly number: number; readonly hash: Felt };
    };

export type ChainListener = (event: ChainEvent) => void;
