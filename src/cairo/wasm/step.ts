// One instruction by the book (Cairo paper §4.5), whatever its shape and wherever its operands are.
import { addValues, inverseFelt, subValues } from "./arithmetic";
import { ACCESSED, copyCell, FELT, isFelt, isPointer, isZeroFelt, MAX_OFFSET, sameValue, smallSigned, storePointer, TOO_BIG } from "./cell";
import {
  AP_ADD, AP_ADD_1, ASSERT_EQ, CALL, DST_FP, flagsOf, JUMP_ABSOLUTE, JUMP_NOT_ZERO, JUMP_RELATIVE, offset0,
  offset1, offset2, OP0_FP, OP1_AP, OP1_FP, OP1_IMMEDIATE, OP1_SOURCE, RES, RES_ADD, RES_MUL, RETURN,
} from "./decode";
import { BITWISE, cellFault, deduceBitwise, DEDUCED, ENTRY_KIND, entryOf, knownCell, reserveExecution, writeCell } from "./memory";
import { mulFelt } from "./mul";
import {
  AP, ASSERT_FAILED, EXIT_DEDUCE, EXPECTED_FELT, EXPECTED_POINTER, FP, INVALID_ADDRESS, INVALID_ARITHMETIC,
  INVALID_INSTRUCTION, INVALID_JUMP, OK, OPERAND_0, OPERAND_1, OUT_OF_MEMORY, PC_OFFSET, PC_SEGMENT, QUOTIENT,
  RESULT, SCRATCH, UNKNOWN_CELL,
} from "./state";

function mulValues(out: usize, a: usize, b: usize): bool {
  if (!isFelt(a) || !isFelt(b)) return false;
  mulFelt(out, a, b, FELT);
  return true;
}

/** out = dst / factor, where that is defined. */
function divValues(out: usize, dst: usize, factor: usize): bool {
  if (!isFelt(dst) || !isFelt(factor) || isZeroFelt(factor)) return false;
  inverseFelt(QUOTIENT, factor, SCRATCH);
  mulFelt(out, dst, QUOTIENT, FELT);
  return true;
}

/** A pointer's cell with the unknown or felt cases as faults. */
function expectPointer(cell: usize, segment: i64, offset: u64): i32 {
  if (cell == 0) return cellFault(UNKNOWN_CELL, segment, offset);
  return isPointer(cell) ? OK : cellFault(EXPECTED_POINTER, segment, offset);
}

/**
 * Runs the instruction at pc. With `mayDeduce` false, the cell of a builtin that the last EXIT_DEDUCE was
 * about has no value to deduce.
 */
export function step(mayDeduce: bool): i32 {
  const pcSegment = <i64>load<i32>(PC_SEGMENT), pc = <u64>load<u32>(PC_OFFSET);
  const instruction = knownCell(pcSegment, pc);
  if (instruction == 0) return cellFault(UNKNOWN_CELL, pcSegment, pc);
  const decoded = flagsOf(instruction);
  if (decoded < 0) return cellFault(INVALID_INSTRUCTION, pcSegment, pc);
  const flags = <u32>decoded, word = load<u64>(instruction);
  const size: u64 = (flags & OP1_IMMEDIATE) != 0 ? 2 : 1;
  const ap = <i64>load<u32>(AP), fp = <i64>load<u32>(FP);

  const dstAt = ((flags & DST_FP) != 0 ? fp : ap) + offset0(word);
  const op0At = ((flags & OP0_FP) != 0 ? fp : ap) + offset1(word);
  if (dstAt < 0) return cellFault(INVALID_ADDRESS, 1, dstAt);
  if (op0At < 0) return cellFault(INVALID_ADDRESS, 1, op0At);
  const dst = knownCell(1, dstAt);
  const known0 = knownCell(1, op0At);

  let op1Segment: i64 = 1, op1At: i64;
  if ((flags & OP1_SOURCE) == 0) {
    const wrong = expectPointer(known0, 1, op0At);
    if (wrong != OK) return wrong;
    op1Segment = load<i64>(known0, 8);
    op1At = <i64>load<u64>(known0) + offset2(word);
  } else if ((flags & OP1_IMMEDIATE) != 0) {
    op1Segment = pcSegment;
    op1At = <i64>pc + 1;
  } else {
    op1At = ((flags & OP1_FP) != 0 ? fp : ap) + offset2(word);
  }
  if (op1At < 0) return cellFault(INVALID_ADDRESS, op1Segment, op1At);
  const known1 = knownCell(op1Segment, op1At);

  // Operands that have no value yet: deduced from the rest of the equation, or by a builtin.
  let op0 = known0;
  if (op0 == 0) {
    if ((flags & CALL) != 0) storePointer(OPERAND_0, pcSegment, pc + size, 0);
    else if ((flags & ASSERT_EQ) == 0 || dst == 0 || known1 == 0) return cellFault(UNKNOWN_CELL, 1, op0At);
    else if ((flags & RES_ADD) != 0) {
      if (!subValues(OPERAND_0, dst, known1, 0)) return cellFault(INVALID_ARITHMETIC, 1, op0At);
    } else if ((flags & RES_MUL) == 0 || !divValues(OPERAND_0, dst, known1)) return cellFault(UNKNOWN_CELL, 1, op0At);
    op0 = OPERAND_0;
  }
  let op1 = known1;
  if (op1 == 0) {
    const entry = entryOf(op1Segment);
    const kind = entry == 0 ? 0 : load<u32>(entry, ENTRY_KIND);
    let deduced = false;
    if (kind == BITWISE) deduced = deduceBitwise(entry, op1At, OPERAND_1);
    else if (kind == DEDUCED && mayDeduce) return cellFault(EXIT_DEDUCE, op1Segment, op1At);
    if (!deduced) {
      if ((flags & ASSERT_EQ) == 0 || dst == 0) return cellFault(UNKNOWN_CELL, op1Segment, op1At);
      if ((flags & RES) == 0) copyCell(OPERAND_1, dst, 0);
      else if ((flags & RES_ADD) != 0) {
        if (!subValues(OPERAND_1, dst, op0, 0)) return cellFault(INVALID_ARITHMETIC, op1Segment, op1At);
      } else if (!divValues(OPERAND_1, dst, op0)) return cellFault(UNKNOWN_CELL, op1Segment, op1At);
    }
    op1 = OPERAND_1;
  }

  let res = op1;
  if ((flags & RES) != 0) {
    const defined = (flags & RES_ADD) != 0 ? addValues(RESULT, op0, op1, 0) : mulValues(RESULT, op0, op1);
    if (!defined) return cellFault(INVALID_ARITHMETIC, 1, op0At);
    res = RESULT;
  }

  if ((flags & ASSERT_EQ) != 0) {
    if ((flags & JUMP_NOT_ZERO) != 0) return cellFault(INVALID_INSTRUCTION, pcSegment, pc);
    if (dst != 0 && !sameValue(dst, res)) return cellFault(ASSERT_FAILED, 1, dstAt);
  } else if (dst == 0 && (flags & CALL) == 0) return cellFault(UNKNOWN_CELL, 1, dstAt);

  // The new registers; values are read before writes below can move the segments.
  let nextAp = ap, nextFp = fp, nextSegment = pcSegment, nextPc = pc + size;
  if ((flags & CALL) != 0) nextAp = nextFp = ap + 2;
  else if ((flags & AP_ADD_1) != 0) nextAp = ap + 1;
  else if ((flags & AP_ADD) != 0) {
    if ((flags & JUMP_NOT_ZERO) != 0) return cellFault(INVALID_INSTRUCTION, pcSegment, pc);
    const delta = isFelt(res) ? smallSigned(res) : TOO_BIG;
    if (delta == TOO_BIG || ap + delta < 0) return cellFault(INVALID_ARITHMETIC, 1, ap);
    nextAp = ap + delta;
  }
  if ((flags & RETURN) != 0) {
    // The frame pointer is used by its offset alone: a run's first frame may hold a plain felt there.
    nextFp = isPointer(dst) ? <i64>load<u64>(dst) : smallSigned(dst);
    if (nextFp < 0) return cellFault(INVALID_ADDRESS, 1, dstAt);
  }
  if ((flags & JUMP_ABSOLUTE) != 0) {
    if (!isPointer(res)) return cellFault(INVALID_JUMP, pcSegment, pc);
    nextSegment = load<i64>(res, 8);
    nextPc = load<u64>(res);
  } else if ((flags & JUMP_RELATIVE) != 0 || ((flags & JUMP_NOT_ZERO) != 0 && !isZeroFelt(dst))) {
    const delta = isFelt(res) ? smallSigned(res) : TOO_BIG;
    if (delta == TOO_BIG || <i64>pc + delta < 0) return cellFault(INVALID_JUMP, pcSegment, pc);
    nextPc = <u64>(<i64>pc + delta);
  }
  if (nextPc > 0xffffffff) return cellFault(INVALID_JUMP, pcSegment, pc);

  // From here on with copies, because making room can move segments.
  if ((flags & CALL) != 0) {
    storePointer(RESULT, pcSegment, pc + size, 0);
    if (!sameValue(op0, RESULT)) return cellFault(ASSERT_FAILED, 1, op0At);
    if (op1 != OPERAND_1) copyCell(OPERAND_1, op1, 0);
    storePointer(RESULT, 1, fp, 0);
    res = RESULT;
  }
  if (res != RESULT) copyCell(RESULT, res, 0);
  if (op1 != OPERAND_1) copyCell(OPERAND_1, op1, 0);
  if (op0 != OPERAND_0) copyCell(OPERAND_0, op0, 0);
  if (nextAp > 0xffffffff || nextFp > 0xffffffff || !reserveExecution(max(nextAp, nextFp)))
    return cellFault(OUT_OF_MEMORY, 1, max(nextAp, nextFp));
  let failed = writeCell(1, op0At, OPERAND_0, ACCESSED);
  if (failed != OK) return failed;
  failed = writeCell(op1Segment, op1At, OPERAND_1, ACCESSED);
  if (failed != OK) return failed;
  if ((flags & (ASSERT_EQ | CALL)) != 0) {
    failed = writeCell(1, dstAt, RESULT, ACCESSED);
    if (failed != OK) return failed;
  } else {
    const used = knownCell(1, dstAt);
    store<u64>(used, load<u64>(used, 24) | ACCESSED, 24);
  }

  if (pcSegment != 0) {
    const cell = knownCell(pcSegment, pc);
    store<u64>(cell, load<u64>(cell, 24) | ACCESSED, 24);
  }
  store<u32>(AP, <u32>nextAp);
  store<u32>(FP, <u32>nextFp);
  store<i32>(PC_SEGMENT, <i32>nextSegment);
  store<u32>(PC_OFFSET, <u32>nextPc);
  return OK;
}
