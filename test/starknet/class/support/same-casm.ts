import { deepStrictEqual } from "node:assert";
import {
  casmClassJson,
  type CasmClass,
  type CasmHintJson,
} from "../../../../src/starknet/class/casm.ts";

/**
 * Hints without what compilers 2.10 to 2.21 say differently about the same code: whether a downcast's
 * value is in range is "value < bound" for the older ones, "2^128 <= value - bound" for the newer.
 */
function comparableHint(hint: CasmHintJson): CasmHintJson {
  if (typeof hint === "string") return hint;
  const test = (hint["TestLessThan"] ?? hint["TestLessThanOrEqual"]) as
    { lhs: unknown; rhs: unknown; dst: unknown } | undefined;
  if (test === undefined) return hint;
  if ("TestLessThan" in hint) {
    const bound = (test.rhs as { Immediate?: string }).Immediate;
    const value = (test.lhs as { Deref?: unknown }).Deref;
    return bound && value ? { InRange: { value, bound, dst: test.dst } } : hint;
  }
  const bound = (test.lhs as { Immediate?: string }).Immediate;
  const shifted = (test.rhs as { BinOp?: { op: string; a: unknown; b: { Immediate?: string } } })
    .BinOp;
  if (bound !== `0x1${"0".repeat(32)}` || !shifted?.b.Immediate?.startsWith("-")) return hint;
  return { InRange: { value: shifted.a, bound: shifted.b.Immediate.slice(1), dst: test.dst } };
}

const comparable = (casm: CasmClass): Record<string, unknown> => ({
  ...casmClassJson({
    ...casm,
    hints: casm.hints.map(([pc, hints]) => [pc, hints.map(comparableHint)]),
  }),
  compiler_version: undefined,
});

/** Two compilations of one class by different compilers: all is the same but the compiler's version. */
export function expectSameCasm(compiled: CasmClass, expected: CasmClass): void {
  deepStrictEqual(comparable(compiled), comparable(expected));
}
