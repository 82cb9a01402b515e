/**
 * Makes serialized Sierra readable for a compiler whose machine word has 32 bits.
 *
 * A branch that falls through is serialized as the largest machine word of the compiler that wrote it,
 * 2^64 - 1, and read as the largest one of the compiler that reads it: 2^32 - 1 in WebAssembly. The same
 * number also stands for constants (the bound of u64), so targets are found by the program's structure.
 * Format: cairo-lang-starknet-classes, felt252_serde.rs.
 */
import type { Felt } from "../../../field/felt.ts";
import { invalidProgram, packProgram, unpackProgram, type CodedProgram } from "./compression.ts";

const FALL_THROUGH_64 = (1n << 64n) - 1n;
const FALL_THROUGH_32 = (1n << 32n) - 1n;
/** Versions of Sierra and of the compiler, three felts each. */
const VERSION_FELTS = 6;
/** A type's number of generic arguments; above them are its properties. */
const TYPE_ARGUMENTS = (1n << 128n) - 1n;

/** The program with its fall-through targets as a 32-bit compiler reads them. Throws ClassError. */
export function narrowFallThrough(program: readonly Felt[]): Felt[] {
  const coded = unpackProgram(program.slice(VERSION_FELTS));
  const dictionary = [...coded.dictionary, FALL_THROUGH_32];
  const codes = coded.codes.slice();
  for (const place of branchTargets(coded)) {
    const target = dictionary[codes[place]!];
    if (target === FALL_THROUGH_32) throw invalidProgram("a branch leads out of the program");
    if (target === FALL_THROUGH_64) codes[place] = dictionary.length - 1;
  }
  return [...program.slice(0, VERSION_FELTS), ...packProgram({ dictionary, codes })];
}

/** Places of the program's branch targets, found by walking its structure. */
function* branchTargets({ dictionary, codes }: CodedProgram): Generator<number> {
  let next = 0;
  const read = (): Felt => {
    const code = codes[next++];
    if (code === undefined) throw invalidProgram("it ends early");
    return dictionary[code]!;
  };
  const count = (value = read()): number => {
    if (value > BigInt(codes.length)) throw invalidProgram("a list is longer than the program");
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
      read();
      yield next - 1;
      skip(count());
    }
  }
}
