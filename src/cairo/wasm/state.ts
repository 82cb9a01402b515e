// The machine's state, at fixed addresses so that JavaScript reads it through one typed array
// (src/cairo/machine/kernel.ts has the same table).
export const PC_SEGMENT: usize = 16; // i32
export const PC_OFFSET: usize = 20; // u32
export const AP: usize = 24; // u32, offset in the execution segment
export const FP: usize = 28; // u32
export const FAULT_SEGMENT: usize = 32; // i32: the cell an exit is about
export const STEPS: usize = 36; // u32: steps of the last call of run()
export const FAULT_OFFSET: usize = 40; // u64
export const SEGMENTS: usize = 48; // u32: address of the segment table
export const SEGMENT_COUNT: usize = 52;
export const SEGMENT_CAPACITY: usize = 56;
export const TEMPORARY: usize = 60; // u32: address of the table of temporary segments
export const TEMPORARY_COUNT: usize = 64;
export const TEMPORARY_CAPACITY: usize = 68;
export const HEAP_TOP: usize = 72; // u32: end of the memory in use
export const MAX_PAGES: usize = 76; // u32: limit of the memory
export const PROGRAM_LENGTH: usize = 80; // u32: cells of the program segment
export const DECODED: usize = 84; // u32: address of the decoded program
export const VISITED: usize = 88; // u32: address of a byte for every program cell: 1 where pc has been
export const TRACE: usize = 92; // u32: address of the trace buffer, 0 for none

/** u32: address of a word for every program cell, the record of its native hint or 0; 0 for no such table. */
export const NATIVE: usize = 96;

/** Cells for intermediate results. */
export const RESULT: usize = 128;
export const OPERAND_0: usize = 160;
export const OPERAND_1: usize = 192;
export const QUOTIENT: usize = 224;
export const SCRATCH: usize = 256;
/** Values on their way from JavaScript. */
export const SCRATCH_CELL: usize = 288;

/** The program segment starts here. */
export const PROGRAM: usize = 4096;

// Answers of run() and step().
export const OK: i32 = 0;
/** The instruction at pc has hints (or a stop mark) that have not run. */
export const EXIT_TRAP: i32 = 1;
/** The cell FAULT of a builtin's segment has no value: compute it or say that it cannot be. */
export const EXIT_DEDUCE: i32 = 2;
/** The steps asked for have been made. */
export const EXIT_STEPS: i32 = 3;
/** pc is in a segment other than the program's. */
export const EXIT_OUTSIDE: i32 = 4;
export const INVALID_INSTRUCTION: i32 = 10;
export const UNKNOWN_CELL: i32 = 11;
export const EXPECTED_FELT: i32 = 12;
export const EXPECTED_POINTER: i32 = 13;
export const INVALID_ADDRESS: i32 = 14;
export const INCONSISTENT: i32 = 15;
export const ASSERT_FAILED: i32 = 16;
export const OUT_OF_MEMORY: i32 = 17;
export const OUT_OF_RANGE: i32 = 18;
export const INVALID_ARITHMETIC: i32 = 19;
export const INVALID_JUMP: i32 = 20;
