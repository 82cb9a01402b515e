/** Read access to a state: the committed one, an old one, or one in the making. */
import type { Felt } from "../field/felt.ts";

/** Absent values read as 0, as in the protocol's tries. Reads are synchronous: execution is. */
export interface StateReader {
  storageAt(address: Felt, key: Felt): Felt;
  nonceAt(address: Felt): Felt;
  /** 0 where no contract is deployed. */
  classHashAt(address: Felt): Felt;
  /** 0 where the class is not declared. */
  compiledClassHash(classHash: Felt): Felt;
}

/** The state before the first block. */
export const EMPTY_STATE: StateReader = {
  storageAt: () => 0n,
  nonceAt: () => 0n,
  classHashAt: () => 0n,
  compiledClassHash: () => 0n,
};
