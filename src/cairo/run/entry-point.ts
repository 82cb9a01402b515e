/**
 * Runs an entry point of a compiled Sierra class by the calling convention of Starknet's entry points.
 * What is true here: starkware-libs/sequencer, crates/blockifier/src/execution/entry_point_execution.rs.
 */
import type { Felt } from "../../field/felt.ts";
import { type BuiltinSegment, openBuiltin } from "../builtins/index.ts";
import { VmError } from "../errors.ts";
import type { HintContext } from "../hints/context.ts";
import { createHintState } from "../hints/state.ts";
import type { Machine } from "../machine/machine.ts";
import { withMachine } from "../machine/pool.ts";
import type { BuiltinName, CairoProgram } from "../program.ts";
import {
  isRelocatable,
  type MemoryValue,
  type Relocatable,
  shift,
  showValue,
} from "../relocatable.ts";

export interface EntryPointInput {
  readonly program: CairoProgram;
  /** Where the entry point's code starts in the bytecode. */
  readonly offset: number;
  /** The entry point's builtins, in the order of the class: a subsequence of {@link CALL_BUILTINS}. */
  readonly builtins: readonly BuiltinName[];
  /** The gas counter the code starts with, the entry point's initial budget already taken off. */
  readonly initialGas: bigint;
  readonly calldata: readonly Felt[];
  /**
   * Serves a SystemCall hint; what it throws ends the run, as the `cause` of the VmError. Segments that it
   * adds hold data for the program to read and count as used.
   */
  readonly syscall: (context: HintContext, systemPtr: Relocatable) => void;
  readonly maxSteps: number;
  /** Prices that compiled code charges for pedersen, bitwise, ec_op, poseidon, add_mod and mul_mod. */
  readonly builtinCosts: readonly Felt[];
  readonly recordVisited?: boolean;
  /** Limit of the machine's memory, 1 GiB by default; all runs together have 2 GiB. */
  readonly maxMemoryBytes?: number;
}

export interface EntryPointOutput {
  /** Whether the code panicked: `retdata` is then the panic data. */
  readonly failed: boolean;
  readonly gasLeft: bigint;
  readonly retdata: Felt[];
  readonly steps: number;
  readonly memoryHoles: number;
  /** Instances used of each builtin of the entry point. */
  readonly builtins: Partial<Record<BuiltinName, number>>;
  /** End of the system call segment as the code left it. */
  readonly syscallEnd: Relocatable;
  /** Offsets of the bytecode that have been executed, ascending; with `recordVisited` only. */
  readonly visitedPcs?: readonly number[];
}

/** The builtins that Starknet gives to classes, in their order. */
export const CALL_BUILTINS: readonly BuiltinName[] = [
  "pedersen",
  "range_check",
  "bitwise",
  "ec_op",
  "poseidon",
  "segment_arena",
  "range_check96",
  "add_mod",
  "mul_mod",
];

/** `ret`, which lets code at the end of the bytecode find the pointer to the builtins' prices behind it. */
const RET = 0x208b7fff7fff7ffen;
const EXTRA_CELLS = 2;
const DEFAULT_MEMORY_BYTES = 2 ** 30;
/** Cells of range_check96 that code may leave unwritten at the end: circuits skip the size of their values. */
const MAX_SKIPPED = 2 ** 20;
/** Gas, system pointer, panic flag, start and end of the returned data. */
const RETURN_VALUES = 5;

const invalid = (message: string): VmError => new VmError("INVALID_RUN", message);

function checkBuiltins(builtins: readonly BuiltinName[]): void {
  let next = 0;
  for (const name of builtins) {
    const at = CALL_BUILTINS.indexOf(name, next);
    if (at < 0)
      throw invalid(
        `the entry point's builtins are not supported in this order: ${builtins.join()}`,
      );
    next = at + 1;
  }
}

/** Runs an entry point to its end. Throws VmError when the run fails; a panic is not a failure of the run. */
export function runEntryPoint(input: EntryPointInput): EntryPointOutput {
  checkBuiltins(input.builtins);
  return withMachine(input.program, (machine, available) => {
    const maxMemoryBytes = Math.min(input.maxMemoryBytes ?? DEFAULT_MEMORY_BYTES, available);
    return new Call(machine, { ...input, maxMemoryBytes }).run();
  });
}

class Call {
  readonly #machine: Machine;
  readonly #input: EntryPointInput;
  readonly #builtins: readonly BuiltinSegment[];
  /** Data written for the program to read: counted as used, whether it was read or not. */
  readonly #readOnly: Relocatable[] = [];
  readonly #systemBase: Relocatable;

  constructor(machine: Machine, input: EntryPointInput) {
    this.#machine = machine;
    this.#input = input;
    const { program, maxMemoryBytes } = input;
    machine.load(program, { extraCells: EXTRA_CELLS, maxMemoryBytes });
    const { memory } = machine;
    this.#builtins = input.builtins.map((name) => openBuiltin(name, memory));
    const costs = this.#writeReadOnly(input.builtinCosts);
    memory.patchProgram(program.bytecode.length, RET);
    memory.patchProgram(program.bytecode.length + 1, costs);
    this.#systemBase = memory.addSegment();
  }

  #writeReadOnly(values: readonly Felt[]): Relocatable {
    const { memory } = this.#machine;
    const start = memory.addSegment();
    memory.write(start, values);
    this.#readOnly.push(start);
    return start;
  }

  run(): EntryPointOutput {
    const machine = this.#machine;
    const { memory } = machine;
    const { initialGas, calldata, maxSteps, offset } = this.#input;
    const calldataStart = this.#writeReadOnly(calldata);
    const args: MemoryValue[] = [
      ...this.#builtins.map(({ base }) => base),
      initialGas,
      this.#systemBase,
      calldataStart,
      shift(calldataStart, calldata.length),
    ];
    const end = memory.addSegment();
    // The caller's frame is a plain 0, which the final fp is compared with.
    const frame = memory.write({ segment: 1, offset: 0 }, [...args, 0n, end]);
    machine.setRegisters({ segment: 0, offset }, frame.offset, frame.offset);
    machine.run({
      end,
      maxSteps,
      deduce: (address) => this.#deduce(address),
      hintState: createHintState(),
      syscall: (context, systemPtr) => {
        this.#syscall(context, systemPtr);
      },
    });
    return this.#finish(args.length);
  }

  #deduce({ segment, offset }: Relocatable): Felt | undefined {
    return this.#builtins
      .find((builtin) => builtin.segment === segment)
      ?.deduce(this.#machine.memory, offset);
  }

  #syscall(context: HintContext, systemPtr: Relocatable): void {
    const { memory } = this.#machine;
    const before = memory.segmentCount;
    this.#input.syscall(context, systemPtr);
    for (let segment = before; segment < memory.segmentCount; segment++)
      this.#readOnly.push({ segment, offset: 0 });
  }

  #finish(argumentCount: number): EntryPointOutput {
    const machine = this.#machine;
    const { memory } = machine;
    if (machine.fp.offset !== 0) throw invalid("the run ended in a frame that is not the first");
    if (memory.temporaryCount > 0) throw invalid("the run left a temporary segment");
    const { offset: top } = machine.ap;
    this.#checkBuiltins({ segment: 1, offset: top - RETURN_VALUES });

    const [gasLeft, systemEnd, flag, start, end] = [0, 1, 2, 3, 4].map((i) =>
      this.#returned({ segment: 1, offset: top - RETURN_VALUES + i }),
    ) as [MemoryValue, MemoryValue, MemoryValue, MemoryValue, MemoryValue];
    if (isRelocatable(gasLeft)) throw invalid("the gas left is not a felt");
    if (!isRelocatable(systemEnd) || systemEnd.segment !== this.#systemBase.segment)
      throw invalid("the returned system pointer is not one");
    if (flag !== 0n && flag !== 1n)
      throw invalid(`the panic flag is ${showValue(flag)}, not 0 or 1`);
    const retdata = this.#retdata(start, end);

    // What Starknet's operating system uses besides the code: the arguments and the data given.
    machine.markAccessed({ segment: 1, offset: 0 }, argumentCount);
    for (const data of this.#readOnly) machine.markAccessed(data, memory.segmentSize(data.segment));
    return {
      failed: flag === 1n,
      gasLeft,
      retdata,
      steps: machine.steps,
      memoryHoles: machine.memoryHoles(new Set(this.#builtins.map(({ segment }) => segment))),
      builtins: Object.fromEntries(
        this.#builtins.map((builtin) => [builtin.name, builtin.instances(memory)]),
      ),
      syscallEnd: systemEnd,
      ...(this.#input.recordVisited === true && { visitedPcs: machine.visitedPcs() }),
    };
  }

  #returned(address: Relocatable): MemoryValue {
    const value = this.#machine.memory.get(address);
    if (value === undefined) throw invalid(`the return value at ${showValue(address)} is missing`);
    return value;
  }

  /** Checks the builtins: each stop pointer, below `returned`, is past all that the segment holds. */
  #checkBuiltins(returned: Relocatable): void {
    const { memory } = this.#machine;
    this.#builtins.forEach((builtin, i) => {
      const at = shift(returned, i - this.#builtins.length);
      const stop = this.#returned(at);
      if (!isRelocatable(stop) || stop.segment !== builtin.segment)
        throw invalid(`${builtin.name}: the pointer returned at ${showValue(at)} is not its own`);
      // Code may skip cells of range_check96, which any value satisfies.
      if (builtin.name === "range_check96") this.#fillHoles(stop);
      if (stop.offset < memory.segmentSize(builtin.segment))
        throw invalid(
          `${builtin.name}: cells past the returned pointer ${showValue(stop)} are in use`,
        );
      builtin.verify(memory);
    });
  }

  #fillHoles({ segment, offset: end }: Relocatable): void {
    const { memory } = this.#machine;
    if (end > memory.segmentSize(segment) + MAX_SKIPPED)
      throw invalid(`range_check96: the returned pointer skips to ${segment}:${end}`);
    for (let offset = 0; offset < end; offset++)
      if (memory.get({ segment, offset }) === undefined) memory.set({ segment, offset }, 0n);
  }

  #retdata(start: MemoryValue, end: MemoryValue): Felt[] {
    if (!isRelocatable(start) || !isRelocatable(end) || start.segment !== end.segment)
      throw invalid("the returned data does not lie between two pointers");
    const count = end.offset - start.offset;
    if (count < 0 || end.offset > this.#machine.memory.segmentSize(start.segment))
      throw invalid("the returned data is not all in memory");
    return this.#machine.memory.felts(start, count);
  }
}
