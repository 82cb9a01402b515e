/** Programs over the rows of a coset, and inverses of differences to points. */
import { type Felt, mul, neg, pow } from "../../field/felt.ts";
import { PAIR_BYTES, type ProverKernel } from "../kernel.ts";
import { rootOfUnity } from "../roots.ts";
import { storePairs } from "./lists.ts";
import { type Coset, makeTable, type TableInMemory, TAPE_BLOCK } from "./tables.ts";
import { type Operand, operandsOf, type TapeProgram } from "./tape.ts";
import type { PairList, TaskOf } from "./tasks.ts";

/** What of a program does not depend on the rows, in memory. */
export interface PreparedProgram {
  readonly key: string;
  readonly constants: number;
  readonly tables: readonly TableInMemory[];
  readonly temporaries: number;
  readonly tape: number;
  /** Of the sums of products. */
  readonly terms: number;
}

const ENTRY_WORDS = 8;
const TERM_WORDS = 6;

const termCount = ({ operations }: TapeProgram): number =>
  operations.reduce(
    (sum, operation) => sum + ("terms" in operation ? operation.terms.length : 0),
    0,
  );

export function prepareProgram(
  kernel: ProverKernel,
  program: TapeProgram,
  coset: Coset,
  key: string,
): PreparedProgram {
  return {
    key,
    constants: kernel.constants(program.constants),
    tables: program.tables.map((table) => makeTable(kernel, table, coset)),
    temporaries: kernel.reservePairs(program.temporaries * TAPE_BLOCK),
    tape: kernel.reserve(program.operations.length * ENTRY_WORDS * 4),
    terms: kernel.reserve(termCount(program) * TERM_WORDS * 4),
  };
}

export function runTape(
  kernel: ProverKernel,
  task: TaskOf<"tape">,
  prepared: PreparedProgram,
): void {
  const { log, shift, program, columns, first, count, target } = task;
  const coset = { rows: 2 ** log, shift };
  const windows = loadWindows(kernel, program, columns, first, count);
  const points = usesPoint(program) ? loadPoints(kernel, coset, first, count, 1) : 0;
  const inverse = program.poles.map((pole) => loadInverses(kernel, coset, pole, first, count));
  const out = kernel.reservePairs(count);

  const temporary = (index: number): number =>
    prepared.temporaries + index * TAPE_BLOCK * PAIR_BYTES;
  /** Address, mask and stride (wasm/tape.ts). */
  const place = (operand: Operand): readonly [number, number, number] => {
    switch (operand.kind) {
      case "temporary":
        return [temporary(operand.index), 0, PAIR_BYTES];
      case "constant":
        return [spread[operand.index]!, 0, 0];
      case "column":
        return [windows(operand.column, operand.row), -1, PAIR_BYTES];
      case "table": {
        const { address, size } = prepared.tables[operand.index]!;
        return [address, size - 1, PAIR_BYTES];
      }
      case "point":
        return [points, -1, PAIR_BYTES];
      case "inverse":
        return [inverse[operand.index]!, -1, PAIR_BYTES];
    }
  };
  const spread = spreadConstants(kernel, prepared.constants, program.constants.length);
  const words = new Int32Array(
    kernel.exports.memory.buffer,
    prepared.tape,
    program.operations.length * ENTRY_WORDS,
  );
  const terms = termCount(program);
  const termWords = new Int32Array(
    kernel.exports.memory.buffer,
    prepared.terms,
    terms * TERM_WORDS,
  );
  let term = 0;
  program.operations.forEach((operation, i) => {
    const { code, target: index } = operation;
    if ("terms" in operation) {
      const list = prepared.terms + term * TERM_WORDS * 4;
      words.set(
        [code, temporary(index), list, operation.terms.length, 0, 0, 0, 0],
        i * ENTRY_WORDS,
      );
      for (const [a, b] of operation.terms)
        termWords.set([...place(a), ...place(b)], term++ * TERM_WORDS);
    } else
      words.set(
        [code, temporary(index), ...place(operation.a), ...place(operation.b)],
        i * ENTRY_WORDS,
      );
  });
  kernel.exports.runTape(
    prepared.tape,
    program.operations.length,
    first,
    count,
    temporary(program.result),
    out,
  );
  storePairs(kernel, out, target, first, count);
}

/** Constants as pairs. */
function spreadConstants(kernel: ProverKernel, constants: number, count: number): number[] {
  const pairs = kernel.reservePairs(count);
  const from = new BigInt64Array(kernel.exports.memory.buffer, constants, count * 5);
  const to = new BigInt64Array(kernel.exports.memory.buffer, pairs, count * 10);
  from.forEach((limb, i) => {
    to[2 * i] = limb;
    to[2 * i + 1] = limb;
  });
  return Array.from({ length: count }, (_, i) => pairs + i * PAIR_BYTES);
}

const usesPoint = ({ operations }: TapeProgram): boolean =>
  operations.some((operation) => operandsOf(operation).some(({ kind }) => kind === "point"));

/**
 * Copies what a program reads of each column for pairs first..: rows near each other in one piece. Gives the
 * address of (column, row).
 */
function loadWindows(
  kernel: ProverKernel,
  program: TapeProgram,
  columns: readonly PairList[],
  first: number,
  count: number,
): (column: number, row: number) => number {
  const rows = columns.map(() => new Set<number>());
  for (const operation of program.operations)
    for (const operand of operandsOf(operation))
      if (operand.kind === "column") rows[operand.column]!.add(operand.row);
  const addresses = rows.map((set, column) => {
    const found = new Map<number, number>();
    const sorted = [...set].sort((a, b) => a - b);
    for (let i = 0; i < sorted.length;) {
      let end = i + 1;
      while (end < sorted.length && sorted[end]! <= sorted[end - 1]! + count) end++;
      const start = sorted[i]!;
      const length = sorted[end - 1]! - start + count;
      const address = loadCyclic(kernel, columns[column]!, first + start, length);
      for (; i < end; i++) found.set(sorted[i]!, address + (sorted[i]! - start) * PAIR_BYTES);
    }
    return found;
  });
  return (column, row) => addresses[column]!.get(row)!;
}

/** Address of pairs start.. of a list that goes round: after n/2 pairs the lanes change places. */
function loadCyclic(kernel: ProverKernel, list: PairList, start: number, length: number): number {
  const address = kernel.reservePairs(length);
  const pairs = list.length / PAIR_BYTES;
  for (let done = 0; done < length;) {
    const at = (start + done) % pairs;
    const part = Math.min(length - done, pairs - at);
    const to = address + done * PAIR_BYTES;
    kernel.copyIn(to, list.subarray(at * PAIR_BYTES, (at + part) * PAIR_BYTES));
    if (Math.floor((start + done) / pairs) % 2 === 1) kernel.exports.swapAll(to, part);
    done += part;
  }
  return address;
}

/** Address of sign·x at pairs first.. of a coset. */
function loadPoints(
  kernel: ProverKernel,
  { rows, shift }: Coset,
  first: number,
  count: number,
  sign: 1 | -1,
): number {
  const generator = rootOfUnity(rows);
  const address = kernel.reservePairs(count);
  kernel.scoped(() => {
    const point: Felt = mul(shift, pow(generator, BigInt(first)));
    const x = sign === 1 ? point : neg(point);
    const start = kernel.pairs([[x, neg(x)]]);
    kernel.exports.geometric(address, start, kernel.constants([generator]), count);
  });
  return address;
}

/** Address of 1/(x - pole) at pairs first.. of a coset. */
function loadInverses(
  kernel: ProverKernel,
  coset: Coset,
  pole: Felt,
  first: number,
  count: number,
): number {
  const inverse = kernel.reservePairs(count);
  kernel.scoped(() => {
    const differences = loadPoints(kernel, coset, first, count, -1);
    const constant = kernel.constants([neg(pole)]);
    kernel.exports.terms(differences, differences, count, constant);
    kernel.exports.invertAll(inverse, differences, count);
  });
  return inverse;
}

export function inverses(kernel: ProverKernel, task: TaskOf<"inverses">): void {
  const { log, shift, pole, first, count, target } = task;
  const address = loadInverses(kernel, { rows: 2 ** log, shift }, pole, first, count);
  storePairs(kernel, address, target, first, count);
}
