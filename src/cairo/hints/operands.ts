/**
 * Operands of CASM hints: decoding from the JSON of a compiled class, and reading them from the machine.
 * Shapes: starkware-libs/cairo, crates/cairo-lang-casm/src/operand.rs.
 */
import { type Felt, mod, mul, add } from "../../field/felt.ts";
import { ProgramError } from "../errors.ts";
import { isRelocatable, type MemoryValue, type Relocatable, shift } from "../relocatable.ts";
import type { HintContext } from "./context.ts";
import { hintError } from "./errors.ts";
import { toOffset } from "./numbers.ts";

export interface CellRef {
  readonly register: "AP" | "FP";
  readonly offset: number;
}

export type DerefOrImmediate =
  | { readonly kind: "deref"; readonly cell: CellRef }
  | { readonly kind: "immediate"; readonly value: Felt };

export type ResOperand =
  | DerefOrImmediate
  | { readonly kind: "double-deref"; readonly cell: CellRef; readonly offset: number }
  | {
      readonly kind: "bin-op";
      readonly op: "Add" | "Mul";
      readonly a: CellRef;
      readonly b: DerefOrImmediate;
    };

export const isRecord = (json: unknown): json is Record<string, unknown> =>
  typeof json === "object" && json !== null && !Array.isArray(json);

/** What a message quotes of a JSON value. */
export function showJson(json: unknown): string {
  const text = JSON.stringify(json, (_, value: unknown) =>
    typeof value === "bigint" ? value.toString() : value,
  ) as string | undefined;
  return text === undefined ? "nothing" : text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

function decodeOffset(json: unknown, where: string): number {
  if (typeof json !== "number" || !Number.isInteger(json) || json < -0x8000 || json > 0x7fff)
    throw new ProgramError(`${where}: expected an offset of 16 bits, got ${showJson(json)}`);
  return json;
}

// Longer than any integer a compiler writes, short enough that decoding stays cheap.
const INTEGER = /^-?0x[0-9a-fA-F]{1,160}$/;

function decodeInteger(json: unknown, where: string): Felt {
  if (typeof json !== "string" || !INTEGER.test(json))
    throw new ProgramError(`${where}: expected an integer as 0x… text, got ${showJson(json)}`);
  return mod(json.startsWith("-") ? -BigInt(json.slice(1)) : BigInt(json));
}

/** Throws ProgramError, naming `where`, unless `json` is {"register": "AP"|"FP", "offset": i16}. */
export function decodeCellRef(json: unknown, where: string): CellRef {
  if (!isRecord(json)) throw new ProgramError(`${where}: expected a cell, got ${showJson(json)}`);
  const { register, offset } = json;
  if (register !== "AP" && register !== "FP")
    throw new ProgramError(`${where}: expected the register AP or FP, got ${showJson(register)}`);
  return { register, offset: decodeOffset(offset, where) };
}

/** The single key of an externally tagged variant and what it holds. */
export function decodeVariant(json: unknown, where: string): [string, unknown] {
  const [entry, ...others] = isRecord(json) ? Object.entries(json) : [];
  if (entry === undefined || others.length > 0)
    throw new ProgramError(`${where}: expected an object with one key, got ${showJson(json)}`);
  return entry;
}

function decodeDerefOrImmediate(json: unknown, where: string): DerefOrImmediate {
  const [variant, body] = decodeVariant(json, where);
  if (variant === "Deref") return { kind: "deref", cell: decodeCellRef(body, where) };
  if (variant === "Immediate") return { kind: "immediate", value: decodeInteger(body, where) };
  throw new ProgramError(`${where}: expected Deref or Immediate, got ${showJson(variant)}`);
}

/** Throws ProgramError, naming `where`, unless `json` is one of the four kinds of operands. */
export function decodeResOperand(json: unknown, where: string): ResOperand {
  const [variant, body] = decodeVariant(json, where);
  if (variant === "DoubleDeref") {
    if (!Array.isArray(body) || body.length !== 2)
      throw new ProgramError(`${where}: DoubleDeref expects [cell, offset], got ${showJson(body)}`);
    const [cell, offset] = body as unknown[];
    return {
      kind: "double-deref",
      cell: decodeCellRef(cell, where),
      offset: decodeOffset(offset, where),
    };
  }
  if (variant === "BinOp") {
    if (!isRecord(body)) throw new ProgramError(`${where}: BinOp expects op, a and b`);
    const { op, a, b } = body;
    if (op !== "Add" && op !== "Mul")
      throw new ProgramError(`${where}: expected the operation Add or Mul, got ${showJson(op)}`);
    return {
      kind: "bin-op",
      op,
      a: decodeCellRef(a, where),
      b: decodeDerefOrImmediate(b, where),
    };
  }
  return decodeDerefOrImmediate(json, where);
}

/** `pointer + delta` for a felt delta, negative above P/2. Throws VmError HINT for an absurd one. */
export const shiftByFelt = (pointer: Relocatable, delta: Felt): Relocatable =>
  shift(pointer, toOffset(delta, "what is added to a pointer"));

export type Reader<T> = (context: HintContext) => T;
export type Writer = (context: HintContext, value: MemoryValue) => void;

/** Address of a cell. */
export function addressReader({ register, offset }: CellRef): Reader<Relocatable> {
  return register === "AP"
    ? (context) => shift(context.ap, offset)
    : (context) => shift(context.fp, offset);
}

/** Writes a cell; a cell that already holds another value is INCONSISTENT_MEMORY. */
export function cellWriter({ register, offset }: CellRef): Writer {
  return register === "AP"
    ? (context, value) => {
        context.memory.set(shift(context.ap, offset), value);
      }
    : (context, value) => {
        context.memory.set(shift(context.fp, offset), value);
      };
}

function cellFeltReader({ register, offset }: CellRef): Reader<Felt> {
  return register === "AP"
    ? (context) => context.memory.felt(shift(context.ap, offset))
    : (context) => context.memory.felt(shift(context.fp, offset));
}

/** Reads an operand that has to be a felt. */
export function feltReader(operand: ResOperand): Reader<Felt> {
  switch (operand.kind) {
    case "deref":
      return cellFeltReader(operand.cell);
    case "immediate": {
      const { value } = operand;
      return () => value;
    }
    case "double-deref": {
      const address = addressReader(operand.cell);
      const { offset } = operand;
      return (context) =>
        context.memory.felt(shift(context.memory.pointer(address(context)), offset));
    }
    case "bin-op": {
      const combine = operand.op === "Add" ? add : mul;
      const a = cellFeltReader(operand.a);
      const b = feltReader(operand.b);
      return (context) => combine(a(context), b(context));
    }
  }
}

/** What a cell holds, of either kind. Throws VmError UNKNOWN_MEMORY where it holds nothing. */
export function knownValue(context: HintContext, address: Relocatable): MemoryValue {
  // felt() names an unknown cell as every other read does.
  return context.memory.get(address) ?? context.memory.felt(address);
}

/** Reads an operand that may be a felt or a pointer. */
export function valueReader(operand: ResOperand): Reader<MemoryValue> {
  switch (operand.kind) {
    case "deref": {
      const address = addressReader(operand.cell);
      return (context) => knownValue(context, address(context));
    }
    case "immediate":
      return feltReader(operand);
    case "double-deref": {
      const address = addressReader(operand.cell);
      const { offset } = operand;
      return (context) =>
        knownValue(context, shift(context.memory.pointer(address(context)), offset));
    }
    case "bin-op": {
      const { op } = operand;
      const address = addressReader(operand.a);
      const second = feltReader(operand.b);
      return (context) => {
        const a = knownValue(context, address(context));
        const b = second(context);
        if (!isRelocatable(a)) return op === "Add" ? add(a, b) : mul(a, b);
        if (op === "Mul") throw hintError("a pointer cannot be multiplied");
        return shiftByFelt(a, b);
      };
    }
  }
}

/**
 * Reads an operand that has to be a pointer: a cell, or a cell plus an immediate. Throws ProgramError for
 * the other kinds, which no compiler writes here.
 */
export function pointerReader(operand: ResOperand, where: string): Reader<Relocatable> {
  if (operand.kind === "deref") {
    const address = addressReader(operand.cell);
    return (context) => context.memory.pointer(address(context));
  }
  if (operand.kind === "bin-op" && operand.op === "Add" && operand.b.kind === "immediate") {
    const address = addressReader(operand.a);
    const delta = operand.b.value;
    return (context) => shiftByFelt(context.memory.pointer(address(context)), delta);
  }
  throw new ProgramError(`${where}: expected a pointer, which is a cell or a cell plus an integer`);
}
