/** The columns of instructions: decoded flags and offsets, operands, registers (Cairo paper §4.5). */
import { add, type Felt, mul } from "../../field/felt.ts";
import { inv } from "../../field/kernel.ts";
import { type LayoutDefinition, type Share, virtual } from "../air/layout.ts";
import { ProverError } from "../errors.ts";
import type { MemoryPool, RunMemory } from "./memory.ts";
import { type TraceTable, WORDS, type WordPool } from "./table.ts";

/** 32-bit words of an entry of cairo-run's trace file: ap, fp, pc of 64 bits each. */
const ENTRY_WORDS = 6;
const HALF = 1 << 15;
const FLAG = {
  dstFp: 1 << 0,
  op0Fp: 1 << 1,
  op1Imm: 1 << 2,
  op1Fp: 1 << 3,
  op1Ap: 1 << 4,
  resAdd: 1 << 5,
  resMul: 1 << 6,
  jnz: 1 << 9,
} as const;

export interface CpuParts {
  readonly table: TraceTable;
  readonly layout: LayoutDefinition;
  readonly memory: RunMemory;
  readonly pool: MemoryPool;
  readonly rangeChecks: WordPool;
  /** cairo-run's trace file. */
  readonly trace: Uint8Array;
}

export function writeCpu({ table, layout, memory, pool, rangeChecks, trace }: CpuParts): void {
  const { cpu: at, rangeCheck } = layout;
  const entries = new Uint32Array(trace.buffer, trace.byteOffset, trace.length / 4);
  const steps = entries.length / ENTRY_WORDS;
  const flagsColumn = virtual(at.flags);
  const [apColumn, fpColumn] = [virtual(at.ap), virtual(at.fp)];
  const [mulColumn, resColumn] = [virtual(at.opsMul), virtual(at.res)];
  const [tmp0Column, tmp1Column] = [virtual(at.tmp0), virtual(at.tmp1)];
  const flagsPerStep = layout.rowsPerStep / at.flags[1];
  const limbMask = (1 << rangeCheck.bits) - 1;
  const placeOffset = (limbs: readonly Share[], step: number, offset: number): void => {
    limbs.forEach((limb, i) => {
      rangeChecks.place(limb, step, (offset >> (rangeCheck.bits * i)) & limbMask);
    });
  };

  for (let step = 0; step < steps; step++) {
    const entry = step * ENTRY_WORDS;
    const [ap, fp, pc] = [entries[entry]!, entries[entry + 2]!, entries[entry + 4]!];
    memory.touch(pc);
    const low = memory.words[pc * WORDS]!;
    const high = memory.words[pc * WORDS + 1]!;
    const [off0, off1, off2] = [low & 0xffff, low >>> 16, high & 0xffff];
    const flags = high >>> 16;
    if (memory.get(pc) >> 63n !== 0n)
      throw new ProverError("INVALID_RUN", `step ${step}: the cell ${pc} is not an instruction`);

    for (let i = 0; i < flagsPerStep; i++)
      table.setNumber(flagsColumn, step * flagsPerStep + i, flags >>> i);
    placeOffset(at.off0, step, off0);
    placeOffset(at.off1, step, off1);
    placeOffset(at.off2, step, off2);

    const dstAddress = (flags & FLAG.dstFp ? fp : ap) + off0 - HALF;
    const op0Address = (flags & FLAG.op0Fp ? fp : ap) + off1 - HALF;
    pool.place(at.instruction, step, pc);
    pool.place(at.dst, step, dstAddress);
    pool.place(at.op0, step, op0Address);
    const op0 = memory.get(op0Address);
    const op1Base =
      flags & FLAG.op1Imm
        ? pc
        : flags & FLAG.op1Ap
          ? ap
          : flags & FLAG.op1Fp
            ? fp
            : addressOf(op0, step);
    const op1Address = op1Base + off2 - HALF;
    pool.place(at.op1, step, op1Address);
    const op1 = memory.get(op1Address);
    const product = mul(op0, op1);

    table.setNumber(apColumn, step, ap);
    table.setNumber(fpColumn, step, fp);
    table.set(mulColumn, step, product);
    if (flags & FLAG.jnz) {
      // res is free; 1/dst shows that a jump is taken.
      const dst = memory.get(dstAddress);
      if (dst !== 0n) {
        table.set(resColumn, step, inv(dst));
        table.set(tmp0Column, step, dst);
        table.setNumber(tmp1Column, step, 1);
      }
    } else {
      const res: Felt = flags & FLAG.resAdd ? add(op0, op1) : flags & FLAG.resMul ? product : op1;
      table.set(resColumn, step, res);
    }
  }
}

function addressOf(value: Felt, step: number): number {
  if (value >= 1n << 32n)
    throw new ProverError("INVALID_RUN", `step ${step}: op0 is not an address`);
  return Number(value);
}
