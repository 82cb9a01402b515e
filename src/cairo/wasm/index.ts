// asc: --importMemory --initialMemory 128 --maximumMemory 65536 --noExportMemory --use abort=
//
// The Cairo machine's interpreter. Memory is as cell.ts and memory.ts describe; JavaScript
// (src/cairo/machine) loads programs, runs hints and computes what builtins deduce.
import { addFelt, addValues, subValues } from "./arithmetic";
import {
  ACCESSED, copyCell, FELT, isZeroFelt, markAccessed, POINTER, sameValue, storePointer, tagOf, VALUE_MASK,
} from "./cell";
import {
  ADVANCE, AP_ADD_1, ASSERT_ADD, ASSERT_DEREF, ASSERT_MUL, ASSERT_OP1, CALL_REL, DST_FP, JMP, JNZ, KIND_SHIFT,
  OP0_FP, OP1_FP, OP1_IMMEDIATE, RET, TRAP,
} from "./decode";
import { BITWISE, cellFault, ENTRY_CAPACITY, ENTRY_KIND, ENTRY_SIZE, entryOf, MARGIN, writeCell } from "./memory";
import { LEFT_TO_TWIN, runNativeHint } from "./hints";
import { mulFelt } from "./mul";
import {
  AP, DECODED, EXIT_OUTSIDE, EXIT_STEPS, EXIT_TRAP, FP, INVALID_ADDRESS, OK, PC_OFFSET, PC_SEGMENT, PROGRAM_LENGTH,
  RESULT, SCRATCH_CELL, SEGMENT_COUNT, SEGMENTS, STEPS, TRACE, VISITED,
} from "./state";
import { step } from "./step";

export { decodeProgram } from "./decode";
export {
  addSegment, addTemporarySegment, clear, countAccessed, createExecutionSegment, markRange, missingInput,
  redirect,
} from "./memory";

/** Writes the value in SCRATCH_CELL for JavaScript, whose numbers are doubles; answers OK or a fault. */
export function write(segment: i32, offset: f64): i32 {
  if (!(offset >= 0 && offset < 9007199254740992)) return cellFault(INVALID_ADDRESS, segment, 0);
  return writeCell(segment, <u64>offset, SCRATCH_CELL, 0);
}

// `resume` of run(): 0; 1 when the trap at pc has been served, or the cell asked for has been deduced; 3 when
// that cell has no value to deduce.
const NOTHING_TO_DEDUCE: i32 = 2;

let tracePosition: usize = 0;

function record(): void {
  store<i32>(tracePosition, load<i32>(PC_SEGMENT));
  store<u32>(tracePosition, load<u32>(PC_OFFSET), 4);
  store<u32>(tracePosition, load<u32>(AP), 8);
  store<u32>(tracePosition, load<u32>(FP), 12);
  tracePosition += 16;
}

/**
 * Runs up to `budget` steps. Answers why it came back: an EXIT_ code, or a fault (state.ts), with the
 * registers at the instruction that has not been executed. STEPS holds how many were.
 */
export function run(budget: i32, resume: i32): i32 {
  tracePosition = load<u32>(TRACE);
  let left = budget;
  let code = OK;
  if (resume != 0 && left > 0) {
    code = single((resume & NOTHING_TO_DEDUCE) == 0);
    if (code == OK) left--;
  }
  while (code == OK && left > 0) {
    if (load<i32>(PC_SEGMENT) != 0) {
      code = EXIT_OUTSIDE;
      break;
    }
    left = runProgram(left);
    if (left <= 0) break;
    // The fast loop stopped at an instruction that is not for it.
    if (load<i32>(PC_SEGMENT) != 0) continue;
    const pc = load<u32>(PC_OFFSET);
    if (pc < load<u32>(PROGRAM_LENGTH) &&
      (load<u32>(<usize>load<u32>(DECODED) + (<usize>pc << 4), 12) & TRAP) != 0) {
      const hint = runNativeHint();
      if (hint == LEFT_TO_TWIN) {
        code = EXIT_TRAP;
        break;
      }
      if (hint != OK) {
        code = hint;
        break;
      }
    }
    code = single(true);
    if (code == OK) left--;
  }
  store<u32>(STEPS, budget - left);
  return code != OK ? code : EXIT_STEPS;
}

/** Runs one instruction outside the program segment, whose traps JavaScript looks after. */
function single(mayDeduce: bool): i32 {
  const segment = load<i32>(PC_SEGMENT), pc = load<u32>(PC_OFFSET);
  if (tracePosition != 0) record();
  const code = step(mayDeduce);
  if (code == OK && segment == 0) store<u8>(<usize>load<u32>(VISITED) + pc, 1);
  else if (code != OK && tracePosition != 0) tracePosition -= 16;
  return code;
}

/** The address of op1: an immediate's is in the entry, the others are relative to a register. */
// @ts-ignore: decorator
@inline function operand1(entry: usize, flags: u32, ap: usize, fp: usize): usize {
  const register: usize = (flags & OP1_IMMEDIATE) != 0 ? 0 : (flags & OP1_FP) != 0 ? fp : ap;
  return register + load<i32>(entry, 8);
}

/** Writes the fast loop's registers back. */
function leave(pc: u32, ap: usize, fp: usize, base: usize, end: usize, trace: usize): void {
  store<u32>(PC_OFFSET, pc);
  store<u32>(AP, <u32>((ap - base) >> 5));
  store<u32>(FP, <u32>((fp - base) >> 5));
  store<u32>(entryOf(1), <u32>((end - base) >> 5), ENTRY_SIZE);
  tracePosition = trace;
}

/**
 * The fast loop: frequent shapes of instructions in the program segment, with ap and fp as addresses and
 * everything in locals. Stops before anything unusual and leaves it to step(); answers the steps left.
 * Operands relative to ap or fp need no bounds check, thanks to the execution segment's margins, except that
 * nothing may be written before its start.
 */
function runProgram(budget: i32): i32 {
  const decoded = <usize>load<u32>(DECODED), visited = <usize>load<u32>(VISITED);
  const length = load<u32>(PROGRAM_LENGTH);
  const execution = entryOf(1);
  const base = <usize>load<u32>(execution);
  const limit = base + (<usize>(load<u32>(execution, ENTRY_CAPACITY) - MARGIN - 4) << 5);
  let end = base + (<usize>load<u32>(execution, ENTRY_SIZE) << 5);
  let pc = load<u32>(PC_OFFSET);
  let ap = base + (<usize>load<u32>(AP) << 5);
  let fp = base + (<usize>load<u32>(FP) << 5);
  let trace = tracePosition;
  let left = budget;

  for (; left > 0; left--) {
    if (pc >= length || ap > limit || fp > limit) break;
    const entry = decoded + (<usize>pc << 4);
    const flags = load<u32>(entry, 12);
    if ((flags & TRAP) != 0) break;
    const dst = ((flags & DST_FP) != 0 ? fp : ap) + load<i32>(entry);
    let nextPc = pc + ((flags & OP1_IMMEDIATE) != 0 ? 2 : 1);
    let nextAp = ap + ((flags & AP_ADD_1) >> 6); // 2^11 -> one cell, 2^5 bytes
    let nextFp = fp;
    const have = tagOf(dst);

    switch (flags >> KIND_SHIFT) {
      case ASSERT_OP1: {
        const op1 = operand1(entry, flags, ap, fp);
        const value = tagOf(op1);
        if (have == 0) {
          if (value == 0 || dst < base) { leave(pc, ap, fp, base, end, trace); return left; }
          copyCell(dst, op1, ACCESSED);
          if (dst >= end) end = dst + 32;
          if ((value & ACCESSED) == 0) store<u64>(op1, value | ACCESSED, 24);
        } else if (value == 0) {
          if (op1 < base) { leave(pc, ap, fp, base, end, trace); return left; }
          copyCell(op1, dst, ACCESSED);
          if (op1 >= end) end = op1 + 32;
          markAccessed(dst);
        } else {
          if (!sameValue(dst, op1)) { leave(pc, ap, fp, base, end, trace); return left; }
          markAccessed(dst);
          markAccessed(op1);
        }
        break;
      }
      case ASSERT_DEREF: {
        const op0 = ((flags & OP0_FP) != 0 ? fp : ap) + load<i32>(entry, 4);
        const segment = load<i64>(op0, 8), offset = load<u64>(op0) + <u64><i64>(load<i32>(entry, 8) >> 5);
        if ((tagOf(op0) & POINTER) == 0 || <u64>segment >= <u64>load<u32>(SEGMENT_COUNT)) {
          leave(pc, ap, fp, base, end, trace);
          return left;
        }
        const target = <usize>load<u32>(SEGMENTS) + (<usize>segment << 4);
        if (segment == 1) store<u32>(target, <u32>((end - base) >> 5), ENTRY_SIZE);
        const op1 = offset < <u64>load<u32>(target, ENTRY_SIZE)
          ? <usize>load<u32>(target) + (<usize>offset << 5)
          : 0;
        const value = op1 == 0 ? 0 : tagOf(op1);
        if (value != 0) {
          if (have == 0) {
            if (dst < base) { leave(pc, ap, fp, base, end, trace); return left; }
            copyCell(dst, op1, ACCESSED);
            if (dst >= end) end = dst + 32;
          } else {
            if (!sameValue(dst, op1)) { leave(pc, ap, fp, base, end, trace); return left; }
            markAccessed(dst);
          }
          markAccessed(op1);
        } else {
          // A store: only felts of other segments, whose growth does not move this frame.
          if (have == 0 || segment <= 1 || load<u32>(target, ENTRY_KIND) >= BITWISE ||
            writeCell(segment, offset, dst, ACCESSED) != OK) {
            leave(pc, ap, fp, base, end, trace);
            return left;
          }
          markAccessed(dst);
        }
        markAccessed(op0);
        break;
      }
      case ASSERT_ADD: {
        const op0 = ((flags & OP0_FP) != 0 ? fp : ap) + load<i32>(entry, 4);
        const op1 = operand1(entry, flags, ap, fp);
        const tag0 = tagOf(op0), tag1 = tagOf(op1);
        if (have == 0 && <i64>(tag0 & tag1) < 0 && dst >= base) {
          addFelt(dst, op0, op1, FELT | ACCESSED);
          if (dst >= end) end = dst + 32;
          if ((tag0 & tag1 & ACCESSED) == 0) {
            store<u64>(op0, tag0 | ACCESSED, 24);
            store<u64>(op1, tag1 | ACCESSED, 24);
          }
        } else {
          if (!solveAdd(dst, op0, op1, base)) { leave(pc, ap, fp, base, end, trace); return left; }
          end = max(end, max(dst, max(op0, (flags & OP1_IMMEDIATE) != 0 ? <usize>0 : op1)) + 32);
        }
        break;
      }
      case ASSERT_MUL: {
        const op0 = ((flags & OP0_FP) != 0 ? fp : ap) + load<i32>(entry, 4);
        const op1 = operand1(entry, flags, ap, fp);
        const tag0 = tagOf(op0), tag1 = tagOf(op1);
        if (<i64>(tag0 & tag1) >= 0 || dst < base) { leave(pc, ap, fp, base, end, trace); return left; }
        const out = have == 0 ? dst : RESULT;
        const a = load<u64>(op0), b = load<u64>(op1);
        if ((load<u64>(op0, 8) | load<u64>(op1, 8) | load<u64>(op0, 16) | load<u64>(op1, 16) |
          ((tag0 | tag1) & VALUE_MASK) | ((a | b) >> 32)) == 0) {
          store<u64>(out, a * b);
          store<u64>(out, 0, 8);
          store<u64>(out, 0, 16);
          store<u64>(out, FELT | ACCESSED, 24);
        } else mulFelt(out, op0, op1, FELT | ACCESSED);
        if (have == 0) {
          if (dst >= end) end = dst + 32;
        } else {
          if (!sameValue(dst, out)) { leave(pc, ap, fp, base, end, trace); return left; }
          markAccessed(dst);
        }
        markAccessed(op0);
        markAccessed(op1);
        break;
      }
      case JNZ: {
        if (have == 0) { leave(pc, ap, fp, base, end, trace); return left; }
        if (!isZeroFelt(dst)) nextPc = pc + load<i32>(entry, 4);
        if ((have & ACCESSED) == 0) store<u64>(dst, have | ACCESSED, 24);
        break;
      }
      case JMP: {
        nextPc = pc + load<i32>(entry, 4);
        break;
      }
      case CALL_REL: {
        if ((have | tagOf(ap + 32)) != 0) { leave(pc, ap, fp, base, end, trace); return left; }
        storePointer(ap, 1, <u64>((fp - base) >> 5), ACCESSED);
        storePointer(ap + 32, 0, nextPc, ACCESSED);
        nextAp = nextFp = ap + 64;
        if (nextAp > end) end = nextAp;
        nextPc = pc + load<i32>(entry, 4);
        break;
      }
      case RET: {
        const back = fp - 32;
        const target = tagOf(back);
        if ((have & target & POINTER) == 0 || load<i64>(dst, 8) != 1 || load<i64>(back, 8) != 0 ||
          load<u64>(dst) > <u64>((limit - base) >> 5) || load<u64>(back) >= length) {
          leave(pc, ap, fp, base, end, trace);
          return left;
        }
        if ((have & target & ACCESSED) == 0) {
          store<u64>(dst, have | ACCESSED, 24);
          store<u64>(back, target | ACCESSED, 24);
        }
        nextFp = base + (<usize>load<u64>(dst) << 5);
        nextPc = <u32>load<u64>(back);
        break;
      }
      case ADVANCE: {
        nextAp = ap + (load<i32>(entry, 4) << 5);
        if (<isize>nextAp < <isize>base || nextAp > limit) { leave(pc, ap, fp, base, end, trace); return left; }
        break;
      }
      default: {
        leave(pc, ap, fp, base, end, trace);
        return left;
      }
    }

    if (trace != 0) {
      store<u32>(trace, 0);
      store<u32>(trace, pc, 4);
      store<u32>(trace, <u32>((ap - base) >> 5), 8);
      store<u32>(trace, <u32>((fp - base) >> 5), 12);
      trace += 16;
    }
    store<u8>(visited + pc, 1);
    pc = nextPc;
    ap = nextAp;
    fp = nextFp;
  }
  leave(pc, ap, fp, base, end, trace);
  return left;
}

/** [dst] = [op0] + [op1] where one of them has no value yet, or with pointers; false leaves all as it was. */
function solveAdd(dst: usize, op0: usize, op1: usize, base: usize): bool {
  const have = tagOf(dst), tag0 = tagOf(op0), tag1 = tagOf(op1);
  if (tag0 != 0 && tag1 != 0) {
    if (have == 0) {
      if (dst < base || !addValues(dst, op0, op1, ACCESSED)) return false;
    } else {
      if (!addValues(RESULT, op0, op1, 0) || !sameValue(dst, RESULT)) return false;
      markAccessed(dst);
    }
    markAccessed(op0);
    markAccessed(op1);
    return true;
  }
  if (have == 0 || (tag0 | tag1) == 0) return false;
  const unknown = tag0 == 0 ? op0 : op1, known = tag0 == 0 ? op1 : op0;
  if (unknown < base || !subValues(RESULT, dst, known, 0)) return false;
  copyCell(unknown, RESULT, ACCESSED);
  markAccessed(dst);
  markAccessed(known);
  return true;
}
