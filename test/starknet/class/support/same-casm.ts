import { deepStrictEqual } from "node:assert";
import {
  casmClassJson,
  type CasmClass,
  type CasmHintJson,
} from "../../../../src/starknet/class/casm.ts";

interface Operand {
  readonly Immediate?: string;
  readonly Deref?: unknown;
  readonly BinOp?: { readonly op: string; readonly a: unknown; readonly b: Operand };
}
interface Comparison {
  readonly lhs: Operand;
  readonly rhs: Operand;
  readonly dst: unknown;
}

const TWO_TO_128 = `0x1${"0".repeat(32)}`;

/**
 * Hints without what compilers 2.3 to 2.21 say differently about the same code: whether a downcast's value
 * is below a bound is "value < bound", "value + 0 < bound" or "2^128 <= value - bound".
 */
function comparableHint(hint: CasmHintJson): CasmHintJson {
  if (typeof hint === "string") return hint;
  const less = hint["TestLessThan"] as Comparison | undefined;
  if (less !== undefined) {
    const { Deref, BinOp } = less.lhs;
    const value = Deref ?? (BinOp?.b.Immediate === "0x0" ? BinOp.a : undefined);
    const bound = less.rhs.Immediate;
    return value && bound ? { InRange: { value, bound, dst: less.dst } } : hint;
  }
  const lessOrEqual = hint["TestLessThanOrEqual"] as Comparison | undefined;
  const shifted = lessOrEqual?.rhs.BinOp;
  if (lessOrEqual?.lhs.Immediate !== TWO_TO_128 || !shifted?.b.Immediate?.startsWith("-"))
    return hint;
  const bound = shifted.b.Immediate.slice(1);
  return { InRange: { value: shifted.a, bound, dst: lessOrEqual.dst } };
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
