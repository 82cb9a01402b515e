/** CASM hints that allocate memory, call the system, or print. */
import type { Felt } from "../../../field/felt.ts";
import type { Relocatable } from "../../relocatable.ts";
import type { MemoryView } from "../context.ts";
import { hintError } from "../errors.ts";
import { toCount } from "../numbers.ts";
import { stateOf } from "../state.ts";
import { defineHint } from "./define.ts";

const allocSegment = defineHint({ dst: "cell" }, ({ dst }) => (context) => {
  dst(context, context.memory.addSegment());
});

const allocConstantSize = defineHint(
  { size: "felt", dst: "cell" },
  ({ size, dst }) =>
    (context) => {
      const cells = toCount(size(context), "the size of the allocation");
      dst(context, stateOf(context).allocate(context.memory, cells));
    },
);

const systemCall = defineHint({ system: "pointer" }, ({ system }) => (context) => {
  if (context.syscall === undefined) throw hintError("SystemCall: this run has no system");
  context.syscall(context, system(context));
});

/** The felts from `start` up to `end`. */
function range(memory: MemoryView, start: Relocatable, end: Relocatable): Felt[] {
  if (start.segment !== end.segment || start.offset > end.offset)
    throw hintError("DebugPrint: the end is not past the start");
  const values: Felt[] = [];
  for (let { offset } = start; offset < end.offset; offset++)
    values.push(memory.felt({ segment: start.segment, offset }));
  return values;
}

const debugPrint = defineHint(
  { start: "pointer", end: "pointer" },
  ({ start, end }) =>
    (context) => {
      const values = range(context.memory, start(context), end(context));
      stateOf(context).print?.(values);
    },
);

export const memoryHints = {
  AllocSegment: allocSegment,
  AllocConstantSize: allocConstantSize,
  DebugPrint: debugPrint,
  SystemCall: systemCall,
};
