/**
 * The interaction columns: running products of the permutation arguments and the diluted check's aggregate. They
 * are the prover's answer to the interaction elements.
 */
import type { Felt } from "../../field/felt.ts";
import type { VirtualColumn } from "../air/expression.ts";
import {
  type DilutedPlacement,
  type LayoutDefinition,
  type MemoryPlacement,
  type Placement,
  virtual,
} from "../air/layout.ts";
import { CONSTANT_BYTES, ELEMENT_BYTES, PAIR_BYTES, type ProverKernel } from "../kernel.ts";
import { type TraceTable, WORDS } from "./table.ts";

/** Cells that go through the kernel at once. */
const CHUNK = 1 << 14;

class ColumnIo {
  readonly #kernel: ProverKernel;
  readonly #table: TraceTable;

  constructor(kernel: ProverKernel, table: TraceTable) {
    this.#kernel = kernel;
    this.#table = table;
  }

  /** Address of all cells of a virtual column as pairs. */
  read(placement: Placement): number {
    const column = virtual(placement);
    const pairs = this.#table.rows / column.step / 2;
    const target = this.#kernel.reservePairs(pairs);
    this.#chunks(pairs, (first, count, buffer) => {
      this.#gather(column, first, count, buffer);
      this.#gather(column, pairs + first, count, buffer + count * ELEMENT_BYTES);
      this.#kernel.exports.readAll(
        target + first * PAIR_BYTES,
        buffer,
        buffer + count * ELEMENT_BYTES,
        count,
      );
    });
    return target;
  }

  write(placement: Placement, source: number): void {
    const column = virtual(placement);
    const pairs = this.#table.rows / column.step / 2;
    this.#chunks(pairs, (first, count, buffer) => {
      this.#kernel.exports.writeAll(
        buffer,
        buffer + count * ELEMENT_BYTES,
        source + first * PAIR_BYTES,
        count,
      );
      this.#scatter(column, first, count, buffer);
      this.#scatter(column, pairs + first, count, buffer + count * ELEMENT_BYTES);
    });
  }

  #chunks(pairs: number, task: (first: number, count: number, buffer: number) => void): void {
    this.#kernel.scoped(() => {
      const buffer = this.#kernel.reserve(2 * Math.min(CHUNK, pairs) * ELEMENT_BYTES);
      for (let first = 0; first < pairs; first += CHUNK)
        task(first, Math.min(CHUNK, pairs - first), buffer);
    });
  }

  #gather({ column, step, offset }: VirtualColumn, first: number, count: number, to: number): void {
    const from = this.#table.columns[column]!;
    const words = new Uint32Array(this.#kernel.exports.memory.buffer, to, count * WORDS);
    let at = (offset + first * step) * WORDS;
    for (let i = 0; i < words.length; i += WORDS, at += step * WORDS)
      for (let w = 0; w < WORDS; w++) words[i + w] = from[at + w]!;
  }

  #scatter(
    { column, step, offset }: VirtualColumn,
    first: number,
    count: number,
    from: number,
  ): void {
    const to = this.#table.columns[column]!;
    const words = new Uint32Array(this.#kernel.exports.memory.buffer, from, count * WORDS);
    let at = (offset + first * step) * WORDS;
    for (let i = 0; i < words.length; i += WORDS, at += step * WORDS)
      for (let w = 0; w < WORDS; w++) to[at + w] = words[i + w]!;
  }
}

/** Writes the interaction columns. `elements` are the layout's interaction elements in order. */
export function writeInteraction(
  kernel: ProverKernel,
  table: TraceTable,
  layout: LayoutDefinition,
  elements: readonly Felt[],
): void {
  const io = new ColumnIo(kernel, table);
  const [z, alpha, rangeCheckZ, ...diluted] = elements as [Felt, Felt, Felt, ...Felt[]];
  const { memory, rangeCheck } = layout;
  kernel.scoped(() => {
    writeMemory(kernel, io, table.rows, memory, z, alpha);
  });
  kernel.scoped(() => {
    writePermutation(kernel, io, table.rows, rangeCheck, rangeCheckZ);
  });
  const at = layout.diluted;
  if (at === undefined) return;
  kernel.scoped(() => {
    writePermutation(kernel, io, table.rows, at, diluted[0]!);
  });
  kernel.scoped(() => {
    writeAggregate(kernel, io, table.rows, at, diluted[1]!, diluted[2]!);
  });
}

/** p over numerators / denominators; both are overwritten. */
function quotients(
  kernel: ProverKernel,
  numerators: number,
  denominators: number,
  pairs: number,
): void {
  const inverses = kernel.reservePairs(pairs);
  kernel.exports.invertAll(inverses, denominators, pairs);
  kernel.exports.multiplyAll(numerators, inverses, pairs);
  kernel.exports.runningProduct(numerators, pairs);
}

function writeMemory(
  kernel: ProverKernel,
  io: ColumnIo,
  rows: number,
  at: MemoryPlacement,
  z: Felt,
  alpha: Felt,
): void {
  const pairs = rows / at.address[1] / 2;
  const constants = kernel.constants([z, alpha]);
  const terms = (address: Placement, value: Placement): number => {
    const a = io.read(address);
    kernel.scoped(() => {
      const v = io.read(value);
      kernel.exports.pairTerms(a, a, v, pairs, constants, constants + CONSTANT_BYTES);
    });
    return a;
  };
  const pool = terms(at.address, at.value);
  quotients(kernel, pool, terms(at.sortedAddress, at.sortedValue), pairs);
  io.write(at.product, pool);
}

function writePermutation(
  kernel: ProverKernel,
  io: ColumnIo,
  rows: number,
  at: { readonly pool: Placement; readonly sorted: Placement; readonly product: Placement },
  z: Felt,
): void {
  const pairs = rows / at.pool[1] / 2;
  const constant = kernel.constants([z]);
  const [pool, sorted] = [io.read(at.pool), io.read(at.sorted)];
  kernel.exports.terms(pool, pool, pairs, constant);
  kernel.exports.terms(sorted, sorted, pairs, constant);
  quotients(kernel, pool, sorted, pairs);
  io.write(at.product, pool);
}

function writeAggregate(
  kernel: ProverKernel,
  io: ColumnIo,
  rows: number,
  at: DilutedPlacement,
  z: Felt,
  alpha: Felt,
): void {
  const pairs = rows / at.pool[1] / 2;
  const constants = kernel.constants([1n, z, alpha]);
  const sorted = io.read(at.sorted);
  const aggregate = kernel.reservePairs(pairs);
  kernel.exports.dilutedAggregate(
    aggregate,
    sorted,
    pairs,
    constants,
    constants + CONSTANT_BYTES,
    constants + 2 * CONSTANT_BYTES,
  );
  io.write(at.cumulative, aggregate);
}
