/**
 * Memory is read-only and continuous: the accesses, sorted by address, are a permutation of the pool, with
 * the public cells in place of the pool's zero cells (Cairo paper §9.7, §9.8).
 */
import type { AirBuilder } from "../air.ts";
import { every, exceptLast, FIRST_ROW, lastRow } from "../domain.ts";
import type { Expression } from "../expression.ts";
import { type MemoryPlacement, publicMemoryStep, share, virtual } from "../layout.ts";
import type { LayoutDefinition } from "../layout.ts";

export function memory(air: AirBuilder, layout: LayoutDefinition): void {
  const at: MemoryPlacement = layout.memory;
  const rows = at.address[1];
  const z = air.value("memory/z");
  const alpha = air.value("memory/alpha");
  const column = (placement: MemoryPlacement["address"]) => (row: number) =>
    air.cell(virtual(placement), row);
  const [address, value] = [column(at.address), column(at.value)];
  const [sortedAddress, sortedValue] = [column(at.sortedAddress), column(at.sortedValue)];
  const product = column(at.product);
  // z - (address + α·value)
  const term = (a: Expression, v: Expression): Expression => z.minus(a.plus(alpha.times(v)));
  const pool = (row: number): Expression => term(address(row), value(row));
  const sorted = (row: number): Expression => term(sortedAddress(row), sortedValue(row));
  const transition = exceptLast(every(rows), rows);

  // p₀·sorted₀ = pool₀, pᵢ₊₁·sortedᵢ₊₁ = pᵢ·poolᵢ₊₁, and the last p is the public cells' quotient
  const path = "memory/multi_column_perm/perm";
  air.constrain(`${path}/init0`, FIRST_ROW, sorted(0).times(product(0)).minus(pool(0)));
  air.constrain(
    `${path}/step0`,
    transition,
    sorted(1)
      .times(product(1))
      .minus(pool(1).times(product(0))),
  );
  air.constrain(
    `${path}/last`,
    lastRow(rows),
    product(0).minus(air.value("memory/public_memory_product")),
  );
  // d = next address - address: d² - d = 0, (d - 1)·(value - next value) = 0
  const difference = sortedAddress(1).minus(sortedAddress(0));
  air.constrain("memory/diff_is_bit", transition, difference.squared().minus(difference));
  air.constrain(
    "memory/is_func",
    transition,
    difference.minus(1).times(sortedValue(0).minus(sortedValue(1))),
  );
  air.constrain("memory/initial_addr", FIRST_ROW, sortedAddress(0).minus(1));

  const publicRows = every(publicMemoryStep(layout));
  air.constrain("public_memory_addr_zero", publicRows, air.cell(share(at.address, at.publicCells)));
  air.constrain("public_memory_value_zero", publicRows, air.cell(share(at.value, at.publicCells)));
}
