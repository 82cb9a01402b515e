/** What the OS is told of a call so that it can make it again: outcomes, and the answers of syscalls. */
import type { MemoryView } from "../../cairo/hints/context.ts";
import { isRelocatable } from "../../cairo/relocatable.ts";
import type { MemoryValue } from "../../cairo/relocatable.ts";
import type { Felt } from "../../field/felt.ts";
import type { SyscallName } from "../constants.ts";

/** What a call came to: code that ran, or why none did. */
export type CallOutcome = "RUNS" | "NOT_FOUND" | "OUT_OF_GAS" | "NO_CONSTRUCTOR";

/** The response to one syscall. */
export interface SyscallAnswer {
  readonly syscall: SyscallName;
  readonly gas: bigint;
  readonly failed: boolean;
  /** The words of the response before its array, if it has one. */
  readonly words: readonly Felt[];
  /** The array at the response's end: return data or panic data. */
  readonly array: readonly Felt[] | undefined;
  /** Whether the syscall made a call, which then answered it. */
  readonly made: "call" | undefined;
}

/** One call; those below it have records of their own. */
export interface CallRecord {
  readonly outcome: CallOutcome;
  readonly answers: readonly SyscallAnswer[];
  /** Offsets of the bytecode that were executed, ascending. */
  readonly visitedPcs: readonly number[];
}

export const notRun = (outcome: CallOutcome): CallRecord => ({
  outcome,
  answers: [],
  visitedPcs: [],
});

/** Takes a response apart: `words` as they lie in memory, pointers for an array or the execution info. */
export function recordAnswer(
  syscall: SyscallName,
  memory: MemoryView,
  gas: bigint,
  failed: boolean,
  words: readonly MemoryValue[],
  made: SyscallAnswer["made"],
): SyscallAnswer {
  const felts = words.filter((word): word is Felt => !isRelocatable(word));
  const [start, end] = words.filter(isRelocatable);
  const array =
    start === undefined || end === undefined
      ? undefined
      : memory.felts(start, end.offset - start.offset);
  return { syscall, gas, failed, words: felts, array, made };
}
