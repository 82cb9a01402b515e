/** The statement of a proof: the words of the public input (protocol spec §6.1). */
import { type Felt, isFelt } from "../../field/felt.ts";
import { keccak256 } from "../../hash/keccak.ts";
import { bigIntToBytes } from "../../util/bytes.ts";
import { WORD_BYTES } from "./proof-reader.ts";
import { ensure } from "./rejection.ts";

/** Where the program starts and, by its last instruction `jmp rel 0`, ends. */
const INITIAL_PC = 1n;
const FINAL_PC = 5n;
const ADDRESS_LIMIT = 1n << 64n;
const MAX_LOG_STEPS = 49n;
const MAX_PAGES = 99_999n;
const MAX_PAGE_CELLS = (1n << 30n) - 1n;
const MAX_CELLS = (1n << 24n) - 1n;

/** What of a layout shapes its public input. */
export interface StatementShape {
  readonly name: string;
  readonly rowsPerStep: number;
  /** A range-checked word is below 2^rangeCheckBits. */
  readonly rangeCheckBits: number;
  /** Rows for each cell of public memory. */
  readonly publicMemoryStep: number;
  /** In the order of the public input; `ratio` is in steps. */
  readonly builtins: readonly {
    readonly name: string;
    readonly ratio: number;
    readonly cells: number;
  }[];
}

export interface Segment {
  readonly begin: bigint;
  readonly stop: bigint;
}

export interface PageHeader {
  /** First address; of page 0, which lists addresses, it is undefined. */
  readonly start: bigint | undefined;
  /** How many cells. */
  readonly size: bigint;
  readonly hash: bigint;
}

export interface PublicInput {
  readonly logSteps: number;
  readonly logRows: number;
  readonly rangeCheckMin: bigint;
  readonly rangeCheckMax: bigint;
  readonly program: Segment;
  readonly execution: Segment;
  readonly output: Segment;
  /** By name of the builtin. */
  readonly builtins: ReadonlyMap<string, Segment>;
  /** The cell that fills the slots of public memory that are left over. */
  readonly padding: { readonly address: bigint; readonly value: Felt };
  readonly pages: readonly PageHeader[];
  /** keccak256 of the words: where the channel starts. */
  readonly seed: Uint8Array;
}

/** The layout's name in ASCII, read as a number. */
export const layoutCode = (name: string): bigint =>
  BigInt(`0x${Buffer.from(name, "ascii").toString("hex")}`);

export const keccakOfWords = (words: readonly bigint[]): Uint8Array =>
  keccak256(Buffer.concat(words.map((word) => bigIntToBytes(word, WORD_BYTES))));

/**
 * Takes the words apart, page products not among them.
 * @param words each below 2^256
 */
export function parsePublicInput(words: readonly bigint[], shape: StatementShape): PublicInput {
  let at = 0;
  const take = (): bigint => {
    ensure(at < words.length, "the public input is too short");
    return words[at++]!;
  };
  const takeSegment = (): Segment => ({ begin: take(), stop: take() });

  const [logSteps, rangeCheckMin, rangeCheckMax, code] = [take(), take(), take(), take()];
  const [program, execution, output] = [takeSegment(), takeSegment(), takeSegment()];
  const builtins = new Map(shape.builtins.map(({ name }) => [name, takeSegment()]));
  const padding = { address: take(), value: take() };
  const pageCount = take();

  ensure(
    code === layoutCode(shape.name),
    `layout code 0x${code.toString(16)}, not ${shape.name}'s`,
  );
  ensure(logSteps <= MAX_LOG_STEPS, `2^${logSteps} steps`);
  ensure(
    rangeCheckMin <= rangeCheckMax && rangeCheckMax < 1n << BigInt(shape.rangeCheckBits),
    `range-check limits ${rangeCheckMin}..${rangeCheckMax}`,
  );
  ensure(program.begin === INITIAL_PC, `initial pc ${program.begin}, not ${INITIAL_PC}`);
  ensure(program.stop === FINAL_PC, `final pc ${program.stop}, not ${FINAL_PC}`);
  ensure(pageCount >= 1n && pageCount <= MAX_PAGES, `${pageCount} memory pages`);
  ensure(
    BigInt(words.length - at) === 3n * pageCount - 1n,
    `${words.length - at} words for ${pageCount} memory pages`,
  );
  const pages = Array.from({ length: Number(pageCount) }, (_, page): PageHeader => ({
    start: page === 0 ? undefined : take(),
    size: take(),
    hash: take(),
  }));
  return {
    logSteps: Number(logSteps),
    logRows: Number(logSteps) + Math.log2(shape.rowsPerStep),
    ...{ rangeCheckMin, rangeCheckMax, program, execution, output, builtins, padding, pages },
    seed: keccakOfWords(words),
  };
}

/** Addresses are in range, and each builtin stays within the instances that the trace has for it. */
export function checkSegments(input: PublicInput, shape: StatementShape): void {
  const { execution, output, padding } = input;
  for (const [name, { begin, stop }] of Object.entries({ execution, output })) {
    ensure(
      begin < ADDRESS_LIMIT && stop < ADDRESS_LIMIT,
      `the ${name} segment ${begin}..${stop} is out of range`,
    );
  }
  ensure(output.begin <= output.stop, `the output segment is ${output.begin}..${output.stop}`);
  ensure(
    padding.address < ADDRESS_LIMIT && isFelt(padding.value),
    "the cell of the padding is out of range",
  );
  const steps = 1n << BigInt(input.logSteps);
  for (const { name, ratio, cells } of shape.builtins) {
    const { begin, stop } = input.builtins.get(name)!;
    ensure(steps % BigInt(ratio) === 0n, `${steps} steps for a ${name} builtin every ${ratio}`);
    const end = begin + BigInt(cells) * (steps / BigInt(ratio));
    ensure(
      begin < ADDRESS_LIMIT && begin <= stop && stop <= end,
      `the ${name} segment is ${begin}..${stop}, its cells end at ${end}`,
    );
  }
}

/** Slots of public memory in the trace. */
export const publicSlots = ({ logRows }: PublicInput, shape: StatementShape): bigint =>
  (1n << BigInt(logRows)) / BigInt(shape.publicMemoryStep);

/** Cells of all pages. */
export const publicCells = ({ pages }: PublicInput): bigint =>
  pages.reduce((sum, { size }) => sum + size, 0n);

/** Pages are not larger than the format allows and together fit into the trace. */
export function checkPageSizes(input: PublicInput, shape: StatementShape): void {
  for (const [page, { start, size }] of input.pages.entries()) {
    ensure(size <= MAX_PAGE_CELLS, `page ${page} has ${size} cells`);
    ensure((start ?? 0n) < ADDRESS_LIMIT, `page ${page} starts at ${start}`);
  }
  const cells = publicCells(input);
  const slots = publicSlots(input, shape);
  ensure(
    cells <= MAX_CELLS && cells <= slots,
    `${cells} cells of public memory, room for ${slots}`,
  );
}
