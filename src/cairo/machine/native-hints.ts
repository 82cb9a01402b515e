/** Prepares the hints that the kernel runs by itself (wasm/hints.ts, which tells the form of a record). */
import type { CasmHint } from "../hints/casm/index.ts";
import type { CompiledHint } from "../hints/context.ts";
import type { CellRef, ResOperand } from "../hints/operands.ts";
import { encodeCell } from "./cells.ts";

/** Bytes of a record: ten words, then a cell for each of two immediates. */
export const RECORD_BYTES = 128;
const FIRST_IMMEDIATE = 64;
const SECOND_IMMEDIATE = 96;

/** Kinds of records, with the names of a hint's operands and results in the record's order. */
const NATIVE = {
  TestLessThan: { kind: 1, operands: ["lhs", "rhs"], results: ["dst"] },
  TestLessThanOrEqual: { kind: 2, operands: ["lhs", "rhs"], results: ["dst"] },
  AllocSegment: { kind: 3, operands: [], results: ["dst"] },
  LinearSplit: { kind: 4, operands: ["value", "max_x"], results: ["x", "y"] },
  DivMod: { kind: 5, operands: ["lhs", "rhs"], results: ["quotient", "remainder"] },
  WideMul128: { kind: 6, operands: ["lhs", "rhs"], results: ["high", "low"] },
} as const;

const isNative = (name: string): name is keyof typeof NATIVE => name in NATIVE;

const isCasmHint = (hint: CompiledHint): hint is CasmHint => "operands" in hint;

const isSimple = (operand: ResOperand): boolean =>
  operand.kind === "deref" || operand.kind === "immediate";

/** A hint as the kernel can run it, or undefined. */
function nativeForm(
  hints: readonly CompiledHint[],
): { hint: CasmHint; shape: (typeof NATIVE)[keyof typeof NATIVE] } | undefined {
  const [hint] = hints;
  if (hint === undefined || hints.length > 1 || !isNative(hint.name) || !isCasmHint(hint))
    return undefined;
  const shape = NATIVE[hint.name];
  const operands = shape.operands.map((name) => hint.operands.get(name) as ResOperand);
  if (!operands.every(isSimple)) return undefined;
  if (hint.name === "LinearSplit") {
    const scalar = hint.operands.get("scalar") as ResOperand;
    if (scalar.kind !== "immediate" || scalar.value !== 1n << 128n) return undefined;
  }
  return { hint, shape };
}

/** How many of a program's hints have a record. */
export function countNativeHints(hints: ReadonlyMap<number, readonly CompiledHint[]>): number {
  let count = 0;
  for (const list of hints.values()) if (nativeForm(list) !== undefined) count++;
  return count;
}

const registerOf = ({ register }: CellRef): number => (register === "AP" ? 0 : 1);

/** Writes the table at `table`, a word for every program cell, and the records at `records` (byte addresses). */
export function writeNativeHints(
  words: Uint32Array,
  hints: ReadonlyMap<number, readonly CompiledHint[]>,
  table: number,
  records: number,
): void {
  let record = records;
  for (const [pc, list] of hints) {
    const form = nativeForm(list);
    if (form === undefined) continue;
    const { hint, shape } = form;
    const at = record / 4;
    words[table / 4 + pc] = record;
    words[at] = shape.kind;
    shape.operands.forEach((name, i) => {
      const operand = hint.operands.get(name) as ResOperand;
      if (operand.kind === "immediate") {
        const cell = record + (i === 0 ? FIRST_IMMEDIATE : SECOND_IMMEDIATE);
        encodeCell(words, cell / 4, operand.value);
        words[at + 1 + 2 * i] = 2;
        words[at + 2 + 2 * i] = cell;
      } else if (operand.kind === "deref") {
        words[at + 1 + 2 * i] = registerOf(operand.cell);
        words[at + 2 + 2 * i] = operand.cell.offset;
      }
    });
    shape.results.forEach((name, i) => {
      const cell = hint.operands.get(name) as CellRef;
      words[at + 5 + 2 * i] = registerOf(cell);
      words[at + 6 + 2 * i] = cell.offset;
    });
    record += RECORD_BYTES;
  }
}
