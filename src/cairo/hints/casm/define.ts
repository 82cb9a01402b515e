/** How a CASM hint is defined: the kinds of its operands, and what it does with them. */
import type { Felt } from "../../../field/felt.ts";
import type { MemoryValue, Relocatable } from "../../relocatable.ts";
import type { HintContext } from "../context.ts";
import {
  cellWriter,
  decodeCellRef,
  decodeResOperand,
  feltReader,
  pointerReader,
  type CellRef,
  type Reader,
  type ResOperand,
  type Writer,
  valueReader,
} from "../operands.ts";

/**
 * What an operand stands for: `felt` and `value` (felt or pointer) are read, `pointer` is read and is a cell
 * plus a constant, `cell` is written, `ignored` and `ignored-cell` are only checked for their shape.
 */
export type OperandKind = "felt" | "value" | "pointer" | "cell" | "ignored" | "ignored-cell";

interface Accessors {
  felt: Reader<Felt>;
  value: Reader<MemoryValue>;
  pointer: Reader<Relocatable>;
  cell: Writer;
  ignored: undefined;
  "ignored-cell": undefined;
}

export type OperandKinds = Readonly<Record<string, OperandKind>>;

type Bound<Kinds extends OperandKinds> = { readonly [Name in keyof Kinds]: Accessors[Kinds[Name]] };

export type Execute = (context: HintContext) => void;

/** Decoded operands by name, all that the hint's definition lists. */
export type DecodedOperands = ReadonlyMap<string, CellRef | ResOperand>;

export interface HintDefinition {
  readonly operands: OperandKinds;
  bind(operands: DecodedOperands, where: string): Execute;
}

const isCell = (kind: OperandKind): boolean => kind === "cell" || kind === "ignored-cell";

/** Decodes one operand by its kind. Throws ProgramError naming `where`. */
export const decodeOperand = (
  kind: OperandKind,
  json: unknown,
  where: string,
): CellRef | ResOperand =>
  isCell(kind) ? decodeCellRef(json, where) : decodeResOperand(json, where);

function bindOperand(
  kind: OperandKind,
  operand: CellRef | ResOperand,
  where: string,
): Accessors[OperandKind] {
  switch (kind) {
    case "felt":
      return feltReader(operand as ResOperand);
    case "value":
      return valueReader(operand as ResOperand);
    case "pointer":
      return pointerReader(operand as ResOperand, where);
    case "cell":
      return cellWriter(operand as CellRef);
    case "ignored":
    case "ignored-cell":
      return undefined;
  }
}

/** A hint with operands of the given kinds; `build` gets an accessor for each and returns the closure. */
export const defineHint = <const Kinds extends OperandKinds>(
  operands: Kinds,
  build: (bound: Bound<Kinds>) => Execute,
): HintDefinition => ({
  operands,
  bind: (decoded, where) => {
    const bound = Object.entries(operands).map(([name, kind]) => [
      name,
      bindOperand(kind, decoded.get(name)!, `${where}.${name}`),
    ]);
    return build(Object.fromEntries(bound) as Bound<Kinds>);
  },
});
