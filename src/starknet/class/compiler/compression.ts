/**
 * Compression of serialized Sierra programs: the felts are written as code words, which are places in a
 * dictionary, and as many code words as fit are packed into a felt. Format: cairo-lang-starknet-classes,
 * felt252_vec_compression.rs.
 */
import { P, type Felt } from "../../../field/felt.ts";
import { ClassError } from "../errors.ts";

/** Felt `i` of the program is `dictionary[codes[i]]`. */
export interface CodedProgram {
  readonly dictionary: readonly Felt[];
  readonly codes: Uint32Array;
}

const MIN_CODE_SIZE = 256;
/** Felts that a program may have; the largest classes on mainnet have some 200,000. */
const MAX_PROGRAM = 1 << 22;

export const invalidProgram = (what: string): ClassError =>
  new ClassError("COMPILATION_FAILED", `Invalid Sierra program: ${what}`);

/** Code words per felt: as many as stay below P whatever they are. */
function wordsPerFelt(codeSize: number): number {
  let count = 0;
  for (let bound = BigInt(codeSize); bound < P; bound *= BigInt(codeSize)) count++;
  return count;
}

/** 256 bits, seen as a felt or as 32-bit words, least significant first. */
class Bits {
  readonly words = new Uint32Array(8);

  set felt(felt: Felt) {
    for (let i = 0; i < 8; i += 2) {
      const low = BigInt.asUintN(64, felt >> BigInt(32 * i));
      this.words[i] = Number(low & 0xffffffffn);
      this.words[i + 1] = Number(low >> 32n);
    }
  }

  get felt(): Felt {
    return this.words.reduceRight((felt, word) => (felt << 32n) | BigInt(word), 0n);
  }

  read(place: number, width: number): number {
    const [word, shift] = [place >>> 5, place & 31];
    let value = this.words[word]! >>> shift;
    if (shift + width > 32) value |= this.words[word + 1]! << (32 - shift);
    return value & ((1 << width) - 1);
  }

  /** Writes to bits that are 0. */
  write(place: number, width: number, value: number): void {
    const [word, shift] = [place >>> 5, place & 31];
    this.words[word]! |= value << shift;
    if (shift + width > 32) this.words[word + 1]! |= value >>> (32 - shift);
  }
}

/**
 * Reads dictionary size, padding of it to a power of 2, dictionary, number of felts, packed code words.
 * Throws ClassError.
 */
export function unpackProgram(packed: readonly Felt[]): CodedProgram {
  let next = 0;
  const size = (what: string): number => {
    const value = packed[next++];
    if (value === undefined || value > BigInt(MAX_PROGRAM))
      throw invalidProgram(`${what} is missing or too large`);
    return Number(value);
  };
  const dictionarySize = size("the dictionary's size");
  const codeSize = dictionarySize + size("the dictionary's padding");
  if (codeSize < MIN_CODE_SIZE || (codeSize & (codeSize - 1)) !== 0)
    throw invalidProgram("the dictionary's padded size is no power of 2");
  const dictionary = packed.slice(next, (next += dictionarySize));
  const length = size("the number of felts");
  const perFelt = wordsPerFelt(codeSize);
  if (length > (packed.length - next) * perFelt) throw invalidProgram("it ends early");

  const width = Math.log2(codeSize);
  const bits = new Bits();
  const codes = new Uint32Array(length);
  for (let i = 0; i < length; i++) {
    const place = i % perFelt;
    if (place === 0) bits.felt = packed[next++]!;
    const code = bits.read(place * width, width);
    if (code >= dictionary.length) throw invalidProgram("a code word is not in the dictionary");
    codes[i] = code;
  }
  return { dictionary, codes };
}

export function packProgram({ dictionary, codes }: CodedProgram): Felt[] {
  const width = Math.ceil(Math.log2(Math.max(MIN_CODE_SIZE, dictionary.length)));
  const codeSize = 2 ** width;
  const perFelt = wordsPerFelt(codeSize);
  const sizes = [BigInt(dictionary.length), BigInt(codeSize - dictionary.length)];
  const packed = [...sizes, ...dictionary, BigInt(codes.length)];
  const bits = new Bits();
  for (let start = 0; start < codes.length; start += perFelt) {
    bits.words.fill(0);
    const count = Math.min(perFelt, codes.length - start);
    for (let i = 0; i < count; i++) bits.write(i * width, width, codes[start + i]!);
    packed.push(bits.felt);
  }
  return packed;
}
