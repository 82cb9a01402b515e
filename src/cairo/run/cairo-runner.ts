/**
 * Runs Cairo 0 programs from main, or in proof mode from __start__, and gives the run in the formats of
 * cairo-run: trace, relocated memory, public input.
 * Semantics: cairo-lang, starkware/cairo/lang/vm/cairo_runner.py; checked against the cairo-vm crate.
 */
import type { Felt } from "../../field/felt.ts";
import { BUILTIN_ORDER, type BuiltinSegment, openBuiltin } from "../builtins/index.ts";
import { VmError } from "../errors.ts";
import type { HintState } from "../hints/context.ts";
import { createHintState } from "../hints/state.ts";
import { Machine, type RunOptions } from "../machine/machine.ts";
import {
  encodeMemory,
  encodeTrace,
  relocateTemporarySegments,
  segmentAddresses,
} from "../machine/relocation.ts";
import type { BuiltinName } from "../program.ts";
import {
  isRelocatable,
  type MemoryValue,
  type Relocatable,
  shift,
  showValue,
} from "../relocatable.ts";
import type { Cairo0Program } from "./cairo0-program.ts";
import { type Layout, type LayoutName, LAYOUTS } from "./layouts.ts";
import { buildPublicInput, type PublicInput } from "./public-input.ts";
import { allocatedCells, rangeCheckLimits, traceSuffices } from "./trace-limits.ts";

export interface CairoRunOptions {
  readonly layout: LayoutName;
  /** Prepares the run for a proof: starts at __start__, fills builtins, pads the trace. */
  readonly proofMode?: boolean;
  /**
   * Pads the trace of a proof for a prover that puts diluted words into idle instances of bitwise, as ours does. cairo-run
   * leaves them out of account, and pads to twice the steps where that decides: "starknet" to 2^17 instead of 2^16.
   */
  readonly fillsBitwise?: boolean;
  /** The function to run, `main` by default; not in proof mode. */
  readonly entryPoint?: string;
  /** Records the trace; always on in proof mode. */
  readonly trace?: boolean;
  readonly maxSteps?: number;
  readonly maxMemoryBytes?: number;
  /** For hints that carry something in or out (`createHintState`). */
  readonly hintState?: HintState;
  /** Runs the hints of code outside the program (`RunOptions.outside`). */
  readonly outside?: RunOptions["outside"];
  /** Values of cells of segments that hints made to be deduced (`SEGMENT_KIND.deduced`). */
  readonly deduce?: RunOptions["deduce"];
}

export interface CairoRun {
  /** With the padding of a proof. */
  readonly steps: number;
  readonly memoryHoles: number;
  readonly builtins: Partial<Record<BuiltinName, number>>;
  /** Cells of the output segment; undefined for holes. */
  readonly output: (MemoryValue | undefined)[];
  /** cairo-run's --trace_file; empty without a trace. */
  readonly trace: Uint8Array;
  /** cairo-run's --memory_file. */
  readonly memory: Uint8Array;
  /** Of the ecdsa builtin, by instance: what a proof needs and memory does not have. */
  readonly signatures: ReadonlyMap<number, readonly [r: Felt, s: Felt]>;
  /** cairo-run's --air_public_input; of proof mode only. */
  readonly publicInput?: PublicInput;
}

const DEFAULT_MAX_STEPS = 1 << 27;
/** Cells that the zero segment of add_mod and mul_mod holds. */
const ZERO_SEGMENT_CELLS = 4;

const invalid = (message: string): VmError => new VmError("INVALID_RUN", message);

/** Runs a program to its end. Throws VmError when the run fails. */
export const runCairo0 = (program: Cairo0Program, options: CairoRunOptions): CairoRun =>
  new Runner(program, options).run();

class Runner {
  readonly #program: Cairo0Program;
  readonly #layout: Layout;
  readonly #options: CairoRunOptions;
  readonly #proof: boolean;
  readonly #machine = new Machine();
  /** In proof mode all of the layout, else those of the program. */
  readonly #builtins: readonly BuiltinSegment[];
  readonly #stops = new Map<BuiltinName, number>();
  /** Offsets of the execution segment that the proof makes public. */
  readonly #publicCells: number[] = [];
  #zeroSegment: number | undefined;

  constructor(program: Cairo0Program, options: CairoRunOptions) {
    this.#program = program;
    this.#options = options;
    this.#layout = LAYOUTS[options.layout];
    this.#proof = options.proofMode === true;
    this.#machine.load(program.program, {
      trace: this.#proof || options.trace === true,
      maxMemoryBytes: options.maxMemoryBytes,
    });
    this.#builtins = this.#openBuiltins();
  }

  #openBuiltins(): BuiltinSegment[] {
    const { hasOutput, ratios } = this.#layout;
    const available = BUILTIN_ORDER.filter((name) =>
      name === "output" ? hasOutput : name in ratios,
    );
    const missing = this.#program.builtins.filter((name) => !available.includes(name));
    if (missing.length > 0 && !this.#proof)
      throw invalid(`the layout ${this.#options.layout} has no builtin ${missing.join()}`);
    return available
      .filter((name) => this.#proof || this.#program.builtins.includes(name))
      .map((name) => openBuiltin(name, this.#machine.memory));
  }

  run(): CairoRun {
    const end = this.#proof ? this.#prepareProof() : this.#prepareMain();
    if (this.#builtins.some(({ name }) => name === "add_mod" || name === "mul_mod"))
      this.#openZeroSegment();
    const machine = this.#machine;
    const options: RunOptions = {
      end,
      maxSteps: this.#options.maxSteps ?? DEFAULT_MAX_STEPS,
      deduce: (address) => this.#deduce(address),
      hintState: this.#options.hintState ?? createHintState({ temporaryDictSegments: true }),
      addSignature: (at, signature) => {
        this.#addSignature(at, signature);
      },
      ...(this.#options.outside && { outside: this.#options.outside }),
    };
    machine.run(options);
    // The last step of a proof is at the end label, not before it.
    if (this.#proof) machine.runSteps(1, options);
    relocateTemporarySegments(machine);
    for (const builtin of this.#builtins) this.#finishBuiltin(builtin);
    if (this.#proof) this.#pad(options);
    this.#readReturnValues();
    if (!this.#proof) this.#checkSecure();
    return this.#result();
  }

  #label(name: string): number {
    const offset = this.#program.labels.get(name);
    if (offset === undefined) throw invalid(`the program has no ${name}`);
    return offset;
  }

  #stack(): MemoryValue[] {
    return this.#program.builtins.map(
      (name) => this.#builtins.find((builtin) => builtin.name === name)?.base ?? 0n,
    );
  }

  #prepareMain(): Relocatable {
    const { memory } = this.#machine;
    const frame = memory.addSegment();
    const end = memory.addSegment();
    const top = memory.write({ segment: 1, offset: 0 }, [...this.#stack(), frame, end]);
    const offset = this.#label(this.#options.entryPoint ?? "main");
    this.#machine.setRegisters({ segment: 0, offset }, top.offset, top.offset);
    return end;
  }

  #prepareProof(): Relocatable {
    // A first frame of its own, [fp - 2] = fp and [fp - 1] = 0, which the verifier knows.
    const top = 2;
    const stack: MemoryValue[] = [{ segment: 1, offset: top }, 0n, ...this.#stack()];
    this.#machine.memory.write({ segment: 1, offset: 0 }, stack);
    this.#publicCells.push(...stack.keys());
    this.#machine.setRegisters({ segment: 0, offset: this.#label("__start__") }, top, top);
    return { segment: 0, offset: this.#label("__end__") };
  }

  #openZeroSegment(): void {
    const { memory } = this.#machine;
    const zeros = memory.addSegment();
    memory.write(zeros, Array<Felt>(ZERO_SEGMENT_CELLS).fill(0n));
    this.#zeroSegment = zeros.segment;
  }

  #at(segment: number): BuiltinSegment | undefined {
    return this.#builtins.find((builtin) => builtin.segment === segment);
  }

  #deduce(address: Relocatable): MemoryValue | undefined {
    const builtin = this.#at(address.segment);
    if (builtin === undefined) return this.#options.deduce?.(address);
    return builtin.deduce(this.#machine.memory, address.offset);
  }

  #addSignature({ segment, offset }: Relocatable, signature: readonly [Felt, Felt]): void {
    const builtin = this.#at(segment);
    if (builtin?.name !== "ecdsa")
      throw invalid(`${segment}:${offset} is not of the ecdsa builtin`);
    builtin.signatures.set(offset, signature);
  }

  /** A proof has all outputs of its instances; otherwise they are only checked. */
  #finishBuiltin(builtin: BuiltinSegment): void {
    if (this.#proof) builtin.complete(this.#machine.memory);
    builtin.verify(this.#machine.memory);
  }

  #pad(options: RunOptions): void {
    const machine = this.#machine;
    const cells = { holes: this.#memoryHoles(), public: this.#countPublicCells() };
    const toPowerOf2 = (): void => {
      const target = 2 ** Math.ceil(Math.log2(machine.steps));
      if (target > machine.steps) machine.runSteps(target - machine.steps, options);
    };
    toPowerOf2();
    const fillsBitwise = this.#options.fillsBitwise === true;
    while (!traceSuffices(machine, this.#builtins, this.#layout, cells, fillsBitwise)) {
      if (machine.steps * 2 > options.maxSteps)
        throw new VmError("OUT_OF_STEPS", `the proof takes more than ${options.maxSteps} steps`);
      machine.runSteps(1, options);
      toPowerOf2();
    }
  }

  /** Of the program, the output, and the first and last cells of the stack. */
  #countPublicCells(): number {
    const { memory } = this.#machine;
    const output = this.#builtins.find(({ name }) => name === "output");
    const outputCells = output === undefined ? 0 : memory.segmentSize(output.segment);
    const returned = this.#program.builtins.length;
    return memory.segmentSize(0) + outputCells + this.#publicCells.length + returned;
  }

  /** The stop pointers that main returned, the last builtin's on top. */
  #readReturnValues(): void {
    const { memory } = this.#machine;
    const { offset: top } = this.#machine.ap;
    let offset = top;
    for (const name of this.#program.builtins.toReversed()) {
      offset--;
      const stop = memory.get({ segment: 1, offset });
      const builtin = this.#builtins.find((candidate) => candidate.name === name);
      if (builtin === undefined) {
        if (stop !== 0n) throw invalid(`${name}: not in the layout, but its pointer was used`);
        continue;
      }
      const { prefix = 0, cells } = builtin.definition;
      const end = builtin.instances(memory) * cells + prefix;
      if (stop === undefined || !isRelocatable(stop) || stop.segment !== builtin.segment)
        throw invalid(`${name}: main did not return its pointer`);
      if (stop.offset !== end)
        throw invalid(`${name}: main returned ${showValue(stop)}, the builtin ends at ${end}`);
      this.#stops.set(name, stop.offset);
    }
    if (this.#proof) for (; offset < top; offset++) this.#publicCells.push(offset);
  }

  /** What makes a run safe to be proven: nothing past the builtins' ends, no temporary addresses. */
  #checkSecure(): void {
    const { memory } = this.#machine;
    for (const { name, segment } of this.#builtins)
      if (memory.segmentSize(segment) > this.#stops.get(name)!)
        throw invalid(`${name}: cells past its end are in use`);
    const frame = memory.pointer(shift({ segment: 1, offset: this.#program.builtins.length }, 0));
    if (frame.offset !== this.#machine.fp.offset)
      throw invalid("the run ended in a frame that is not the first");
  }

  #memoryHoles(): number {
    const skipped = this.#builtins.filter(({ name }) => name !== "output");
    const segments = skipped.map(({ segment }) => segment);
    if (this.#zeroSegment !== undefined) segments.push(this.#zeroSegment);
    return this.#machine.memoryHoles(new Set(segments));
  }

  #signatures(): CairoRun["signatures"] {
    const ecdsa = this.#builtins.find(({ name }) => name === "ecdsa");
    if (ecdsa === undefined) return new Map();
    const { cells } = ecdsa.definition;
    return new Map([...ecdsa.signatures].map(([offset, pair]) => [offset / cells, pair]));
  }

  #result(): CairoRun {
    const machine = this.#machine;
    const { memory } = machine;
    const sizes = Array.from({ length: memory.segmentCount }, (_, i) => memory.segmentSize(i));
    if (this.#proof)
      for (const builtin of this.#builtins)
        sizes[builtin.segment] = allocatedCells(builtin, this.#layout, machine);
    const addresses = segmentAddresses(sizes);
    const output = this.#builtins.find(({ name }) => name === "output");
    const outputCells = Array.from(
      { length: output === undefined ? 0 : memory.segmentSize(output.segment) },
      (_, offset) => memory.get({ segment: output!.segment, offset }),
    );
    const trace = encodeTrace(machine, addresses);
    return {
      steps: machine.steps,
      memoryHoles: this.#memoryHoles(),
      builtins: Object.fromEntries(
        this.#builtins.map((builtin) => [builtin.name, builtin.instances(memory)]),
      ),
      output: outputCells,
      trace: machine.tracing ? trace : new Uint8Array(0),
      memory: encodeMemory(memory, addresses),
      signatures: this.#signatures(),
      ...(this.#proof && {
        publicInput: buildPublicInput({
          layout: this.#options.layout,
          machine,
          addresses,
          builtins: this.#builtins,
          stops: this.#stops,
          publicCells: this.#publicCells,
          limits: rangeCheckLimits(machine, this.#builtins, this.#layout),
        }),
      }),
    };
  }
}
