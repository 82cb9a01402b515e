/** The Pedersen builtin: (input0, input1, output), output = x of shift + Σ bits·points. */
import { PEDERSEN_SHIFT } from "../../../curve/constants.ts";
import type { AirBuilder } from "../air.ts";
import { every, exceptLast, FIRST_ROW } from "../domain.ts";
import { type LayoutDefinition, memoryShare, virtual } from "../layout.ts";
import { pedersenPoints } from "../periodic.ts";
import { HEIGHT, subsetSum } from "./subset-sum.ts";

/** Bits of an input. */
const BITS = 252;

export function pedersen(air: AirBuilder, layout: LayoutDefinition): void {
  const { pedersen: at, memory, rowsPerStep } = layout;
  const rows = at.ratio * rowsPerStep;
  const laneRows = rows * at.lanes.length;
  const points = pedersenPoints(2 * HEIGHT * at.lanes[0]!.x[1]);
  const point = { x: air.graph.periodic(points.x), y: air.graph.periodic(points.y) };

  at.lanes.forEach((lane, i) => {
    const path = `pedersen/hash${i}`;
    subsetSum(air, { path: `${path}/ec_subset_sum`, at: lane, point, bits: BITS });
    // The second input starts where the first one ended; the first starts at the shift point
    for (const axis of ["x", "y"] as const) {
      const column = virtual(lane[axis]);
      air.constrain(
        `${path}/copy_point/${axis}`,
        every(laneRows),
        air.cell(column, HEIGHT).minus(air.cell(column, HEIGHT - 1)),
      );
    }
    for (const axis of ["x", "y"] as const)
      air.constrain(
        `${path}/init/${axis}`,
        every(laneRows),
        air.cell(virtual(lane[axis])).minus(PEDERSEN_SHIFT[axis]),
      );
  });

  const input0 = memoryShare(memory, at.input0);
  const input1 = memoryShare(memory, at.input1);
  const output = memoryShare(memory, at.output);
  const values = (
    name: string,
    memoryValue: typeof input0.value,
    row: number,
    column: "selector" | "x",
  ): void => {
    at.lanes.forEach((lane, i) => {
      air.constrain(
        `pedersen/${name}_value${i}`,
        every(laneRows),
        air.cell(memoryValue, i).minus(air.cell(virtual(lane[column]), row)),
      );
    });
  };
  // input0 is the first scalar; addresses are input0, input1, output, next input0, …
  values("input0", input0.value, 0, "selector");
  air.constrain(
    "pedersen/input0_addr",
    exceptLast(every(rows), rows),
    air.cell(input0.address, 1).minus(air.cell(output.address).plus(1)),
  );
  air.constrain(
    "pedersen/init_addr",
    FIRST_ROW,
    air.cell(input0.address).minus(air.value("initial_pedersen_addr")),
  );
  values("input1", input1.value, HEIGHT, "selector");
  air.constrain(
    "pedersen/input1_addr",
    every(rows),
    air.cell(input1.address).minus(air.cell(input0.address).plus(1)),
  );
  values("output", output.value, 2 * HEIGHT - 1, "x");
  air.constrain(
    "pedersen/output_addr",
    every(rows),
    air.cell(output.address).minus(air.cell(input1.address).plus(1)),
  );
}
