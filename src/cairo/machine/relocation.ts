/** The two relocations at the end of a run: of temporary segments into real ones, and of all to addresses. */
import { VmError } from "../errors.ts";
import type { Relocatable } from "../relocatable.ts";
import { ACCESSED_TAG, CELL_BYTES, FELT_TAG, POINTER_TAG, VALUE_BITS } from "./layout.ts";
import type { Machine } from "./machine.ts";
import type { MachineMemory } from "./memory.ts";

const CELL_WORDS = CELL_BYTES / 4;

/** Where a segment's cells are, as indices into the memory's words. */
function extent(memory: MachineMemory, segment: number): { start: number; size: number } {
  const entry = memory.entryAt(segment);
  const { words } = memory;
  return { start: words[entry]! / 4, size: words[entry + 1]! };
}

/**
 * Puts the cells of temporary segments where relocation rules want them; pointers lead there since the rules
 * were made. Segments without a rule stay. Throws VmError where a place already has another value.
 */
export function relocateTemporarySegments(machine: Machine): void {
  const { memory } = machine;
  for (const [segment, target] of memory.rules) moveCells(machine, segment, target);
  memory.clearRules();
}

function moveCells(machine: Machine, segment: number, target: Relocatable): void {
  const { memory } = machine;
  const { size } = extent(memory, segment);
  for (let offset = 0; offset < size; offset++) {
    const value = memory.get({ segment, offset });
    if (value === undefined) continue;
    const moved = { segment: target.segment, offset: target.offset + offset };
    // Read before writing: a write may move the segments.
    const { start } = extent(memory, segment);
    const accessed = (memory.words[start + offset * CELL_WORDS + 7]! & ACCESSED_TAG) !== 0;
    memory.set(moved, value);
    if (accessed) machine.markAccessed(moved, 1);
  }
}

/** The address where each segment starts, the first at 1, from the segments' sizes. */
export function segmentAddresses(sizes: readonly number[]): number[] {
  let next = 1;
  return sizes.map((size) => {
    const start = next;
    next += size;
    return start;
  });
}

/**
 * All known cells at their final addresses, in the format of cairo-run's --memory_file: address (8 bytes) and
 * value (32 bytes), little endian, by ascending address. Throws VmError for a pointer to a segment that is none.
 */
export function encodeMemory(memory: MachineMemory, addresses: readonly number[]): Uint8Array {
  let cells = 0;
  for (let segment = 0; segment < memory.segmentCount; segment++)
    cells += memory.segmentSize(segment);
  const out = new Uint32Array(cells * 10);
  const { words } = memory;
  let to = 0;
  for (let segment = 0; segment < memory.segmentCount; segment++) {
    const { start, size } = extent(memory, segment);
    for (let offset = 0; offset < size; offset++) {
      const at = start + offset * CELL_WORDS;
      const tag = words[at + 7]!;
      if ((tag & (FELT_TAG | POINTER_TAG)) === 0) continue;
      out[to] = addresses[segment]! + offset;
      if ((tag & POINTER_TAG) === 0) {
        out.set(words.subarray(at, at + 7), to + 2);
        out[to + 9] = tag & VALUE_BITS;
      } else {
        const base = addresses[words[at + 2]! | 0];
        if (base === undefined)
          throw new VmError(
            "INVALID_RUN",
            `the cell ${segment}:${offset} points to no real segment`,
          );
        const value = base + words[at + 1]! * 2 ** 32 + words[at]!;
        out[to + 2] = value % 2 ** 32;
        out[to + 3] = Math.floor(value / 2 ** 32);
      }
      to += 10;
    }
  }
  return new Uint8Array(out.buffer, 0, to * 4);
}

/** The trace in the format of cairo-run's --trace_file: ap, fp, pc of every step, 8 bytes each, little endian. */
export function encodeTrace(machine: Machine, addresses: readonly number[]): Uint8Array {
  const out = new Uint32Array(machine.steps * 6);
  const execution = addresses[1]!;
  let to = 0;
  for (const { pc, ap, fp } of machine.trace()) {
    out[to] = execution + ap;
    out[to + 2] = execution + fp;
    out[to + 4] = addresses[pc.segment]! + pc.offset;
    to += 6;
  }
  return new Uint8Array(out.buffer);
}
