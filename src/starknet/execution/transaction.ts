/** Executes transactions: validate, execute, charge the fee (blockifier `transaction/`). */
import { CachedState, writeDiff } from "../../state/cached-state.ts";
import type { BlockContext } from "../block.ts";
import { DEFAULT_INITIAL_GAS, SELECTORS } from "../constants.ts";
import { overheadSteps } from "../fee/transaction-gas.ts";
import type { GasBreakdown } from "../fee/transaction-gas.ts";
import type { Receipt, TransactionTrace } from "../receipt.ts";
import type {
  AccountTransaction,
  DeclareTransaction,
  DeployAccountTransaction,
  InvokeTransaction,
  Transaction,
} from "../transaction.ts";
import { AccountRun } from "./account-run.ts";
import type { Cost, ExecutionOptions } from "./account-run.ts";
import { callEvents, callMessages, traceOf } from "./call-info.ts";
import type { ExecutedCall } from "./call-info.ts";
import { notDeclared } from "./classes.ts";
import { deployContract, executeCall, executeCallOrFail } from "./entry-point.ts";
import type { ExecutionEnvironment } from "./environment.ts";
import { ExecutionFailure, failureText } from "./failure.ts";
import { executeL1Handler } from "./l1-handler.ts";
import { TransactionRejected } from "./rejection.ts";
import { validate } from "./validate.ts";

export type { ExecutionOptions } from "./account-run.ts";
export type { ClassSource, ExecutionEnvironment, RunnableClass } from "./environment.ts";
export { TransactionRejected } from "./rejection.ts";

/** What a transaction did. Its changes are in the state that it was executed on. */
export interface TransactionExecution {
  readonly receipt: Receipt;
  readonly trace: TransactionTrace;
  readonly gas: GasBreakdown;
  /** The calls with what a trace does not show; for the OS. */
  readonly calls: {
    readonly validate: ExecutedCall | undefined;
    readonly execute: ExecutedCall | undefined;
    readonly feeTransfer: ExecutedCall | undefined;
  };
}

/**
 * Executes a transaction on `state`, which then has its changes: all of them, or those of validation,
 * nonce and fee where the execution reverted. The class of a DECLARE must be in `env.classes`; its
 * compiled class hash is the caller's to check. Throws TransactionRejected, with the state untouched,
 * for a transaction that cannot be in a block.
 */
export function executeTransaction(
  env: ExecutionEnvironment,
  block: BlockContext,
  state: CachedState,
  transaction: Transaction,
  options: ExecutionOptions = {},
): TransactionExecution {
  const overlay = new CachedState(state);
  const execution =
    transaction.type === "L1_HANDLER"
      ? executeL1Handler(env, block, state, overlay, transaction)
      : executeAccountTransaction(
          new AccountRun({ env, block, before: state, state: overlay, transaction, options }),
        );
  writeDiff(state, execution.trace.stateDiff);
  return execution;
}

/** How far a transaction came, before the fee is charged. */
interface Outcome {
  readonly validate: ExecutedCall | undefined;
  /** undefined when it reverted, and for DECLARE */
  readonly execute: ExecutedCall | undefined;
  readonly cost: Cost;
  readonly revertReason: string | undefined;
}

function executeAccountTransaction(run: AccountRun): TransactionExecution {
  run.prepare();
  const outcome = runPhases(run, run.transaction);
  const feeTransfer = transferFee(run, outcome.cost.fee);
  return result(run, outcome, feeTransfer);
}

function runPhases(run: AccountRun, transaction: AccountTransaction): Outcome {
  switch (transaction.type) {
    case "INVOKE":
      return invoke(run, transaction);
    case "DECLARE":
      return declare(run, transaction);
    case "DEPLOY_ACCOUNT":
      return deployAccount(run, transaction);
  }
}

function invoke(run: AccountRun, transaction: InvokeTransaction): Outcome {
  const { sender, state } = run;
  const validated = validate(run);
  const context = run.newContext("EXECUTE");
  const spent =
    (validated?.vmResources.steps ?? 0) + overheadSteps("INVOKE", transaction.calldata.length);
  const allottedSteps = Math.max(0, context.remainingSteps - spent);
  context.remainingSteps = allottedSteps;
  const mark = state.checkpoint();
  const revert = (reason: string, fee?: bigint): Outcome => {
    state.rollback(mark);
    const cost = run.cost([validated], {
      steps: allottedSteps - Math.max(0, context.remainingSteps),
      sierraGas: context.gasSeen,
    });
    const charged = fee ?? run.costProblem(cost)?.recommendedFee ?? cost.fee;
    return {
      validate: validated,
      execute: undefined,
      cost: { gas: cost.gas, fee: charged },
      revertReason: reason,
    };
  };
  const classHash = state.classHashAt(sender);
  let executed: ExecutedCall;
  try {
    executed = executeCallOrFail(context, {
      classHash: undefined,
      contractAddress: sender,
      callerAddress: 0n,
      entryPointType: "EXTERNAL",
      entryPointSelector: SELECTORS.execute,
      callType: "CALL",
      calldata: transaction.calldata,
      initialGas: run.gasFor("EXECUTE"),
    });
  } catch (error) {
    if (!(error instanceof ExecutionFailure)) throw error;
    const frame = {
      kind: "call",
      contractAddress: sender,
      classHash,
      selector: SELECTORS.execute,
    } as const;
    return revert(failureText(error.within({ kind: "frame", frame }), "execution"));
  }
  const cost = run.cost([validated, executed]);
  const problem = run.costProblem(cost);
  if (problem !== undefined) return revert(problem.message, problem.recommendedFee);
  state.commit(mark);
  return { validate: validated, execute: executed, cost, revertReason: undefined };
}

function declare(run: AccountRun, transaction: DeclareTransaction): Outcome {
  const { classHash, compiledClassHash } = transaction;
  const validated = validate(run);
  if (run.state.compiledClassHash(classHash) !== 0n) {
    throw new TransactionRejected(
      "CLASS_ALREADY_DECLARED",
      `Class with hash 0x${classHash.toString(16).padStart(64, "0")} is already declared.`,
    );
  }
  if (run.env.classes.runnable(classHash) === undefined) {
    throw new TransactionRejected("CLASS_HASH_NOT_FOUND", notDeclared(classHash));
  }
  run.state.setCompiledClassHash(classHash, compiledClassHash);
  return unrevertable(run, validated, undefined);
}

function deployAccount(run: AccountRun, transaction: DeployAccountTransaction): Outcome {
  const { classHash } = transaction;
  if (run.state.compiledClassHash(classHash) === 0n) {
    throw new TransactionRejected("CLASS_HASH_NOT_FOUND", notDeclared(classHash));
  }
  let constructed: ExecutedCall;
  try {
    // A constructor is under the restrictions of validation: nobody has paid for it yet.
    constructed = deployContract(run.newContext("VALIDATE"), {
      classHash,
      contractAddress: run.sender,
      callerAddress: 0n,
      calldata: transaction.constructorCalldata,
      initialGas: run.gasFor("VALIDATE"),
    });
  } catch (error) {
    if (!(error instanceof ExecutionFailure)) throw error;
    const reason = failureText(error, "constructor");
    throw new TransactionRejected("VALIDATION_FAILURE", reason, { cause: error });
  }
  run.remainingGas -= constructed.sierraGas;
  return unrevertable(run, validate(run), constructed);
}

/** DECLARE and DEPLOY_ACCOUNT cannot revert: where they cannot be paid for, they are rejected. */
function unrevertable(
  run: AccountRun,
  validated: ExecutedCall | undefined,
  executed: ExecutedCall | undefined,
): Outcome {
  const cost = run.cost([validated, executed]);
  const problem = run.costProblem(cost);
  if (problem !== undefined) {
    throw new TransactionRejected(
      problem.kind === "amount" ? "INSUFFICIENT_RESOURCES_FOR_VALIDATE" : "INSUFFICIENT_BALANCE",
      problem.message,
    );
  }
  return { validate: validated, execute: executed, cost, revertReason: undefined };
}

/** The sender's STRK go to the sequencer by a `transfer` in its name; the fee has paid for it already. */
function transferFee(run: AccountRun, fee: bigint): ExecutedCall | undefined {
  if (!run.chargesFee || fee === 0n) return undefined;
  const context = run.newContext("EXECUTE", DEFAULT_INITIAL_GAS);
  try {
    const transfer = executeCall(context, {
      classHash: undefined,
      contractAddress: run.env.feeTokens.strk,
      callerAddress: run.sender,
      entryPointType: "EXTERNAL",
      entryPointSelector: SELECTORS.transfer,
      callType: "CALL",
      calldata: [run.block.sequencerAddress, fee, 0n],
      initialGas: DEFAULT_INITIAL_GAS,
    });
    if (!transfer.failed) return transfer;
    throw new TransactionRejected(
      "FEE_TRANSFER_FAILED",
      `The fee token refused to transfer the fee of ${fee}: ${transfer.result.join(", ")}`,
    );
  } catch (error) {
    if (!(error instanceof ExecutionFailure)) throw error;
    throw new TransactionRejected("FEE_TRANSFER_FAILED", failureText(error), { cause: error });
  }
}

function result(
  run: AccountRun,
  outcome: Outcome,
  feeTransfer: ExecutedCall | undefined,
): TransactionExecution {
  const { transaction } = run;
  const { execute, cost, revertReason } = outcome;
  // A new account is constructed before it validates.
  const phases =
    transaction.type === "DEPLOY_ACCOUNT"
      ? [execute, outcome.validate, feeTransfer]
      : [outcome.validate, execute, feeTransfer];
  const calls = phases.filter((call) => call !== undefined);
  const { hash: transactionHash, type } = transaction;
  return {
    gas: cost.gas,
    calls: { validate: outcome.validate, execute, feeTransfer },
    receipt: {
      transactionHash,
      type,
      actualFee: cost.fee,
      feeUnit: "FRI",
      messages: calls.flatMap(callMessages),
      events: calls.flatMap(callEvents),
      resources: cost.gas.total,
      revertReason,
      ...(type === "DEPLOY_ACCOUNT" && { contractAddress: run.sender }),
    },
    trace: {
      type,
      ...(outcome.validate && { validate: traceOf(outcome.validate) }),
      ...(execute && { execute: traceOf(execute) }),
      ...(feeTransfer && { feeTransfer: traceOf(feeTransfer) }),
      ...(revertReason !== undefined && { revertReason }),
      stateDiff: run.state.diff(),
      resources: cost.gas.total,
    },
  };
}
