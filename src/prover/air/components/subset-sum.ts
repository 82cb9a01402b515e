/**
 * partial_sum(i + 1) = partial_sum(i) + bitᵢ·pointᵢ, for the bits of a scalar, the lowest first, over 256
 * rows; the scalar has no bits from row `bits` on.
 */
import type { AirBuilder } from "../air.ts";
import { type Domain, every, except } from "../domain.ts";
import type { Expression } from "../expression.ts";
import { type SubsetSumPlacement, virtual } from "../layout.ts";

/** Rows of a subset sum. */
export const HEIGHT = 256;

export interface SubsetSum {
  readonly path: string;
  readonly at: SubsetSumPlacement;
  readonly point: { readonly x: Expression; readonly y: Expression };
  readonly bits: number;
}

/** The rows of a subset sum at which there is a next one. */
export const additions = (step: number): Domain =>
  except(every(step), HEIGHT * step, (HEIGHT - 1) * step);

export function subsetSum(air: AirBuilder, { path, at, point, bits }: SubsetSum): void {
  const { graph } = air;
  const step = at.x[1];
  const period = HEIGHT * step;
  const selector = (row: number): Expression => air.cell(virtual(at.selector), row);
  const bit = (row: number): Expression => selector(row).minus(selector(row + 1).doubled());
  const [x, nextX] = [air.cell(virtual(at.x)), air.cell(virtual(at.x), 1)];
  const [y, nextY] = [air.cell(virtual(at.y)), air.cell(virtual(at.y), 1)];
  const slope = air.cell(virtual(at.slope));
  const rows = additions(step);

  if (at.prodOnes192 !== undefined && at.prodOnes196 !== undefined) {
    // The scalar is below P = 2^251 + 17·2^192 + 1: where bits 251, 196 and 192 are ones, all others are
    // zeros. ones196 = bit251·bit196, ones192 = ones196·bit192.
    const ones192 = air.cell(virtual(at.prodOnes192));
    const ones196 = air.cell(virtual(at.prodOnes196));
    const unpacking = (name: string, expression: Expression): void => {
      air.constrain(`${path}/bit_unpacking/${name}`, every(period), expression);
    };
    unpacking("last_one_is_zero", ones192.times(bit(0)));
    unpacking(
      "zeroes_between_ones0",
      ones192.times(selector(1).minus(selector(192).times(1n << 191n))),
    );
    unpacking("cumulative_bit192", ones192.minus(ones196.times(bit(192))));
    unpacking("zeroes_between_ones192", ones196.times(selector(193).minus(selector(196).times(8))));
    unpacking("cumulative_bit196", ones196.minus(bit(251).times(bit(196))));
    unpacking(
      "zeroes_between_ones196",
      bit(251).times(selector(197).minus(selector(251).times(1n << 54n))),
    );
  }
  air.constrain(`${path}/booleanity_test`, rows, bit(0).times(bit(0).minus(1)));
  air.constrain(`${path}/bit_extraction_end`, every(period, bits * step), selector(0));
  air.constrain(`${path}/zeros_tail`, every(period, (HEIGHT - 1) * step), selector(0));
  // bit·(y - y_P) = slope·(x - x_P), slope² = bit·(x + x_P + x′), bit·(y + y′) = slope·(x - x′)
  air.constrain(
    `${path}/add_points/slope`,
    rows,
    bit(0)
      .times(y.minus(point.y))
      .minus(slope.times(x.minus(point.x))),
  );
  air.constrain(
    `${path}/add_points/x`,
    rows,
    slope.squared().minus(bit(0).times(x.plus(point.x, nextX))),
  );
  air.constrain(
    `${path}/add_points/y`,
    rows,
    bit(0)
      .times(y.plus(nextY))
      .minus(slope.times(x.minus(nextX))),
  );
  if (at.xDiffInv !== undefined)
    air.constrain(
      `${path}/add_points/x_diff_inv`,
      rows,
      air.cell(virtual(at.xDiffInv)).times(x.minus(point.x)).minus(1),
    );
  // (1 - bit)·(x′ - x) = 0, (1 - bit)·(y′ - y) = 0
  const noBit = graph.constant(1).minus(bit(0));
  air.constrain(`${path}/copy_point/x`, rows, noBit.times(nextX.minus(x)));
  air.constrain(`${path}/copy_point/y`, rows, noBit.times(nextY.minus(y)));
}

export interface Doubling {
  readonly path: string;
  readonly x: SubsetSumPlacement["x"];
  readonly y: SubsetSumPlacement["x"];
  readonly slope: SubsetSumPlacement["x"];
  /** α of the curve y² = x³ + α·x + β. */
  readonly alpha: bigint;
}

/** point(i + 1) = 2·point(i), over 256 rows. */
export function doublings(
  air: AirBuilder,
  { path, x: xAt, y: yAt, slope: at, alpha }: Doubling,
): void {
  const rows = additions(xAt[1]);
  const [x, nextX] = [air.cell(virtual(xAt)), air.cell(virtual(xAt), 1)];
  const [y, nextY] = [air.cell(virtual(yAt)), air.cell(virtual(yAt), 1)];
  const slope = air.cell(virtual(at));
  // 3·x² + α = 2·y·slope, slope² = 2·x + x′, y + y′ = slope·(x - x′)
  const squared = x.squared();
  air.constrain(
    `${path}/slope`,
    rows,
    squared.plus(squared, squared, alpha).minus(y.doubled().times(slope)),
  );
  air.constrain(`${path}/x`, rows, slope.squared().minus(x.doubled().plus(nextX)));
  air.constrain(`${path}/y`, rows, y.plus(nextY).minus(slope.times(x.minus(nextX))));
}
