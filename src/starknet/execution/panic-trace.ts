/** Follows a panic to the call in which it arose (blockifier `extract_trailing_cairo1_revert_trace`). */
import type { Felt } from "../../field/felt.ts";
import { shortString } from "../../field/short-string.ts";
import { SYSTEM_ERRORS } from "../constants.ts";
import type { ExecutedCall } from "./call-info.ts";
import type { PanicFrame, PanicTrace } from "./failure.ts";

const sameData = (a: readonly Felt[], b: readonly Felt[]): boolean =>
  a.length === b.length && a.every((value, i) => value === b[i]);

/**
 * A caller that passes a panic on appends ENTRYPOINT_FAILED to its data. Where two inner calls failed
 * with the same data, nobody can tell which of them it was: then there are no frames.
 */
export function panicTrace(root: ExecutedCall, stage: PanicTrace["stage"]): PanicTrace {
  const entryPointFailed = shortString(SYSTEM_ERRORS.entryPointFailed);
  const frames: PanicFrame[] = [];
  let data = root.result;
  let call: ExecutedCall | undefined = root.failed ? root : undefined;
  while (call !== undefined) {
    const { contractAddress, classHash, entryPointSelector, result, calls } = call;
    frames.push({ contractAddress, classHash, selector: entryPointSelector });
    data = result;
    if (result.at(-1) !== entryPointFailed) break;
    const passedOn = result.slice(0, -1);
    const candidates: ExecutedCall[] = calls.filter(
      (inner) => inner.failed && sameData(inner.result, passedOn),
    );
    if (candidates.length !== 1) return { stage, frames: [], data: root.result };
    call = candidates[0];
  }
  return { stage, frames, data };
}
