/** The kernel against its reference twin, on random programs, and its limits. */
import { expect } from "chai";
import fc from "fast-check";
import { VmError } from "../../src/cairo/errors.ts";
import { createHintState } from "../../src/cairo/hints/state.ts";
import { Machine } from "../../src/cairo/machine/machine.ts";
import { makeProgram } from "../../src/cairo/program.ts";
import { ReferenceMachine } from "../../src/cairo/reference/interpreter.ts";
import type { MemoryValue } from "../../src/cairo/relocatable.ts";
import { add, div, mul, P, sub } from "../../src/field/felt.ts";

/** Encodes an instruction from its three offsets and its flags (bits 0 to 14). */
const encode = (dst: number, op0: number, op1: number, flags: number): bigint =>
  BigInt(dst + 0x8000) |
  (BigInt(op0 + 0x8000) << 16n) |
  (BigInt(op1 + 0x8000) << 32n) |
  (BigInt(flags) << 48n);

/** A stack with felts of all sizes and pointers into it and into other segments. */
const STACK: readonly MemoryValue[] = [
  { segment: 1, offset: 0 },
  { segment: 2, offset: 3 },
  { segment: 2, offset: 4 },
  { segment: 1, offset: 6 },
  0n,
  P - 3n,
  1n << 200n,
  5n,
  P - 1n,
  12n,
];
/** Where the pointers are, from fp. */
const POINTERS = [0, 1, 2, 3].map((i) => i - STACK.length);
/** Nothing leads here. */
const END = { segment: 3, offset: 0 };
const MAX_STEPS = 60;

interface Outcome {
  readonly failed: boolean;
  readonly steps: number;
  readonly registers: readonly [string, number, number];
  readonly memory: readonly string[];
  readonly outOfMemory?: boolean;
}

const show = (value: MemoryValue | undefined): string =>
  value === undefined
    ? "-"
    : typeof value === "object"
      ? `${value.segment}:${value.offset}`
      : value.toString();

const machine = new Machine();

function runKernel(program: readonly bigint[]): Outcome {
  machine.load(makeProgram(program, new Map()), { maxMemoryBytes: 1 << 28 });
  const { memory } = machine;
  memory.addSegment();
  memory.addSegment();
  memory.write({ segment: 1, offset: 0 }, STACK);
  machine.setRegisters({ segment: 0, offset: 0 }, STACK.length, STACK.length);
  let failed = false;
  let outOfMemory = false;
  try {
    machine.run({
      end: END,
      maxSteps: MAX_STEPS,
      deduce: () => undefined,
      hintState: createHintState(),
    });
  } catch (error) {
    if (!(error instanceof VmError)) throw error;
    failed = error.code !== "OUT_OF_STEPS";
    outOfMemory = error.code === "OUT_OF_MEMORY";
  }
  return {
    failed,
    ...(outOfMemory && { outOfMemory }),
    steps: machine.steps,
    registers: [show(machine.pc), machine.ap.offset, machine.fp.offset],
    memory: [1, 2, 3].flatMap((segment) =>
      Array.from({ length: memory.segmentSize(segment) }, (_, offset) => {
        const value = memory.get({ segment, offset });
        return value === undefined ? [] : [`${segment}:${offset}=${show(value)}`];
      }).flat(),
    ),
  };
}

function runReference(program: readonly bigint[]): Outcome {
  const reference = new ReferenceMachine(program, STACK);
  reference.segments.push(new Map(), new Map());
  let failed = false;
  let steps = 0;
  // What a failing step has written before it failed is nobody's business.
  let before = reference.segments.map((segment) => new Map(segment));
  try {
    for (; steps < MAX_STEPS && show(reference.pc) !== show(END); steps++) {
      before = reference.segments.map((segment) => new Map(segment));
      reference.step();
    }
    before = reference.segments;
  } catch (error) {
    if (!(error instanceof VmError)) throw error;
    failed = true;
  }
  return {
    failed,
    steps,
    registers: [show(reference.pc), reference.ap, reference.fp],
    memory: [1, 2, 3].flatMap((segment) =>
      [...before[segment]!]
        .sort(([a], [b]) => a - b)
        .map(([offset, value]) => `${segment}:${offset}=${show(value)}`),
    ),
  };
}

const near = fc.oneof(
  { weight: 12, arbitrary: fc.integer({ min: -6, max: 3 }) },
  { weight: 1, arbitrary: fc.constantFrom(-0x8000, 0x7fff, 200, -200) },
);
const imm = (min: number, max: number): fc.Arbitrary<bigint> =>
  fc.integer({ min, max }).map((x) => (BigInt(x) + P) % P);
/** [ap - 3 … ap - 1] or a cell of the stack: flag of the register (for op1: 8 or 16) and offset. */
const recent = fc.integer({ min: -3, max: -1 }).map((offset) => ({ fp: false, offset }));
const ofStack = fc.integer({ min: -STACK.length, max: -1 }).map((offset) => ({ fp: true, offset }));
const operand = fc.oneof({ weight: 3, arbitrary: recent }, { weight: 2, arbitrary: ofStack });
const operator = fc.constantFrom(32, 32, 64);
const AP_1 = 1 << 11;
const ASSERT = 1 << 14;

/** [ap] = op0 + imm and the like. */
const compute = fc
  .tuple(operand, operator, imm(-5, 9))
  .map(([op0, op, x]) => [encode(0, op0.offset, 1, (op0.fp ? 2 : 0) | 4 | op | AP_1 | ASSERT), x]);
/** [dst] = [op0] + [op1] with [ap] in one of the three places: computed, or deduced. */
const combine = fc
  .tuple(operand, operand, operator, fc.constantFrom(0, 1, 2))
  .map(([x, y, op, place]) => {
    const free = { fp: false, offset: 0 };
    const [dst, op0, op1] = [
      place === 0 ? free : x,
      place === 1 ? free : y,
      place === 2 ? free : place === 0 ? x : y,
    ] as const;
    const first = place === 2 ? y : op0;
    const second = place === 1 ? y : op1;
    const registers = (dst.fp ? 1 : 0) | (first.fp ? 2 : 0) | (second.fp ? 8 : 16);
    return [encode(dst.offset, first.offset, second.offset, registers | op | AP_1 | ASSERT)];
  });
const copy = fc
  .tuple(operand, fc.boolean())
  .map(([x, swap]) => [
    swap
      ? encode(x.offset, -1, 0, (x.fp ? 1 : 0) | 2 | 16 | AP_1 | ASSERT)
      : encode(0, -1, x.offset, 2 | (x.fp ? 8 : 16) | AP_1 | ASSERT),
  ]);
/** [x] = [[pointer] + offset], a load into [ap] or a store. */
const dereference = fc
  .tuple(fc.constantFrom(...POINTERS), fc.integer({ min: -3, max: 4 }), operand, fc.boolean())
  .map(([pointer, offset, x, load]) => [
    load
      ? encode(0, pointer, offset, 2 | AP_1 | ASSERT)
      : encode(x.offset, pointer, offset, (x.fp ? 1 : 0) | 2 | ASSERT),
  ]);
const jnz = fc
  .tuple(operand, imm(-2, 6))
  .map(([x, by]) => [encode(x.offset, -1, 1, (x.fp ? 1 : 0) | 2 | 4 | (1 << 9)), by]);
const jumpTo = fc.tuple(fc.constantFrom(0x10780017fff7fffn, 0x1104800180018000n), imm(-3, 6));
const advance = imm(-1, 3).map((by) => [encode(-1, -1, 1, 1 | 2 | 4 | (1 << 10)), by]);
const fixed = fc.constantFrom([0x208b7fff7fff7ffen], [0x1084800180018000n, 5n]);
const anything = fc
  .tuple(near, near, near, fc.integer({ min: 0, max: 0x7fff }))
  .map(([dst, op0, op1, flags]) => encode(dst, op0, op1, flags));
const value = fc.oneof(
  fc.bigInt(0n, P - 1n),
  fc.constantFrom(1n << 60n, 1n << 40n, P - (1n << 60n), 1n, 0n),
);
const instruction: fc.Arbitrary<readonly bigint[]> = fc.oneof(
  { weight: 6, arbitrary: compute },
  { weight: 6, arbitrary: combine },
  { weight: 5, arbitrary: copy },
  { weight: 5, arbitrary: dereference },
  { weight: 3, arbitrary: jnz },
  { weight: 2, arbitrary: jumpTo },
  { weight: 1, arbitrary: advance },
  { weight: 1, arbitrary: fixed },
  { weight: 1, arbitrary: anything.map((word) => [word]) },
  { weight: 1, arbitrary: value.map((word) => [word]) },
);
const program = fc
  .array(instruction, { minLength: 1, maxLength: 30 })
  .map((instructions) => instructions.flat());

describe("the kernel and its reference twin", () => {
  it("agree on random programs", () => {
    fc.assert(
      fc.property(program, (bytecode) => {
        const kernel = runKernel(bytecode);
        const reference = runReference(bytecode);
        // A Map has room for a far cell, the kernel refuses it.
        if (kernel.outOfMemory === true) return;
        if (kernel.failed) {
          expect(reference.failed).to.equal(true);
          expect(kernel.steps).to.equal(reference.steps);
          expect(kernel.registers).to.deep.equal(reference.registers);
        } else expect(kernel).to.deep.equal(reference);
      }),
      { numRuns: 3000 },
    );
  });
});

describe("the kernel's arithmetic", () => {
  const edge = fc.oneof(
    fc.bigInt(0n, P - 1n),
    fc.constantFrom(0n, 1n, 2n, P - 1n, P - 2n, (P - 1n) / 2n, 1n << 251n, (1n << 251n) - 1n),
    fc.constantFrom(1n << 192n, (1n << 192n) - 1n, 1n << 64n, (1n << 64n) - 1n, (1n << 32n) - 1n),
    fc.bigInt(0n, (1n << 64n) - 1n),
    fc.bigInt(0n, 1n << 200n).map((x) => P - 1n - x),
  );
  const immediate = encode(0, -1, 1, 2 | 4 | (1 << 11) | (1 << 14));
  const sum = encode(0, -2, -1, 16 | 32 | (1 << 11) | (1 << 14));
  const product = encode(0, -3, -2, 16 | 64 | (1 << 11) | (1 << 14));
  const difference = encode(-4, 0, -3, 16 | 32 | (1 << 11) | (1 << 14));
  const quotient = encode(-5, 0, -4, 16 | 64 | (1 << 11) | (1 << 14));

  it("adds, multiplies, subtracts and divides as the field does", () => {
    fc.assert(
      fc.property(edge, edge, (a, b) => {
        const ops = [immediate, a, immediate, b, sum, product, difference];
        const { memory, failed } = runKernel(b === 0n ? ops : [...ops, quotient]);
        // The program runs into its end, which is no instruction.
        expect(failed).to.equal(true);
        const results = [a, b, add(a, b), mul(a, b), sub(a, b)];
        if (b !== 0n) results.push(div(a, b));
        expect(memory.slice(STACK.length, STACK.length + results.length)).to.deep.equal(
          results.map((result, i) => `1:${STACK.length + i}=${result}`),
        );
      }),
      { numRuns: 3000 },
    );
  });
});

describe("a run's limits", () => {
  const start = (bytecode: readonly bigint[], maxSteps = 1 << 24, bytes = 1 << 26): VmError => {
    const own = new Machine();
    own.load(makeProgram(bytecode, new Map()), { maxMemoryBytes: bytes });
    own.memory.write({ segment: 1, offset: 0 }, [0n, 0n]);
    own.setRegisters({ segment: 0, offset: 0 }, 2, 2);
    try {
      own.run({ end: END, maxSteps, deduce: () => undefined, hintState: createHintState() });
    } catch (error) {
      if (error instanceof VmError) return error;
      throw error;
    }
    throw new Error("the run ended");
  };
  const jmp = 0x10780017fff7fffn;

  it("stop an endless loop", () => {
    expect(start([jmp, 0n], 100_000)).to.include({ code: "OUT_OF_STEPS", pc: 0 });
  });

  it("stop a stack that grows for ever", () => {
    expect(start([0x1104800180018000n, 0n])).to.include({ code: "OUT_OF_MEMORY" });
  });

  it("refuse far addresses without allocating them", () => {
    const advance = encode(-1, -1, 1, 1 | 2 | 4 | (1 << 10));
    for (const far of [1n << 30n, 1n << 40n, 1n << 60n, 1n << 200n])
      expect(start([advance, far]).code).to.be.oneOf(["OUT_OF_MEMORY", "EXPECTED_FELT"]);
  });
});
