/**
 * The statement of a run with its public memory in the pages that a registry of facts about one program reads
 * (contracts/verifier/CairoFactRegistry.sol): the stack in page 0, the program in pages of their own, the output
 * in the last one. Consecutive words cost half of what pairs do, and a page at a time takes little memory.
 */
import { bytesToBigInt } from "../util/bytes.ts";
import { ProverError } from "./errors.ts";
import type { Statement } from "./statement.ts";
import type { VerifierLayout } from "./verifier/layout.ts";
import { keccakOfWords, parsePublicInput } from "./verifier/public-input.ts";
import { cellsOf, type MemoryCell, type MemoryPage, wordsOf } from "./verifier/public-memory.ts";

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
