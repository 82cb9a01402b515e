/** The error that says why a block cannot be proven. */

/** A block that the OS program cannot prove. */
export class Unprovable extends Error {
  override readonly name = "Unprovable";
  readonly blockNumber: number;
  /** What it is about the block. */
  readonly reason: string;

  constructor(blockNumber: number, reason: string, options?: ErrorOptions) {
    super(`block ${blockNumber} cannot be proven: ${reason}`, options);
    this.blockNumber = blockNumber;
    this.reason = reason;
  }
}
