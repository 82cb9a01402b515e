/**
 * Makes serialized Sierra readable for a compiler whose machine word has 32 bits.
 *
 * A branch that falls through is serialized as the largest machine word of the compiler that wrote it,
 * 2^64 - 1, and read as the largest one of the compiler that reads it: 2^32 - 1 in WebAssembly. The same
 * number also stands for constants (the bound of u64), so targets are found by the program's structure.
 * Format: cairo-lang-starknet-classes, felt252_serde.rs and felt252_vec_compression.rs.
 */
import { P, type Felt } from "../../../field/felt.ts";
import { ClassError } from "../errors.ts";

const FALL_THROUGH_64 = (1n << 64n) - 1n;
const FALL_THROUGH_32 = (1n << 32n) - 1n;
/** Versions of Sierra and of the compiler, three felts each. */
const VERSION_FELTS = 6;
const MIN_CODE_SIZE = 256;
/** A type's number of generic arguments; above them are its properties. */
const TYPE_ARGUMENTS = (1n << 128n) - 1n;
/** Felts that a program may decompress to; the largest classes on mainnet have some 200,000. */
const MAX_PROGRAM = 1 << 22;

const invalid = (what: string): ClassError =>
  new ClassError("COMPILATION_FAILED", `Invalid Sierra program: ${what}`);

/** The program with its fall-through targets as a 32-bit compiler reads them. Throws ClassError. */
export function narrowFallThrough(program: readonly Felt[]): Felt[] {
  const felts = decompress(program.slice(VERSION_FELTS));
  for (const place of branchTargets(felts)) {
    if (felts[place] === FALL_THROUGH_32) throw invalid("a branch leads out of the program");
    if (felts[place] === FALL_THROUGH_64) felts[place] = FALL_THROUGH_32;
  }
  return [...program.slice(0, VERSION_FELTS), ...compress(felts)];
}

/** Code words per felt: as many as stay below P whatever they are. */
function wordsPerFelt(codeSize: bigint): number {
  let count = 0;
  for (let bound = codeSize; bound < P; bound *= codeSize) count++;
  return count;
}

/** Compressed form: dictionary size, padding to a power of 2, dictionary, length, packed code words. */
function decompress(compressed: readonly Felt[]): Felt[] {
  let next = 0;
  const size = (what: string): number => {
    const value = compressed[next++];
    if (value === undefined || value > BigInt(MAX_PROGRAM))
      throw invalid(`${what} is missing or too large`);
    return Number(value);
  };
  const dictionarySize = size("the dictionary's size");
  const codeSize = dictionarySize + size("the dictionary's padding");
  if (codeSize < MIN_CODE_SIZE || (codeSize & (codeSize - 1)) !== 0)
    throw invalid("the dictionary's padded size is no power of 2");
  const dictionary = compressed.slice(next, (next += dictionarySize));
  const length = size("the length");
  const perFelt = wordsPerFelt(BigInt(codeSize));
  if (length > (compressed.length - next) * perFelt) throw invalid("it ends early");

  const bits = BigInt(Math.log2(codeSize));
  const mask = BigInt(codeSize - 1);
  const felts: Felt[] = [];
  for (; felts.length < length; next++) {
    let packed = compressed[next]!;
    for (let i = 0; i < perFelt && felts.length < length; i++, packed >>= bits) {
      const felt = dictionary[Number(packed & mask)];
      if (felt === undefined) throw invalid("a code word is not in the dictionary");
      felts.push(felt);
    }
  }
  return felts;
}

function compress(felts: readonly Felt[]): Felt[] {
  const codes = new Map<Felt, number>();
  for (const felt of felts) if (!codes.has(felt)) codes.set(felt, codes.size);
  const codeSize = 2 ** Math.ceil(Math.log2(Math.max(MIN_CODE_SIZE, codes.size)));
  const perFelt = wordsPerFelt(BigInt(codeSize));
  const bits = BigInt(Math.log2(codeSize));
  const compressed = [
    BigInt(codes.size),
    BigInt(codeSize - codes.size),
    ...codes.keys(),
    BigInt(felts.length),
  ];
  for (let start = 0; start < felts.length; start += perFelt) {
    let packed = 0n;
    for (let i = Math.min(start + perFelt, felts.length) - 1; i >= start; i--) {
      packed = (packed << bits) | BigInt(codes.get(felts[i]!)!);
    }
    compressed.push(packed);
  }
  return compressed;
}

/** Places of branch targets in a decompressed program, found by walking its structure. */
function* branchTargets(felts: readonly Felt[]): Generator<number> {
  let next = 0;
  const read = (): Felt => {
    const felt = felts[next++];
    if (felt === undefined) throw invalid("it ends early");
    return felt;
  };
  const count = (value = read()): number => {
    if (value > BigInt(felts.length)) throw invalid("a list is longer than the program");
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
