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

/** A run that failed. `pc` is the offset in the program segment, where known. */
export class VmError extends Error {
  override readonly name = "VmError";
  readonly code: VmErrorCode;
  readonly pc: number | undefined;

  constructor(code: VmErrorCode, message: string, options: { pc?: number; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.code = code;
    this.pc = options.pc;
  }
}

/** A program (CASM or compiled Cairo 0) that is not well formed. */
export class ProgramError extends Error {
  override readonly name = "ProgramError";
}
