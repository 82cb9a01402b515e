/** Traces that break a constraint: for each constraint, changes of a sound trace that break it and as little else as can be. */
import { add, type Felt } from "../../src/field/felt.ts";
import type { Air, Constraint } from "../../src/prover/air/air.ts";
import { domainHas, domainRows } from "../../src/prover/air/domain.ts";
import { evaluate, reachable } from "../../src/prover/air/expression.ts";
import { type LayoutDefinition, type Placement, virtual } from "../../src/prover/air/layout.ts";
import { periodicAtRow } from "./periodic-row.ts";
import { TraceTable } from "../../src/prover/trace/table.ts";

interface Cell {
  readonly column: number;
  readonly row: number;
}

export interface Change extends Cell {
  readonly value: Felt;
}

export interface BrokenTrace {
  readonly changes: readonly Change[];
  /** Names of the constraints that fail, those of lookups among them. */
  readonly broken: readonly string[];
}

const keyOf = ({ column, row }: Cell): string => `${column},${row}`;

/** A lookup: the cells of `pool` must be those of `sorted` in another order. */
interface Lookup {
  readonly last: string;
  readonly pool: readonly Placement[];
  readonly sorted: readonly Placement[];
}

const lookupsOf = ({ memory, rangeCheck, diluted }: LayoutDefinition): Lookup[] => [
  {
    last: "memory/multi_column_perm/perm/last",
    pool: [memory.address, memory.value],
    sorted: [memory.sortedAddress, memory.sortedValue],
  },
  { last: "rc16/perm/last", pool: [rangeCheck.pool], sorted: [rangeCheck.sorted] },
  ...(diluted === undefined
    ? []
    : [
        {
          last: "diluted_check/permutation/last",
          pool: [diluted.pool],
          sorted: [diluted.sorted],
        },
      ]),
];

/** Row of the virtual column at which a cell stands, if it does. */
function rowIn([column, step, offset]: Placement, cell: Cell): number | undefined {
  const distance = cell.row - offset;
  return cell.column === column && distance >= 0 && distance % step === 0
    ? distance / step
    : undefined;
}

const cellOf = ([column, step, offset]: Placement, row: number): Cell => ({
  column,
  row: offset + step * row,
});

/** Cells tried in each constraint, at so many of its rows. */
const ROWS_TRIED = 12;
/** Slots of a pool that are looked at for one that nothing reads. */
const SLOTS_TRIED = 4000;

export class TraceBreaker {
  readonly #air: Air;
  readonly #table: TraceTable;
  readonly #values: ReadonlyMap<string, Felt>;
  readonly #lookups: readonly Lookup[];
  /** Columns that are computed after the changes. */
  readonly #computed: readonly Placement[];
  /** Constraints that read a column of the trace, with the distance in rows. */
  readonly #readers = new Map<number, { constraint: Constraint; offset: number }[]>();

  /** @param values of the constraints; `table` must satisfy them */
  constructor(
    air: Air,
    layout: LayoutDefinition,
    table: TraceTable,
    values: ReadonlyMap<string, Felt>,
  ) {
    this.#air = air;
    this.#table = table;
    this.#values = values;
    this.#lookups = lookupsOf(layout);
    const { memory, rangeCheck, diluted } = layout;
    this.#computed = [
      memory.product,
      rangeCheck.product,
      ...(diluted === undefined ? [] : [diluted.product, diluted.cumulative]),
    ];
    for (const constraint of air.constraints)
      for (const { cell } of reachable([constraint.expression])) {
        if (cell === undefined) continue;
        const readers = this.#readers.get(cell.column) ?? [];
        readers.push({ constraint, offset: cell.row });
        this.#readers.set(cell.column, readers);
      }
  }

  /** Changes that break the constraint: it alone if such are found, otherwise as few others as were seen. */
  breaking(constraint: Constraint): BrokenTrace | undefined {
    let best: BrokenTrace | undefined;
    for (const changes of this.#candidates(constraint)) {
      const broken = this.#brokenBy(changes);
      if (!broken.includes(constraint.name)) continue;
      if (best === undefined || broken.length < best.broken.length) best = { changes, broken };
      if (broken.length === 1) break;
    }
    return best;
  }

  *#candidates(constraint: Constraint): Iterable<Change[]> {
    const { rows } = this.#table;
    for (const { last, pool } of this.#lookups)
      if (last === constraint.name) yield* this.#unbalanced(pool);
    const all = domainRows(constraint.domain, rows);
    const stride = Math.max(1, Math.floor(all.length / ROWS_TRIED));
    const offsets = reachable([constraint.expression]).flatMap(({ cell }) => cell ?? []);
    for (const row of all.filter((_, i) => i % stride === 0))
      for (const { column, row: offset } of offsets) {
        const cell = { column, row: (row + offset) % rows };
        if (this.#computed.some((placement) => rowIn(placement, cell) !== undefined)) continue;
        yield [{ ...cell, value: add(this.#at(cell), 1n) }];
        for (const lookup of this.#lookups) {
          yield* this.#swaps(lookup.pool, cell);
          yield* this.#neighbours(lookup.sorted, cell);
          yield* this.#both(lookup, cell);
        }
      }
    for (const row of all.filter((_, i) => i % stride === 0))
      yield* this.#pairs(
        offsets
          .map(({ column, row: offset }) => ({ column, row: (row + offset) % rows }))
          .filter((cell) =>
            this.#computed.every((placement) => rowIn(placement, cell) === undefined),
          ),
      );
  }

  /** Two of the constraint's cells raised together: a product whose factors are both 0 is broken so only. */
  *#pairs(cells: readonly Cell[]): Iterable<Change[]> {
    const raised = (cell: Cell): Change => ({ ...cell, value: add(this.#at(cell), 1n) });
    for (const [i, first] of cells.entries())
      for (const second of cells.slice(i + 1)) yield [raised(first), raised(second)];
  }

  #at({ column, row }: Cell): Felt {
    return this.#table.cell(column, row);
  }

  #exchange(columns: readonly Placement[], a: number, b: number): Change[] {
    return columns.flatMap((placement) => {
      const [x, y] = [cellOf(placement, a), cellOf(placement, b)];
      return [
        { ...x, value: this.#at(y) },
        { ...y, value: this.#at(x) },
      ];
    });
  }

  /** The cell's slot of a pool and one of another content, preferably one that only the lookup reads. */
  *#swaps(pool: readonly Placement[], cell: Cell): Iterable<Change[]> {
    const slot = pool.map((placement) => rowIn(placement, cell)).find((row) => row !== undefined);
    if (slot === undefined) return;
    const slots = this.#table.rows / pool[0]![1];
    for (let i = 1, found = 0; i < Math.min(SLOTS_TRIED, slots) && found < 3; i++) {
      const other = (slot + i) % slots;
      const changes = this.#exchange(pool, slot, other);
      if (changes.every((change) => change.value === this.#at(change))) continue;
      const free = pool.every((placement) => !this.#isRead(cellOf(placement, other)));
      if (!free) continue;
      found++;
      yield changes;
    }
  }

  /** Two neighbours among the sorted. */
  *#neighbours(sorted: readonly Placement[], cell: Cell): Iterable<Change[]> {
    const slot = sorted.map((placement) => rowIn(placement, cell)).find((row) => row !== undefined);
    const slots = this.#table.rows / sorted[0]![1];
    if (slot !== undefined && slot + 1 < slots) yield this.#exchange(sorted, slot, slot + 1);
  }

  /** A pool's cell and the one among the sorted that has the same content, raised alike. */
  *#both({ pool, sorted }: Lookup, cell: Cell): Iterable<Change[]> {
    const k = pool.findIndex((placement) => rowIn(placement, cell) !== undefined);
    if (k < 0) return;
    const slot = rowIn(pool[k]!, cell)!;
    const content = pool.map((placement) => this.#at(cellOf(placement, slot)));
    const slots = this.#table.rows / sorted[0]![1];
    const sortedSlot = Array.from({ length: slots }, (_, i) => i).find((i) =>
      sorted.every((placement, j) => this.#at(cellOf(placement, i)) === content[j]),
    );
    if (sortedSlot === undefined) return;
    const value = add(content[k]!, 1n);
    yield [
      { ...cell, value },
      { ...cellOf(sorted[k]!, sortedSlot), value },
    ];
  }

  /** One cell of a pool that only the lookup reads. */
  *#unbalanced(pool: readonly Placement[]): Iterable<Change[]> {
    const [placement] = pool as [Placement];
    for (let slot = 0; slot < this.#table.rows / placement[1]; slot++) {
      const cell = cellOf(placement, slot);
      if (!this.#isRead(cell)) yield [{ ...cell, value: add(this.#at(cell), 1n) }];
    }
  }

  #isRead({ column, row }: Cell): boolean {
    const { rows } = this.#table;
    return (this.#readers.get(column) ?? []).some(
      ({ constraint, offset }) =>
        !this.#lookups.some(({ last }) =>
          constraint.name.startsWith(last.slice(0, -"/last".length)),
        ) && domainHas(constraint.domain, (row - offset + rows) % rows, rows),
    );
  }

  /** Names of the constraints that changes break; those of the computed columns by what they compute. */
  #brokenBy(changes: readonly Change[]): string[] {
    const { rows } = this.#table;
    const overlay = new Map(changes.map((change) => [keyOf(change), change.value]));
    const broken = new Set<string>();
    const computed = new Set(
      this.#lookups.flatMap(({ last }) =>
        ["init0", "step0", "last"].map((name) => last.replace(/last$/, name)),
      ),
    );
    for (const name of ["init", "step", "last"]) computed.add(`diluted_check/${name}`);
    for (const change of changes) {
      if (this.#at(change) === change.value) continue;
      for (const { constraint, offset } of this.#readers.get(change.column) ?? []) {
        const row = (change.row - offset + rows) % rows;
        if (broken.has(constraint.name) || computed.has(constraint.name)) continue;
        if (!domainHas(constraint.domain, row, rows)) continue;
        if (this.#value(constraint, row, overlay) !== 0n) broken.add(constraint.name);
      }
    }
    for (const lookup of this.#lookups)
      if (!this.#balanced(lookup, changes)) broken.add(lookup.last);
    return [...broken];
  }

  #value(constraint: Constraint, row: number, overlay: ReadonlyMap<string, Felt>): Felt {
    const { rows } = this.#table;
    const [value] = evaluate([constraint.expression], {
      cell: (column, offset) => {
        const cell = { column, row: (row + offset) % rows };
        return overlay.get(keyOf(cell)) ?? this.#at(cell);
      },
      value: (name) => this.#values.get(name)!,
      periodic: (column) => periodicAtRow(column, row),
    });
    return value!;
  }

  /** Whether what changes in the pool changes alike among the sorted. */
  #balanced({ pool, sorted }: Lookup, changes: readonly Change[]): boolean {
    const overlay = new Map(changes.map((change) => [keyOf(change), change.value]));
    const counts = new Map<string, number>();
    const count = (columns: readonly Placement[], sign: number): void => {
      const slots = new Set(
        changes.flatMap((change) => columns.map((placement) => rowIn(placement, change))),
      );
      for (const slot of slots) {
        if (slot === undefined) continue;
        const cells = columns.map((placement) => cellOf(placement, slot));
        const before = cells.map((cell) => this.#at(cell)).join();
        const after = cells.map((cell) => overlay.get(keyOf(cell)) ?? this.#at(cell)).join();
        counts.set(before, (counts.get(before) ?? 0) - sign);
        counts.set(after, (counts.get(after) ?? 0) + sign);
      }
    };
    count(pool, 1);
    count(sorted, -1);
    return [...counts.values()].every((n) => n === 0);
  }

  get constraints(): readonly Constraint[] {
    return this.#air.constraints;
  }
}

/** A table whose interaction columns are tampered with when the prover takes them to commit to. */
class TamperedTable extends TraceTable {
  tamper: ((columns: readonly Uint32Array[]) => void) | undefined;
  traceColumns = 0;

  override get columns(): readonly Uint32Array[] {
    const columns = super.columns;
    const { tamper, traceColumns } = this;
    if (tamper === undefined) return columns;
    return new Proxy(columns, {
      get(target, name, receiver) {
        if (name !== "slice") return Reflect.get(target, name, receiver) as unknown;
        return (start: number, end?: number) => {
          if (start === traceColumns) tamper(target);
          return target.slice(start, end);
        };
      },
    });
  }
}

/** A copy of the table with the changes; `tamper` sees the interaction columns after they are computed. */
export function changedTable(
  table: TraceTable,
  changes: readonly Change[],
  traceColumns: number,
  tamper?: (columns: readonly Uint32Array[]) => void,
): TraceTable {
  const copy = new TamperedTable(table.rows, table.columns.length);
  table.columns.forEach((column, i) => copy.columns[i]!.set(column));
  for (const { column, row, value } of changes) copy.set(virtual([column, 1, 0]), row, value);
  return Object.assign(copy, { tamper, traceColumns });
}
