/** What the state changes of a transaction cost on L1 (blockifier `fee/gas_usage.rs`, `state/cached_state.rs`). */
import type { Felt } from "../../field/felt.ts";
import { snKeccak } from "../../hash/keccak.ts";
import { pedersen } from "../../hash/pedersen.ts";
import type { StateDiff } from "../../state/diff.ts";
import type { StateReader } from "../../state/reader.ts";
import type { DataAvailabilityMode } from "../block.ts";
import { ADDRESS_BOUND, ALLOCATION_GAS, ETHEREUM_GAS } from "../constants.ts";
import type { GasVector } from "../receipt.ts";
import { addGas, l1Gas, NO_GAS, scaleGas } from "./gas-vector.ts";

export interface StateChangesCount {
  readonly storageUpdates: number;
  /** deployed contracts and replaced classes */
  readonly classHashUpdates: number;
  /** declared classes */
  readonly compiledClassHashUpdates: number;
  readonly modifiedContracts: number;
  /** storage cells that turn from zero to something else */
  readonly allocatedKeys: number;
}

let balances: Felt | undefined;

/** Storage key of the low half of an account's balance in a fee token; the high half is the next key. */
export const balanceKey = (account: Felt): Felt =>
  pedersen((balances ??= snKeccak("ERC20_balances")), account) % ADDRESS_BOUND;

/** u256 balance of an account in a fee token. */
export function feeTokenBalance(state: StateReader, token: Felt, account: Felt): bigint {
  const key = balanceKey(account);
  return state.storageAt(token, key) + (state.storageAt(token, key + 1n) << 128n);
}

/**
 * Counts what the fee is charged for. The fee transfer has not happened yet: the sender's new balance
 * counts, that of the sequencer and the token contract itself do not, as all transactions of a block
 * share them. `before` is the state that the diff starts from; L1 handlers have no `sender`.
 */
export function countStateChanges(
  diff: StateDiff,
  before: StateReader,
  feeToken: Felt,
  sender?: Felt,
): StateChangesCount {
  const modified = new Set<Felt>([
    ...diff.storage.keys(),
    ...diff.nonces.keys(),
    ...diff.deployedContracts.keys(),
    ...diff.replacedClasses.keys(),
  ]);
  modified.delete(feeToken);
  let storageUpdates = 0;
  let allocatedKeys = 0;
  for (const [address, entries] of diff.storage) {
    storageUpdates += entries.size;
    for (const [key, value] of entries) {
      if (value !== 0n && before.storageAt(address, key) === 0n) allocatedKeys++;
    }
  }
  if (sender !== undefined && !diff.storage.get(feeToken)?.has(balanceKey(sender))) {
    storageUpdates++;
  }
  return {
    storageUpdates,
    classHashUpdates: diff.deployedContracts.size + diff.replacedClasses.size,
    compiledClassHashUpdates: diff.declaredClasses.size,
    modifiedContracts: modified.size,
    allocatedKeys,
  };
}

/** Words that the changes add to the data segment of the OS output. */
export const dataSegmentLength = (count: StateChangesCount): number =>
  2 * count.modifiedContracts +
  count.classHashUpdates +
  2 * count.storageUpdates +
  2 * count.compiledClassHashUpdates;

const calldataWordGas = (nonZeroBytes: bigint): bigint =>
  nonZeroBytes * ETHEREUM_GAS.calldataByte + (32n - nonZeroBytes) * ETHEREUM_GAS.calldataZeroByte;

/** Gas of publishing the changes on L1. */
export function dataAvailabilityGas(
  count: StateChangesCount,
  mode: DataAvailabilityMode,
): GasVector {
  const words = BigInt(dataSegmentLength(count));
  if (mode === "BLOB") return { ...NO_GAS, l1DataGas: words * ETHEREUM_GAS.blobFelt };
  // Words with few non-zero bytes are cheaper calldata: the second word of a contract (flag, number of
  // updates, nonce: 6 bytes) and one fee balance (12 bytes).
  const discount =
    BigInt(count.modifiedContracts) * (ETHEREUM_GAS.calldataWord - calldataWordGas(6n)) +
    (ETHEREUM_GAS.calldataWord - calldataWordGas(12n));
  const naive = words * ETHEREUM_GAS.sharpDataWord;
  return l1Gas(naive > discount ? naive - discount : 0n);
}

/** Gas of publishing the changes, and of the storage cells that they allocate. */
export const stateChangesGas = (count: StateChangesCount, mode: DataAvailabilityMode): GasVector =>
  addGas(
    scaleGas(ALLOCATION_GAS[mode], BigInt(count.allocatedKeys)),
    dataAvailabilityGas(count, mode),
  );
