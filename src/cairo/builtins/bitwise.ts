/** bitwise: x, y, x & y, x ^ y, x | y for 251 bits. The kernel deduces it by itself during a run. */
import { type BuiltinDefinition, builtinError, SEGMENT_KIND } from "./definition.ts";

const BOUND = 1n << 251n;

export const BITWISE: BuiltinDefinition = {
  name: "bitwise",
  cells: 5,
  inputs: 2,
  kind: SEGMENT_KIND.bitwise,
  outputs: ([x, y]) => {
    if (x! >= BOUND || y! >= BOUND) throw builtinError("an input has more than 251 bits");
    return [x! & y!, x! ^ y!, x! | y!];
  },
};
