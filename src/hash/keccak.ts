/** Keccak-256 and what Starknet derives from it. */
import type { Felt } from "../field/felt.ts";
import { bytesToBigInt } from "../util/bytes.ts";
import { keccak256 } from "./reference/keccak.ts";

export { keccak256, keccakF1600 } from "./reference/keccak.ts";

const MASK_250 = (1n << 250n) - 1n;

/** Keccak-256 of bytes, or of UTF-8 text, cut to 250 bits. */
export function snKeccak(data: Uint8Array | string): Felt {
  const bytes = typeof data === "string" ? new TextEncoder().encode(data) : data;
  return bytesToBigInt(keccak256(bytes)) & MASK_250;
}

/** The entry point selector of a function name; the two default entry points have selector 0. */
export const selector = (name: string): Felt =>
  name === "__default__" || name === "__l1_default__" ? 0n : snKeccak(name);
