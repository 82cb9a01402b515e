/** ec_op: points P and Q, a scalar m, and the point P + m·Q. */
import { ecOp, isOnCurve } from "../../curve/stark.ts";
import { type BuiltinDefinition, builtinError, SEGMENT_KIND } from "./definition.ts";

export const EC_OP: BuiltinDefinition = {
  name: "ec_op",
  cells: 7,
  inputs: 5,
  kind: SEGMENT_KIND.deduced,
  outputs: ([px, py, qx, qy, m]) => {
    const p = { x: px!, y: py! };
    const q = { x: qx!, y: qy! };
    if (!isOnCurve(p) || !isOnCurve(q)) throw builtinError("a point is not on the curve");
    const sum = ecOp(p, q, m!);
    if (sum === undefined) throw builtinError("two points to be added have the same x");
    return [sum.x, sum.y];
  },
};
