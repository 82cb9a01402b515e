/** The STARK curve. Points are affine; infinity is `undefined` where it can occur. */
export {
  ALPHA,
  BETA,
  GENERATOR,
  ORDER,
  PEDERSEN_BASES,
  PEDERSEN_SHIFT,
  type Point,
} from "./constants.ts";
export { add, double, ecOp, isOnCurve, mul, negate, recoverY } from "./reference/stark.ts";
