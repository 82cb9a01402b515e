/** The cells of a trace: each column a list of canonical field elements of 32 bytes, little-endian. */
import type { Felt } from "../../field/felt.ts";
import { writeFelt } from "../../field/wasm-module.ts";
import { type Placement, type Share, virtual } from "../air/layout.ts";
import type { VirtualColumn } from "../air/expression.ts";

/** 32-bit words of a field element. */
export const WORDS = 8;
/** What a column's row takes: as much as in a list of pairs (work/tasks.ts), which takes its place later. */
const ROW_BYTES = 40;

export class TraceTable {
  readonly rows: number;
  #columns: readonly Uint32Array[];
  /** The same memory in 64-bit words. */
  #wide: readonly BigUint64Array[];

  /** All cells zero. */
  constructor(rows: number, columns: number) {
    this.rows = rows;
    this.#columns = Array.from(
      { length: columns },
      () => new Uint32Array(new SharedArrayBuffer(rows * ROW_BYTES), 0, rows * WORDS),
    );
    this.#wide = this.#columns.map(({ buffer }) => new BigUint64Array(buffer));
  }

  /** The words of all cells, in shared memory, so that worker threads read them. */
  get columns(): readonly Uint32Array[] {
    return this.#columns;
  }

  /** Lets go of the cells, and gives their memory for other use: for each column, 40 bytes a row. */
  release(): Uint8Array[] {
    const lists = this.#columns.map(({ buffer }) => new Uint8Array(buffer));
    this.#columns = [];
    this.#wide = [];
    return lists;
  }

  /** Where the words of a virtual column's row start. */
  #at({ step, offset }: VirtualColumn, row: number): number {
    return (offset + row * step) * WORDS;
  }

  /** Writes row `row` of a virtual column. */
  set(column: VirtualColumn, row: number, value: Felt): void {
    writeFelt(this.#wide[column.column]!, this.#at(column, row) / 2, value);
  }

  /** The same for 0 <= value < 2^32. */
  setNumber(column: VirtualColumn, row: number, value: number): void {
    this.#columns[column.column]![this.#at(column, row)] = value;
  }

  /** Copies the field element at `from[at]`. */
  copy(column: VirtualColumn, row: number, from: Uint32Array, at: number): void {
    const to = this.#columns[column.column]!;
    const start = this.#at(column, row);
    for (let i = 0; i < WORDS; i++) to[start + i] = from[at + i]!;
  }

  get(column: VirtualColumn, row: number): Felt {
    return readWords(this.#columns[column.column]!, this.#at(column, row));
  }

  /** The cell of a column of the trace; rows are taken modulo the length. */
  cell(column: number, row: number): Felt {
    return readWords(this.#columns[column]!, (row % this.rows) * WORDS);
  }
}

export function writeWords(words: Uint32Array, at: number, value: Felt): void {
  for (let i = 0, rest = value; i < WORDS; i += 2, rest >>= 64n) {
    words[at + i] = Number(rest & 0xffffffffn);
    words[at + i + 1] = Number((rest >> 32n) & 0xffffffffn);
  }
}

export function readWords(words: Uint32Array, at: number): Felt {
  let value = 0n;
  for (let i = WORDS - 1; i >= 0; i--) value = (value << 32n) | BigInt(words[at + i]!);
  return value;
}

/** A pool of single words: its cells by number, filled from both the layout's shares and from what is free. */
export class WordPool {
  readonly #table: TraceTable;
  readonly #column: VirtualColumn;
  readonly values: Uint32Array | BigUint64Array;
  readonly #used: Uint8Array;

  /** @param values one entry a cell; diluted words of 16 bits take 64-bit entries */
  constructor(table: TraceTable, pool: Placement, values: "32 bits" | "64 bits") {
    this.#table = table;
    this.#column = virtual(pool);
    const cells = table.rows / pool[1];
    this.values = values === "32 bits" ? new Uint32Array(cells) : new BigUint64Array(cells);
    this.#used = new Uint8Array(cells);
  }

  /** Puts a value into row `row` of a share of the pool. */
  place([step, offset]: Share, row: number, value: number | bigint): void {
    const cell = offset + step * row;
    (this.values as { [cell: number]: number | bigint })[cell] = value;
    this.#used[cell] = 1;
  }

  /** Cells that nothing was placed in. */
  *free(): Generator<number> {
    for (let cell = 0; cell < this.#used.length; cell++) if (this.#used[cell] === 0) yield cell;
  }

  /** Writes the cells into the trace. */
  write(): void {
    this.values.forEach((value: number | bigint, cell: number) => {
      if (typeof value === "number") this.#table.setNumber(this.#column, cell, value);
      else this.#table.set(this.#column, cell, value);
    });
  }
}
