/** Cells of 32 bytes (layout.ts) to and from felts and pointers. */
import type { MemoryValue } from "../relocatable.ts";
import { isRelocatable } from "../relocatable.ts";
import { FELT_TAG, POINTER_TAG, VALUE_BITS } from "./layout.ts";

const TWO_32 = 0x1_0000_0000;
const MASK_64 = 0xffff_ffff_ffff_ffffn;

/** Writes a value as a cell; `words` are eight 32-bit words from `at` on. */
export function encodeCell(words: Uint32Array, at: number, value: MemoryValue): void {
  if (isRelocatable(value)) {
    words[at] = value.offset % TWO_32;
    words[at + 1] = Math.floor(value.offset / TWO_32);
    words[at + 2] = value.segment;
    words[at + 3] = value.segment < 0 ? -1 : 0;
    words[at + 4] = words[at + 5] = words[at + 6] = 0;
    words[at + 7] = POINTER_TAG;
    return;
  }
  if (value < 0x1_0000_0000n) {
    words[at] = Number(value);
    words.fill(0, at + 1, at + 7);
    words[at + 7] = FELT_TAG;
    return;
  }
  for (let i = 0, rest = value; i < 8; i += 2, rest >>= 64n) {
    const limb = rest & MASK_64;
    words[at + i] = Number(limb & 0xffff_ffffn);
    words[at + i + 1] = Number(limb >> 32n);
  }
  words[at + 7] = words[at + 7]! | FELT_TAG;
}

/** The value of a cell, or undefined for a hole. */
export function decodeCell(words: Uint32Array, at: number): MemoryValue | undefined {
  const high = words[at + 7]!;
  if (high >= FELT_TAG) return decodeFelt(words, at, high & VALUE_BITS);
  if ((high & POINTER_TAG) === 0) return undefined;
  return { segment: words[at + 2]! | 0, offset: words[at + 1]! * TWO_32 + words[at]! };
}

function decodeFelt(words: Uint32Array, at: number, high: number): bigint {
  const upper =
    words[at + 2]! | words[at + 3]! | words[at + 4]! | words[at + 5]! | words[at + 6]! | high;
  if (upper === 0) return words[at + 1] === 0 ? BigInt(words[at]!) : limb(words, at);
  const top = (BigInt(high) << 32n) | BigInt(words[at + 6]!);
  return (
    (top << 192n) | (limb(words, at + 4) << 128n) | (limb(words, at + 2) << 64n) | limb(words, at)
  );
}

const limb = (words: Uint32Array, at: number): bigint =>
  (BigInt(words[at + 1]!) << 32n) | BigInt(words[at]!);
