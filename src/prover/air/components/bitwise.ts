/**
 * The bitwise builtin: (x, y, x & y, x ^ y, x | y) of 251 bits. Each value is a sum of diluted words, each of
 * the bits ≡ s mod spacing of one window; in that form x + y = x ^ y + 2·(x & y) word by word.
 */
import type { AirBuilder } from "../air.ts";
import { every, except, exceptLast, FIRST_ROW, range } from "../domain.ts";
import {
  type BitwisePlacement,
  type DilutedPlacement,
  type LayoutDefinition,
  memoryShare,
  share,
} from "../layout.ts";

const BITS = 251;
/** Cells of the memory's pool: x, y, x & y, x ^ y. */
const VARS = 4;

/** Where the diluted words of a 256-bit number stand: the lowest bit of each. */
export function chunkShifts({ bits, spacing }: DilutedPlacement): number[] {
  const window = bits * spacing;
  return range(0, 256, window).flatMap((low) => range(low, low + spacing));
}

export function bitwise(air: AirBuilder, layout: LayoutDefinition, at: BitwisePlacement): void {
  const diluted = layout.diluted!;
  const rows = at.ratio * layout.rowsPerStep;
  const instance = every(rows);
  const pool = memoryShare(layout.memory, at.varPool);
  const xOrY = memoryShare(layout.memory, at.xOrY);
  const varRows = pool.address.step;
  const shifts = chunkShifts(diluted);
  const chunks = share(diluted.pool, at.chunks);
  /** Word i of variable v. */
  const chunk = (v: number, i: number) => air.cell(chunks, v * shifts.length + i);

  // Addresses are x, y, x & y, x ^ y, x | y, next x, …
  air.constrain(
    "bitwise/init_var_pool_addr",
    FIRST_ROW,
    air.cell(pool.address).minus(air.value("initial_bitwise_addr")),
  );
  air.constrain(
    "bitwise/step_var_pool_addr",
    except(every(varRows), rows, (VARS - 1) * varRows),
    air.cell(pool.address, 1).minus(air.cell(pool.address).plus(1)),
  );
  air.constrain(
    "bitwise/x_or_y_addr",
    instance,
    air.cell(xOrY.address).minus(air.cell(pool.address, VARS - 1).plus(1)),
  );
  air.constrain(
    "bitwise/next_var_pool_addr",
    exceptLast(instance, rows),
    air.cell(pool.address, VARS).minus(air.cell(xOrY.address).plus(1)),
  );
  // value = Σ 2^shiftᵢ·wordᵢ, x | y = x & y + x ^ y
  air.constrain(
    "bitwise/partition",
    every(varRows),
    air.graph
      .sum(shifts.map((shift, i) => chunk(0, i).times(1n << BigInt(shift))))
      .minus(air.cell(pool.value)),
  );
  air.constrain(
    "bitwise/or_is_and_plus_xor",
    instance,
    air.cell(xOrY.value).minus(air.cell(pool.value, 2).plus(air.cell(pool.value, 3))),
  );
  air.constrain(
    "bitwise/addition_is_xor_with_and",
    every(rows, ...shifts.map((_, i) => i * chunks.step)),
    chunk(0, 0)
      .plus(chunk(1, 0))
      .minus(chunk(3, 0).plus(chunk(2, 0).doubled())),
  );
  // No bits from 251 on: x | y of the highest window's words, shifted by the places too many, is a word
  const highest = shifts.length - diluted.spacing;
  at.trims.forEach((trim, s) => {
    const shift = shifts[highest + s]!;
    const surplus = range(shift, 256, diluted.spacing).filter((bit) => bit >= BITS).length;
    air.constrain(
      `bitwise/unique_unpacking${192 + s}`,
      instance,
      chunk(2, highest + s)
        .plus(chunk(3, highest + s))
        .times(1n << BigInt(diluted.spacing * surplus))
        .minus(air.cell(share(diluted.pool, trim))),
    );
  });
}
