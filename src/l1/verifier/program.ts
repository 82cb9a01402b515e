/** A Cairo program as L1 keeps it: in the code of contracts (contracts/verifier/CairoProgram.sol). */
import type { Felt } from "../../field/felt.ts";
import { keccak256 } from "../../hash/keccak.ts";
import { chunks, PROGRAM_PAGE_WORDS } from "../../prover/program-pages.ts";
import type { VerifierLayout } from "../../prover/verifier/layout.ts";
import { keccakOfWords } from "../../prover/verifier/public-input.ts";
import { bigIntToBytes, bytesToBigInt } from "../../util/bytes.ts";
import { encodeArguments } from "../abi.ts";

export interface ProgramOnL1 {
  readonly pages: readonly (readonly Felt[])[];
  /** A byte for each builtin of the program: 0 for output, i for the layout's i-th one. */
  readonly builtins: Uint8Array;
  /** What facts call the program. */
  readonly hash: bigint;
}

/**
 * @param words the program's
 * @param builtins names in the program's order, output first. Throws RangeError for others than the layout's.
 */
export function programOnL1(
  words: readonly Felt[],
  builtins: readonly string[],
  layout: VerifierLayout,
): ProgramOnL1 {
  const names = ["output", ...layout.builtins.map(({ name }) => name)];
  const indices = builtins.map((name) => names.indexOf(name));
  if (indices[0] !== 0) throw new RangeError("the first builtin of the program must be output");
  if (indices.includes(-1))
    throw new RangeError(`layout ${layout.name} lacks a builtin of ${builtins.join(", ")}`);
  const pages = chunks(words, PROGRAM_PAGE_WORDS);
  const bytes = Uint8Array.from(indices);
  const hashes = pages.map((page) => bytesToBigInt(keccakOfWords(page)));
  const hash = bytesToBigInt(keccak256(encodeArguments([bytes, hashes]))) & ((1n << 250n) - 1n);
  return { pages, builtins: bytes, hash };
}

/**
 * Code that creates a contract whose code is a zero byte and the words: PUSH2 length, DUP1, PUSH1 10, PUSH0,
 * CODECOPY, PUSH0, RETURN.
 */
export function pageCreationCode(page: readonly Felt[]): Uint8Array {
  const code = Buffer.concat([Uint8Array.of(0), ...page.map((word) => bigIntToBytes(word, 32))]);
  const [high, low] = [code.length >> 8, code.length & 0xff];
  return Buffer.concat([
    Uint8Array.of(0x61, high, low, 0x80, 0x60, 0x0a, 0x5f, 0x39, 0x5f, 0xf3),
    code,
  ]);
}
