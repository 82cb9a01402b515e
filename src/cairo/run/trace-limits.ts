/** Whether a trace's length pays for what a run used, in a layout (cairo-lang, cairo_runner.py). */
import type { BuiltinSegment } from "../builtins/index.ts";
import type { Machine } from "../machine/machine.ts";
import type { BuiltinName } from "../program.ts";
import { isRelocatable } from "../relocatable.ts";
import { DILUTED, type Layout, MEMORY_UNITS_PER_STEP } from "./layouts.ts";

const OFFSET_BITS = 16n;
const OFFSET_MASK = (1n << OFFSET_BITS) - 1n;

/** Bits of the cells of range checks. */
const RANGE_CHECK_BITS: Readonly<Partial<Record<BuiltinName, number>>> = {
  range_check: 128,
  range_check96: 96,
};

const rangeCheckBits = ({ rangeCheckBits: bits }: Layout): number => bits ?? Number(OFFSET_BITS);

/** The keccak component makes sixteen instances at once. */
const INSTANCES_PER_COMPONENT: Readonly<Partial<Record<BuiltinName, number>>> = { keccak: 16 };

export interface RangeCheckLimits {
  readonly min: number;
  readonly max: number;
}

/**
 * The smallest and largest 16-bit values that a run's trace range-checks: offsets, and parts of builtins'
 * cells. Of layouts with smaller units, which have all values of a unit, the limits are a unit's.
 */
export function rangeCheckLimits(
  machine: Machine,
  builtins: readonly BuiltinSegment[],
  layout: Layout,
): RangeCheckLimits {
  const bits = rangeCheckBits(layout);
  if (bits < Number(OFFSET_BITS)) return { min: 0, max: 2 ** bits - 1 };
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  const include = (value: bigint, parts: number): void => {
    for (let i = 0, rest = value; i < parts; i++, rest >>= OFFSET_BITS) {
      const part = Number(rest & OFFSET_MASK);
      if (part < min) min = part;
      if (part > max) max = part;
    }
  };
  for (const pc of machine.visitedInstructions()) include(machine.memory.felt(pc), 3);
  for (const { name, segment } of builtins) {
    const parts = (RANGE_CHECK_BITS[name] ?? 0) / Number(OFFSET_BITS);
    if (parts === 0) continue;
    const size = machine.memory.segmentSize(segment);
    for (let offset = 0; offset < size; offset++) {
      const value = machine.memory.get({ segment, offset });
      if (value !== undefined && !isRelocatable(value)) include(value, parts);
    }
  }
  return { min, max };
}

/** Instances that a trace of `steps` has room for; undefined where it is too short to have any. */
function allocatedInstances(name: BuiltinName, ratio: number, steps: number): number | undefined {
  return steps < ratio * (INSTANCES_PER_COMPONENT[name] ?? 1) ? undefined : steps / ratio;
}

/** Cells that a builtin's segment takes in the proof: all that the trace has room for. */
export function allocatedCells(builtin: BuiltinSegment, layout: Layout, machine: Machine): number {
  const ratio = layout.ratios[builtin.name];
  if (ratio === undefined) return machine.memory.segmentSize(builtin.segment);
  const { cells } = builtin.definition;
  return (allocatedInstances(builtin.name, ratio, machine.steps) ?? 0) * cells;
}

/** Lowest bits of the diluted words of a number of 251 bits, and whether the whole word lies below bit 251. */
function bitwiseWords(bits: number): { readonly start: number; readonly isWhole: boolean }[] {
  const { spacing } = DILUTED;
  const total = 251;
  const words = [];
  for (let window = 0; window < total; window += spacing * bits)
    for (let start = window; start < Math.min(window + spacing, total); start++)
      words.push({ start, isWhole: start + spacing * (bits - 1) + 1 <= total });
  return words;
}

/** Diluted units of one bitwise instance: of x, y, x & y, x ^ y, and the trimmed parts once more. */
const bitwiseDilutedUnits = (bits: number): number =>
  bitwiseWords(bits).reduce((units, { isWhole }) => units + (isWhole ? 4 : 5), 0);

/** Diluted words that a prover can choose in an idle instance: the whole words of x and y. */
const idleBitwiseUnits = (bits: number): number =>
  2 * bitwiseWords(bits).filter(({ isWhole }) => isWhole).length;

/** Virtual columns of a keccak instance, 4·64·1024 cells, over 16 bits. */
const KECCAK_DILUTED_BITS = 4 * 64 * 1024;

const DILUTED_UNITS: Readonly<Partial<Record<BuiltinName, (bits: number) => number>>> = {
  bitwise: bitwiseDilutedUnits,
  keccak: (bits) => KECCAK_DILUTED_BITS / bits,
};

/** Cells of memory that a trace must have room for beside those of steps and builtins. */
export interface OtherCells {
  readonly holes: number;
  readonly public: number;
}

/**
 * Whether a trace of the machine's steps has room for all that the run used.
 * @param fillsBitwise whether the prover puts diluted words into idle instances of bitwise
 */
export function traceSuffices(
  machine: Machine,
  builtins: readonly BuiltinSegment[],
  layout: Layout,
  cells: OtherCells,
  fillsBitwise: boolean,
): boolean {
  const { steps, memory } = machine;
  const { dilutedBits = DILUTED.bits } = layout;
  const checkBits = rangeCheckBits(layout);
  let builtinMemory = 0;
  let builtinRangeChecks = 0;
  let builtinDiluted = 0;
  for (const { name, segment, definition } of builtins) {
    const ratio = layout.ratios[name];
    if (ratio === undefined) continue;
    const instances = allocatedInstances(name, ratio, steps);
    const used = memory.segmentSize(segment);
    if (instances === undefined || used > instances * definition.cells) return false;
    builtinMemory += instances * definition.cells;
    builtinRangeChecks += used * ((RANGE_CHECK_BITS[name] ?? 0) / checkBits);
    builtinDiluted += instances * (DILUTED_UNITS[name]?.(dilutedBits) ?? 0);
    if (name === "bitwise" && fillsBitwise) {
      const idle = instances - Math.ceil(used / definition.cells);
      builtinDiluted -= idle * idleBitwiseUnits(dilutedBits);
    }
  }
  const { min, max } = rangeCheckLimits(machine, builtins, layout);
  const offsetUnits = 3 * (Number(OFFSET_BITS) / checkBits);
  if ((layout.rangeCheckUnits - offsetUnits) * steps - builtinRangeChecks < max - min) return false;

  const memoryUnits = MEMORY_UNITS_PER_STEP * steps;
  const instructionUnits = 4 * steps;
  const publicUnits = memoryUnits / layout.publicMemoryFraction;
  if (memoryUnits - publicUnits - instructionUnits - builtinMemory < cells.holes) return false;
  if (layout.fitsPublicMemory && publicUnits < cells.public) return false;

  if (layout.dilutedUnits === undefined) return true;
  return layout.dilutedUnits * steps - builtinDiluted >= 2 ** dilutedBits;
}
