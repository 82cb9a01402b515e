/** What the kernel (src/cairo/wasm) and JavaScript agree on: addresses of the state, exit codes, kinds. */

/** Indices into the state as 32-bit words; addresses are those of wasm/state.ts. */
export const STATE = {
  pcSegment: 16 / 4,
  pcOffset: 20 / 4,
  ap: 24 / 4,
  fp: 28 / 4,
  faultSegment: 32 / 4,
  steps: 36 / 4,
  faultOffsetLow: 40 / 4,
  faultOffsetHigh: 44 / 4,
  segments: 48 / 4,
  segmentCount: 52 / 4,
  segmentCapacity: 56 / 4,
  temporary: 60 / 4,
  temporaryCount: 64 / 4,
  temporaryCapacity: 68 / 4,
  heapTop: 72 / 4,
  maxPages: 76 / 4,
  programLength: 80 / 4,
  decoded: 84 / 4,
  visited: 88 / 4,
  trace: 92 / 4,
  native: 96 / 4,
} as const;

/** A free cell for values on their way into memory. */
export const SCRATCH_CELL = 288;
/** Where the program segment starts. The addresses below the AssemblyScript module's own data are ours. */
export const PROGRAM_BASE = 4096;

export const CELL_BYTES = 32;
/** Bytes of a decoded instruction, of an entry of a segment table, of a recorded step. */
export const DECODED_BYTES = 16;
export const ENTRY_BYTES = 16;
export const TRACE_BYTES = 16;
/** In a decoded instruction's flags: come back to JavaScript before running it. */
export const TRAP = 1 << 16;

// Tags in the top 32 bits of a cell (wasm/cell.ts).
export const FELT_TAG = 0x8000_0000;
export const POINTER_TAG = 0x4000_0000;
export const ACCESSED_TAG = 0x2000_0000;
export const VALUE_BITS = 0x1fff_ffff;

export const EXIT = {
  trap: 1,
  deduce: 2,
  steps: 3,
  outside: 4,
  invalidInstruction: 10,
  unknownCell: 11,
  expectedFelt: 12,
  expectedPointer: 13,
  invalidAddress: 14,
  inconsistent: 15,
  assertFailed: 16,
  outOfMemory: 17,
  outOfRange: 18,
  invalidArithmetic: 19,
  invalidJump: 20,
} as const;

/** What the kernel does with a segment: nothing, check ranges on writes, deduce, or ask for a deduction. */
export const SEGMENT_KIND = {
  plain: 0,
  rangeCheck: 1,
  rangeCheck96: 2,
  bitwise: 3,
  deduced: 4,
} as const;
export type SegmentKind = (typeof SEGMENT_KIND)[keyof typeof SEGMENT_KIND];
