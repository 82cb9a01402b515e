/** The EC-op builtin: (P.x, P.y, Q.x, Q.y, m, R.x, R.y), R = P + m·Q. */
import { ALPHA } from "../../../curve/constants.ts";
import type { AirBuilder } from "../air.ts";
import { every, exceptLast, FIRST_ROW, range } from "../domain.ts";
import type { Expression } from "../expression.ts";
import { type EcOpPlacement, type LayoutDefinition, memoryShare, virtual } from "../layout.ts";
import { doublings, HEIGHT, subsetSum } from "./subset-sum.ts";

/** Memory cells of an instance. */
const CELLS = 7;

export function ecOp(air: AirBuilder, layout: LayoutDefinition, at: EcOpPlacement): void {
  const rows = at.ratio * layout.rowsPerStep;
  const instance = every(rows);
  const cell = (placement: EcOpPlacement["doubledX"], row = 0): Expression =>
    air.cell(virtual(placement), row);
  const value = (share: EcOpPlacement["m"]): Expression =>
    air.cell(memoryShare(layout.memory, share).value);

  addresses(air, layout, at);

  doublings(air, {
    path: "ec_op/doubling_q",
    x: at.doubledX,
    y: at.doubledY,
    slope: at.doublingSlope,
    alpha: ALPHA,
  });
  air.constrain("ec_op/get_q_x", instance, value(at.qX).minus(cell(at.doubledX)));
  air.constrain("ec_op/get_q_y", instance, value(at.qY).minus(cell(at.doubledY)));
  subsetSum(air, {
    path: "ec_op/ec_subset_sum",
    at: at.sum,
    point: { x: cell(at.doubledX), y: cell(at.doubledY) },
    bits: 252,
  });
  air.constrain("ec_op/get_m", instance, cell(at.sum.selector).minus(value(at.m)));
  air.constrain("ec_op/get_p_x", instance, value(at.pX).minus(cell(at.sum.x)));
  air.constrain("ec_op/get_p_y", instance, value(at.pY).minus(cell(at.sum.y)));
  air.constrain("ec_op/set_r_x", instance, value(at.rX).minus(cell(at.sum.x, HEIGHT - 1)));
  air.constrain("ec_op/set_r_y", instance, value(at.rY).minus(cell(at.sum.y, HEIGHT - 1)));
}

/** Addresses are P.x, P.y, Q.x, Q.y, m, R.x, R.y, next P.x, … */
function addresses(air: AirBuilder, layout: LayoutDefinition, at: EcOpPlacement): void {
  const rows = at.ratio * layout.rowsPerStep;
  const instance = every(rows);
  const address = (share: EcOpPlacement["m"], row = 0): Expression =>
    air.cell(memoryShare(layout.memory, share).address, row);
  air.constrain(
    "ec_op/init_addr",
    FIRST_ROW,
    address(at.pX).minus(air.value("initial_ec_op_addr")),
  );
  if (at.addressing === "chained") {
    const step = at.pY[1] - at.pX[1];
    const stepRows = step * layout.memory.address[1];
    air.constrain(
      "ec_op/addr_step_inner",
      every(rows, ...range(0, CELLS - 1).map((i) => i * stepRows)),
      address(at.pY).minus(address(at.pX).plus(1)),
    );
    air.constrain(
      "ec_op/addr_step_outer",
      exceptLast(instance, rows),
      address(at.pX, 1).minus(address(at.rY).plus(1)),
    );
    return;
  }
  air.constrain(
    "ec_op/p_x_addr",
    exceptLast(instance, rows),
    address(at.pX, 1).minus(address(at.pX).plus(CELLS)),
  );
  const following = [
    ["p_y", at.pX, at.pY],
    ["q_x", at.pY, at.qX],
    ["q_y", at.qX, at.qY],
    ["m", at.qY, at.m],
    ["r_x", at.m, at.rX],
    ["r_y", at.rX, at.rY],
  ] as const;
  for (const [name, before, here] of following)
    air.constrain(`ec_op/${name}_addr`, instance, address(here).minus(address(before).plus(1)));
}
