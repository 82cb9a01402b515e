/**
 * A Cairo machine: an instance of the kernel (src/cairo/wasm) with a program, its registers and its memory.
 * The kernel runs instructions; this loop serves what it stops for: hints, deductions of builtins, the end.
 */
import { VmError } from "../errors.ts";
import type { CompiledHint, HintContext, HintState } from "../hints/context.ts";
import type { CairoProgram } from "../program.ts";
import type { MemoryValue, Relocatable } from "../relocatable.ts";
import { encodeCell } from "./cells.ts";
import { instantiateKernel, type KernelInstance } from "./kernel.ts";
import {
  CELL_BYTES,
  DECODED_BYTES,
  EXIT,
  PROGRAM_BASE,
  STATE,
  TRACE_BYTES,
  TRAP,
} from "./layout.ts";
import { MachineMemory } from "./memory.ts";
import { countNativeHints, RECORD_BYTES, writeNativeHints } from "./native-hints.ts";

/** Registers before a step; ap and fp are offsets in segment 1. */
export interface TraceEntry {
  readonly pc: Relocatable;
  readonly ap: number;
  readonly fp: number;
}

export interface LoadOptions {
  /** Cells of the program segment beyond the bytecode, set with `memory.patchProgram`. */
  readonly extraCells?: number;
  readonly trace?: boolean;
  /** Whether the kernel runs frequent hints by itself; on by default, tests turn it off. */
  readonly nativeHints?: boolean;
  /** Limit of the machine's memory. */
  readonly maxMemoryBytes?: number;
}

export interface RunOptions {
  /** The run ends when pc gets here. */
  readonly end: Relocatable;
  readonly maxSteps: number;
  /** The value of an unknown cell in a builtin's segment, where the rest of its instance tells. */
  readonly deduce: (address: Relocatable) => MemoryValue | undefined;
  readonly hintState: HintState;
  readonly syscall?: HintContext["syscall"];
  readonly addSignature?: HintContext["addSignature"];
  /** Sees every step outside the program segment, and runs its hints: code that a program loads as data. */
  readonly outside?: (context: HintContext) => void;
}

/**
 * Steps of one call into the kernel. V8 replaces its baseline code by optimised code only between calls, and
 * the trace buffer holds this many entries.
 */
const SLICE = 1 << 15;
const PAGE = 1 << 16;
const DEFAULT_MEMORY_BYTES = 1 << 30;
/** The segment tables' first places, between the state and the program. */
const SEGMENT_TABLE = { address: 512, capacity: 128 };
const TEMPORARY_TABLE = { address: 2560, capacity: 96 };
/** How many calls a call stack names. */
const MAX_CALL_STACK = 20;
/** Resuming with these tells the kernel what became of its question (wasm/index.ts, run). */
const RESUME = { served: 1, nothingToDeduce: 3 } as const;

const align = (address: number): number => Math.ceil(address / 64) * 64;

/** Where the parts of a program's image are, by their byte addresses; the visited marks follow it. */
interface Places {
  readonly decoded: number;
  readonly native: number;
  readonly records: number;
  readonly visited: number;
}

function placesOf({ hints, encoded }: CairoProgram, length: number): Places {
  encoded.nativeHints ??= countNativeHints(hints);
  const decoded = PROGRAM_BASE + length * CELL_BYTES;
  const native = decoded + length * DECODED_BYTES;
  const records = align(native + length * 4);
  return { decoded, native, records, visited: records + encoded.nativeHints * RECORD_BYTES };
}

export class Machine implements HintContext {
  readonly memory: MachineMemory;
  readonly #kernel: KernelInstance;
  #program: CairoProgram | undefined;
  #heapStart = 0;
  #run: RunOptions | undefined;
  #trace: Uint32Array[] = [];
  #tracing = false;
  steps = 0;

  constructor() {
    this.#kernel = instantiateKernel();
    this.memory = new MachineMemory(this.#kernel);
  }

  get program(): CairoProgram | undefined {
    return this.#program;
  }

  get pc(): Relocatable {
    const { words } = this.memory;
    return { segment: words[STATE.pcSegment]! | 0, offset: words[STATE.pcOffset]! };
  }

  get ap(): Relocatable {
    return { segment: 1, offset: this.memory.words[STATE.ap]! };
  }

  get fp(): Relocatable {
    return { segment: 1, offset: this.memory.words[STATE.fp]! };
  }

  get state(): HintState {
    return this.#running.hintState;
  }

  get syscall(): HintContext["syscall"] {
    return this.#running.syscall;
  }

  get addSignature(): HintContext["addSignature"] {
    return this.#running.addSignature;
  }

  get tracing(): boolean {
    return this.#tracing;
  }

  get #running(): RunOptions {
    if (this.#run === undefined) throw new Error("the machine is not running");
    return this.#run;
  }

  /**
   * Loads a program into segment 0 and makes an empty execution segment 1. What an earlier run left is gone;
   * the same program again costs little.
   */
  load(
    program: CairoProgram,
    {
      extraCells = 0,
      trace = false,
      nativeHints = true,
      maxMemoryBytes = DEFAULT_MEMORY_BYTES,
    }: LoadOptions = {},
  ): void {
    this.steps = 0;
    this.#trace = [];
    this.#tracing = trace;
    this.memory.clearRules();
    const { exports } = this.#kernel;
    const length = program.bytecode.length + extraCells;
    const places = placesOf(program, length);
    const traceBuffer = align(places.visited + length);
    if (this.#heapStart > 0) exports.clear(this.#heapStart);
    const oldHeapStart = this.#heapStart;
    this.#heapStart = traceBuffer + (trace ? SLICE * TRACE_BYTES : 0);
    const sameImage = program === this.#program && oldHeapStart === this.#heapStart;
    this.#grow(this.#heapStart);

    const { words } = this.memory;
    const bytes = new Uint8Array(words.buffer);
    // A longer program before this one has left its image where this one's heap is.
    if (!sameImage && oldHeapStart > 0) bytes.fill(0, PROGRAM_BASE, oldHeapStart);
    words[STATE.programLength] = length;
    words[STATE.decoded] = places.decoded;
    words[STATE.native] = nativeHints ? places.native : 0;
    words[STATE.visited] = places.visited;
    words[STATE.trace] = trace ? traceBuffer : 0;
    words[STATE.heapTop] = this.#heapStart;
    words[STATE.maxPages] = Math.min(65535, Math.ceil(maxMemoryBytes / PAGE));
    words[STATE.segments] = SEGMENT_TABLE.address;
    words[STATE.segmentCapacity] = SEGMENT_TABLE.capacity;
    words[STATE.temporary] = TEMPORARY_TABLE.address;
    words[STATE.temporaryCapacity] = TEMPORARY_TABLE.capacity;
    if (sameImage) bytes.fill(0, places.visited, places.visited + length);
    else this.#loadImage(program, bytes, places);
    this.#program = program;

    exports.addSegment(0);
    const entry = this.memory.entryAt(0);
    words[entry] = PROGRAM_BASE;
    words[entry + 1] = words[entry + 2] = length;
    exports.addSegment(0);
    if (exports.createExecutionSegment() === 0)
      throw new VmError("OUT_OF_MEMORY", "no memory for the execution segment");
  }

  #grow(bytes: number): void {
    const { memory } = this.#kernel;
    const missing = Math.ceil((bytes - memory.buffer.byteLength) / PAGE);
    if (missing > 0) memory.grow(missing);
  }

  /** Fills memory from the program's cells up to the visited marks. */
  #loadImage(program: CairoProgram, bytes: Uint8Array, places: Places): void {
    const { image } = program.encoded;
    if (image?.length === places.visited - PROGRAM_BASE) {
      bytes.set(image, PROGRAM_BASE);
      return;
    }
    const { words } = this.memory;
    program.bytecode.forEach((value, pc) => {
      encodeCell(words, (PROGRAM_BASE + pc * CELL_BYTES) / 4, value);
    });
    for (const [pc, hints] of program.hints)
      if (hints.length > 0) words[(places.decoded + pc * DECODED_BYTES) / 4 + 3] = TRAP;
    this.#kernel.exports.decodeProgram();
    writeNativeHints(words, program.hints, places.native, places.records);
    program.encoded.image = bytes.slice(PROGRAM_BASE, places.visited);
  }

  setRegisters(pc: Relocatable, ap: number, fp: number): void {
    const { words } = this.memory;
    words[STATE.pcSegment] = pc.segment;
    words[STATE.pcOffset] = pc.offset;
    words[STATE.ap] = ap;
    words[STATE.fp] = fp;
  }

  /** Runs until pc is at `end`. Throws VmError; the machine then is of no use until it is loaded again. */
  run(options: RunOptions): void {
    this.#run = options;
    const restoreTrap = this.#trapAt(options.end);
    // The operand of instructions that have none. Calls mark their frame's own; nobody marks the first.
    if (this.fp.offset > 0) this.markAccessed({ segment: 1, offset: this.fp.offset - 1 }, 1);
    try {
      this.#loop(options);
    } finally {
      restoreTrap();
      this.#run = undefined;
    }
  }

  /** Runs `count` more steps, wherever they lead, except to `end`'s neighbour: for padding a proof's trace. */
  runSteps(count: number, options: Omit<RunOptions, "end" | "maxSteps">): void {
    const nowhere = { segment: Number.MIN_SAFE_INTEGER, offset: 0 };
    this.#run = { ...options, end: nowhere, maxSteps: this.steps + count };
    try {
      this.#loop(this.#run, true);
    } finally {
      this.#run = undefined;
    }
  }

  /** An end inside the program needs a trap of its own; answers how to take it away again. */
  #trapAt({ segment, offset }: Relocatable): () => void {
    const { words } = this.memory;
    if (segment !== 0 || offset >= words[STATE.programLength]!) return () => undefined;
    const at = (words[STATE.decoded]! + offset * DECODED_BYTES) / 4 + 3;
    const flags = words[at]!;
    words[at] = flags | TRAP;
    return () => {
      this.memory.words[at] = flags;
    };
  }

  #loop({ end, maxSteps, deduce }: RunOptions, stopAtSteps = false): void {
    const { exports } = this.#kernel;
    let resume = 0;
    for (;;) {
      if (this.#isAt(end)) return;
      const left = maxSteps - this.steps;
      if (left <= 0) {
        if (stopAtSteps) return;
        throw this.#located(
          new VmError("OUT_OF_STEPS", `the run takes more than ${maxSteps} steps`),
        );
      }
      const code = exports.run(Math.min(left, SLICE), resume);
      const made = this.memory.words[STATE.steps]!;
      this.steps += made;
      if (this.#tracing && made > 0) this.#collectTrace(made);
      resume = 0;
      if (code === EXIT.steps) continue;
      if (code === EXIT.trap) {
        if (this.#isAt(end)) return;
        this.#runHints();
        resume = RESUME.served;
      } else if (code === EXIT.outside) {
        if (this.#isAt(end)) return;
        this.#runOutside();
        resume = RESUME.served;
      } else if (code === EXIT.deduce) {
        resume = this.#deduce(deduce) ? RESUME.served : RESUME.nothingToDeduce;
      } else {
        throw this.#located(this.memory.fault(code));
      }
    }
  }

  #isAt({ segment, offset }: Relocatable): boolean {
    const { words } = this.memory;
    return words[STATE.pcOffset] === offset && (words[STATE.pcSegment]! | 0) === segment;
  }

  #runHints(): void {
    const hints: readonly CompiledHint[] =
      this.#program?.hints.get(this.memory.words[STATE.pcOffset]!) ?? [];
    try {
      for (const hint of hints) hint.execute(this);
    } catch (error) {
      throw this.#located(error);
    }
  }

  #runOutside(): void {
    try {
      this.#running.outside?.(this);
    } catch (error) {
      throw this.#located(error);
    }
  }

  #deduce(deduce: RunOptions["deduce"]): boolean {
    const address = this.memory.faultAddress();
    try {
      const value = deduce(address);
      if (value === undefined) return false;
      this.memory.set(address, value);
      return true;
    } catch (error) {
      throw this.#located(error);
    }
  }

  /** What was thrown, as a VmError that knows where the run was. */
  #located(error: unknown): VmError {
    const { segment, offset } = this.pc;
    const where = { pc: segment === 0 ? offset : undefined, callStack: this.#callStack() };
    if (error instanceof VmError)
      return new VmError(error.code, error.message, { ...where, cause: error.cause });
    const message = error instanceof Error ? error.message : String(error);
    return new VmError("HINT", message, { ...where, cause: error });
  }

  /** Offsets of the calls that are open, outermost first. */
  #callStack(): number[] {
    const stack: number[] = [];
    let { fp } = this;
    while (stack.length < MAX_CALL_STACK) {
      const back = this.memory.get({ segment: 1, offset: fp.offset - 1 });
      const frame = this.memory.get({ segment: 1, offset: fp.offset - 2 });
      if (typeof back !== "object" || typeof frame !== "object") break;
      if (frame.segment !== 1 || frame.offset === fp.offset || back.segment !== 0) break;
      fp = frame;
      const call = [1, 2].map((size) => back.offset - size).find((offset) => this.#isCall(offset));
      if (call === undefined) break;
      stack.push(call);
    }
    return stack.reverse();
  }

  /** Whether the program has a call at an offset: bit 12 of its flags. */
  #isCall(offset: number): boolean {
    const value = this.memory.get({ segment: 0, offset });
    return typeof value === "bigint" && value < 1n << 63n && ((value >> 60n) & 7n) === 1n;
  }

  #collectTrace(steps: number): void {
    const { words } = this.memory;
    const start = words[STATE.trace]! / 4;
    this.#trace.push(words.slice(start, start + (steps * TRACE_BYTES) / 4));
  }

  /** The registers before every step, of a run loaded with `trace`. */
  *trace(): Generator<TraceEntry> {
    for (const part of this.#trace) for (let i = 0; i < part.length; i += 4) yield entryAt(part, i);
  }

  /** The registers before one step. */
  traceEntry(step: number): TraceEntry | undefined {
    let before = step * 4;
    for (const part of this.#trace) {
      if (before < part.length) return entryAt(part, before);
      before -= part.length;
    }
    return undefined;
  }

  /** Counts cells as used by instructions, which the caller knows the proven program to touch. */
  markAccessed({ segment, offset }: Relocatable, count: number): void {
    this.#kernel.exports.markRange(segment, offset, count);
  }

  /** Cells below their segment's size that no instruction used, in segments that some instruction used. */
  memoryHoles(skipped: ReadonlySet<number>): number {
    let holes = 0;
    // All of the program segment counts as used.
    for (let segment = 1; segment < this.memory.segmentCount; segment++) {
      if (skipped.has(segment)) continue;
      const accessed = this.#kernel.exports.countAccessed(segment);
      if (accessed > 0) holes += this.memory.segmentSize(segment) - accessed;
    }
    return holes;
  }

  /** Where pc has been, in the program and, in runs with a trace, outside of it. */
  visitedInstructions(): Relocatable[] {
    const outside = new Map<number, Set<number>>();
    for (const { pc } of this.trace()) {
      if (pc.segment === 0) continue;
      const offsets = outside.get(pc.segment);
      if (offsets === undefined) outside.set(pc.segment, new Set([pc.offset]));
      else offsets.add(pc.offset);
    }
    return [
      ...this.visitedPcs().map((offset) => ({ segment: 0, offset })),
      ...[...outside].flatMap(([segment, offsets]) =>
        [...offsets].map((offset) => ({ segment, offset })),
      ),
    ];
  }

  /** Offsets of the program that pc has been at. */
  visitedPcs(): number[] {
    const { words } = this.memory;
    const start = words[STATE.visited]!;
    const visited = new Uint8Array(words.buffer, start, words[STATE.programLength]!);
    return Array.from(visited.keys()).filter((pc) => visited[pc] === 1);
  }
}

const entryAt = (part: Uint32Array, i: number): TraceEntry => ({
  pc: { segment: part[i]! | 0, offset: part[i + 1]! },
  ap: part[i + 2]!,
  fp: part[i + 3]!,
});
