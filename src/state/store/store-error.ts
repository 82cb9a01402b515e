/** A folder that cannot be a store. */

export type StoreErrorCode =
  /** The folder was written in another format. */
  | "FORMAT"
  /** The folder holds something else. */
  | "FOREIGN"
  /** Another process has the folder open. */
  | "LOCKED"
  /** Rows are missing, or are not what others say of them. */
  | "CORRUPT"
  /** The package that reads and writes it is not installed. */
  | "MISSING_PACKAGE"
  /** It cannot be created, read or written. */
  | "UNUSABLE";

export class StoreError extends Error {
  override readonly name = "StoreError";
  readonly code: StoreErrorCode;

  constructor(code: StoreErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
