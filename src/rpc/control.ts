/**
 * What the `devnet_*` methods need of a devnet: changes that no transaction could make. Method names,
 * parameters and answers of the JSON-RPC are starknet-devnet's 0.10.1; here they are typed.
 */
import type { Felt } from "../field/felt.ts";
import type { StateDiff } from "../state/diff.ts";
import type { GasPrices } from "../starknet/block.ts";
import type { SierraClass } from "../starknet/class/sierra.ts";
import type { StateBlock } from "./execution-service.ts";

/** The unit names the token: FRI is STRK, WEI is ETH. */
export type TokenUnit = "FRI" | "WEI";

export interface PredeployedAccount {
  readonly address: Felt;
  readonly publicKey: Felt;
  readonly privateKey: Felt;
  readonly initialBalance: bigint;
}

/** Gas prices to change; absent ones stay. All above 0, u128. */
export interface GasPriceChanges {
  readonly l1GasWei?: bigint;
  readonly l1GasFri?: bigint;
  readonly l1DataGasWei?: bigint;
  readonly l1DataGasFri?: bigint;
  readonly l2GasWei?: bigint;
  readonly l2GasFri?: bigint;
}

/** A class for `applyStateDiff`; the hashes, where given, must be its own. */
export interface SuppliedClass {
  readonly sierra: SierraClass;
  readonly classHash: Felt | undefined;
  readonly compiledClassHash: Felt | undefined;
}

export interface DevnetStatus {
  /** Closed blocks, genesis included. */
  readonly blockCount: number;
  /** Transactions in closed blocks and in the open one. */
  readonly transactionCount: number;
  readonly preConfirmedTransactionCount: number;
  /** This package's version. */
  readonly version: string;
  readonly impersonatedAccounts: readonly Felt[];
  readonly autoImpersonate: boolean;
}

/** Settings as `devnet_getConfig` shows them. */
export interface DevnetConfig {
  readonly seed: number;
  readonly accounts: number;
  readonly accountClassHash: Felt;
  readonly initialBalance: bigint;
  readonly startTime: number | undefined;
  /** The prices at the start. */
  readonly gasPrices: GasPrices;
  /** Text, for example SN_SEPOLIA. */
  readonly chainId: string;
  readonly dumpOn: DumpOn | undefined;
  readonly dumpPath: string | undefined;
  readonly blockGenerationOn: "transaction" | "demand" | { readonly everySeconds: number };
  readonly ethClassHash: Felt;
  readonly strkClassHash: Felt;
  readonly maximumContractClassSize: number;
  readonly maximumContractBytecodeSize: number;
  readonly maximumSierraLength: number;
  readonly host: string;
  readonly port: number;
  /** seconds */
  readonly timeout: number;
  readonly restrictedMethods: readonly string[];
}

/** When the journal of state-changing requests is written to its file. */
export type DumpOn = "exit" | "block" | "request";

export type ControlErrorCode =
  /** A value that cannot be applied: answered as invalid parameters. */
  | "INVALID"
  | "BLOCK_NOT_FOUND"
  | "CONTRACT_NOT_FOUND"
  | "CLASS_HASH_NOT_FOUND"
  | "INVALID_CONTRACT_CLASS"
  /** Never possible here, or not now; the message says why. */
  | "UNSUPPORTED"
  /** The mint's transaction reverted; the message is its reason. */
  | "MINTING_REVERTED";

/** Why a devnet refused a change; the state is as it was. */
export class ControlError extends Error {
  override readonly name = "ControlError";
  readonly code: ControlErrorCode;
  /** MINTING_REVERTED only */
  readonly transactionHash: Felt | undefined;

  constructor(code: ControlErrorCode, message: string, transactionHash?: Felt) {
    super(message);
    this.code = code;
    this.transactionHash = transactionHash;
  }
}

/** Hears of snapshots of L2, by whomever they are, in the very turn: nothing runs between a change and its telling. */
export interface SnapshotListener {
  taken(id: number): void;
  /** The chain is as it was when snapshot `id` was taken. */
  reverted(id: number): void;
}

/**
 * All reject with ControlError. Changes wait for the block that is being produced: they are seen by
 * other clients as one step, and chain listeners hear of new and of lost blocks.
 */
export interface DevnetControl {
  /** Adds tokens (u256) to an account, by a transaction of the token's owner; u256 balance afterwards. */
  mint(
    address: Felt,
    amount: bigint,
    unit: TokenUnit,
  ): Promise<{ readonly newBalance: bigint; readonly transactionHash: Felt }>;
  balance(address: Felt, unit: TokenUnit, block: StateBlock): Promise<bigint>;
  predeployedAccounts(): readonly PredeployedAccount[];
  /** Closes the open block, empty or not; the new block's hash. */
  createBlock(): Promise<Felt>;
  /**
   * Takes back the chain's end from block `first` on (the open block: closes it and takes it back);
   * hashes of the lost blocks, newest first. UNSUPPORTED for the genesis block and blocks accepted on L1.
   */
  abortBlocks(first: StateBlock): Promise<readonly Felt[]>;
  /**
   * Sets the clock (seconds since 1970) from which the next block is on. With `generateBlock`, closes a
   * block at that time and answers its hash.
   */
  setTime(seconds: number, generateBlock: boolean): Promise<Felt | undefined>;
  /** Moves the clock on, and closes a block; its hash. */
  increaseTime(seconds: number): Promise<Felt>;
  /** Prices from the next block on; with `generateBlock`, that block is closed at once. All prices then. */
  setGasPrices(changes: GasPriceChanges, generateBlock: boolean): Promise<GasPrices>;
  /** From now on, the account's transactions need no valid signature. */
  impersonateAccount(address: Felt): Promise<void>;
  stopImpersonateAccount(address: Felt): Promise<void>;
  /** The same for every account. */
  autoImpersonate(on: boolean): Promise<void>;
  /**
   * Writes to the state directly, all or nothing, and adds classes; the hashes of `classes`, in order.
   * declaredClasses of `diff` must name classes that are known or supplied.
   */
  applyStateDiff(
    diff: StateDiff,
    classes: readonly SuppliedClass[],
  ): Promise<readonly { readonly classHash: Felt; readonly compiledClassHash: Felt }[]>;
  /** Remembers everything as it is now; ids count from 1 and are never used again. */
  snapshot(): Promise<number>;
  /**
   * Goes back to a snapshot, which is used up with all later ones; false when there is none of that id.
   * Listeners hear a `reorg` for the blocks that are lost.
   */
  revert(snapshot: number): Promise<boolean>;
  /** Also tells of snapshots that come with one of L1. */
  subscribeToSnapshots(listener: SnapshotListener): void;
  /**
   * Starts over from genesis, on L1 too, there in the same contracts or in new ones; forgets snapshots. ChainView,
   * Gateway and ExecutionService objects stay valid.
   */
  restart(redeployOnL1: boolean): Promise<void>;
  config(): DevnetConfig;
  status(): DevnetStatus;
}
