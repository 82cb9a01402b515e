/** Calls of entry points (blockifier `execution/entry_point.rs`, `entry_point_execution.rs`, `execution_utils.rs`). */
import { VmError } from "../../cairo/errors.ts";
import { runEntryPoint } from "../../cairo/run/entry-point.ts";
import type { EntryPointOutput } from "../../cairo/run/entry-point.ts";
import type { Felt } from "../../field/felt.ts";
import { shortString } from "../../field/short-string.ts";
import { StoreError } from "../../state/store/store-error.ts";
import { toPaddedHex } from "../../util/hex.ts";
import {
  BUILTIN_GAS,
  DEFAULT_INITIAL_GAS,
  ENTRY_POINT_INITIAL_BUDGET,
  LIMITS,
  PAID_BUILTINS,
  SELECTORS,
  STEP_GAS,
  SYSTEM_ERRORS,
} from "../constants.ts";
import { addResources, NO_RESOURCES, syscallResources } from "../fee/vm-resources.ts";
import type { Deployment, EntryPointCall, ExecutedCall, TrackedResource } from "./call-info.ts";
import { declaredClass, notDeclared } from "./classes.ts";
import type { ExecutionContext } from "./context.ts";
import type { RunnableClass } from "./environment.ts";
import { ExecutionFailure, failure } from "./failure.ts";
import type { FailureFrame } from "./failure.ts";
import { panicTrace } from "./panic-trace.ts";
import { notRun } from "./record.ts";
import { SyscallHandler } from "./syscalls/handler.ts";

/** Prices in the order in which compiled code reads them. */
const BUILTIN_COSTS = PAID_BUILTINS.map((name) => BUILTIN_GAS[name]!);

function requireClass(context: ExecutionContext, classHash: Felt): RunnableClass {
  const runnable = declaredClass(context, classHash);
  if (runnable === undefined) throw failure(`${notDeclared(classHash)}\n`);
  return runnable;
}

/** By what a call of the class is charged here: below a call by steps, everything is by steps. */
const trackedResourceOf = (context: ExecutionContext, runnable: RunnableClass): TrackedResource =>
  context.trackedResource === "CAIRO_STEPS" ? "CAIRO_STEPS" : runnable.trackedResource;

/**
 * Makes a call and everything below it. A panic is a result (`failed`); its state changes are still
 * there for the caller to roll back. Throws ExecutionFailure where the whole transaction must fail.
 */
export function executeCall(context: ExecutionContext, call: EntryPointCall): ExecutedCall {
  context.depth++;
  try {
    if (context.depth > LIMITS.recursionDepth) {
      throw failure("Execution failed due to recursion depth exceeded.\n");
    }
    const contractClass = context.state.classHashAt(call.contractAddress);
    if (contractClass === 0n) {
      const address = toPaddedHex(call.contractAddress, 32);
      throw failure(`Requested contract address ${address} is not deployed.\n`);
    }
    const classHash = call.classHash ?? contractClass;
    const runnable = requireClass(context, classHash);
    const trackedResource = trackedResourceOf(context, runnable);
    const initialGas = trackedResource === "CAIRO_STEPS" ? DEFAULT_INITIAL_GAS : call.initialGas;
    context.trackedResources.push(trackedResource);
    try {
      return runCall(context, { ...call, classHash, initialGas }, runnable, trackedResource);
    } finally {
      context.trackedResources.pop();
    }
  } finally {
    context.depth--;
  }
}

type ResolvedCall = EntryPointCall & { readonly classHash: Felt };

const withoutExecution = (
  call: ResolvedCall,
  trackedResource: TrackedResource,
): Omit<ExecutedCall, "result" | "failed"> => ({
  ...call,
  trackedResource,
  calls: [],
  events: [],
  messages: [],
  sierraGas: 0n,
  vmResources: NO_RESOURCES,
});

function runCall(
  context: ExecutionContext,
  call: ResolvedCall,
  runnable: RunnableClass,
  trackedResource: TrackedResource,
): ExecutedCall {
  const panic = (reason: string): ExecutedCall => ({
    ...withoutExecution(call, trackedResource),
    result: [shortString(reason)],
    failed: true,
    record: context.env.records
      ? notRun(reason === SYSTEM_ERRORS.outOfGas ? "OUT_OF_GAS" : "NOT_FOUND")
      : undefined,
  });
  const { entryPointType, entryPointSelector } = call;
  if (entryPointType === "CONSTRUCTOR" && entryPointSelector !== SELECTORS.constructor) {
    throw failure("The constructor entry point must be named 'constructor'.\n");
  }
  const entryPoint = runnable.entryPoints[entryPointType].get(entryPointSelector);
  if (entryPoint === undefined) return panic(SYSTEM_ERRORS.entryPointNotFound);
  if (call.initialGas < ENTRY_POINT_INITIAL_BUDGET) return panic(SYSTEM_ERRORS.outOfGas);

  const handler = new SyscallHandler(context, call, { executeCall, deployContract });
  const output = runInVm(context, () =>
    runEntryPoint({
      program: runnable.program,
      offset: entryPoint.offset,
      builtins: entryPoint.builtins,
      initialGas: call.initialGas - ENTRY_POINT_INITIAL_BUDGET,
      calldata: call.calldata,
      syscall: (hint, systemPtr) => handler.execute(hint, systemPtr),
      maxSteps: stepLimit(context, call, trackedResource),
      builtinCosts: BUILTIN_COSTS,
      ...(context.env.records && { recordVisited: true }),
    }),
  );
  if (output.gasLeft > call.initialGas) {
    throw failure(`Malformed return data : Unexpected remaining gas: ${output.gasLeft}..\n`);
  }
  handler.checkEnd(output.syscallEnd);
  return finishCall(context, call, trackedResource, handler, output);
}

/**
 * Steps for one run. By steps, what is left of the phase. By gas, the gas runs out first: each step of
 * compiled Sierra is paid for, so this only stops a program that does not pay.
 */
function stepLimit(
  context: ExecutionContext,
  call: ResolvedCall,
  trackedResource: TrackedResource,
): number {
  if (trackedResource === "CAIRO_STEPS") return context.remainingSteps;
  return Number(call.initialGas / STEP_GAS) * 2 + 100_000;
}

/** What cairo-vm says of a run that was cut off. */
const OUT_OF_STEPS =
  "Could not reach the end of the program. RunResources has no remaining steps.\n";

/** Runs the VM; its errors become failures, and failures of syscalls pass through it. */
function runInVm(context: ExecutionContext, run: () => EntryPointOutput): EntryPointOutput {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof VmError)) throw error;
    // That storage is damaged is no answer to a syscall: the transaction is not at fault.
    if (error.cause instanceof StoreError) throw error.cause;
    if (error.code === "OUT_OF_STEPS" && context.trackedResource === "CAIRO_STEPS") {
      context.remainingSteps = 0;
    }
    throw vmFailure(error).within({ kind: "vm", pc: error.pc, traceback: error.traceback });
  }
}

function vmFailure(error: VmError): ExecutionFailure {
  if (error.cause instanceof ExecutionFailure) return error.cause;
  return failure(error.code === "OUT_OF_STEPS" ? OUT_OF_STEPS : `${error.message}\n`);
}

function finishCall(
  context: ExecutionContext,
  call: ResolvedCall,
  trackedResource: TrackedResource,
  handler: SyscallHandler,
  output: EntryPointOutput,
): ExecutedCall {
  const bySteps = trackedResource === "CAIRO_STEPS";
  handler.takeSteps(output.steps);
  if (context.remainingSteps < 0) throw failure(OUT_OF_STEPS);
  context.countCopies(output.retdata.length);
  const own = bySteps
    ? [
        { steps: output.steps, memoryHoles: output.memoryHoles, builtins: output.builtins },
        syscallResources(handler.frame.usage),
      ]
    : [];
  return {
    ...withoutExecution(call, trackedResource),
    calls: handler.frame.calls,
    events: handler.frame.events,
    messages: handler.frame.messages,
    result: output.retdata,
    failed: output.failed,
    sierraGas: bySteps ? 0n : call.initialGas - output.gasLeft,
    vmResources: addResources(...own, ...handler.frame.calls.map((inner) => inner.vmResources)),
    ...(context.env.records && {
      record: {
        outcome: "RUNS",
        answers: handler.frame.answers,
        visitedPcs: output.visitedPcs ?? [],
      },
    }),
  };
}

/** Makes a call of which a panic fails the whole transaction. */
export function executeCallOrFail(context: ExecutionContext, call: EntryPointCall): ExecutedCall {
  const executed = executeCall(context, call);
  context.noteGas(executed.trackedResource, call.initialGas - executed.sierraGas);
  if (executed.failed) {
    throw new ExecutionFailure([{ kind: "panic", panic: panicTrace(executed, "execution") }]);
  }
  return executed;
}

/**
 * Gives a new contract its class and runs its constructor. Throws ExecutionFailure, with the
 * constructor as outermost frame, where either is impossible or the constructor panics.
 */
export function deployContract(context: ExecutionContext, deployment: Deployment): ExecutedCall {
  const { classHash, contractAddress, callerAddress, calldata, initialGas } = deployment;
  let frame: FailureFrame = {
    kind: "constructor",
    contractAddress,
    classHash,
    selector: undefined,
  };
  try {
    if (context.state.classHashAt(contractAddress) !== 0n) {
      const address = toPaddedHex(contractAddress, 32);
      throw failure(`Deployment failed: contract already deployed at address ${address}\n`);
    }
    context.state.setClassHash(contractAddress, classHash);
    const runnable = requireClass(context, classHash);
    const call: ResolvedCall = {
      classHash,
      contractAddress,
      callerAddress,
      calldata,
      initialGas,
      entryPointType: "CONSTRUCTOR",
      entryPointSelector: SELECTORS.constructor,
      callType: "CALL",
    };
    const [selector] = runnable.entryPoints.CONSTRUCTOR.keys();
    if (selector === undefined) return emptyConstructor(context, call, runnable);
    frame = { ...frame, selector };
    return executeCallOrFail(context, { ...call, entryPointSelector: selector });
  } catch (error) {
    if (!(error instanceof ExecutionFailure)) throw error;
    throw error.within({ kind: "frame", frame });
  }
}

/** A class without a constructor takes no calldata; its "call" costs nothing. */
function emptyConstructor(
  context: ExecutionContext,
  call: ResolvedCall,
  runnable: RunnableClass,
): ExecutedCall {
  if (call.calldata.length > 0) {
    throw failure(
      "Invalid input: constructor_calldata; " +
        "Cannot pass calldata to a contract with no constructor.\n",
    );
  }
  const trackedResource = trackedResourceOf(context, runnable);
  const initialGas = trackedResource === "CAIRO_STEPS" ? DEFAULT_INITIAL_GAS : call.initialGas;
  const resolved = { ...call, initialGas };
  return {
    ...withoutExecution(resolved, trackedResource),
    result: [],
    failed: false,
    record: context.env.records ? notRun("NO_CONSTRUCTOR") : undefined,
  };
}
