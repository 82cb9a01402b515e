/**
 * Compression of serialized Sierra programs: a dictionary of the distinct felts, then code words of it,
 * packed. Format: cairo-lang-starknet-classes, felt252_vec_compression.rs.
 */
import { P, type Felt } from "../../../field/felt.ts";
import { ClassError } from "../errors.ts";

const MIN_CODE_SIZE = 256;
/** Felts that a program may decompress to; the largest classes on mainnet have some 200,000. */
const MAX_PROGRAM = 1 << 22;

export const invalidProgram = (what: string): ClassError =>
  new ClassError("COMPILATION_FAILED", `Invalid Sierra program: ${what}`);

/** Code words per felt: as many as stay below P whatever they are. */
function wordsPerFelt(codeSize: bigint): number {
  let count = 0;
  for (let bound = codeSize; bound < P; bound *= codeSize) count++;
  return count;
}

/**
 * Compressed form: dictionary size, padding to a power of 2, dictionary, length, packed code words. Throws
 * ClassError.
 */
export function decompress(compressed: readonly Felt[]): Felt[] {
  let next = 0;
  const size = (what: string): number => {
    const value = compressed[next++];
    if (value === undefined || value > BigInt(MAX_PROGRAM))
      throw invalidProgram(`${what} is missing or too large`);
    return Number(value);
  };
  const dictionarySize = size("the dictionary's size");
  const codeSize = dictionarySize + size("the dictionary's padding");
  if (codeSize < MIN_CODE_SIZE || (codeSize & (codeSize - 1)) !== 0)
    throw invalidProgram("the dictionary's padded size is no power of 2");
  const dictionary = compressed.slice(next, (next += dictionarySize));
  const length = size("the length");
  const perFelt = wordsPerFelt(BigInt(codeSize));
  if (length > (compressed.length - next) * perFelt) throw invalidProgram("it ends early");

  const bits = BigInt(Math.log2(codeSize));
  const mask = BigInt(codeSize - 1);
  const felts: Felt[] = [];
  for (; felts.length < length; next++) {
    let packed = compressed[next]!;
    for (let i = 0; i < perFelt && felts.length < length; i++, packed >>= bits) {
      const felt = dictionary[Number(packed & mask)];
      if (felt === undefined) throw invalidProgram("a code word is not in the dictionary");
      felts.push(felt);
    }
  }
  return felts;
}

export function compress(felts: readonly Felt[]): Felt[] {
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
