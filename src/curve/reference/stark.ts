/** Affine arithmetic of the STARK curve in plain bigint: the twin of the curve kernel. */
import {
  add as fadd,
  div,
  type Felt,
  isFelt,
  mul as fmul,
  neg,
  P,
  sqrt,
  sub,
} from "../../field/felt.ts";
import { ALPHA, BETA, type Point } from "../constants.ts";

/** x³ + α·x + β. */
export const curveRightSide = (x: Felt): Felt =>
  fadd(fadd(fmul(fmul(x, x), x), fmul(ALPHA, x)), BETA);

export const isOnCurve = ({ x, y }: Point): boolean =>
  isFelt(x) && isFelt(y) && (y * y - (fmul(x, x) + ALPHA) * x - BETA) % P === 0n;

/** The smaller y of the two points with this x, or undefined when there are none. */
export const recoverY = (x: Felt): Felt | undefined => sqrt(curveRightSide(x));

export const negate = ({ x, y }: Point): Point => ({ x, y: neg(y) });

/** The mirror image of the third intersection of the curve with the line of this slope through p and q. */
export function chord(slope: Felt, p: Point, qx: Felt): Point {
  const x = sub(sub(fmul(slope, slope), p.x), qx);
  return { x, y: sub(fmul(slope, sub(p.x, x)), p.y) };
}

/** 2·p. No point of the curve has order 2, so the result is never infinity. */
export function double(p: Point): Point {
  const slope = div(fadd((3n * p.x * p.x) % P, ALPHA), fadd(p.y, p.y));
  return chord(slope, p, p.x);
}

/** p + q, or undefined when that is the point at infinity. */
export function add(p: Point, q: Point): Point | undefined {
  if (p.x === q.x) return p.y === q.y ? double(p) : undefined;
  return chord(div(sub(q.y, p.y), sub(q.x, p.x)), p, q.x);
}

/** scalar·p for scalar >= 0, or undefined when that is the point at infinity. */
export function mul(scalar: bigint, p: Point): Point | undefined {
  let sum: Point | undefined;
  let power = p;
  for (let rest = scalar; rest > 0n; rest >>= 1n) {
    if (rest & 1n) sum = sum === undefined ? power : add(sum, power);
    power = double(power);
  }
  return sum;
}

/**
 * p + m·q as the ec_op builtin computes it: bit by bit from the lowest, doubling q. Its constraints
 * cannot add two points of the same x, so undefined is returned when the partial sum and the doubled
 * point share their x at any bit up to the highest one of m (also where that bit is 0), even though
 * p + m·q may exist. This is the rule of cairo-vm's `ec_op_impl`.
 */
export function ecOp(p: Point, q: Point, m: Felt): Point | undefined {
  let sum = p;
  let power = q;
  for (let rest = m; rest > 0n; rest >>= 1n) {
    if (sum.x === power.x) return undefined;
    if (rest & 1n) sum = add(sum, power)!;
    power = double(power);
  }
  return sum;
}
