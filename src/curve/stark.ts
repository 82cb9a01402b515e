/**
 * The STARK curve. Points are affine with canonical coordinates; infinity is `undefined` where it can
 * occur. Scalar multiplication and the ec_op builtin run in the fastest WASM kernel that computes right here,
 * inverses and roots in the field's; reference/stark.ts is the twin of all.
 */
import { add as fadd, type Felt, mul as fmul, sub } from "../field/felt.ts";
import { hasFusedMadd } from "../field/fused-madd.ts";
import { inv, sqrt } from "../field/kernel.ts";
import { ALPHA, type Point } from "./constants.ts";
import { createCurve, type CurveKernel } from "./kernel.ts";
import { chord, curveRightSide } from "./reference/stark.ts";

export {
  ALPHA,
  BETA,
  GENERATOR,
  ORDER,
  PEDERSEN_BASES,
  PEDERSEN_SHIFT,
  type Point,
} from "./constants.ts";
export { isOnCurve, negate } from "./reference/stark.ts";

let chosen: CurveKernel | undefined;
const kernel = (): CurveKernel => (chosen ??= createCurve(hasFusedMadd() ? "fma" : "scalar"));

/** The smaller y of the two points with this x, or undefined when there are none. */
export const recoverY = (x: Felt): Felt | undefined => sqrt(curveRightSide(x));

/** 2·p. No point of the curve has order 2, so the result is never infinity. */
export function double(p: Point): Point {
  const slope = fmul(fadd(fmul(3n, fmul(p.x, p.x)), ALPHA), inv(fadd(p.y, p.y)));
  return chord(slope, p, p.x);
}

/** p + q, or undefined when that is the point at infinity. */
export function add(p: Point, q: Point): Point | undefined {
  if (p.x === q.x) return p.y === q.y ? double(p) : undefined;
  return chord(fmul(sub(q.y, p.y), inv(sub(q.x, p.x))), p, q.x);
}

/**
 * scalar·p for scalar >= 0, or undefined when that is the point at infinity. Throws RangeError for a
 * negative scalar or a point that is not on the curve.
 */
export const mul = (scalar: bigint, p: Point): Point | undefined => kernel().mul(scalar, p);

/**
 * p + m·q as the ec_op builtin computes it, for 0 <= m < 2^256: undefined when its chain of doublings and
 * additions meets two points of the same x, at any bit up to the highest one of m (reference/stark.ts).
 * Throws RangeError for a point that is not on the curve or an m out of range.
 */
export const ecOp = (p: Point, q: Point, m: bigint): Point | undefined => kernel().ecOp(p, q, m);
