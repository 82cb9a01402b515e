/** Read-only calls, as `starknet_call` makes them: no transaction, no fee, nothing stays. */
import type { Felt } from "../../field/felt.ts";
import { shortString } from "../../field/short-string.ts";
import { CachedState } from "../../state/cached-state.ts";
import type { StateReader } from "../../state/reader.ts";
import { toHex } from "../../util/hex.ts";
import type { BlockContext } from "../block.ts";
import { LIMITS, SYSTEM_ERRORS } from "../constants.ts";
import type { ExecutedCall } from "./call-info.ts";
import { ExecutionContext, maxSteps } from "./context.ts";
import { executeCall } from "./entry-point.ts";
import type { ExecutionEnvironment } from "./environment.ts";
import { ExecutionFailure, failureParts, failureText } from "./failure.ts";
import type { PanicFrame } from "./failure.ts";
import { panicTrace } from "./panic-trace.ts";

export interface ContractCall {
  readonly contractAddress: Felt;
  readonly entryPointSelector: Felt;
  readonly calldata: readonly Felt[];
}

export type CallErrorCode = "CONTRACT_NOT_FOUND" | "ENTRYPOINT_NOT_FOUND" | "CONTRACT_ERROR";

/** Why a call has no result. */
export class CallError extends Error {
  override readonly name = "CallError";
  readonly code: CallErrorCode;
  /** The calls that led to the failure, outermost first; the message has them too. */
  readonly frames: readonly PanicFrame[];
  /** The innermost reason alone. */
  readonly reason: string;

  constructor(code: CallErrorCode, message: string, frames: readonly PanicFrame[], reason: string) {
    super(message);
    this.code = code;
    this.frames = frames;
    this.reason = reason;
  }
}

/** Version 0 and zeros: what a contract sees of the transaction in a call. */
export const NO_TRANSACTION = {
  version: 0n,
  hash: 0n,
  senderAddress: 0n,
  signature: [],
  nonce: 0n,
} as const;

/** Return data of a call on a state, which stays as it is. Throws CallError. */
export function callContract(
  env: ExecutionEnvironment,
  block: BlockContext,
  state: StateReader,
  call: ContractCall,
): readonly Felt[] {
  const { contractAddress, entryPointSelector } = call;
  const classHash = state.classHashAt(contractAddress);
  if (classHash === 0n) {
    const text = `Contract ${toHex(contractAddress)} is not deployed`;
    throw new CallError("CONTRACT_NOT_FOUND", text, [], text);
  }
  const runnable = env.classes.runnable(classHash);
  if (runnable !== undefined && !runnable.entryPoints.EXTERNAL.has(entryPointSelector)) {
    const text =
      `Contract ${toHex(contractAddress)} (class ${toHex(classHash)}) has no external entry point ` +
      `with selector ${toHex(entryPointSelector)}`;
    throw new CallError("ENTRYPOINT_NOT_FOUND", text, [], text);
  }
  const executed = execute(env, block, state, call, classHash);
  if (executed.failed) {
    const panic = panicTrace(executed, "execution");
    const outOfGas =
      executed.result.length === 1 && executed.result[0] === shortString(SYSTEM_ERRORS.outOfGas);
    const trace = new ExecutionFailure([{ kind: "panic", panic }]);
    const { frames, reason } = failureParts(trace);
    const hint = outOfGas ? ` (a call may use ${LIMITS.executeSierraGas} L2 gas)` : "";
    throw new CallError("CONTRACT_ERROR", failureText(trace), frames, reason + hint);
  }
  return executed.result;
}

function execute(
  env: ExecutionEnvironment,
  block: BlockContext,
  state: StateReader,
  call: ContractCall,
  classHash: Felt,
): ExecutedCall {
  const context = new ExecutionContext({
    env,
    block,
    state: new CachedState(state),
    info: NO_TRANSACTION,
    mode: "EXECUTE",
    initialGas: LIMITS.executeSierraGas,
    steps: maxSteps("EXECUTE", undefined),
  });
  try {
    return executeCall(context, {
      ...call,
      classHash: undefined,
      callerAddress: 0n,
      entryPointType: "EXTERNAL",
      callType: "CALL",
      initialGas: LIMITS.executeSierraGas,
    });
  } catch (error) {
    if (!(error instanceof ExecutionFailure)) throw error;
    const { contractAddress, entryPointSelector: selector } = call;
    const trace = error.within({
      kind: "frame",
      frame: { kind: "call", contractAddress, classHash, selector },
    });
    const { frames, reason } = failureParts(trace);
    throw new CallError("CONTRACT_ERROR", failureText(trace), frames, reason);
  }
}
