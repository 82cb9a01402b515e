/** Fills the columns of subset sums and doublings (air/components/subset-sum.ts), many at once. */
import type { Point } from "../../curve/constants.ts";
import { type Felt, mod, mul, sub } from "../../field/felt.ts";
import { inv } from "../../field/kernel.ts";
import { HEIGHT } from "../air/components/subset-sum.ts";

/** The columns of one sum, a value a row. */
export interface SubsetSumRows {
  readonly x: Felt[];
  readonly y: Felt[];
  readonly selector: Felt[];
  readonly slope: Felt[];
  readonly xDiffInv: Felt[];
  readonly ones192: Felt;
  readonly ones196: Felt;
  readonly end: Point;
}

export interface SubsetSumInput {
  readonly scalar: bigint;
  readonly start: Point;
  /** The point of each row. */
  readonly points: readonly Point[];
}

/** 1/x of each, by one inversion (Montgomery). Throws RangeError if one is 0. */
export function batchInverse(values: readonly Felt[]): Felt[] {
  const prefixes: Felt[] = [];
  let product = 1n;
  for (const value of values) {
    prefixes.push(product);
    product = mul(product, value);
  }
  if (values.length === 0) return [];
  let inverse = inv(product);
  const result = new Array<Felt>(values.length);
  for (let i = values.length - 1; i >= 0; i--) {
    result[i] = mul(inverse, prefixes[i]!);
    inverse = mul(inverse, values[i]!);
  }
  return result;
}

/** All sums row by row, so that a row takes one inversion. */
export function subsetSums(inputs: readonly SubsetSumInput[]): SubsetSumRows[] {
  const sums = inputs.map(({ scalar, start }) => ({
    current: start,
    x: [] as Felt[],
    y: [] as Felt[],
    selector: Array.from({ length: HEIGHT }, (_, i) => scalar >> BigInt(i)),
    slope: [] as Felt[],
    xDiffInv: [] as Felt[],
  }));
  for (let row = 0; row < HEIGHT; row++) {
    const last = row === HEIGHT - 1;
    const inverses = last
      ? []
      : batchInverse(sums.map(({ current }, i) => sub(current.x, inputs[i]!.points[row]!.x)));
    sums.forEach((sum, i) => {
      const { current } = sum;
      const point = inputs[i]!.points[row]!;
      sum.x.push(current.x);
      sum.y.push(current.y);
      sum.xDiffInv.push(last ? 0n : inverses[i]!);
      if (last || (sum.selector[row]! & 1n) === 0n) {
        sum.slope.push(0n);
        return;
      }
      const slope = mul(sub(current.y, point.y), inverses[i]!);
      sum.slope.push(slope);
      const x = mod(slope * slope - current.x - point.x);
      sum.current = { x, y: mod(slope * (current.x - x) - current.y) };
    });
  }
  return sums.map(({ current, ...columns }, i) => {
    const bit = (n: bigint): bigint => (inputs[i]!.scalar >> n) & 1n;
    const ones196 = bit(251n) & bit(196n);
    return { ...columns, ones196, ones192: ones196 & bit(192n), end: current };
  });
}

export interface DoublingRows {
  readonly points: readonly Point[];
  readonly slopes: readonly Felt[];
}

/** point, 2·point, 4·point, … over the rows, for curves with α = 1. */
export function doublingRows(starts: readonly Point[], alpha: Felt): DoublingRows[] {
  const points = starts.map((start) => [start]);
  const slopes = starts.map((): Felt[] => []);
  for (let row = 0; row < HEIGHT - 1; row++) {
    const inverses = batchInverse(points.map((list) => mod(2n * list[row]!.y)));
    points.forEach((list, i) => {
      const { x, y } = list[row]!;
      const slope = mod((3n * x * x + alpha) * inverses[i]!);
      slopes[i]!.push(slope);
      const nextX = mod(slope * slope - 2n * x);
      list.push({ x: nextX, y: mod(slope * (x - nextX) - y) });
    });
  }
  for (const list of slopes) list.push(0n);
  return points.map((list, i) => ({ points: list, slopes: slopes[i]! }));
}
