// Instruction encoding (Cairo paper §4.4): three biased offsets of 16 bits, then 15 flags, then a zero bit.
import { FELT, smallSigned, TOO_BIG, VALUE_MASK } from "./cell";
import { DECODED, PROGRAM, PROGRAM_LENGTH } from "./state";

export const DST_FP: u32 = 1 << 0;
export const OP0_FP: u32 = 1 << 1;
export const OP1_IMMEDIATE: u32 = 1 << 2;
export const OP1_FP: u32 = 1 << 3;
export const OP1_AP: u32 = 1 << 4;
export const OP1_SOURCE: u32 = OP1_IMMEDIATE | OP1_FP | OP1_AP;
export const RES_ADD: u32 = 1 << 5;
export const RES_MUL: u32 = 1 << 6;
export const RES: u32 = RES_ADD | RES_MUL;
export const JUMP_ABSOLUTE: u32 = 1 << 7;
export const JUMP_RELATIVE: u32 = 1 << 8;
export const JUMP_NOT_ZERO: u32 = 1 << 9;
export const JUMP: u32 = JUMP_ABSOLUTE | JUMP_RELATIVE | JUMP_NOT_ZERO;
export const AP_ADD: u32 = 1 << 10;
export const AP_ADD_1: u32 = 1 << 11;
export const CALL: u32 = 1 << 12;
export const RETURN: u32 = 1 << 13;
export const ASSERT_EQ: u32 = 1 << 14;
export const OPCODE: u32 = CALL | RETURN | ASSERT_EQ;

/** In a decoded entry, beside the 15 flags: hints (or a stop mark) at this pc. */
export const TRAP: u32 = 1 << 16;
export const KIND_SHIFT: u32 = 24;

// Kinds of decoded instructions: the frequent shapes run by themselves, everything else by step().
export const GENERIC: u32 = 0;
export const ASSERT_OP1: u32 = 1; // [dst] = [op1]
export const ASSERT_DEREF: u32 = 2; // [dst] = [[op0] + off2]
export const ASSERT_ADD: u32 = 3; // [dst] = [op0] + [op1]
export const ASSERT_MUL: u32 = 4; // [dst] = [op0] * [op1]
export const JNZ: u32 = 5; // jmp rel imm if [dst] != 0
export const JMP: u32 = 6; // jmp rel imm
export const CALL_REL: u32 = 7; // call rel imm
export const RET: u32 = 8;
export const ADVANCE: u32 = 9; // ap += imm

// @ts-ignore: decorator
@inline export function offset0(word: u64): i32 { return <i32>(word & 0xffff) - 0x8000; }
// @ts-ignore: decorator
@inline export function offset1(word: u64): i32 { return <i32>((word >> 16) & 0xffff) - 0x8000; }
// @ts-ignore: decorator
@inline export function offset2(word: u64): i32 { return <i32>((word >> 32) & 0xffff) - 0x8000; }

// @ts-ignore: decorator
@inline function atMostOne(bits: u32): bool { return (bits & (bits - 1)) == 0; }

/** The flags of a cell that holds an instruction; -1 when it holds none. */
export function flagsOf(cell: usize): i32 {
  const high = load<u64>(cell, 24);
  if ((high & FELT) == 0 || (load<u64>(cell, 8) | load<u64>(cell, 16) | (high & VALUE_MASK)) != 0) return -1;
  const word = load<u64>(cell);
  if (<i64>word < 0) return -1;
  const flags = <u32>(word >> 48);
  if (!atMostOne(flags & OP1_SOURCE) || !atMostOne(flags & RES) || !atMostOne(flags & JUMP) ||
    !atMostOne(flags & (AP_ADD | AP_ADD_1)) || !atMostOne(flags & OPCODE)) return -1;
  if ((flags & JUMP_NOT_ZERO) != 0 && (flags & RES) != 0) return -1;
  if ((flags & OP1_IMMEDIATE) != 0 && offset2(word) != 1) return -1;
  if ((flags & CALL) != 0 && ((flags & (AP_ADD | AP_ADD_1 | DST_FP | OP0_FP)) != 0 ||
    offset0(word) != 0 || offset1(word) != 1)) return -1;
  if ((flags & RETURN) != 0 && (offset0(word) != -2 || offset2(word) != -1 ||
    (flags & (DST_FP | OP1_SOURCE | RES | JUMP)) != (DST_FP | OP1_FP | JUMP_ABSOLUTE))) return -1;
  return flags;
}

/** Unused operands are [fp - 1], the return address, which every frame has. */
function op0IsUnused(flags: u32, word: u64): bool {
  return (flags & OP0_FP) != 0 && offset1(word) == -1;
}

function dstIsUnused(flags: u32, word: u64): bool {
  return (flags & DST_FP) != 0 && offset0(word) == -1;
}

function kindOf(flags: u32, word: u64): u32 {
  const source = flags & OP1_SOURCE;
  const opcode = flags & OPCODE, jump = flags & JUMP, res = flags & RES;
  const ap = flags & (AP_ADD | AP_ADD_1);
  if (opcode == ASSERT_EQ && jump == 0 && ap != AP_ADD) {
    if (res == 0) return source == 0 ? ASSERT_DEREF : op0IsUnused(flags, word) ? ASSERT_OP1 : GENERIC;
    return source == 0 ? GENERIC : res == RES_ADD ? ASSERT_ADD : ASSERT_MUL;
  }
  if (opcode == RETURN && ap == 0 && op0IsUnused(flags, word)) return RET;
  if (source != OP1_IMMEDIATE || res != 0) return GENERIC;
  if (opcode == CALL) return jump == JUMP_RELATIVE ? CALL_REL : GENERIC;
  if (opcode != 0 || !op0IsUnused(flags, word)) return GENERIC;
  if (jump == JUMP_NOT_ZERO) return ap != AP_ADD ? JNZ : GENERIC;
  if (!dstIsUnused(flags, word)) return GENERIC;
  if (jump == JUMP_RELATIVE) return ap != AP_ADD ? JMP : GENERIC;
  return jump == 0 && ap == AP_ADD ? ADVANCE : GENERIC;
}

/**
 * Decodes the whole program segment into entries of 16 bytes: byte offsets of dst, op0 and op1 from their
 * registers (an immediate: its address; jumps and `ap += imm`: instead of op0 the distance, in cells), flags.
 * Keeps the TRAP marks that are there.
 */
export function decodeProgram(): void {
  const length = load<u32>(PROGRAM_LENGTH);
  let entry = <usize>load<u32>(DECODED);
  for (let pc: u32 = 0; pc < length; pc++, entry += 16) {
    const cell = PROGRAM + (<usize>pc << 5);
    const trap = load<u32>(entry, 12) & TRAP;
    store<u32>(entry, trap, 12);
    const flags = flagsOf(cell);
    if (flags < 0) continue;
    const word = load<u64>(cell);
    let kind = kindOf(flags, word);
    store<i32>(entry, offset0(word) << 5);
    store<i32>(entry, offset1(word) << 5, 4);
    store<i32>(entry, offset2(word) << 5, 8);
    if ((flags & OP1_IMMEDIATE) != 0) {
      if (pc + 1 >= length) continue;
      store<u32>(entry, <u32>cell + 32, 8);
      if (kind >= JNZ) {
        const distance = <i64>load<u64>(cell + 32, 24) < 0 ? smallSigned(cell + 32) : TOO_BIG;
        const fits = distance > -0x1000000 && distance < 0x1000000;
        const lands = kind == ADVANCE || <i64>pc + distance >= 0;
        if (fits && lands) store<i32>(entry, <i32>distance, 4);
        else kind = GENERIC;
      }
    }
    store<u32>(entry, <u32>flags | trap | (kind << KIND_SHIFT), 12);
  }
}
