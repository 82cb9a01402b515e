/** Errors of contract classes that come from outside. */

export type ClassErrorCode =
  /** Not the JSON of a class. */
  | "INVALID_CLASS"
  /** A class of a form that the protocol does not know. */
  | "UNSUPPORTED_CLASS_VERSION"
  /** The compiler refused it, or did not come to an end. */
  | "COMPILATION_FAILED";

export class ClassError extends Error {
  override readonly name = "ClassError";
  readonly code: ClassErrorCode;

  constructor(code: ClassErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
