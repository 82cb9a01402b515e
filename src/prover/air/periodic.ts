/** Values of periodic columns between their rows, and the tables of points and keys. */
import { type Point, GENERATOR as CURVE_GENERATOR, PEDERSEN_BASES } from "../../curve/constants.ts";
import { double } from "../../curve/stark.ts";
import { add, type Felt, inv, mul, pow, sub } from "../../field/felt.ts";
import { powers, rootOfUnity } from "../roots.ts";
import type { PeriodicColumn } from "./expression.ts";

/**
 * The column at x: the polynomial q of degree below n with q(wⁱ) = values[i], w of order n, at
 * y = x^(rows/period), by the barycentric formula (yⁿ - 1)/n · Σ values[i]·wⁱ/(y - wⁱ).
 */
export function periodicAt({ period, values }: PeriodicColumn, x: Felt, rows: number): Felt {
  const n = values.length;
  const y = pow(x, BigInt(rows / period));
  const nodes = powers(rootOfUnity(n), n);
  const at = nodes.indexOf(y);
  if (at >= 0) return values[at]!;
  const sum = nodes.reduce(
    (total, node, i) => add(total, mul(mul(values[i]!, node), inv(sub(y, node)))),
    0n,
  );
  return mul(mul(sub(pow(y, BigInt(n)), 1n), inv(BigInt(n))), sum);
}

/** `point`, 2·point, 4·point, …. */
function doublings(point: Point, count: number): Point[] {
  const result = [point];
  while (result.length < count) result.push(double(result.at(-1)!));
  return result;
}

/** The last entry again until there are `length`. */
const padded = <T>(list: readonly T[], length: number): T[] =>
  Array.from({ length }, (_, i) => list[Math.min(i, list.length - 1)]!);

export interface PointColumns {
  readonly x: PeriodicColumn;
  readonly y: PeriodicColumn;
}

const pointColumns = (name: string, period: number, points: readonly Point[]): PointColumns => ({
  x: { name: `${name}/x`, period, values: points.map(({ x }) => x) },
  y: { name: `${name}/y`, period, values: points.map(({ y }) => y) },
});

/** Of the 252 bits of each Pedersen input: the low 248 weigh the first base, the high 4 the second. */
export function pedersenPoints(period: number): PointColumns {
  const [p1, p2, p3, p4] = PEDERSEN_BASES;
  const input = (low: Point, high: Point): Point[] =>
    padded([...doublings(low, 248), ...doublings(high, 4)], 256);
  return pointColumns("pedersen/points", period, [...input(p1, p2), ...input(p3, p4)]);
}

/** The doublings of the generator that the 251 bits of an ECDSA message hash weigh. */
export const generatorPoints = (period: number): PointColumns =>
  pointColumns("ecdsa/generator_points", period, padded(doublings(CURVE_GENERATOR, 251), 256));
