// Segments: contiguous runs of cells, found through a table of entries {base, size, capacity, kind}.
import { ACCESSED, copyCell, FELT, isFelt, POINTER, sameValue, tagOf, VALUE_MASK } from "./cell";
import {
  EXPECTED_FELT, FAULT_OFFSET, FAULT_SEGMENT, HEAP_TOP, INCONSISTENT, INVALID_ADDRESS, MAX_PAGES, OK,
  OUT_OF_MEMORY, OUT_OF_RANGE, PROGRAM_LENGTH, SEGMENT_CAPACITY, SEGMENT_COUNT, SEGMENTS, TEMPORARY,
  TEMPORARY_CAPACITY, TEMPORARY_COUNT,
} from "./state";

export const ENTRY_SHIFT: usize = 4;
export const ENTRY_SIZE: usize = 4; // u32, one past the highest written cell
export const ENTRY_CAPACITY: usize = 8; // u32, cells
export const ENTRY_KIND: usize = 12; // u32

// Kinds of segments: what happens on writes (range checks) and on reads of unknown cells (deduction).
export const PLAIN: u32 = 0;
export const RANGE_CHECK: u32 = 1; // felts below 2^128
export const RANGE_CHECK_96: u32 = 2; // felts below 2^96
export const BITWISE: u32 = 3; // deduced here
export const DEDUCED: u32 = 4; // deduced by JavaScript

const CELL_SHIFT: usize = 5;
const FIRST_CELLS: u32 = 8;
/**
 * A write may leave at most this many holes (4 MiB) behind the end of a segment: memory is paid for by the
 * steps that fill it.
 */
const MAX_GAP: u64 = 1 << 17;
/**
 * Offsets of instructions have 16 bits: with this many unused cells before the execution segment and behind
 * ap, every operand that ap and fp reach lies inside allocated memory.
 */
export const MARGIN: u32 = 1 << 15;
/** 32 MiB of addresses; the system gives memory only where it is touched. */
const FIRST_EXECUTION_CELLS: u32 = 1 << 20;

/** The next capacity: fourfold, because cells that are never touched cost nothing, and copying does. */
function nextCapacity(capacity: u64, cells: u64): u64 {
  let wanted = max<u64>(capacity * 4, FIRST_CELLS);
  while (wanted < cells) wanted *= 2;
  return wanted;
}

/** Notes the cell that a fault is about; answers the code. */
function fault(code: i32, segment: i64, offset: u64): i32 {
  store<i32>(FAULT_SEGMENT, <i32>segment);
  store<u64>(FAULT_OFFSET, offset);
  return code;
}

/** Zeroed memory, or 0 where the limit is reached. */
export function allocate(bytes: u64): usize {
  const start = <u64>load<u32>(HEAP_TOP);
  const end = start + ((bytes + 31) & ~31);
  const pages = (end + 0xffff) >> 16;
  if (pages > <u64>load<u32>(MAX_PAGES)) return 0;
  const missing = <i32>pages - memory.size();
  if (missing > 0) {
    // Growing is a system call: grow by an eighth at least.
    const wanted = max(missing, min(memory.size() >> 3, <i32>load<u32>(MAX_PAGES) - memory.size()));
    if (memory.grow(wanted) < 0 && memory.grow(missing) < 0) return 0;
  }
  store<u32>(HEAP_TOP, <u32>end);
  return <usize>start;
}

/** The entry of a segment, negative ones being temporary; 0 for none. */
export function entryOf(segment: i64): usize {
  if (segment >= 0)
    return segment < <i64>load<u32>(SEGMENT_COUNT)
      ? <usize>load<u32>(SEGMENTS) + (<usize>segment << ENTRY_SHIFT)
      : 0;
  const index = -1 - segment;
  return index < <i64>load<u32>(TEMPORARY_COUNT)
    ? <usize>load<u32>(TEMPORARY) + (<usize>index << ENTRY_SHIFT)
    : 0;
}

/** The cell at an address, or 0 where it has no value. */
export function knownCell(segment: i64, offset: u64): usize {
  const entry = entryOf(segment);
  if (entry == 0 || offset >= <u64>load<u32>(entry, ENTRY_SIZE)) return 0;
  const cell = <usize>load<u32>(entry) + (<usize>offset << CELL_SHIFT);
  return tagOf(cell) == 0 ? 0 : cell;
}

/** Makes room for `cells` cells; keeps the contents. */
function reserve(entry: usize, cells: u64): bool {
  const capacity = <u64>load<u32>(entry, ENTRY_CAPACITY);
  return resize(entry, nextCapacity(capacity, cells), 0) || resize(entry, cells + (cells >> 3), 0);
}

/** Gives a segment a capacity, behind `margin` unused cells. */
function resize(entry: usize, wanted: u64, margin: u64): bool {
  const base = <usize>load<u32>(entry), capacity = <u64>load<u32>(entry, ENTRY_CAPACITY);
  if (base + (<usize>capacity << CELL_SHIFT) == <usize>load<u32>(HEAP_TOP) && capacity != 0) {
    // The last allocation grows in place.
    if (allocate((wanted - capacity) << CELL_SHIFT) == 0) return false;
  } else {
    const start = allocate((wanted + margin) << CELL_SHIFT);
    if (start == 0) return false;
    const moved = start + (<usize>margin << CELL_SHIFT);
    const used = <usize>load<u32>(entry, ENTRY_SIZE) << CELL_SHIFT;
    memory.copy(moved, base, used);
    memory.fill(base, 0, used);
    store<u32>(entry, <u32>moved);
  }
  store<u32>(entry, <u32>wanted, ENTRY_CAPACITY);
  return true;
}

function growTable(table: usize, capacity: usize, entrySize: usize): bool {
  const old = <usize>load<u32>(table), count = <usize>load<u32>(capacity);
  const moved = allocate(<u64>(count * 2) << entrySize);
  if (moved == 0) return false;
  memory.copy(moved, old, count << entrySize);
  memory.fill(old, 0, count << entrySize);
  store<u32>(table, <u32>moved);
  store<u32>(capacity, <u32>(count * 2));
  return true;
}

/** The index of a new empty segment, or -1 when out of memory. */
export function addSegment(kind: u32): i32 {
  const index = load<u32>(SEGMENT_COUNT);
  if (index == load<u32>(SEGMENT_CAPACITY) && !growTable(SEGMENTS, SEGMENT_CAPACITY, ENTRY_SHIFT)) return -1;
  store<u32>(SEGMENT_COUNT, index + 1);
  store<u32>(<usize>load<u32>(SEGMENTS) + (<usize>index << ENTRY_SHIFT), kind, ENTRY_KIND);
  return index;
}

/** The (negative) index of a new temporary segment, or 0 when out of memory. */
export function addTemporarySegment(): i32 {
  const index = load<u32>(TEMPORARY_COUNT);
  if (index == load<u32>(TEMPORARY_CAPACITY) && !growTable(TEMPORARY, TEMPORARY_CAPACITY, ENTRY_SHIFT)) return 0;
  store<u32>(TEMPORARY_COUNT, index + 1);
  return -1 - <i32>index;
}

/** Allocates the execution segment, entry 1 of a new table, with its margins. */
export function createExecutionSegment(): bool {
  const guarded = allocate(<u64>(MARGIN * 2 + FIRST_EXECUTION_CELLS) << CELL_SHIFT);
  if (guarded == 0) return false;
  const entry = entryOf(1);
  store<u32>(entry, <u32>guarded + (<usize>MARGIN << CELL_SHIFT));
  store<u32>(entry, FIRST_EXECUTION_CELLS + MARGIN, ENTRY_CAPACITY);
  return true;
}

/** Makes room in the execution segment for `cells` cells and the margins around them. */
export function reserveExecution(cells: u64): bool {
  const entry = entryOf(1);
  const capacity = <u64>load<u32>(entry, ENTRY_CAPACITY);
  if (cells + MARGIN <= capacity) return true;
  if (cells > 1 << 27) return false;
  return resize(entry, nextCapacity(capacity, cells + MARGIN), MARGIN) ||
    resize(entry, cells + (cells >> 3) + MARGIN, MARGIN);
}

/**
 * The cell at an address, allocated if need be and counted into the segment's size; 0 where that cannot be,
 * with the fault in `claimFault`.
 */
export let claimFault: i32 = OK;
export function claimCell(segment: i64, offset: u64): usize {
  const entry = entryOf(segment);
  if (entry == 0 || (segment == 0 && offset >= <u64>load<u32>(PROGRAM_LENGTH))) {
    claimFault = fault(INVALID_ADDRESS, segment, offset);
    return 0;
  }
  const size = <u64>load<u32>(entry, ENTRY_SIZE);
  if (offset >= size) {
    const fits = offset < <u64>load<u32>(entry, ENTRY_CAPACITY);
    if (offset - size > MAX_GAP || (!fits && !(segment == 1 ? reserveExecution(offset + 1) : reserve(entry, offset + 1)))) {
      claimFault = fault(OUT_OF_MEMORY, segment, offset);
      return 0;
    }
    store<u32>(entry, <u32>offset + 1, ENTRY_SIZE);
  }
  return <usize>load<u32>(entry) + (<usize>offset << CELL_SHIFT);
}

/** Checks a value against the kind of segment it is written to. */
function validate(kind: u32, cell: usize): i32 {
  if (kind != RANGE_CHECK && kind != RANGE_CHECK_96) return OK;
  if (!isFelt(cell)) return EXPECTED_FELT;
  const high = kind == RANGE_CHECK_96 ? load<u64>(cell, 8) >> 32 : 0;
  return (high | load<u64>(cell, 16) | (load<u64>(cell, 24) & VALUE_MASK)) == 0 ? OK : OUT_OF_RANGE;
}

/** Writes a value once: a second, different one is an error. */
export function writeCell(segment: i64, offset: u64, value: usize, accessed: u64): i32 {
  const entry = entryOf(segment);
  if (entry != 0) {
    const invalid = validate(load<u32>(entry, ENTRY_KIND), value);
    if (invalid != OK) return fault(invalid, segment, offset);
  }
  const cell = claimCell(segment, offset);
  if (cell == 0) return claimFault;
  if (tagOf(cell) == 0) copyCell(cell, value, accessed);
  else {
    if (!sameValue(cell, value)) return fault(INCONSISTENT, segment, offset);
    if (accessed != 0) store<u64>(cell, tagOf(cell) | ACCESSED, 24);
  }
  return OK;
}

function markAccessedCell(cell: usize): void {
  store<u64>(cell, tagOf(cell) | ACCESSED, 24);
}

/** The output cell of a bitwise instance (x, y, x&y, x^y, x|y), if both inputs are felts below 2^251. */
export function deduceBitwise(entry: usize, offset: u64, out: usize): bool {
  const index = <u32>(offset % 5);
  if (index < 2) return false;
  const first = offset - index;
  if (first + 1 >= <u64>load<u32>(entry, ENTRY_SIZE)) return false;
  const x = <usize>load<u32>(entry) + (<usize>first << CELL_SHIFT), y = x + 32;
  if (!isFelt(x) || !isFelt(y)) return false;
  if (((load<u64>(x, 24) | load<u64>(y, 24)) & VALUE_MASK) >> 59 != 0) return false;
  for (let limb: usize = 0; limb < 32; limb += 8) {
    const a = load<u64>(x + limb), b = load<u64>(y + limb);
    store<u64>(out + limb, index == 2 ? a & b : index == 3 ? a ^ b : a | b);
  }
  store<u64>(out, (load<u64>(out, 24) & VALUE_MASK) | FELT, 24);
  return true;
}

/** Marks `count` cells as used by an instruction, as far as they have values. */
export function markRange(segment: i32, offset: u32, count: u32): void {
  for (let i: u32 = 0; i < count; i++) {
    const cell = knownCell(segment, offset + i);
    if (cell != 0) markAccessedCell(cell);
  }
}

/** The first missing input of a builtin's instances, the first `inputs` of every `cells` cells; -1 for none. */
export function missingInput(segment: i32, cells: u32, inputs: u32): i32 {
  const entry = entryOf(segment);
  const base = <usize>load<u32>(entry), size = load<u32>(entry, ENTRY_SIZE);
  for (let start: u32 = 0; start < size; start += cells)
    for (let offset = start; offset < start + inputs; offset++)
      if (offset >= size || tagOf(base + (<usize>offset << CELL_SHIFT)) == 0) return <i32>offset;
  return -1;
}

/** How many cells of a segment instructions have used. */
export function countAccessed(segment: i32): u32 {
  const entry = entryOf(segment);
  const end = <usize>load<u32>(entry) + (<usize>load<u32>(entry, ENTRY_SIZE) << CELL_SHIFT);
  let count: u32 = 0;
  for (let cell = <usize>load<u32>(entry); cell < end; cell += 32)
    count += u32((tagOf(cell) & ACCESSED) != 0);
  return count;
}

/** Turns all pointers into the segment `from` into pointers into `to`, `offset` further. */
export function redirect(from: i32, to: i32, offset: f64): void {
  redirectTable(SEGMENTS, SEGMENT_COUNT, from, to, <u64>offset);
  redirectTable(TEMPORARY, TEMPORARY_COUNT, from, to, <u64>offset);
}

function redirectTable(table: usize, count: usize, from: i64, to: i64, offset: u64): void {
  for (let i: u32 = 0; i < load<u32>(count); i++) {
    const entry = <usize>load<u32>(table) + (<usize>i << ENTRY_SHIFT);
    const end = <usize>load<u32>(entry) + (<usize>load<u32>(entry, ENTRY_SIZE) << CELL_SHIFT);
    for (let cell = <usize>load<u32>(entry); cell < end; cell += 32) {
      if ((tagOf(cell) & POINTER) == 0 || load<i64>(cell, 8) != from) continue;
      store<u64>(cell, load<u64>(cell) + offset);
      store<i64>(cell, to, 8);
    }
  }
}

/** Zeroes all that was written since the heap's start `from`: the program stays. */
export function clear(from: u32): void {
  clearTable(SEGMENTS, SEGMENT_COUNT, 1);
  clearTable(TEMPORARY, TEMPORARY_COUNT, 0);
  memory.fill(<usize>load<u32>(SEGMENTS), 0, <usize>load<u32>(SEGMENT_CAPACITY) << ENTRY_SHIFT);
  memory.fill(<usize>load<u32>(TEMPORARY), 0, <usize>load<u32>(TEMPORARY_CAPACITY) << ENTRY_SHIFT);
  store<u32>(HEAP_TOP, from);
}

function clearTable(table: usize, count: usize, first: u32): void {
  for (let i = first; i < load<u32>(count); i++) {
    const entry = <usize>load<u32>(table) + (<usize>i << ENTRY_SHIFT);
    memory.fill(<usize>load<u32>(entry), 0, <usize>load<u32>(entry, ENTRY_SIZE) << CELL_SHIFT);
  }
  store<u32>(count, 0);
}

export { fault as cellFault };
