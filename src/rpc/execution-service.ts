/**
 * What the JSON-RPC needs of an executor: calls, estimates and simulations on the state of a block.
 * Nothing here changes the chain.
 */
import type { Felt } from "../field/felt.ts";
import type { Submission } from "../sequencer/gateway.ts";
import type { TransactionTrace } from "../starknet/receipt.ts";

/** A block whose state is meant: a closed one that exists, by its number, or the open one. */
export type StateBlock = number | "preConfirmed";

export interface FunctionCall {
  readonly contractAddress: Felt;
  readonly entryPointSelector: Felt;
  readonly calldata: readonly Felt[];
}

/** A message from L1 whose handler is to be estimated. */
export interface MessageFromL1 {
  /** 160 bits */
  readonly fromAddress: bigint;
  readonly toAddress: Felt;
  readonly entryPointSelector: Felt;
  readonly payload: readonly Felt[];
}

/** The spec's FEE_ESTIMATE: consumed gas, its price, and what both make (tip included for FRI). */
export interface FeeEstimate {
  readonly l1GasConsumed: bigint;
  readonly l1GasPrice: bigint;
  readonly l2GasConsumed: bigint;
  readonly l2GasPrice: bigint;
  readonly l1DataGasConsumed: bigint;
  readonly l1DataGasPrice: bigint;
  readonly overallFee: bigint;
  readonly unit: "FRI" | "WEI";
}

export interface SimulationOptions {
  /** Leave `__validate__` out: signatures may be wrong. */
  readonly skipValidate: boolean;
  /** Charge no fee: balances and prices are not looked at. */
  readonly skipFeeCharge: boolean;
  /** Answer which state values the transactions read first. */
  readonly initialReads: boolean;
}

/** State values that were fetched from the state below, before the transactions changed them. */
export interface InitialReads {
  /** contract address -> storage key -> value */
  readonly storage: ReadonlyMap<Felt, ReadonlyMap<Felt, Felt>>;
  /** contract address -> nonce */
  readonly nonces: ReadonlyMap<Felt, Felt>;
  /** contract address -> class hash */
  readonly classHashes: ReadonlyMap<Felt, Felt>;
  /** class hash -> whether it was declared */
  readonly declaredClasses: ReadonlyMap<Felt, boolean>;
}

export interface SimulatedTransaction {
  readonly trace: TransactionTrace;
  readonly fee: FeeEstimate;
}

export interface Simulation {
  readonly transactions: readonly SimulatedTransaction[];
  /** Present when it was asked for. */
  readonly initialReads?: InitialReads;
}

/** One level of the calls that led to a failure, outermost first. */
export interface FailureFrame {
  readonly contractAddress: Felt;
  readonly classHash: Felt;
  readonly selector: Felt;
}

export type ExecutionErrorCode =
  | "CONTRACT_NOT_FOUND"
  | "ENTRYPOINT_NOT_FOUND"
  /** The called contract failed; for `call` and `estimateMessageFee`. */
  | "CONTRACT_ERROR"
  /** A transaction of a list failed; has `transactionIndex`. */
  | "TRANSACTION_EXECUTION_ERROR";

/** Why an execution without effect could not be answered. */
export class ExecutionError extends Error {
  override readonly name = "ExecutionError";
  readonly code: ExecutionErrorCode;
  /** Position in the list of transactions; 0 for a call. */
  readonly transactionIndex: number;
  /** Empty when the failure is not inside of a contract. */
  readonly frames: readonly FailureFrame[];

  /** @param message the innermost reason, for example the panic data as blockifier prints it */
  constructor(
    code: ExecutionErrorCode,
    message: string,
    details: { transactionIndex?: number; frames?: readonly FailureFrame[]; cause?: unknown } = {},
  ) {
    super(message, { cause: details.cause });
    this.code = code;
    this.transactionIndex = details.transactionIndex ?? 0;
    this.frames = details.frames ?? [];
  }
}

/** All throw (reject with) ExecutionError; submissions are executed one after the other. */
export interface ExecutionService {
  /** Return data of a read-only call. */
  call(block: StateBlock, call: FunctionCall): Promise<readonly Felt[]>;
  /** A transaction that reverts is an error, TRANSACTION_EXECUTION_ERROR. */
  estimateFee(
    block: StateBlock,
    transactions: readonly Submission[],
    options: Pick<SimulationOptions, "skipValidate">,
  ): Promise<readonly FeeEstimate[]>;
  /** A transaction that reverts is a result: its trace has the reason. */
  simulate(
    block: StateBlock,
    transactions: readonly Submission[],
    options: SimulationOptions,
  ): Promise<Simulation>;
  /** In WEI. */
  estimateMessageFee(block: StateBlock, message: MessageFromL1): Promise<FeeEstimate>;
  /** What the transactions of closed block `number` read from the state before it, by running them again. */
  initialReads(number: number): Promise<InitialReads>;
}
