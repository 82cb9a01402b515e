/** `__validate__` and its kin (blockifier `AccountTransaction::validate_tx`). */
import type { Felt } from "../../field/felt.ts";
import { shortString } from "../../field/short-string.ts";
import { SELECTORS, SYSTEM_ERRORS, VALIDATED } from "../constants.ts";
import type { AccountTransaction } from "../transaction.ts";
import type { AccountRun } from "./account-run.ts";
import type { ExecutedCall } from "./call-info.ts";
import { executeCall } from "./entry-point.ts";
import { ExecutionFailure, failureText, panicText } from "./failure.ts";
import { panicTrace } from "./panic-trace.ts";
import { TransactionRejected } from "./rejection.ts";

function validateCall(transaction: AccountTransaction): {
  selector: Felt;
  calldata: readonly Felt[];
} {
  switch (transaction.type) {
    case "INVOKE":
      return { selector: SELECTORS.validate, calldata: transaction.calldata };
    case "DECLARE":
      return { selector: SELECTORS.validateDeclare, calldata: [transaction.classHash] };
    case "DEPLOY_ACCOUNT":
      return {
        selector: SELECTORS.validateDeploy,
        calldata: [
          transaction.classHash,
          transaction.contractAddressSalt,
          ...transaction.constructorCalldata,
        ],
      };
  }
}

const rejected = (message: string, cause?: unknown): TransactionRejected =>
  new TransactionRejected("VALIDATION_FAILURE", message, { cause });

/** Runs the validation of a transaction; undefined when it is to be left out. Throws TransactionRejected. */
export function validate(run: AccountRun): ExecutedCall | undefined {
  if (run.options.skipValidate) return undefined;
  const { sender, state } = run;
  const { selector, calldata } = validateCall(run.transaction);
  const classHash = state.classHashAt(sender);
  if (classHash === 0n) {
    throw new TransactionRejected(
      "NON_ACCOUNT",
      `Requested contract address 0x${sender.toString(16).padStart(64, "0")} is not deployed.`,
    );
  }
  const context = run.newContext("VALIDATE");
  let call: ExecutedCall;
  try {
    call = executeCall(context, {
      classHash: undefined,
      contractAddress: sender,
      callerAddress: 0n,
      entryPointType: "EXTERNAL",
      entryPointSelector: selector,
      callType: "CALL",
      calldata,
      initialGas: run.gasFor("VALIDATE"),
    });
  } catch (error) {
    if (!(error instanceof ExecutionFailure)) throw error;
    const trace = error.within({
      kind: "frame",
      frame: { kind: "call", contractAddress: sender, classHash, selector },
    });
    throw rejected(failureText(trace, "validation"), trace);
  }
  checkAnswer(call);
  run.remainingGas -= call.sierraGas;
  return call;
}

function checkAnswer(call: ExecutedCall): void {
  if (call.failed) {
    const message = panicText(panicTrace(call, "validation"));
    const notFound = call.result[0] === shortString(SYSTEM_ERRORS.entryPointNotFound);
    // Without inner calls it is the account's own entry point that is missing.
    if (notFound && call.calls.length === 0 && call.result.length === 1) {
      throw new TransactionRejected("NON_ACCOUNT", message);
    }
    throw rejected(message);
  }
  if (call.result.length !== 1 || call.result[0] !== shortString(VALIDATED)) {
    const shown = call.result.map((value) => `0x${value.toString(16)}`).join(", ");
    throw rejected(
      `The \`validate\` entry point should return \`VALID\`. Got Retdata([${shown}]).`,
    );
  }
}
