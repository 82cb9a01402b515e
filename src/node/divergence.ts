/** What a source says of a block, and what the node finds. */
import { toHex } from "../util/hex.ts";

/** The block is not what it is said to be: the node takes neither it nor any block after it. */
export class Divergence extends Error {
  override readonly name = "Divergence";
  readonly blockNumber: number;

  /** @param reason names what differs, with both values */
  constructor(blockNumber: number, reason: string) {
    super(`block ${blockNumber} is not what its source says: ${reason}`);
    this.blockNumber = blockNumber;
  }
}

/** Values as the reasons of divergences name them. */
export const shown = (value: unknown): string => {
  if (typeof value === "bigint") return toHex(value);
  return value === undefined
    ? "none"
    : JSON.stringify(value, (_, inner: unknown) =>
        typeof inner === "bigint" ? toHex(inner) : inner,
      );
};
