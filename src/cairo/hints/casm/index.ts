/**
 * Hints of compiled Sierra classes (CASM JSON, `hints: [[pc, [hint, …]], …]`): 30 core hints, 7 deprecated
 * ones and SystemCall. Names and shapes: starkware-libs/cairo, crates/cairo-lang-casm/src/hints/mod.rs.
 */
import { ProgramError } from "../../errors.ts";
import type { CompiledHint } from "../context.ts";
import { decodeVariant, isRecord, showJson } from "../operands.ts";
import { arithmeticHints } from "./arithmetic.ts";
import { circuitHints } from "./circuit.ts";
import {
  type DecodedOperands,
  decodeOperand,
  type HintDefinition,
  type OperandKinds,
} from "./define.ts";
import { deprecatedHints } from "./deprecated.ts";
import { dictHints } from "./dict.ts";
import { memoryHints } from "./memory.ts";

const DEFINITIONS: ReadonlyMap<string, HintDefinition> = new Map(
  Object.entries({
    ...memoryHints,
    ...arithmeticHints,
    ...dictHints,
    ...circuitHints,
    ...deprecatedHints,
  }),
);

/** The kinds of every hint's operands, by the hint's name. */
export const CASM_HINT_OPERANDS: ReadonlyMap<string, OperandKinds> = new Map(
  Array.from(DEFINITIONS, ([name, { operands }]) => [name, operands]),
);

/** A CASM hint with its decoded operands, for an executor that has its own way to run some. */
export interface CasmHint extends CompiledHint {
  readonly operands: DecodedOperands;
}

/**
 * Decodes one hint, `{"Name": {operand: …}}` or, without operands, `"Name"`, and prepares its execution.
 * Throws ProgramError naming the hint and the operand that is malformed.
 */
export function compileCasmHint(json: unknown): CasmHint {
  const [name, body] = typeof json === "string" ? [json, {}] : decodeVariant(json, "hint");
  const definition = DEFINITIONS.get(name);
  if (definition === undefined) throw new ProgramError(`hint: unknown name ${showJson(name)}`);
  if (!isRecord(body))
    throw new ProgramError(`${name}: expected its operands, got ${showJson(body)}`);
  const operands: DecodedOperands = new Map(
    Object.entries(definition.operands).map(([operand, kind]) => [
      operand,
      decodeOperand(kind, body[operand], `${name}.${operand}`),
    ]),
  );
  return { name, operands, execute: definition.bind(operands, name) };
}
