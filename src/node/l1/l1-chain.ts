/** The states that L1 has accepted, on a store: one for the end of each update. */
import type { Felt } from "../../field/felt.ts";
import { RpcError } from "../../rpc/errors.ts";
import type { StateView } from "../../starknet/chain-view.ts";
import { decodeStateDiff } from "../../starknet/output/state-diff-encoding.ts";
import { MalformedOutputError } from "../../starknet/output/word-reader.ts";
import { ChainState } from "../../state/chain-state.ts";
import type { StateDiff } from "../../state/diff.ts";
import type { StateReader } from "../../state/reader.ts";
import type { ProofAnswer, ProofRequest } from "../../state/storage-proof.ts";
import type { KeyValueStore, StoreOperation } from "../../state/store/store.ts";
import { toHex } from "../../util/hex.ts";
import { L1NodeError } from "./problem.ts";
import { type End, endRemoval, endRow } from "./tables.ts";

/** Which block was last. */
export type EndId = Pick<End, "number" | "hash" | "root">;

export const sameEnd = (a: EndId, b: EndId): boolean =>
  a.number === b.number && a.hash === b.hash && a.root === b.root;

export const shownEnd = ({ number, hash, root }: EndId): string =>
  `block ${number} with hash ${toHex(hash)} and root ${toHex(root)}`;

/** Blocks are named by the numbers of L2; those inside of an update are not there. */
export class L1Chain implements StateView {
  readonly chainId: Felt;
  readonly #store: KeyValueStore;
  readonly #state: ChainState;
  readonly #ends: End[];
  /** Indices by block number and by block hash. */
  readonly #byNumber = new Map<number, number>();
  readonly #byHash = new Map<Felt, number>();

  /** @param ends of the store, which has been checked (stored-data.ts) */
  constructor(chainId: Felt, store: KeyValueStore, ends: readonly End[]) {
    this.chainId = chainId;
    this.#store = store;
    this.#state = new ChainState(store);
    this.#ends = [...ends];
    ends.forEach((end, index) => this.#index(end, index));
  }

  get ends(): readonly End[] {
    return this.#ends;
  }

  /** The newest one; undefined before the initial state is there. */
  get newest(): End | undefined {
    return this.#ends.at(-1);
  }

  /** Index of the end that is this one. */
  find(id: EndId): number | undefined {
    const index = this.#byNumber.get(id.number);
    return index !== undefined && sameEnd(this.#ends[index]!, id) ? index : undefined;
  }

  /**
   * Applies a state diff to the newest state, in one batch with `rows`. Throws L1NodeError, and changes nothing,
   * where it is none or does not give the root of `end`.
   */
  append(end: End, stateDiff: readonly Felt[], rows: readonly StoreOperation[] = []): void {
    const index = this.#ends.length;
    const { globalRoot, operations } = this.#state.prepare(index, this.#decode(end, stateDiff));
    if (globalRoot !== end.root)
      throw new L1NodeError(
        `the state diff on L1 up to block ${end.number} gives the root ${toHex(globalRoot)}, L1 has accepted ${toHex(end.root)} (transaction ${end.place.transactionHash})`,
      );
    this.#store.batch([...operations, endRow(index, end), ...rows]);
    this.#ends.push(end);
    this.#index(end, index);
  }

  /** Takes all ends after that of index `last` back, in one batch with `rows`; how many. */
  truncate(last: number, rows: readonly StoreOperation[] = []): number {
    const gone = this.#ends.slice(last + 1);
    if (gone.length === 0) return 0;
    const removals = gone.map((_, i) => endRemoval(last + 1 + i));
    this.#store.batch([...this.#state.revertTo(last), ...removals, ...rows]);
    this.#ends.length = last + 1;
    for (const { number, hash } of gone) {
      this.#byNumber.delete(number);
      this.#byHash.delete(hash);
    }
    return gone.length;
  }

  /** Notes where on L1 the initial state is now. */
  moveInitial(place: End["place"]): void {
    const end = { ...this.#ends[0]!, place };
    this.#store.batch([endRow(0, end)]);
    this.#ends[0] = end;
  }

  latest(): { number: number; hash: Felt; stateRoot: Felt } {
    const { number, hash, root } = this.newest!;
    if (number < 0) throw new RpcError("NO_BLOCKS");
    return { number, hash, stateRoot: root };
  }

  latestOnL1(): number {
    return this.newest!.number;
  }

  header(number: number): { number: number; hash: Felt; stateRoot: Felt } | undefined {
    const index = this.#byNumber.get(number);
    if (index === undefined) return undefined;
    const { hash, root } = this.#ends[index]!;
    return { number, hash, stateRoot: root };
  }

  numberOf(blockHash: Felt): number | undefined {
    const index = this.#byHash.get(blockHash);
    return index === undefined ? undefined : this.#ends[index]!.number;
  }

  whyMissing(number: number): string | undefined {
    if (this.#byNumber.has(number)) return undefined;
    const after = this.#ends.findIndex((end) => end.number > number);
    const next = this.#ends[after];
    const before = this.#ends.at(after < 0 ? -1 : after - 1)!;
    if (next === undefined) return `L1 has accepted blocks up to ${before.number} so far`;
    if (after === 0) return `the core contract on L1 began with block ${next.number}`;
    return `L1 has accepted blocks ${next.first} to ${next.number} together: it has the states after ${before.number} and after ${next.number}, none between them`;
  }

  /** Of an update that has one block. */
  stateDiff(number: number): StateDiff | undefined {
    const index = this.#byNumber.get(number);
    if (index === undefined) return undefined;
    this.#requireSingle(index, "what it changed");
    return this.#state.diff(index);
  }

  preConfirmed(): undefined {
    return undefined;
  }

  stateAt(number: number): StateReader {
    const index = this.#indexOf(number);
    return index === this.#ends.length - 1 ? this.#state.latest() : this.#state.readerAt(index);
  }

  lastStorageUpdate(address: Felt, key: Felt, number: number): number | undefined {
    const index = this.#state.lastStorageUpdate(address, key, this.#indexOf(number));
    if (index === undefined) return undefined;
    this.#requireSingle(index, "which of them last changed the cell");
    return this.#ends[index]!.number;
  }

  storageProof(number: number, request: ProofRequest): ProofAnswer {
    return this.#state.storageProof(this.#indexOf(number), request);
  }

  #indexOf(number: number): number {
    const index = this.#byNumber.get(number);
    if (index === undefined) throw new RangeError(`there is no state of block ${number}`);
    return index;
  }

  /** An update's blocks are not told apart on L1; the initial state may be that of a late block. */
  #requireSingle(index: number, unknown: string): void {
    const { first, number } = this.#ends[index]!;
    if (first === number && (index > 0 || number <= 0)) return;
    const blocks = index === 0 ? `0 to ${number}` : `${first} to ${number}`;
    throw new RpcError("METHOD_NOT_SUPPORTED", {
      message: `L1 has one state diff of blocks ${blocks} together, and does not say ${unknown}: ask a node that follows L2`,
    });
  }

  #decode({ number, place }: End, words: readonly Felt[]): StateDiff {
    const state = this.#state.latest();
    try {
      return decodeStateDiff(words, (address) => state.classHashAt(address) !== 0n);
    } catch (error) {
      if (!(error instanceof MalformedOutputError)) throw error;
      throw new L1NodeError(
        `the state diff on L1 up to block ${number} is none: ${error.message} (transaction ${place.transactionHash})`,
      );
    }
  }

  #index({ number, hash }: End, index: number): void {
    this.#byNumber.set(number, index);
    this.#byHash.set(hash, index);
  }
}
