/** What writing a builtin's columns takes, and how its instances' memory is read. */
import type { Felt } from "../../../field/felt.ts";
import { HEIGHT } from "../../air/components/subset-sum.ts";
import { type LayoutDefinition, type Placement, virtual } from "../../air/layout.ts";
import type { SubsetSumPlacement } from "../../air/layout.ts";
import { ProverError } from "../../errors.ts";
import type { MemoryPool, RunMemory } from "../memory.ts";
import type { SubsetSumRows } from "../subset-sum.ts";
import type { TraceTable, WordPool } from "../table.ts";

export interface BuiltinContext {
  readonly table: TraceTable;
  readonly layout: LayoutDefinition;
  readonly memory: RunMemory;
  readonly pool: MemoryPool;
  readonly rangeChecks: WordPool;
  readonly diluted: WordPool | undefined;
  readonly steps: number;
  readonly signatures: ReadonlyMap<number, readonly [r: Felt, s: Felt]>;
  /** Of the values of the range-check pool. */
  readonly limits: { readonly min: number; readonly max: number };
  /** First address of each builtin's segment. */
  readonly begin: Readonly<Record<string, number>>;
}

/** The segment of a builtin: `cells` for each of steps/ratio instances. */
export interface Segment {
  readonly name: string;
  readonly begin: number;
  readonly cells: number;
  readonly instances: number;
}

export function segmentOf(
  { begin, steps }: BuiltinContext,
  name: string,
  cells: number,
  ratio: number,
): Segment {
  const first = begin[name];
  if (first === undefined)
    throw new ProverError("INVALID_RUN", `the run has no segment for the builtin ${name}`);
  if (steps % ratio !== 0)
    throw new ProverError("LAYOUT", `${steps} steps are not a multiple of the ${ratio} of ${name}`);
  return { name, begin: first, cells, instances: steps / ratio };
}

/** Address of cell `cell` of an instance. */
export const addressIn = ({ begin, cells }: Segment, instance: number, cell: number): number =>
  begin + instance * cells + cell;

/** Whether a run has used the instance. */
export const isUsed = (memory: RunMemory, segment: Segment, instance: number): boolean => {
  for (let cell = 0; cell < segment.cells; cell++)
    if (memory.has(addressIn(segment, instance, cell))) return true;
  return false;
};

/** Writes rows of a virtual column from row `first` on. */
export function writeRows(
  table: TraceTable,
  placement: Placement,
  first: number,
  values: readonly Felt[],
): void {
  const column = virtual(placement);
  values.forEach((value, i) => {
    if (value !== 0n) table.set(column, first + i, value);
  });
}

/** Writes a subset sum that starts at row `first` of its columns, instance `index` of its products of bits. */
export function writeSubsetSum(
  table: TraceTable,
  at: SubsetSumPlacement,
  index: number,
  sum: SubsetSumRows,
): void {
  const first = index * HEIGHT;
  writeRows(table, at.x, first, sum.x);
  writeRows(table, at.y, first, sum.y);
  writeRows(table, at.selector, first, sum.selector);
  writeRows(table, at.slope, first, sum.slope);
  if (at.xDiffInv !== undefined) writeRows(table, at.xDiffInv, first, sum.xDiffInv);
  if (at.prodOnes192 !== undefined) table.set(virtual(at.prodOnes192), index, sum.ones192);
  if (at.prodOnes196 !== undefined) table.set(virtual(at.prodOnes196), index, sum.ones196);
}
