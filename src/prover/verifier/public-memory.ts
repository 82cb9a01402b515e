/** Public memory: the pages behind the headers of the public input (protocol spec §6.2). */
import { add, type Felt, inv, isFelt, mul, pow, sub } from "../../field/felt.ts";
import { bytesToBigInt } from "../../util/bytes.ts";
import {
  checkPageSizes,
  keccakOfWords,
  type PageHeader,
  publicCells,
  type PublicInput,
  publicSlots,
  type StatementShape,
} from "./public-input.ts";
import { ensure } from "./rejection.ts";

/** [address, value]. */
export type MemoryCell = readonly [bigint, bigint];

/** Page 0 lists its cells; the cells of any other page have consecutive addresses. */
export type MemoryPage =
  | { readonly cells: readonly MemoryCell[] }
  | { readonly start: bigint; readonly values: readonly bigint[] };

const ADDRESS_LIMIT = 1n << 64n;

export const cellsOf = (page: MemoryPage): readonly MemoryCell[] =>
  "cells" in page
    ? page.cells
    : page.values.map((value, i): MemoryCell => [page.start + BigInt(i), value]);

/** The words whose keccak256 is the hash of the page. */
export const wordsOf = (page: MemoryPage): readonly bigint[] =>
  "cells" in page ? page.cells.flat() : page.values;

function checkPage(page: MemoryPage, number: number, header: PageHeader): void {
  const kind = number === 0 ? "cells" : "values";
  ensure(kind in page, `page ${number} is not a list of ${kind}`);
  const start = "start" in page ? page.start : undefined;
  ensure(start === header.start, `page ${number} starts at ${start}, not ${header.start}`);
  const cells = cellsOf(page);
  ensure(
    BigInt(cells.length) === header.size,
    `page ${number} has ${cells.length} cells, not ${header.size}`,
  );
  ensure(
    cells.every(([address, value]) => address < ADDRESS_LIMIT && isFelt(value)),
    `page ${number} has a cell that is out of range`,
  );
  ensure(
    bytesToBigInt(keccakOfWords(wordsOf(page))) === header.hash,
    `the hash of page ${number} differs`,
  );
}

/** The pages are those of the headers, and fit into the trace. */
export function checkPages(
  input: PublicInput,
  pages: readonly MemoryPage[],
  shape: StatementShape,
): void {
  ensure(
    pages.length === input.pages.length,
    `${pages.length} pages, the public input has ${input.pages.length}`,
  );
  for (const [number, page] of pages.entries()) checkPage(page, number, input.pages[number]!);
  checkPageSizes(input, shape);
}

/** Π (z - (address + α·value)) over the cells of a page. */
export const pageProduct = (page: MemoryPage, z: Felt, alpha: Felt): Felt =>
  cellsOf(page).reduce(
    (product, [address, value]) => mul(product, sub(z, add(address, mul(alpha, value)))),
    1n,
  );

/**
 * z^S / ((z - (a + α·v))^(S - n) · Π pages) for S slots, n of them used, and the padding cell (a, v): what
 * the running product of the memory argument must come to. Throws RangeError where the divisor is 0.
 */
export function publicMemoryQuotient(
  input: PublicInput,
  pages: readonly MemoryPage[],
  shape: StatementShape,
  z: Felt,
  alpha: Felt,
): Felt {
  const slots = publicSlots(input, shape);
  const { address, value } = input.padding;
  const filler = pow(sub(z, add(address, mul(alpha, value))), slots - publicCells(input));
  const product = pages.reduce((all, page) => mul(all, pageProduct(page, z, alpha)), filler);
  return mul(pow(z, slots), inv(product));
}
