/** keccak: a state of eight 200-bit words (1600 bits, little endian) and Keccak-f[1600] of it. */
import type { Felt } from "../../field/felt.ts";
import { keccakF1600 } from "../../hash/keccak.ts";
import { type BuiltinDefinition, builtinError, SEGMENT_KIND } from "./definition.ts";

const WORDS = 8;
const WORD_BITS = 200n;
const WORD_MASK = (1n << WORD_BITS) - 1n;
const LANES = 25;

function permute(inputs: readonly Felt[]): Felt[] {
  let state = 0n;
  for (let i = WORDS - 1; i >= 0; i--) {
    if (inputs[i]! > WORD_MASK) throw builtinError("an input has more than 200 bits");
    state = (state << WORD_BITS) | inputs[i]!;
  }
  const lanes = new BigUint64Array(LANES);
  for (let i = 0; i < LANES; i++) lanes[i] = BigInt.asUintN(64, state >> BigInt(64 * i));
  keccakF1600(lanes);
  const permuted = lanes.reduceRight((sum, lane) => (sum << 64n) | lane, 0n);
  return Array.from({ length: WORDS }, (_, i) => (permuted >> (WORD_BITS * BigInt(i))) & WORD_MASK);
}

export const KECCAK: BuiltinDefinition = {
  name: "keccak",
  cells: 2 * WORDS,
  inputs: WORDS,
  kind: SEGMENT_KIND.deduced,
  outputs: permute,
};
