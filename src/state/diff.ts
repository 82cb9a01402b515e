/** What a block changes in the state. */
import type { Felt } from "../field/felt.ts";

/**
 * Changes from one state to the next, only what really differs. Maps keep no order: consumers that
 * need one (commitment, L1 data) sort by key.
 */
export interface StateDiff {
  /** contract address -> storage key -> new value */
  readonly storage: ReadonlyMap<Felt, ReadonlyMap<Felt, Felt>>;
  /** contract address -> new nonce */
  readonly nonces: ReadonlyMap<Felt, Felt>;
  /** contract address -> class hash, for addresses that had none */
  readonly deployedContracts: ReadonlyMap<Felt, Felt>;
  /** contract address -> class hash, for addresses that had another */
  readonly replacedClasses: ReadonlyMap<Felt, Felt>;
  /** class hash -> compiled class hash */
  readonly declaredClasses: ReadonlyMap<Felt, Felt>;
}

export const emptyDiff = (): StateDiff => ({
  storage: new Map(),
  nonces: new Map(),
  deployedContracts: new Map(),
  replacedClasses: new Map(),
  declaredClasses: new Map(),
});
