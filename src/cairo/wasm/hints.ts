// The most frequent hints of compiled classes, without leaving the kernel. Each does what its TypeScript twin in
// src/cairo/hints/casm does, for operands of the usual kinds and sizes; anything else is left to the twin.
//
// A record (src/cairo/machine/native-hints.ts writes them): words of 32 bits
//   0 kind | 1-2 first operand | 3-4 second operand | 5-6 first result | 7-8 second result
// each operand or result a register (0 ap, 1 fp, 2 none: an immediate) and an offset in cells, or the address of
// the immediate's cell.
import { FELT, isFelt, storePointer, VALUE_MASK } from "./cell";
import { addSegment, cellFault, knownCell, PLAIN, writeCell } from "./memory";
import { AP, FP, INVALID_ADDRESS, NATIVE, OK, OUT_OF_MEMORY, PC_OFFSET, QUOTIENT, RESULT } from "./state";

const TEST_LESS_THAN: u32 = 1;
const TEST_LESS_THAN_OR_EQUAL: u32 = 2;
const ALLOC_SEGMENT: u32 = 3;
const LINEAR_SPLIT: u32 = 4; // by 2^128
const DIV_MOD: u32 = 5;
const WIDE_MUL_128: u32 = 6;

/** The hint is not for here. */
export const LEFT_TO_TWIN: i32 = -1;

function offsetOf(register: u32, offset: i32): i64 {
  return <i64>load<u32>(register == 0 ? AP : FP) + offset;
}

/** The cell of an operand that is a known felt, or 0. */
function operand(record: usize, word: usize): usize {
  const register = load<u32>(record + word * 4);
  const where = load<i32>(record + word * 4, 4);
  if (register == 2) return <usize>where;
  const offset = offsetOf(register, where);
  const cell = offset < 0 ? 0 : knownCell(1, offset);
  return cell != 0 && isFelt(cell) ? cell : 0;
}

/** Assigns a value to the cell of a result. */
function assign(record: usize, word: usize, value: usize): i32 {
  const offset = offsetOf(load<u32>(record + word * 4), load<i32>(record + word * 4, 4));
  return offset < 0 ? cellFault(INVALID_ADDRESS, 1, offset) : writeCell(1, offset, value, 0);
}

function setFelt(cell: usize, low: u64, high: u64): void {
  store<u64>(cell, low);
  store<u64>(cell, high, 8);
  store<u64>(cell, 0, 16);
  store<u64>(cell, FELT, 24);
}

/** a < b as integers. */
function lessThan(a: usize, b: usize): bool {
  const a3 = load<u64>(a, 24) & VALUE_MASK, b3 = load<u64>(b, 24) & VALUE_MASK;
  if (a3 != b3) return a3 < b3;
  if (load<u64>(a, 16) != load<u64>(b, 16)) return load<u64>(a, 16) < load<u64>(b, 16);
  if (load<u64>(a, 8) != load<u64>(b, 8)) return load<u64>(a, 8) < load<u64>(b, 8);
  return load<u64>(a) < load<u64>(b);
}

// @ts-ignore: decorator
@inline function fits128(cell: usize): bool {
  return (load<u64>(cell, 16) | (load<u64>(cell, 24) & VALUE_MASK)) == 0;
}

/** Runs the hint at pc if there is a native one: OK, LEFT_TO_TWIN, or the fault of a write. */
export function runNativeHint(): i32 {
  const table = <usize>load<u32>(NATIVE);
  if (table == 0) return LEFT_TO_TWIN;
  const record = <usize>load<u32>(table + (<usize>load<u32>(PC_OFFSET) << 2));
  if (record == 0) return LEFT_TO_TWIN;
  const kind = load<u32>(record);
  if (kind == ALLOC_SEGMENT) {
    const segment = addSegment(PLAIN);
    if (segment < 0) return OUT_OF_MEMORY;
    storePointer(RESULT, segment, 0, 0);
    return assign(record, 5, RESULT);
  }
  const a = operand(record, 1), b = operand(record, 3);
  if (a == 0 || b == 0) return LEFT_TO_TWIN;
  switch (kind) {
    case TEST_LESS_THAN:
      setFelt(RESULT, u64(lessThan(a, b)), 0);
      return assign(record, 5, RESULT);
    case TEST_LESS_THAN_OR_EQUAL:
      setFelt(RESULT, u64(!lessThan(b, a)), 0);
      return assign(record, 5, RESULT);
    case LINEAR_SPLIT: {
      // x = a / 2^128, which may not be above the bound b; y the rest.
      setFelt(RESULT, load<u64>(a, 16), load<u64>(a, 24) & VALUE_MASK);
      if (lessThan(b, RESULT)) return LEFT_TO_TWIN;
      setFelt(QUOTIENT, load<u64>(a), load<u64>(a, 8));
      return assignBoth(record);
    }
    case DIV_MOD: {
      const divisor = load<u64>(b);
      if (!fits128(a) || !fits128(b) || (load<u64>(a, 8) | load<u64>(b, 8)) != 0 || divisor == 0) return LEFT_TO_TWIN;
      setFelt(RESULT, load<u64>(a) / divisor, 0);
      setFelt(QUOTIENT, load<u64>(a) % divisor, 0);
      return assignBoth(record);
    }
    case WIDE_MUL_128: {
      if (!fits128(a) || !fits128(b)) return LEFT_TO_TWIN;
      wideMul(a, b);
      return assignBoth(record);
    }
    default:
      return LEFT_TO_TWIN;
  }
}

/** RESULT to the first result, QUOTIENT to the second. */
function assignBoth(record: usize): i32 {
  const failed = assign(record, 5, RESULT);
  return failed != OK ? failed : assign(record, 7, QUOTIENT);
}

/** The high half of a * b of 128 bits each to RESULT, the low one to QUOTIENT: schoolbook on 32-bit limbs. */
function wideMul(a: usize, b: usize): void {
  setFelt(QUOTIENT, 0, 0);
  setFelt(RESULT, 0, 0);
  for (let i: usize = 0; i < 4; i++) {
    const factor = <u64>load<u32>(a + (i << 2));
    let carry: u64 = 0;
    for (let j: usize = 0; j < 4; j++) {
      const k = i + j;
      const place = k < 4 ? QUOTIENT + (k << 2) : RESULT + ((k - 4) << 2);
      const sum = factor * <u64>load<u32>(b + (j << 2)) + <u64>load<u32>(place) + carry;
      store<u32>(place, <u32>sum);
      carry = sum >> 32;
    }
    store<u32>(RESULT + (i << 2), <u32>carry);
  }
}
