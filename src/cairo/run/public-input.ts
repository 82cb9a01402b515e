/** The public input of a proof, as cairo-run's --air_public_input writes it. */
import type { BuiltinSegment } from "../builtins/index.ts";
import { VmError } from "../errors.ts";
import type { Machine } from "../machine/machine.ts";
import type { BuiltinName } from "../program.ts";
import { isRelocatable, type MemoryValue, type Relocatable } from "../relocatable.ts";
import type { RangeCheckLimits } from "./trace-limits.ts";

export interface PublicInput {
  readonly layout: string;
  readonly rc_min: number;
  readonly rc_max: number;
  readonly n_steps: number;
  readonly memory_segments: Readonly<Record<string, { begin_addr: number; stop_ptr: number }>>;
  /** Values as 0x… text; cells without a value are null. */
  readonly public_memory: readonly { address: number; value: string | null; page: number }[];
  readonly dynamic_params: null;
}

export interface PublicInputParts {
  readonly layout: string;
  readonly machine: Machine;
  /** Where each segment starts. */
  readonly addresses: readonly number[];
  readonly builtins: readonly BuiltinSegment[];
  /** Offsets of the builtins' ends, of those that the program uses. */
  readonly stops: ReadonlyMap<BuiltinName, number>;
  /** Offsets of the execution segment that are public. */
  readonly publicCells: readonly number[];
  readonly limits: RangeCheckLimits;
}

/** Puts the parts together. Throws VmError for an empty run. */
export function buildPublicInput(parts: PublicInputParts): PublicInput {
  const { layout, machine, addresses, builtins, stops, publicCells, limits } = parts;
  const { memory } = machine;
  const first = machine.traceEntry(0);
  const last = machine.traceEntry(machine.steps - 1);
  if (first === undefined || last === undefined)
    throw new VmError("INVALID_RUN", "a run without steps has no public input");
  const at = ({ segment, offset }: Relocatable): number => addresses[segment]! + offset;
  const ap = (offset: number): number => at({ segment: 1, offset });
  const text = (value: MemoryValue | undefined): string | null =>
    value === undefined
      ? null
      : `0x${(isRelocatable(value) ? BigInt(at(value)) : value).toString(16)}`;
  const cell = (address: Relocatable): PublicInput["public_memory"][number] => ({
    address: at(address),
    value: text(memory.get(address)),
    page: 0,
  });
  const all = (segment: number): PublicInput["public_memory"] =>
    Array.from({ length: memory.segmentSize(segment) }, (_, offset) => cell({ segment, offset }));
  const output = builtins.find(({ name }) => name === "output");
  return {
    layout,
    rc_min: limits.min,
    rc_max: limits.max,
    n_steps: machine.steps,
    memory_segments: {
      program: { begin_addr: at(first.pc), stop_ptr: at(last.pc) },
      execution: { begin_addr: ap(first.ap), stop_ptr: ap(last.ap) },
      ...Object.fromEntries(
        builtins.map(({ name, segment }) => [
          name,
          {
            begin_addr: addresses[segment]!,
            stop_ptr: addresses[segment]! + (stops.get(name) ?? 0),
          },
        ]),
      ),
    },
    public_memory: [
      ...all(0),
      ...publicCells.map((offset) => cell({ segment: 1, offset })),
      ...(output === undefined ? [] : all(output.segment)),
    ],
    dynamic_params: null,
  };
}
