/**
 * Diluted words: the pool sorted runs through all 2^bits of them. With u the difference of neighbours, the
 * aggregate r′ = r·(1 + z·u) + α·u² ends where it does for the full sequence only (each difference of the full
 * sequence must occur, and zeros leave r as it is).
 */
import type { AirBuilder } from "../air.ts";
import { every, exceptLast, FIRST_ROW, lastRow } from "../domain.ts";
import type { Expression } from "../expression.ts";
import { type DilutedPlacement, virtual } from "../layout.ts";

export function dilutedCheck(air: AirBuilder, at: DilutedPlacement): void {
  const rows = at.pool[1];
  const permutationZ = air.value("diluted_check/permutation/z");
  const z = air.value("diluted_check/z");
  const alpha = air.value("diluted_check/alpha");
  const pool = (row: number): Expression => permutationZ.minus(air.cell(virtual(at.pool), row));
  const sorted = (row: number): Expression => air.cell(virtual(at.sorted), row);
  const product = (row: number): Expression => air.cell(virtual(at.product), row);
  const cumulative = (row: number): Expression => air.cell(virtual(at.cumulative), row);
  const transition = exceptLast(every(rows), rows);
  const end = lastRow(rows);

  // p₀·(z - sorted₀) = z - pool₀, pᵢ₊₁·(z - sortedᵢ₊₁) = pᵢ·(z - poolᵢ₊₁), and the last p is 1
  const path = "diluted_check/permutation";
  air.constrain(
    `${path}/init0`,
    FIRST_ROW,
    permutationZ.minus(sorted(0)).times(product(0)).minus(pool(0)),
  );
  air.constrain(
    `${path}/step0`,
    transition,
    permutationZ
      .minus(sorted(1))
      .times(product(1))
      .minus(pool(1).times(product(0))),
  );
  air.constrain(`${path}/last`, end, product(0).minus(1));
  // r₀ = 1, the first word is 0, r′ = r·(1 + z·u) + α·u², the last r is the full sequence's
  air.constrain("diluted_check/init", FIRST_ROW, cumulative(0).minus(1));
  air.constrain("diluted_check/first_element", FIRST_ROW, sorted(0));
  const u = sorted(1).minus(sorted(0));
  air.constrain(
    "diluted_check/step",
    transition,
    cumulative(1).minus(cumulative(0).times(z.times(u).plus(1)).plus(alpha.times(u).times(u))),
  );
  air.constrain(
    "diluted_check/last",
    end,
    cumulative(0).minus(air.value("diluted_check/final_cumulative_value")),
  );
}
