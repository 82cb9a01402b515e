/** The machine's memory as hints and runners see it. */
import type { Felt } from "../../field/felt.ts";
import { VmError, type VmErrorCode } from "../errors.ts";
import type { MemoryView } from "../hints/context.ts";
import { isRelocatable, type MemoryValue, type Relocatable, showValue } from "../relocatable.ts";
import { decodeCell, encodeCell } from "./cells.ts";
import type { KernelInstance } from "./kernel.ts";
import {
  CELL_BYTES,
  ENTRY_BYTES,
  EXIT,
  SCRATCH_CELL,
  SEGMENT_KIND,
  type SegmentKind,
  STATE,
} from "./layout.ts";

const CELL_WORDS = CELL_BYTES / 4;
const ENTRY_WORDS = ENTRY_BYTES / 4;

const FAULTS: Readonly<Record<number, readonly [VmErrorCode, (at: string) => string]>> = {
  [EXIT.invalidInstruction]: ["INVALID_INSTRUCTION", (at) => `${at} is not an instruction`],
  [EXIT.unknownCell]: ["UNKNOWN_MEMORY", (at) => `the cell ${at} has no value`],
  [EXIT.expectedFelt]: ["EXPECTED_FELT", (at) => `expected a felt at ${at}`],
  [EXIT.expectedPointer]: ["EXPECTED_POINTER", (at) => `expected a pointer at ${at}`],
  [EXIT.invalidAddress]: ["INVALID_POINTER", (at) => `${at} is outside every segment`],
  [EXIT.inconsistent]: ["INCONSISTENT_MEMORY", (at) => `${at} already has another value`],
  [EXIT.assertFailed]: ["ASSERT_EQ", (at) => `an assertion failed: ${at} has another value`],
  [EXIT.outOfMemory]: ["OUT_OF_MEMORY", (at) => `no memory for the cell ${at}`],
  [EXIT.outOfRange]: ["BUILTIN", (at) => `range check: the value for ${at} is out of range`],
  [EXIT.invalidArithmetic]: [
    "EXPECTED_FELT",
    (at) => `the operation at ${at} has no meaning for pointers, or moves one out of range`,
  ],
  [EXIT.invalidJump]: ["INVALID_POINTER", (at) => `the jump at ${at} leads nowhere`],
};

export class MachineMemory implements MemoryView {
  readonly #kernel: KernelInstance;
  #words: Uint32Array;
  #rules = new Map<number, Relocatable>();

  constructor(kernel: KernelInstance) {
    this.#kernel = kernel;
    this.#words = new Uint32Array(kernel.memory.buffer);
  }

  /** Where temporary segments go, all rules followed to the end. */
  get rules(): ReadonlyMap<number, Relocatable> {
    return this.#rules;
  }

  /** The memory as 32-bit words; valid until the next call into the kernel. */
  get words(): Uint32Array {
    // A memory that has grown leaves its old views empty.
    if (this.#words.length === 0) this.#words = new Uint32Array(this.#kernel.memory.buffer);
    return this.#words;
  }

  get segmentCount(): number {
    return this.words[STATE.segmentCount]!;
  }

  get temporaryCount(): number {
    return this.words[STATE.temporaryCount]!;
  }

  clearRules(): void {
    this.#rules = new Map();
  }

  /** Index in `words` of a segment's table entry, or -1 for none. */
  entryAt(segment: number): number {
    const { words } = this;
    if (segment >= 0)
      return segment < words[STATE.segmentCount]!
        ? words[STATE.segments]! / 4 + segment * ENTRY_WORDS
        : -1;
    const index = -1 - segment;
    return index < words[STATE.temporaryCount]!
      ? words[STATE.temporary]! / 4 + index * ENTRY_WORDS
      : -1;
  }

  #cellAt(segment: number, offset: number): number {
    const entry = this.entryAt(segment);
    const { words } = this;
    if (entry < 0 || !(offset >= 0 && offset < words[entry + 1]!)) return -1;
    return words[entry]! / 4 + offset * CELL_WORDS;
  }

  get({ segment, offset }: Relocatable): MemoryValue | undefined {
    const at = this.#cellAt(segment, offset);
    return at < 0 ? undefined : decodeCell(this.words, at);
  }

  #known(address: Relocatable): MemoryValue {
    const value = this.get(address);
    if (value === undefined)
      throw new VmError("UNKNOWN_MEMORY", `the cell ${showValue(address)} has no value`);
    return value;
  }

  felt(address: Relocatable): Felt {
    const value = this.#known(address);
    if (isRelocatable(value))
      throw new VmError("EXPECTED_FELT", `expected a felt at ${showValue(address)}`);
    return value;
  }

  pointer(address: Relocatable): Relocatable {
    const value = this.#known(address);
    if (!isRelocatable(value))
      throw new VmError("EXPECTED_POINTER", `expected a pointer at ${showValue(address)}`);
    return value;
  }

  felts({ segment, offset }: Relocatable, count: number): Felt[] {
    const values: Felt[] = [];
    for (let i = 0; i < count; i++) values.push(this.felt({ segment, offset: offset + i }));
    return values;
  }

  set({ segment, offset }: Relocatable, value: MemoryValue): void {
    const relocated = isRelocatable(value) && value.segment < 0 ? this.#resolve(value) : value;
    encodeCell(this.words, SCRATCH_CELL / 4, relocated);
    const code = this.#kernel.exports.write(segment, offset);
    if (code !== 0) throw this.fault(code);
  }

  write({ segment, offset }: Relocatable, values: readonly MemoryValue[]): Relocatable {
    values.forEach((value, i) => {
      this.set({ segment, offset: offset + i }, value);
    });
    return { segment, offset: offset + values.length };
  }

  addSegment(kind: SegmentKind = SEGMENT_KIND.plain): Relocatable {
    const segment = this.#kernel.exports.addSegment(kind);
    if (segment < 0) throw new VmError("OUT_OF_MEMORY", "no memory for another segment");
    return { segment, offset: 0 };
  }

  addTemporarySegment(): Relocatable {
    const segment = this.#kernel.exports.addTemporarySegment();
    if (segment === 0) throw new VmError("OUT_OF_MEMORY", "no memory for another segment");
    return { segment, offset: 0 };
  }

  addRelocationRule(source: Relocatable, target: Relocatable): void {
    if (source.segment >= 0 || source.offset !== 0)
      throw new VmError(
        "INVALID_POINTER",
        `${showValue(source)} is not the start of a temporary segment`,
      );
    if (this.#rules.has(source.segment))
      throw new VmError("INVALID_POINTER", `segment ${source.segment} is relocated twice`);
    const resolved = this.#resolve(target);
    if (resolved.segment === source.segment)
      throw new VmError("INVALID_POINTER", `segment ${source.segment} is relocated into itself`);
    this.#rules.set(source.segment, resolved);
    // Earlier rules may have led to the segment that this one replaces.
    for (const [segment, place] of this.#rules) this.#rules.set(segment, this.#resolve(place));
    // From now on the program sees the new addresses: it asserts that the two pointers are the same.
    this.#kernel.exports.redirect(source.segment, resolved.segment, resolved.offset);
  }

  /** Where a pointer leads by the rules there are. */
  #resolve(pointer: Relocatable): Relocatable {
    const rule = this.#rules.get(pointer.segment);
    return rule === undefined
      ? pointer
      : { segment: rule.segment, offset: rule.offset + pointer.offset };
  }

  segmentSize(segment: number): number {
    const entry = this.entryAt(segment);
    return entry < 0 ? 0 : this.words[entry + 1]!;
  }

  /** The first missing one of the first `inputs` cells of every `cells` cells, or undefined. */
  missingInput(segment: number, cells: number, inputs: number): number | undefined {
    const offset = this.#kernel.exports.missingInput(segment, cells, inputs);
    return offset < 0 ? undefined : offset;
  }

  /** What the segments hold: memory that has been touched, give or take copies of growing segments. */
  get usedBytes(): number {
    let cells = 0;
    for (let segment = -this.temporaryCount; segment < this.segmentCount; segment++)
      cells += this.segmentSize(segment);
    return cells * CELL_BYTES;
  }

  /** Overwrites a cell of the program segment, whatever it holds. */
  patchProgram(offset: number, value: MemoryValue): void {
    encodeCell(this.words, this.#cellAt(0, offset), value);
  }

  /** The kernel's last fault as an error. */
  fault(code: number): VmError {
    const [errorCode, describe] = FAULTS[code] ?? ["INVALID_RUN", (at) => `fault ${code} at ${at}`];
    return new VmError(errorCode, describe(showValue(this.faultAddress())));
  }

  /** The cell that the kernel's last exit was about. */
  faultAddress(): Relocatable {
    const { words } = this;
    return {
      segment: words[STATE.faultSegment]! | 0,
      offset: words[STATE.faultOffsetHigh]! * 2 ** 32 + words[STATE.faultOffsetLow]!,
    };
  }
}
