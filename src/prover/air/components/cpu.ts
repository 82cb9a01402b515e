/** Instructions: decoding, operands, updates of pc, ap and fp (Cairo paper §9.4 to §9.6). */
import type { AirBuilder } from "../air.ts";
import { every, except, exceptLast, FIRST_ROW, lastRow } from "../domain.ts";
import type { Expression } from "../expression.ts";
import { type LayoutDefinition, memoryShare, type Share, share, virtual } from "../layout.ts";

/** Offsets are stored with 2^15 added. */
const HALF = 1n << 15n;
const OFFSET_SIZE = 1n << 16n;

export function cpu(air: AirBuilder, layout: LayoutDefinition): void {
  const { rowsPerStep, cpu: at, memory, rangeCheck } = layout;
  const { graph } = air;
  const flags = virtual(at.flags);
  const flagRows = every(at.flags[1]);
  const step = every(rowsPerStep);
  const transition = exceptLast(step, rowsPerStep);

  // bᵢ = f̃ᵢ - 2·f̃ᵢ₊₁, for f̃ᵢ = Σ_{j ≥ i} 2^(j-i)·b_j
  const bit = (i: number): Expression => air.cell(flags, i).minus(air.cell(flags, i + 1).doubled());
  const [dstFp, op0Fp, op1Imm, op1Fp, op1Ap] = [bit(0), bit(1), bit(2), bit(3), bit(4)];
  const [resAdd, resMul, jumpAbs, jumpRel, jnz] = [bit(5), bit(6), bit(7), bit(8), bit(9)];
  const [apAdd, apAdd1, call, ret, assertEq] = [bit(10), bit(11), bit(12), bit(13), bit(14)];
  const none = (...bits: readonly Expression[]): Expression => graph.constant(1).minus(...bits);
  const op1Op0 = none(op1Imm, op1Ap, op1Fp);
  const resOp1 = none(resAdd, resMul, jnz);
  const pcRegular = none(jumpAbs, jumpRel, jnz);
  const fpRegular = none(call, ret);

  const offset = (limbs: readonly Share[]): Expression =>
    graph.sum(
      limbs.map((limb, i) =>
        air.cell(share(rangeCheck.pool, limb)).times(1n << BigInt(rangeCheck.bits * i)),
      ),
    );
  const [off0, off1, off2] = [offset(at.off0), offset(at.off1), offset(at.off2)];

  const instruction = memoryShare(memory, at.instruction);
  const pc = air.cell(instruction.address);
  const nextPc = air.cell(instruction.address, 1);
  const [dst, op0, op1] = [at.dst, at.op0, at.op1].map((where) => {
    const { address, value } = memoryShare(memory, where);
    return { address: air.cell(address), value: air.cell(value) };
  }) as [Access, Access, Access];
  const [ap, nextAp] = [air.cell(virtual(at.ap)), air.cell(virtual(at.ap), 1)];
  const [fp, nextFp] = [air.cell(virtual(at.fp)), air.cell(virtual(at.fp), 1)];
  const [opsMul, res] = [air.cell(virtual(at.opsMul)), air.cell(virtual(at.res))];
  const [tmp0, tmp1] = [air.cell(virtual(at.tmp0)), air.cell(virtual(at.tmp1))];
  const nextInstruction = pc.plus(op1Imm, 1);
  const booleanity = (x: Expression): Expression => x.squared().minus(x);

  // bᵢ² - bᵢ = 0 for the 15 flags, f̃₁₅ = 0
  const last = 15 * at.flags[1];
  air.constrain(
    "cpu/decode/opcode_rc/bit",
    except(flagRows, rowsPerStep, last),
    booleanity(bit(0)),
  );
  air.constrain("cpu/decode/opcode_rc/zero", every(rowsPerStep, last), air.cell(flags));
  // instruction = off0 + 2^16·off1 + 2^32·off2 + 2^48·f̃₀
  air.constrain(
    "cpu/decode/opcode_rc_input",
    step,
    air
      .cell(instruction.value)
      .minus(
        air
          .cell(flags)
          .times(OFFSET_SIZE)
          .plus(off2)
          .times(OFFSET_SIZE)
          .plus(off1)
          .times(OFFSET_SIZE)
          .plus(off0),
      ),
  );
  // At most one flag of a group: its complement is a bit too
  air.constrain("cpu/decode/flag_op1_base_op0_bit", step, booleanity(op1Op0));
  air.constrain("cpu/decode/flag_res_op1_bit", step, booleanity(resOp1));
  air.constrain("cpu/decode/flag_pc_update_regular_bit", step, booleanity(pcRegular));
  air.constrain("cpu/decode/fp_update_regular_bit", step, booleanity(fpRegular));

  // dst_addr + 2^15 = dst_fp·fp + (1 - dst_fp)·ap + off0
  const base = (isFp: Expression): Expression =>
    isFp.times(fp).plus(graph.constant(1).minus(isFp).times(ap));
  air.constrain(
    "cpu/operands/mem_dst_addr",
    step,
    dst.address.plus(HALF).minus(base(dstFp).plus(off0)),
  );
  // op0_addr + 2^15 = op0_fp·fp + (1 - op0_fp)·ap + off1
  air.constrain(
    "cpu/operands/mem0_addr",
    step,
    op0.address.plus(HALF).minus(base(op0Fp).plus(off1)),
  );
  // op1_addr + 2^15 = op1_imm·pc + op1_ap·ap + op1_fp·fp + op1_op0·op0 + off2
  air.constrain(
    "cpu/operands/mem1_addr",
    step,
    op1.address
      .plus(HALF)
      .minus(
        op1Imm.times(pc).plus(op1Ap.times(ap), op1Fp.times(fp), op1Op0.times(op0.value), off2),
      ),
  );
  // mul = op0·op1
  air.constrain("cpu/operands/ops_mul", step, opsMul.minus(op0.value.times(op1.value)));
  // (1 - jnz)·res = add·(op0 + op1) + mul·(op0·op1) + res_op1·op1
  air.constrain(
    "cpu/operands/res",
    step,
    graph
      .constant(1)
      .minus(jnz)
      .times(res)
      .minus(
        resAdd.times(op0.value.plus(op1.value)).plus(resMul.times(opsMul), resOp1.times(op1.value)),
      ),
  );

  // t0 = jnz·dst, t1 = t0·res
  air.constrain(
    "cpu/update_registers/update_pc/tmp0",
    transition,
    tmp0.minus(jnz.times(dst.value)),
  );
  air.constrain("cpu/update_registers/update_pc/tmp1", transition, tmp1.minus(tmp0.times(res)));
  // (1 - jnz)·next_pc + t0·(next_pc - (pc + op1)) = regular·(pc + size) + abs·res + rel·(pc + res)
  air.constrain(
    "cpu/update_registers/update_pc/pc_cond_negative",
    transition,
    graph
      .constant(1)
      .minus(jnz)
      .times(nextPc)
      .plus(tmp0.times(nextPc.minus(pc.plus(op1.value))))
      .minus(
        pcRegular.times(nextInstruction).plus(jumpAbs.times(res), jumpRel.times(pc.plus(res))),
      ),
  );
  // (t1 - jnz)·(next_pc - (pc + size)) = 0
  air.constrain(
    "cpu/update_registers/update_pc/pc_cond_positive",
    transition,
    tmp1.minus(jnz).times(nextPc.minus(nextInstruction)),
  );
  // next_ap = ap + ap_add·res + ap_add1 + 2·call
  air.constrain(
    "cpu/update_registers/update_ap/ap_update",
    transition,
    nextAp.minus(ap.plus(apAdd.times(res), apAdd1, call.times(2))),
  );
  // next_fp = regular·fp + ret·dst + call·(ap + 2)
  air.constrain(
    "cpu/update_registers/update_fp/fp_update",
    transition,
    nextFp.minus(fpRegular.times(fp).plus(ret.times(dst.value), call.times(ap.plus(2)))),
  );

  // call: dst = fp, op0 = pc + size, off0 = 0, off1 = 1, dst and op0 relative to ap
  air.constrain("cpu/opcodes/call/push_fp", step, call.times(dst.value.minus(fp)));
  air.constrain("cpu/opcodes/call/push_pc", step, call.times(op0.value.minus(nextInstruction)));
  air.constrain("cpu/opcodes/call/off0", step, call.times(off0.minus(HALF)));
  air.constrain("cpu/opcodes/call/off1", step, call.times(off1.minus(HALF + 1n)));
  air.constrain(
    "cpu/opcodes/call/flags",
    step,
    call.times(call.doubled().plus(2).minus(dstFp.plus(op0Fp, 4))),
  );
  // ret: off0 = -2, off2 = -1, an absolute jump to op1 with dst and op1 relative to fp
  air.constrain("cpu/opcodes/ret/off0", step, ret.times(off0.plus(2).minus(HALF)));
  air.constrain("cpu/opcodes/ret/off2", step, ret.times(off2.plus(1).minus(HALF)));
  air.constrain(
    "cpu/opcodes/ret/flags",
    step,
    ret.times(jumpAbs.plus(dstFp, op1Fp, resOp1).minus(4)),
  );
  // assert_eq: dst = res
  air.constrain("cpu/opcodes/assert_eq/assert_eq", step, assertEq.times(dst.value.minus(res)));

  // The run starts at (initial_ap, initial_ap, initial_pc) and ends at (final_ap, initial_ap, final_pc)
  const end = lastRow(rowsPerStep);
  air.constrain("initial_ap", FIRST_ROW, ap.minus(air.value("initial_ap")));
  air.constrain("initial_fp", FIRST_ROW, fp.minus(air.value("initial_ap")));
  air.constrain("initial_pc", FIRST_ROW, pc.minus(air.value("initial_pc")));
  air.constrain("final_ap", end, ap.minus(air.value("final_ap")));
  air.constrain("final_fp", end, fp.minus(air.value("initial_ap")));
  air.constrain("final_pc", end, pc.minus(air.value("final_pc")));
}

interface Access {
  readonly address: Expression;
  readonly value: Expression;
}
