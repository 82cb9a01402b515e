/**
 * Makes serialized Sierra readable for a compiler whose machine word has 32 bits.
 *
 * A branch that falls through is serialized as the largest machine word of the compiler that wrote it,
 * 2^64 - 1, and read as the largest one of the compiler that reads it: 2^32 - 1 in WebAssembly. The same
 * number also stands for constants (the bound of u64), so targets are found by the program's structure.
 * Format: cairo-lang-starknet-classes, felt252_serde.rs.
 */
import type { Felt } from "../../../field/felt.ts";
import { compress, decompress, invalidProgram } from "./compression.ts";

const FALL_THROUGH_64 = (1n << 64n) - 1n;
const FALL_THROUGH_32 = (1n << 32n) - 1n;
/** Versions of Sierra and of the compiler, three felts each. */
const VERSION_FELTS = 6;
/** A type's number of generic arguments; above them are its properties. */
const TYPE_ARGUMENTS = (1n << 128n) - 1n;

/** The program with its fall-through targets as a 32-bit compiler reads them. Throws ClassError. */
export function narrowFallThrough(program: readonly Felt[]): Felt[] {
  const felts = decompress(program.slice(VERSION_FELTS));
  for (const place of branchTargets(felts)) {
    if (felts[place] === FALL_THROUGH_32) throw invalidProgram("a branch leads out of the program");
    if (felts[place] === FALL_THROUGH_64) felts[place] = FALL_THROUGH_32;
  }
  return [...program.slice(0, VERSION_FELTS), ...compress(felts)];
}

/** Places of branch targets in a decompressed program, found by walking its structure. */
function* branchTargets(felts: readonly Felt[]): Generator<number> {
  let next = 0;
  const read = (): Felt => {
    const felt = felts[next++];
    if (felt === undefined) throw invalidProgram("it ends early");
    return felt;
  };
  const count = (value = read()): number => {
    if (value > BigInt(felts.length)) throw invalidProgram("a list is longer than the program");
    return Number(value);
  };
  const skip = (places: number): void => {
    next += places;
  };
  // Generic arguments are a kind and a value.
  for (let types = count(); types > 0; types--) {
    skip(1);
    skip(2 * count(read() & TYPE_ARGUMENTS));
  }
  for (let libfuncs = count(); libfuncs > 0; libfuncs--) {
    skip(1);
    skip(2 * count());
  }
  for (let statements = count(); statements > 0; statements--) {
    const isReturn = read() === 1n;
    if (!isReturn) skip(1);
    skip(count());
    if (isReturn) continue;
    for (let branches = count(); branches > 0; branches--) {
      yield next;
      skip(1);
      skip(count());
    }
  }
}
