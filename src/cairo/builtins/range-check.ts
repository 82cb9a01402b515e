/** range_check and range_check96: cells below 2^128 and 2^96, which the kernel checks on every write. */
import { type BuiltinDefinition, SEGMENT_KIND } from "./definition.ts";

export const RANGE_CHECK: BuiltinDefinition = {
  name: "range_check",
  cells: 1,
  inputs: 1,
  kind: SEGMENT_KIND.rangeCheck,
};

export const RANGE_CHECK_96: BuiltinDefinition = {
  name: "range_check96",
  cells: 1,
  inputs: 1,
  kind: SEGMENT_KIND.rangeCheck96,
};
