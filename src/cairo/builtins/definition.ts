/** What a builtin is: an instance's cells, how outputs follow from inputs, what must hold at a run's end. */
import type { Felt } from "../../field/felt.ts";
import { VmError } from "../errors.ts";
import type { MemoryView } from "../hints/context.ts";
import type { MachineMemory } from "../machine/memory.ts";
import { SEGMENT_KIND, type SegmentKind } from "../machine/layout.ts";
import type { BuiltinName } from "../program.ts";
import { isRelocatable, type Relocatable } from "../relocatable.ts";

export interface BuiltinDefinition {
  readonly name: BuiltinName;
  /** Cells of an instance, and how many of them, the first ones, the program writes. */
  readonly cells: number;
  readonly inputs: number;
  /** What the kernel does with the builtin's segment. */
  readonly kind: SegmentKind;
  /** Cells before the first instance, which the runner writes. */
  readonly prefix?: number;
  /**
   * The outputs that belong to an instance's inputs. Throws VmError BUILTIN, without an address, for inputs
   * that the builtin does not accept.
   */
  readonly outputs?: (inputs: readonly Felt[]) => readonly Felt[];
  /** A check of all instances when a run ends. Throws VmError BUILTIN. */
  readonly verify?: (builtin: BuiltinSegment, memory: MemoryView) => void;
}

export const builtinError = (message: string): VmError => new VmError("BUILTIN", message);

/** A builtin in a run: its segment and the instances computed so far. */
export class BuiltinSegment {
  readonly definition: BuiltinDefinition;
  readonly segment: number;
  /** Of the ecdsa builtin: signatures by the offset of their instance, given by hints. */
  readonly signatures = new Map<number, readonly [r: Felt, s: Felt]>();
  readonly #computed = new Map<number, readonly Felt[]>();

  constructor(definition: BuiltinDefinition, segment: number) {
    this.definition = definition;
    this.segment = segment;
  }

  get name(): BuiltinName {
    return this.definition.name;
  }

  /** Where the first instance starts, which is what programs are given. */
  get base(): Relocatable {
    return { segment: this.segment, offset: this.definition.prefix ?? 0 };
  }

  /** Instances that a run has begun to use; for output, cells. */
  instances(memory: MemoryView): number {
    const { cells, prefix = 0 } = this.definition;
    return Math.ceil(Math.max(0, memory.segmentSize(this.segment) - prefix) / cells);
  }

  /** The value of an output cell, or undefined for an input or when inputs are missing. */
  deduce(memory: MemoryView, offset: number): Felt | undefined {
    const { cells, inputs, outputs } = this.definition;
    const index = offset % cells;
    if (outputs === undefined || index < inputs) return undefined;
    return this.#outputs(memory, offset - index)?.[index - inputs];
  }

  #outputs(memory: MemoryView, start: number): readonly Felt[] | undefined {
    const known = this.#computed.get(start);
    if (known !== undefined) return known;
    const { inputs, outputs, name } = this.definition;
    const values: Felt[] = [];
    for (let i = 0; i < inputs; i++) {
      const value = memory.get({ segment: this.segment, offset: start + i });
      if (value === undefined) return undefined;
      if (isRelocatable(value))
        throw builtinError(`${name}: expected a felt at ${this.segment}:${start + i}`);
      values.push(value);
    }
    try {
      const computed = outputs!(values);
      this.#computed.set(start, computed);
      return computed;
    } catch (error) {
      if (!(error instanceof VmError)) throw error;
      throw builtinError(`${name}: ${error.message} (instance at ${this.segment}:${start})`);
    }
  }

  /** Writes the outputs that nobody has asked for, as a proof needs them. */
  complete(memory: MemoryView): void {
    const { cells, inputs, outputs } = this.definition;
    if (outputs === undefined) return;
    const { segment } = this;
    const end = this.instances(memory) * cells;
    for (let start = 0; start < end; start += cells)
      this.#outputs(memory, start)?.forEach((value, i) => {
        const address = { segment, offset: start + inputs + i };
        if (memory.get(address) === undefined) memory.set(address, value);
      });
  }

  /**
   * Checks every instance: all inputs are there, and outputs are what follows from them, whether the program
   * has written them or nobody has. Throws VmError BUILTIN.
   */
  verify(memory: MachineMemory): void {
    const { cells, inputs, outputs, name, prefix, verify } = this.definition;
    const { segment } = this;
    if (prefix !== undefined || name === "output") return;
    const missing = memory.missingInput(segment, cells, inputs);
    if (missing !== undefined)
      throw builtinError(`${name}: the input at ${segment}:${missing} is missing`);
    verify?.(this, memory);
    if (outputs === undefined) return;
    const end = this.instances(memory) * cells;
    for (let start = 0; start < end; start += cells) {
      const expected = this.#outputs(memory, start)!;
      for (let i = 0; i < expected.length; i++) {
        const offset = start + inputs + i;
        const value = memory.get({ segment, offset });
        if (value !== undefined && value !== expected[i])
          throw builtinError(`${name}: the output at ${segment}:${offset} is not what it must be`);
      }
    }
  }
}

export { SEGMENT_KIND };
