/**
 * The bitwise builtin: (x, y, x & y, x ^ y, x | y) of 251 bits. Each value is a sum of diluted words, each of
 * the bits ≡ s mod spacing of one window; in that form x + y = x ^ y + 2·(x & y) word by word.
 */
import type { AirBuilder } from "../air.ts";
import { every, except, exceptLast, FIRST_ROW, range } from "../domain.ts";
import type { Expression } from "../expression.ts";
import {
  type BitwisePlacement,
  type DilutedPlacement,
  type LayoutDefinition,
  type MemoryColumn,
  memoryShare,
  type Placement,
  share,
  virtual,
} from "../layout.ts";

const BITS = 251;
/** Cells of the memory's pool: x, y, x & y, x ^ y. */
const VARS = 4;

/** Where the diluted words of a 256-bit number stand: the lowest bit of each. */
export function chunkShifts({ bits, spacing }: DilutedPlacement): number[] {
  const window = bits * spacing;
  return range(0, 256, window).flatMap((low) => range(low, low + spacing));
}

/** Of the places of word s of the highest window, how many are bits from 251 on. */
const surplusPlaces = ({ spacing }: DilutedPlacement, shift: number): number =>
  range(shift, 256, spacing).filter((bit) => bit >= BITS).length;

export function bitwise(air: AirBuilder, layout: LayoutDefinition, at: BitwisePlacement): void {
  if (at.accumulator === undefined) inOneRow(air, layout, at);
  else wordByWord(air, layout, at, at.accumulator);
}

/** Values as sums of all their words. */
function inOneRow(air: AirBuilder, layout: LayoutDefinition, at: BitwisePlacement): void {
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
    const surplus = surplusPlaces(diluted, shifts[highest + s]!);
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

/**
 * The same with few cells: values are summed up word by word in a column of its own, trims stand beside words, and
 * cells of memory shortly after the last word of their value.
 */
function wordByWord(
  air: AirBuilder,
  layout: LayoutDefinition,
  at: BitwisePlacement,
  accumulatorAt: Placement,
): void {
  const diluted = layout.diluted!;
  const rows = at.ratio * layout.rowsPerStep;
  const shifts = chunkShifts(diluted);
  const chunks = share(diluted.pool, at.chunks);
  const wordRows = chunks.step;
  const varRows = shifts.length * wordRows;
  /** The last word of variable v. */
  const lastWord = (v: number): number => v * varRows + varRows - wordRows;
  const from = (row: number, { address, value }: MemoryColumn): MemoryColumn => ({
    address: { ...address, offset: address.offset - row },
    value: { ...value, offset: value.offset - row },
  });
  const variables = memoryShare(layout.memory, at.varPool);
  const xOrYCell = memoryShare(layout.memory, at.xOrY);

  // a₀ = 0, aᵢ₊₁ = aᵢ + 2^shiftᵢ·wordᵢ, and what comes after the last word is the value
  const accumulator = virtual(accumulatorAt);
  const weight = air.graph.periodic({
    name: "bitwise/word_weight",
    period: varRows,
    values: shifts.map((shift) => 1n << BigInt(shift)),
  });
  const word = (v: number): Expression => air.cell(chunks, v * shifts.length);
  const next = air.cell(accumulator).plus(weight.times(word(0)));
  const value = air.cell(from(lastWord(0), variables).value);
  air.constrain("bitwise/init_accumulator", every(varRows), air.cell(accumulator));
  air.constrain(
    "bitwise/step_accumulator",
    except(every(wordRows), varRows, lastWord(0)),
    air.cell(accumulator, 1).minus(next),
  );
  air.constrain("bitwise/partition", every(varRows, lastWord(0)), next.minus(value));

  // Addresses are x, y, x & y, x ^ y, x | y, next x, …
  const variable = from(lastWord(0), variables).address;
  const last = every(rows, lastWord(VARS - 1));
  const xOrY = air.cell(from(lastWord(VARS - 1), xOrYCell).address);
  air.constrain(
    "bitwise/init_var_pool_addr",
    FIRST_ROW,
    air.cell(variables.address).minus(air.value("initial_bitwise_addr")),
  );
  air.constrain(
    "bitwise/step_var_pool_addr",
    except(every(varRows, lastWord(0)), rows, lastWord(VARS - 1)),
    air.cell(variable, 1).minus(air.cell(variable).plus(1)),
  );
  air.constrain("bitwise/x_or_y_addr", last, xOrY.minus(air.cell(variable).plus(1)));
  air.constrain(
    "bitwise/next_var_pool_addr",
    exceptLast(last, rows - lastWord(VARS - 1)),
    air.cell(variable, 1).minus(xOrY.plus(1)),
  );
  // x | y = x & y + x ^ y, at the last word of x & y
  const and = from(lastWord(0), variables).value;
  air.constrain(
    "bitwise/or_is_and_plus_xor",
    every(rows, lastWord(2)),
    air.cell(from(lastWord(2), xOrYCell).value).minus(air.cell(and).plus(air.cell(and, 1))),
  );
  // x + y = x ^ y + 2·(x & y), word by word
  air.constrain(
    "bitwise/addition_is_xor_with_and",
    every(rows, ...shifts.map((_, i) => i * wordRows)),
    word(0)
      .plus(word(1))
      .minus(word(3).plus(word(2).doubled())),
  );
  // No bits from 251 on: x | y of the highest window's words, shifted by the places too many, is a word
  const highest = shifts.length - diluted.spacing;
  at.trims.forEach((trim, s) => {
    const surplus = surplusPlaces(diluted, shifts[highest + s]!);
    const row = (highest + s) * wordRows;
    const column = share(diluted.pool, trim);
    air.constrain(
      `bitwise/unique_unpacking${shifts[highest + s]!}`,
      every(rows, row),
      word(2)
        .plus(word(3))
        .times(1n << BigInt(diluted.spacing * surplus))
        .minus(air.cell({ ...column, offset: column.offset - row })),
    );
  });
}
