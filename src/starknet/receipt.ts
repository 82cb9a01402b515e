/** What an executed transaction leaves: receipt and trace. */
import type { Felt } from "../field/felt.ts";
import type { StateDiff } from "../state/diff.ts";
import type { Transaction } from "./transaction.ts";

/** Amounts of the three gases. */
export interface GasVector {
  readonly l1Gas: bigint;
  readonly l1DataGas: bigint;
  readonly l2Gas: bigint;
}

export interface Event {
  readonly fromAddress: Felt;
  readonly keys: readonly Felt[];
  readonly data: readonly Felt[];
}

export interface MessageToL1 {
  readonly fromAddress: Felt;
  /** L1 address as a felt */
  readonly toAddress: Felt;
  readonly payload: readonly Felt[];
}

export interface Receipt {
  readonly transactionHash: Felt;
  readonly type: Transaction["type"];
  /** in `feeUnit`: fri for version 3, wei for L1 handlers */
  readonly actualFee: bigint;
  readonly feeUnit: "FRI" | "WEI";
  readonly messages: readonly MessageToL1[];
  readonly events: readonly Event[];
  readonly resources: GasVector;
  /** Reason of a reverted execution; undefined when it succeeded. */
  readonly revertReason: string | undefined;
  /** DEPLOY_ACCOUNT only */
  readonly contractAddress?: Felt;
  /** L1_HANDLER only: hash of the L1 message (keccak256, 256 bit) */
  readonly messageHash?: bigint;
}

export type EntryPointType = "EXTERNAL" | "L1_HANDLER" | "CONSTRUCTOR";
export type CallType = "CALL" | "DELEGATE";

/** One call of an entry point with everything below it. */
export interface CallInfo {
  readonly contractAddress: Felt;
  readonly callerAddress: Felt;
  readonly classHash: Felt;
  readonly entryPointType: EntryPointType;
  readonly entryPointSelector: Felt;
  readonly callType: CallType;
  readonly calldata: readonly Felt[];
  readonly result: readonly Felt[];
  readonly calls: readonly CallInfo[];
  /** `order` counts events over the whole transaction. */
  readonly events: readonly {
    readonly order: number;
    readonly keys: readonly Felt[];
    readonly data: readonly Felt[];
  }[];
  readonly messages: readonly {
    readonly order: number;
    readonly toAddress: Felt;
    readonly payload: readonly Felt[];
  }[];
  /** L2 gas used by this call, inner calls included */
  readonly gasConsumed: bigint;
  /** It panicked; its state changes are undone, `result` is the panic data. */
  readonly failed: boolean;
}

export interface TransactionTrace {
  readonly type: Transaction["type"];
  readonly validate?: CallInfo;
  /** INVOKE (`__execute__`), DEPLOY_ACCOUNT (constructor), L1_HANDLER; absent when it reverted before. */
  readonly execute?: CallInfo;
  readonly feeTransfer?: CallInfo;
  readonly revertReason?: string;
  readonly stateDiff: StateDiff;
  readonly resources: GasVector;
}
