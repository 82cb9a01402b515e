/** Hints that the kernel runs by itself against their TypeScript twins. */
import { expect } from "chai";
import fc from "fast-check";
import { VmError } from "../../src/cairo/errors.ts";
import { createHintState } from "../../src/cairo/hints/state.ts";
import { Machine } from "../../src/cairo/machine/machine.ts";
import { loadCasm } from "../../src/cairo/program.ts";
import { isRelocatable, type MemoryValue, showValue } from "../../src/cairo/relocatable.ts";
import { P } from "../../src/field/felt.ts";

const RET = 0x208b7fff7fff7ffen;
const END = { segment: 2, offset: 0 };
const machine = new Machine();

const cell = (offset: number): unknown => ({ register: "FP", offset });
const deref = (offset: number): unknown => ({ Deref: cell(offset) });
const immediate = (value: bigint): unknown => ({ Immediate: `0x${value.toString(16)}` });

/** The frame's cells after `ret` with the hint before it, and how the run ended. */
function run(hint: unknown, frame: readonly MemoryValue[], nativeHints: boolean): unknown {
  machine.load(loadCasm([RET], [[0, [hint]]]), { nativeHints });
  const { memory } = machine;
  memory.addSegment();
  const start = memory.write({ segment: 1, offset: 0 }, [{ segment: 1, offset: 0 }, END]);
  memory.write(start, frame);
  machine.setRegisters({ segment: 0, offset: 0 }, start.offset + frame.length, start.offset);
  let code = "ended";
  try {
    machine.run({ end: END, maxSteps: 10, deduce: () => undefined, hintState: createHintState() });
  } catch (error) {
    if (!(error instanceof VmError)) throw error;
    ({ code } = error);
  }
  const cells = Array.from({ length: memory.segmentSize(1) }, (_, offset) => {
    const value = memory.get({ segment: 1, offset });
    return value === undefined ? "-" : showValue(value);
  });
  return { code, cells, segments: memory.segmentCount };
}

const number = fc.oneof(
  fc.bigInt(0n, P - 1n),
  fc.bigInt(0n, (1n << 128n) - 1n),
  fc.bigInt(0n, (1n << 64n) - 1n),
  fc.bigInt(0n, 9n),
  fc.constantFrom(0n, 1n, P - 1n, 1n << 128n, (1n << 128n) - 1n, 1n << 192n, (1n << 64n) - 1n),
);
const operandValue: fc.Arbitrary<MemoryValue> = fc.oneof(
  { weight: 20, arbitrary: number },
  { weight: 1, arbitrary: fc.constant({ segment: 1, offset: 1 }) },
);
/** Result cells: free, in use with some value, or far below the frame. */
const result = fc.constantFrom(3, 4, 5, 6, 2, -40);

const HINTS: Record<string, (a: unknown, b: unknown, x: unknown, y: unknown) => unknown> = {
  TestLessThan: (lhs, rhs, dst) => ({ lhs, rhs, dst }),
  TestLessThanOrEqual: (lhs, rhs, dst) => ({ lhs, rhs, dst }),
  AllocSegment: (_, __, dst) => ({ dst }),
  LinearSplit: (value, max_x, x, y) => ({
    value,
    scalar: immediate(1n << 128n),
    max_x,
    x,
    y,
  }),
  DivMod: (lhs, rhs, quotient, remainder) => ({ lhs, rhs, quotient, remainder }),
  WideMul128: (lhs, rhs, high, low) => ({ lhs, rhs, high, low }),
};

describe("hints in the kernel", () => {
  for (const [name, build] of Object.entries(HINTS))
    it(`${name} does what its twin does`, () => {
      fc.assert(
        fc.property(
          operandValue,
          operandValue,
          fc.boolean(),
          result,
          result,
          (a, b, asImmediate, x, y) => {
            const second = asImmediate && !isRelocatable(b) && b !== 0n ? immediate(b) : deref(1);
            const hint = { [name]: build(deref(0), second, cell(x), cell(y)) };
            expect(run(hint, [a, b, 1n], true)).to.deep.equal(run(hint, [a, b, 1n], false));
          },
        ),
        { numRuns: 400 },
      );
    });
});
