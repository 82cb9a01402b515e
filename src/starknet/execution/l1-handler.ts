/** L1 handlers: messages from L1 are executed, their fee was paid there (blockifier `l1_handler_transaction.rs`). */
import type { CachedState } from "../../state/cached-state.ts";
import type { BlockContext } from "../block.ts";
import { LIMITS } from "../constants.ts";
import { amountExceeded } from "../fee/fee-checks.ts";
import { gasFee } from "../fee/gas-vector.ts";
import { countStateChanges } from "../fee/state-changes.ts";
import { transactionGas } from "../fee/transaction-gas.ts";
import type { GasBreakdown } from "../fee/transaction-gas.ts";
import { l1HandlerMessageHash } from "../transaction-hash.ts";
import type { L1HandlerTransaction } from "../transaction.ts";
import { callEvents, callMessages, NO_EXECUTION, summarize, traceOf } from "./call-info.ts";
import type { ExecutedCall } from "./call-info.ts";
import { ExecutionContext, maxSteps, transactionInfo } from "./context.ts";
import { executeCallOrFail } from "./entry-point.ts";
import type { ExecutionEnvironment } from "./environment.ts";
import { ExecutionFailure, failureText } from "./failure.ts";
import { TransactionRejected } from "./rejection.ts";
import type { TransactionExecution } from "./transaction.ts";

/**
 * Executes an L1 handler on `state`, an overlay over `before`. It reverts without a trace in the state:
 * there is no validation, no nonce and no fee. Throws TransactionRejected for a message that paid nothing.
 */
export function executeL1Handler(
  env: ExecutionEnvironment,
  block: BlockContext,
  before: CachedState,
  state: CachedState,
  transaction: L1HandlerTransaction,
): TransactionExecution {
  const gasOf = (executed: ExecutedCall | undefined): GasBreakdown => {
    const payloadLength = Math.max(0, transaction.calldata.length - 1);
    return transactionGas(
      {
        type: "L1_HANDLER",
        calldataLength: payloadLength,
        signatureLength: 0,
        codeSize: 0,
        stateChanges: countStateChanges(state.diff(), before, env.feeTokens.eth),
        l1Payload: payloadLength,
        execution: executed === undefined ? NO_EXECUTION : summarize([executed]),
        reverted: { steps: 0, sierraGas: 0n },
      },
      block.dataAvailability,
    );
  };
  const mark = state.checkpoint();
  const reverted = (reason: string): TransactionExecution => {
    state.rollback(mark);
    return result(transaction, state, undefined, gasOf(undefined), reason);
  };
  let executed: ExecutedCall;
  try {
    executed = runHandler(env, block, state, transaction);
  } catch (error) {
    if (!(error instanceof ExecutionFailure)) throw error;
    return reverted(failureText(error, "execution"));
  }
  const gas = gasOf(executed);
  const exceeded = amountExceeded(LIMITS.l1Handler, gas.total);
  if (exceeded !== undefined) return reverted(exceeded);
  if (transaction.paidFeeOnL1 === 0n) {
    const required = gasFee(gas.total, block.gasPrices, "wei");
    throw new TransactionRejected(
      "L1_FEE_NOT_PAID",
      `Actual fee (${required}) exceeded paid fee on L1 (0).`,
    );
  }
  state.commit(mark);
  return result(transaction, state, executed, gas, undefined);
}

/** The handler's call, in a failure the outermost frame. */
function runHandler(
  env: ExecutionEnvironment,
  block: BlockContext,
  state: CachedState,
  transaction: L1HandlerTransaction,
): ExecutedCall {
  const { contractAddress, entryPointSelector, calldata } = transaction;
  const initialGas = LIMITS.l1Handler.l2Gas;
  const context = new ExecutionContext({
    env,
    block,
    state,
    info: transactionInfo(transaction),
    mode: "EXECUTE",
    initialGas,
    steps: maxSteps("EXECUTE", undefined),
  });
  const classHash = state.classHashAt(contractAddress);
  try {
    return executeCallOrFail(context, {
      classHash: undefined,
      contractAddress,
      callerAddress: 0n,
      entryPointType: "L1_HANDLER",
      entryPointSelector,
      callType: "CALL",
      calldata,
      initialGas,
    });
  } catch (error) {
    if (!(error instanceof ExecutionFailure)) throw error;
    const selector = entryPointSelector;
    throw error.within({
      kind: "frame",
      frame: { kind: "call", contractAddress, classHash, selector },
    });
  }
}

function result(
  transaction: L1HandlerTransaction,
  state: CachedState,
  execute: ExecutedCall | undefined,
  gas: GasBreakdown,
  revertReason: string | undefined,
): TransactionExecution {
  return {
    gas,
    calls: { validate: undefined, execute, feeTransfer: undefined },
    receipt: {
      transactionHash: transaction.hash,
      type: "L1_HANDLER",
      actualFee: 0n,
      feeUnit: "WEI",
      messages: execute === undefined ? [] : callMessages(execute),
      events: execute === undefined ? [] : callEvents(execute),
      resources: gas.total,
      revertReason,
      messageHash: l1HandlerMessageHash(transaction),
    },
    trace: {
      type: "L1_HANDLER",
      ...(execute && { execute: traceOf(execute) }),
      ...(revertReason !== undefined && { revertReason }),
      stateDiff: state.diff(),
      resources: gas.total,
    },
  };
}
