/** Why something cannot be proven. */

export type ProverErrorCode =
  /** The run lacks something that a proof needs, or contradicts itself. */
  | "INVALID_RUN"
  /** The layout has no room for what the run used, or lacks a builtin. */
  | "LAYOUT"
  /** Parameters of the proof that do not fit each other. */
  | "PARAMETERS"
  /** More memory than there is. */
  | "TOO_LARGE";

export class ProverError extends Error {
  override readonly name = "ProverError";
  readonly code: ProverErrorCode;

  constructor(code: ProverErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
