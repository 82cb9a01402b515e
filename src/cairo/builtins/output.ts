/** output: the program's public results, one felt or pointer a cell. */
import { type BuiltinDefinition, SEGMENT_KIND } from "./definition.ts";

export const OUTPUT: BuiltinDefinition = {
  name: "output",
  cells: 1,
  inputs: 1,
  kind: SEGMENT_KIND.plain,
};
