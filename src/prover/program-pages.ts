/**
 * The statement of a run with its public memory in the pages that a registry of facts about one program reads
 * (contracts/verifier/CairoFactRegistry.sol): the stack in page 0, the program in pages of their own, the output
 * in the last one. Consecutive words cost half of what pairs do, and a page at a time takes little memory.
 */
import type { Felt } from "../field/felt.ts";
import { bytesToBigInt } from "../util/bytes.ts";
import { ProverError } from "./errors.ts";
import type { Statement } from "./statement.ts";
import type { VerifierLayout } from "./verifier/layout.ts";
import { keccakOfWords, parsePublicInput, type PublicInput } from "./verifier/public-input.ts";
import { cellsOf, type MemoryCell, type MemoryPage, wordsOf } from "./verifier/public-memory.ts";
import { ensure } from "./verifier/rejection.ts";

/** Words that fit into a contract's 24,576 bytes of code behind a zero byte. */
export const PROGRAM_PAGE_WORDS = 767;

/** First address of the program. */
const PROGRAM_START = 1n;

/** `list` in parts of `size`, the last one shorter. */
export const chunks = <T>(list: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(list.length / size) }, (_, i) =>
    list.slice(size * i, size * (i + 1)),
  );

/** Cells whose addresses must follow one another, as values from `start` on. */
function valuesPage(cells: readonly MemoryCell[], start: bigint): MemoryPage {
  for (const [i, [address]] of cells.entries())
    if (address !== start + BigInt(i))
      throw new ProverError("INVALID_RUN", `public memory has no cell ${start + BigInt(i)}`);
  return { start, values: cells.map(([, value]) => value) };
}

/**
 * The same public memory in those pages. Throws ProverError where program or output are not all public.
 * @param programWords length of the program
 */
export function withProgramPages(
  statement: Statement,
  layout: VerifierLayout,
  programWords: number,
): Statement {
  const { output } = statement.publicInput;
  const cells = statement.pages.flatMap(cellsOf);
  const isProgram = ([address]: MemoryCell): boolean => address <= BigInt(programWords);
  const isOutput = ([address]: MemoryCell): boolean =>
    address >= output.begin && address < output.stop;
  const program = cells.filter(isProgram);
  if (program.length !== programWords)
    throw new ProverError("INVALID_RUN", "the program is not all of public memory's beginning");
  const pages: MemoryPage[] = [
    { cells: cells.filter((cell) => !isProgram(cell) && !isOutput(cell)) },
    ...chunks(program, PROGRAM_PAGE_WORDS).map((part, i) =>
      valuesPage(part, PROGRAM_START + BigInt(PROGRAM_PAGE_WORDS * i)),
    ),
    valuesPage(
      cells.filter((cell) => !isProgram(cell) && isOutput(cell)),
      output.begin,
    ),
  ];
  const headers = pages.flatMap((page) => [
    ...("start" in page ? [page.start] : []),
    BigInt(cellsOf(page).length),
    bytesToBigInt(keccakOfWords(wordsOf(page))),
  ]);
  const fixed = statement.words.length - (3 * statement.pages.length - 1) - 1;
  const words = [...statement.words.slice(0, fixed), BigInt(pages.length), ...headers];
  return { ...statement, words, pages, publicInput: parsePublicInput(words, layout) };
}

/** A program by its words, and its builtins in its order. */
export interface PublicProgram {
  readonly words: readonly Felt[];
  readonly builtins: readonly string[];
}

/**
 * Checks that public memory is that of a run of the program, to the last cell, as the registry does; the output.
 * Throws Mismatch.
 */
export function checkProgramPages(
  input: PublicInput,
  pages: readonly MemoryPage[],
  { words, builtins }: PublicProgram,
): readonly Felt[] {
  const segments = builtins.map((name) =>
    name === "output" ? input.output : input.builtins.get(name),
  );
  ensure(!segments.includes(undefined), `the layout lacks a builtin of ${builtins.join(", ")}`);
  const { begin: fp, stop: ap } = input.execution;
  ensure(fp >= BigInt(words.length) + 3n, "the program and the stack of its run overlap");
  const returned = ap - BigInt(builtins.length);
  const stack: MemoryCell[] = [
    [fp - 2n, fp],
    [fp - 1n, 0n],
    ...segments.map((segment, i): MemoryCell => [fp + BigInt(i), segment!.begin]),
    ...segments.map((segment, i): MemoryCell => [returned + BigInt(i), segment!.stop]),
  ];
  const output = pages.at(-1);
  ensure(output !== undefined && "start" in output, "there is no page of the output");
  const { begin, stop } = input.output;
  ensure(
    output.start === begin && BigInt(output.values.length) === stop - begin,
    "the last page is not the output",
  );
  const before: readonly MemoryPage[] = [{ cells: stack }, ...programPages(words)];
  ensure(pages.length === before.length + 1, `${pages.length} pages, not ${before.length + 1}`);
  for (const [number, page] of before.entries())
    ensure(isSamePage(pages[number]!, page), `page ${number} is not that of the program`);
  return output.values;
}

function isSamePage(a: MemoryPage, b: MemoryPage): boolean {
  if ("start" in a !== "start" in b || ("start" in a && "start" in b && a.start !== b.start))
    return false;
  const [left, right] = [wordsOf(a), wordsOf(b)];
  return left.length === right.length && left.every((word, i) => word === right[i]);
}

const programPages = (words: readonly Felt[]) =>
  chunks(words, PROGRAM_PAGE_WORDS).map((values, i) => ({
    start: PROGRAM_START + BigInt(PROGRAM_PAGE_WORDS * i),
    values,
  }));
