/** Errors of programs that cannot be loaded and of runs that failed. */

export type VmErrorCode =
  | "INVALID_INSTRUCTION"
  | "INCONSISTENT_MEMORY"
  | "UNKNOWN_MEMORY"
  | "EXPECTED_FELT"
  | "EXPECTED_POINTER"
  | "INVALID_POINTER"
  | "ASSERT_EQ"
  | "BUILTIN"
  | "HINT"
  | "OUT_OF_STEPS"
  | "OUT_OF_MEMORY"
  | "INVALID_RUN";

export interface VmErrorOptions {
  readonly pc?: number;
  /** The calls that led to `pc`, outermost first, as offsets in the program segment. */
  readonly callStack?: readonly number[];
  readonly cause?: unknown;
}

/** A run that failed. `pc` is the offset in the program segment, where known. */
export class VmError extends Error {
  override readonly name = "VmError";
  readonly code: VmErrorCode;
  readonly pc: number | undefined;
  readonly callStack: readonly number[];

  constructor(
    code: VmErrorCode,
    message: string,
    { pc, callStack = [], cause }: VmErrorOptions = {},
  ) {
    super(message, { cause });
    this.code = code;
    this.pc = pc;
    this.callStack = callStack;
  }

  /** The call stack as Starknet's tools print it; empty without calls. */
  get traceback(): string {
    if (this.callStack.length === 0) return "";
    const lines = this.callStack.map((pc) => `Unknown location (pc=0:${pc})\n`);
    return `Cairo traceback (most recent call last):\n${lines.join("")}`;
  }
}

/** A program (CASM or compiled Cairo 0) that is not well formed. */
export class ProgramError extends Error {
  override readonly name = "ProgramError";
}
