/** segment_arena: triples (segment of infos, dictionaries made, dictionaries squashed); the first is given. */
import { type BuiltinDefinition, SEGMENT_KIND } from "./definition.ts";

export const SEGMENT_ARENA: BuiltinDefinition = {
  name: "segment_arena",
  cells: 3,
  inputs: 3,
  prefix: 3,
  kind: SEGMENT_KIND.plain,
};
