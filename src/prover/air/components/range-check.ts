/** Range checks: the pool sorted is continuous from rc_min to rc_max (Cairo paper §9.9). */
import type { AirBuilder } from "../air.ts";
import { every, except, exceptLast, FIRST_ROW, lastRow } from "../domain.ts";
import type { Expression } from "../expression.ts";
import { type LayoutDefinition, memoryShare, share, virtual } from "../layout.ts";

export function rangeCheck(air: AirBuilder, layout: LayoutDefinition): void {
  const at = layout.rangeCheck;
  const rows = at.pool[1];
  const z = air.value("rc16/z");
  const pool = (row: number): Expression => z.minus(air.cell(virtual(at.pool), row));
  const sorted = (row: number): Expression => air.cell(virtual(at.sorted), row);
  const product = (row: number): Expression => air.cell(virtual(at.product), row);
  const transition = exceptLast(every(rows), rows);
  const end = lastRow(rows);

  // p₀·(z - sorted₀) = z - pool₀, pᵢ₊₁·(z - sortedᵢ₊₁) = pᵢ·(z - poolᵢ₊₁), and the last p is 1
  air.constrain("rc16/perm/init0", FIRST_ROW, z.minus(sorted(0)).times(product(0)).minus(pool(0)));
  air.constrain(
    "rc16/perm/step0",
    transition,
    z
      .minus(sorted(1))
      .times(product(1))
      .minus(pool(1).times(product(0))),
  );
  air.constrain("rc16/perm/last", end, product(0).minus(1));
  // Sorted values rise by 0 or 1
  const difference = sorted(1).minus(sorted(0));
  air.constrain("rc16/diff_is_bit", transition, difference.squared().minus(difference));
  air.constrain("rc16/minimum", FIRST_ROW, sorted(0).minus(air.value("rc_min")));
  air.constrain("rc16/maximum", end, sorted(0).minus(air.value("rc_max")));
}

/** The range-check builtin: a value is its 128 bits in limbs of the pool. */
export function rangeCheckBuiltin(air: AirBuilder, layout: LayoutDefinition): void {
  const { rangeCheckBuiltin: at, rangeCheck: pool, memory, rowsPerStep } = layout;
  const rows = at.ratio * rowsPerStep;
  const { address, value } = memoryShare(memory, at.memory);
  const parts = share(pool.pool, at.parts);

  const limbs = 128 / pool.bits;
  if (at.accumulator === undefined) {
    // value = Σ 2^(bits·(n - 1 - i))·partᵢ
    let sum = air.cell(parts);
    for (let i = 1; i < limbs; i++)
      sum = sum.times(1n << BigInt(pool.bits)).plus(air.cell(parts, i));
    air.constrain("rc_builtin/value", every(rows), sum.minus(air.cell(value)));
  } else {
    // a₀ = 0, aᵢ₊₁ = 2^bits·aᵢ + partᵢ, and what comes after the last limb is the value
    const accumulator = virtual(at.accumulator);
    const last = (limbs - 1) * parts.step;
    const next = air
      .cell(accumulator)
      .times(1n << BigInt(pool.bits))
      .plus(air.cell(parts));
    air.constrain("rc_builtin/init_accumulator", every(rows), air.cell(accumulator));
    air.constrain(
      "rc_builtin/step_accumulator",
      except(every(parts.step), rows, last),
      air.cell(accumulator, 1).minus(next),
    );
    air.constrain(
      "rc_builtin/value",
      every(rows, last),
      next.minus(air.cell({ ...value, offset: value.offset - last })),
    );
  }
  air.constrain(
    "rc_builtin/addr_step",
    exceptLast(every(rows), rows),
    air.cell(address, 1).minus(air.cell(address).plus(1)),
  );
  air.constrain(
    "rc_builtin/init_addr",
    FIRST_ROW,
    air.cell(address).minus(air.value("initial_rc_addr")),
  );
}
