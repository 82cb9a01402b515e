/** Syscalls that run other code: call_contract, library_call, deploy. */
import type { Felt } from "../../../field/felt.ts";
import { contractAddress as computeContractAddress } from "../../class/contract-address.ts";
import { SELECTORS, SYSTEM_ERRORS } from "../../constants.ts";
import { shortString } from "../../../field/short-string.ts";
import { withoutEffects } from "../call-info.ts";
import type { EntryPointCall } from "../call-info.ts";
import { ExecutionFailure } from "../failure.ts";
import type { FailureFrame } from "../failure.ts";
import { newArray, notInValidation, panic, syscall } from "./syscall.ts";
import type { Panic, SyscallScope } from "./syscall.ts";

/**
 * Makes a call on behalf of a contract. A panic undoes what the call did and goes to the caller, with
 * ENTRYPOINT_FAILED at the end; a failure names `frame` and goes on.
 */
export function innerCall(
  scope: SyscallScope,
  call: EntryPointCall,
  frame: FailureFrame,
): readonly Felt[] | Panic {
  const { context, gas } = scope;
  const { eventCount, messageCount } = context;
  const mark = context.state.checkpoint();
  let executed;
  try {
    executed = scope.executor.executeCall(context, call);
  } catch (error) {
    context.state.rollback(mark);
    if (!(error instanceof ExecutionFailure)) throw error;
    throw error.within({ kind: "frame", frame });
  }
  gas.remaining -= executed.sierraGas;
  if (!executed.failed) {
    context.state.commit(mark);
    scope.frame.calls.push(executed);
    return executed.result;
  }
  context.state.rollback(mark);
  context.eventCount = eventCount;
  context.messageCount = messageCount;
  scope.frame.calls.push(withoutEffects(executed));
  return { panic: [...executed.result, shortString(SYSTEM_ERRORS.entryPointFailed)] };
}

/** The response to a call: its return data in a new segment. */
export const callResponse = (
  scope: SyscallScope,
  answer: readonly Felt[] | Panic,
): ReturnType<typeof newArray> | Panic => ("panic" in answer ? answer : newArray(scope, answer));

export const callContract = syscall({
  name: "CallContract",
  read: (request) => ({
    contractAddress: request.key(),
    entryPointSelector: request.felt(),
    calldata: request.felts(),
  }),
  execute(scope, request) {
    const { context, call, gas } = scope;
    const { contractAddress, entryPointSelector } = request;
    if (context.mode === "VALIDATE" && contractAddress !== call.contractAddress) {
      throw notInValidation("call_contract");
    }
    // Accounts are executed by transactions only.
    if (entryPointSelector === SELECTORS.execute) return panic("invalidArgument");
    const answer = innerCall(
      scope,
      {
        ...request,
        classHash: undefined,
        callerAddress: call.contractAddress,
        entryPointType: "EXTERNAL",
        callType: "CALL",
        initialGas: gas.remaining,
      },
      {
        kind: "call",
        contractAddress,
        classHash: context.state.classHashAt(contractAddress),
        selector: entryPointSelector,
      },
    );
    return callResponse(scope, answer);
  },
});

export const libraryCall = syscall({
  name: "LibraryCall",
  read: (request) => ({
    classHash: request.felt(),
    entryPointSelector: request.felt(),
    calldata: request.felts(),
  }),
  execute(scope, request) {
    const { contractAddress, callerAddress } = scope.call;
    const answer = innerCall(
      scope,
      {
        ...request,
        contractAddress,
        callerAddress,
        entryPointType: "EXTERNAL",
        callType: "DELEGATE",
        initialGas: scope.gas.remaining,
      },
      {
        kind: "libraryCall",
        contractAddress,
        classHash: request.classHash,
        selector: request.entryPointSelector,
      },
    );
    return callResponse(scope, answer);
  },
});

export const deploy = syscall({
  name: "Deploy",
  read: (request) => ({
    classHash: request.felt(),
    salt: request.felt(),
    calldata: request.felts(),
    fromZero: request.bool("The deploy_from_zero field in the deploy system call must be 0 or 1."),
  }),
  units: ({ calldata }) => calldata.length,
  execute(scope, { classHash, salt, calldata, fromZero }) {
    const { context, call, gas, frame } = scope;
    if (context.mode === "VALIDATE") throw notInValidation("deploy");
    const contractAddress = computeContractAddress({
      deployer: fromZero ? 0n : call.contractAddress,
      salt,
      classHash,
      constructorCalldata: calldata,
    });
    const executed = scope.executor.deployContract(context, {
      classHash,
      contractAddress,
      callerAddress: call.contractAddress,
      calldata,
      initialGas: gas.remaining,
    });
    gas.remaining -= executed.sierraGas;
    frame.calls.push(executed);
    return [contractAddress, ...newArray(scope, executed.result)];
  },
});
