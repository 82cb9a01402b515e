/**
 * The Cairo machine by the book (Cairo paper §4.5, the state transition), on bigints and Maps: slow, short,
 * and the twin that the kernel (src/cairo/wasm) is tested against. Plain segments only, no hints, no builtins.
 */
import { add, div, type Felt, mul, P, sub } from "../../field/felt.ts";
import { VmError } from "../errors.ts";
import { isRelocatable, type MemoryValue, type Relocatable, showValue } from "../relocatable.ts";
import { decodeInstruction, type Instruction } from "./instruction.ts";

const sameValue = (a: MemoryValue, b: MemoryValue): boolean =>
  isRelocatable(a) && isRelocatable(b) ? a.segment === b.segment && a.offset === b.offset : a === b;

const fail = (message: string): VmError => new VmError("INVALID_RUN", message);

/** The kernel keeps pc in 32 bits; no program reaches further. */
const MAX_PC = 2 ** 32;

/** A felt as a distance, negative above P/2, as far as offsets go. */
function distance(value: Felt): number {
  const signed = value > P / 2n ? value - P : value;
  if (signed <= -(1n << 53n) || signed >= 1n << 53n) throw fail(`${value} is no distance`);
  return Number(signed);
}

function move(pointer: Relocatable, by: number): Relocatable {
  const offset = pointer.offset + by;
  if (offset < 0 || offset >= 2 ** 53) throw fail(`${showValue(pointer)} moved out of range`);
  return { segment: pointer.segment, offset };
}

function addValues(a: MemoryValue, b: MemoryValue): MemoryValue {
  if (isRelocatable(a)) {
    if (isRelocatable(b)) throw fail("the sum of two pointers");
    return move(a, distance(b));
  }
  return isRelocatable(b) ? move(b, distance(a)) : add(a, b);
}

function subValues(a: MemoryValue, b: MemoryValue): MemoryValue {
  if (!isRelocatable(b)) return isRelocatable(a) ? move(a, -distance(b)) : sub(a, b);
  if (!isRelocatable(a) || a.segment !== b.segment) throw fail("pointers that have no difference");
  const difference = BigInt(a.offset - b.offset);
  return difference < 0n ? difference + P : difference;
}

function mulValues(a: MemoryValue, b: MemoryValue): Felt {
  if (isRelocatable(a) || isRelocatable(b)) throw fail("the product of a pointer");
  return mul(a, b);
}

/** x of factor·x = product, where there is one. */
function solveProduct(product: MemoryValue, factor: MemoryValue): Felt | undefined {
  if (isRelocatable(product) || isRelocatable(factor) || factor === 0n) return undefined;
  return div(product, factor);
}

interface Operands {
  readonly dst: MemoryValue;
  readonly op0: MemoryValue;
  readonly op1: MemoryValue;
  readonly res: MemoryValue | undefined;
}

export class ReferenceMachine {
  readonly segments: Map<number, MemoryValue>[] = [];
  pc: Relocatable;
  ap: number;
  fp: number;
  readonly #programLength: number;

  /** A program in segment 0 and a stack in segment 1, above which ap and fp start. */
  constructor(program: readonly Felt[], stack: readonly MemoryValue[], entry = 0) {
    this.segments.push(new Map(program.entries()), new Map(stack.entries()));
    this.pc = { segment: 0, offset: entry };
    this.ap = this.fp = stack.length;
    this.#programLength = program.length;
  }

  get({ segment, offset }: Relocatable): MemoryValue | undefined {
    return this.segments[segment]?.get(offset);
  }

  #write(address: Relocatable, value: MemoryValue): void {
    const segment = this.segments[address.segment];
    if (segment === undefined || (address.segment === 0 && address.offset >= this.#programLength))
      throw fail(`${showValue(address)} is outside every segment`);
    const present = segment.get(address.offset);
    if (present === undefined) segment.set(address.offset, value);
    else if (!sameValue(present, value)) throw fail(`${showValue(address)} has another value`);
  }

  /** Runs one instruction. Throws VmError, the registers then being as before. */
  step(): void {
    const word = this.get(this.pc);
    const instruction = word === undefined ? undefined : decodeInstruction(word);
    if (instruction === undefined) throw fail(`${showValue(this.pc)} is no instruction`);
    const operands = this.#operands(instruction);
    this.#check(instruction, operands);
    const ap = this.#nextAp(instruction, operands);
    const fp = this.#nextFp(instruction, operands);
    const pc = this.#nextPc(instruction, operands);
    if (pc.offset >= MAX_PC) throw fail(`${showValue(pc)} is no place for instructions`);
    this.pc = pc;
    this.ap = ap;
    this.fp = fp;
  }

  #register(register: "ap" | "fp", offset: number): Relocatable {
    return move({ segment: 1, offset: this[register] }, offset);
  }

  #op1Address(instruction: Instruction, op0: MemoryValue | undefined): Relocatable {
    const { op1Source, offOp1 } = instruction;
    if (op1Source === "immediate") return move(this.pc, offOp1);
    if (op1Source !== "op0") return this.#register(op1Source, offOp1);
    if (op0 === undefined || !isRelocatable(op0)) throw fail("op1 is not behind a pointer");
    return move(op0, offOp1);
  }

  #returnPc(instruction: Instruction): Relocatable {
    return move(this.pc, instruction.size);
  }

  /** The operands, those without a value deduced from the others, and written. */
  #operands(instruction: Instruction): Operands {
    const { opcode, resLogic } = instruction;
    const dstAddress = this.#register(instruction.dstRegister, instruction.offDst);
    const op0Address = this.#register(instruction.op0Register, instruction.offOp0);
    const dst = this.get(dstAddress);
    const op1Address = this.#op1Address(instruction, this.get(op0Address));
    const op1 = this.get(op1Address);
    const op0 = this.get(op0Address) ?? this.#deduceOp0(instruction, dst, op1);
    if (op0 === undefined) throw fail("op0 is unknown");
    const secondOperand = op1 ?? this.#deduceOp1(instruction, dst, op0);
    if (secondOperand === undefined) throw fail("op1 is unknown");
    const res =
      resLogic === "add"
        ? addValues(op0, secondOperand)
        : resLogic === "mul"
          ? mulValues(op0, secondOperand)
          : resLogic === "op1"
            ? secondOperand
            : undefined;
    const frame: Relocatable = { segment: 1, offset: this.fp };
    const deduced = opcode === "assert_eq" ? res : opcode === "call" ? frame : undefined;
    const target = dst ?? deduced;
    if (target === undefined) throw fail("dst is unknown");
    this.#write(op0Address, op0);
    this.#write(op1Address, secondOperand);
    this.#write(dstAddress, target);
    return { dst: target, op0, op1: secondOperand, res };
  }

  #deduceOp0(
    instruction: Instruction,
    dst: MemoryValue | undefined,
    op1: MemoryValue | undefined,
  ): MemoryValue | undefined {
    if (instruction.opcode === "call") return this.#returnPc(instruction);
    if (instruction.opcode !== "assert_eq" || dst === undefined || op1 === undefined)
      return undefined;
    if (instruction.resLogic === "add") return subValues(dst, op1);
    return instruction.resLogic === "mul" ? solveProduct(dst, op1) : undefined;
  }

  #deduceOp1(
    { opcode, resLogic }: Instruction,
    dst: MemoryValue | undefined,
    op0: MemoryValue,
  ): MemoryValue | undefined {
    if (opcode !== "assert_eq" || dst === undefined) return undefined;
    if (resLogic === "op1") return dst;
    if (resLogic === "add") return subValues(dst, op0);
    return resLogic === "mul" ? solveProduct(dst, op0) : undefined;
  }

  #check(instruction: Instruction, { dst, op0, res }: Operands): void {
    if (instruction.opcode === "assert_eq" && (res === undefined || !sameValue(res, dst)))
      throw fail("an assertion failed");
    if (instruction.opcode !== "call") return;
    const frame: Relocatable = { segment: 1, offset: this.fp };
    if (!sameValue(op0, this.#returnPc(instruction)) || !sameValue(dst, frame))
      throw fail("a call's frame is in use");
  }

  #nextAp({ apUpdate }: Instruction, { res }: Operands): number {
    if (apUpdate === "regular") return this.ap;
    if (apUpdate === "add1") return this.ap + 1;
    if (apUpdate === "add2") return this.ap + 2;
    if (res === undefined || isRelocatable(res)) throw fail("ap is moved by no felt");
    return move({ segment: 1, offset: this.ap }, distance(res)).offset;
  }

  #nextFp({ opcode }: Instruction, { dst }: Operands): number {
    if (opcode === "call") return this.ap + 2;
    if (opcode !== "ret") return this.fp;
    if (isRelocatable(dst)) return dst.offset;
    const offset = distance(dst);
    if (offset < 0) throw fail("the frame is below 0");
    return offset;
  }

  #nextPc(instruction: Instruction, { dst, op1, res }: Operands): Relocatable {
    const { pcUpdate } = instruction;
    if (pcUpdate === "regular" || (pcUpdate === "jnz" && dst === 0n))
      return this.#returnPc(instruction);
    if (pcUpdate === "absolute") {
      if (res === undefined || !isRelocatable(res)) throw fail("a jump to no pointer");
      return res;
    }
    const by = pcUpdate === "jnz" ? op1 : res;
    if (by === undefined || isRelocatable(by)) throw fail("a jump by no felt");
    return move(this.pc, distance(by));
  }
}
