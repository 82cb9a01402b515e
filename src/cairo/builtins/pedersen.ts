/** pedersen: x, y, H(x, y). */
import { pedersen } from "../../hash/pedersen.ts";
import { type BuiltinDefinition, SEGMENT_KIND } from "./definition.ts";

export const PEDERSEN: BuiltinDefinition = {
  name: "pedersen",
  cells: 3,
  inputs: 2,
  kind: SEGMENT_KIND.deduced,
  outputs: ([x, y]) => [pedersen(x!, y!)],
};
