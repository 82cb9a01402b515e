/** poseidon: a state of three felts and its Hades permutation. */
import { hades } from "../../hash/poseidon.ts";
import { type BuiltinDefinition, SEGMENT_KIND } from "./definition.ts";

export const POSEIDON: BuiltinDefinition = {
  name: "poseidon",
  cells: 6,
  inputs: 3,
  kind: SEGMENT_KIND.deduced,
  outputs: ([s0, s1, s2]) => hades([s0!, s1!, s2!]),
};
