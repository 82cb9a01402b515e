/** Loads Cairo 0 programs: the JSON that cairo-compile writes. */
import { type Felt, isFelt, P } from "../../field/felt.ts";
import { BUILTIN_ORDER } from "../builtins/index.ts";
import { ProgramError } from "../errors.ts";
import { compileCairo0Hints, type HintLibrary } from "../hints/cairo0/index.ts";
import { isRecord, showJson } from "../hints/operands.ts";
import { type BuiltinName, type CairoProgram, makeProgram } from "../program.ts";

export interface Cairo0Program {
  readonly program: CairoProgram;
  readonly builtins: readonly BuiltinName[];
  /** Offsets of the functions and labels of the main scope, by their name there. */
  readonly labels: ReadonlyMap<string, number>;
}

const HEX = /^0x[0-9a-fA-F]{1,64}$/;
const MAIN_SCOPE = "__main__.";

function decodeData(data: unknown): Felt[] {
  if (!Array.isArray(data)) throw new ProgramError("data: expected an array of felts");
  return data.map((value: unknown, i) => {
    const felt = typeof value === "string" && HEX.test(value) ? BigInt(value) : undefined;
    if (felt === undefined || !isFelt(felt))
      throw new ProgramError(`data[${i}]: expected a felt as 0x… text, got ${showJson(value)}`);
    return felt;
  });
}

function decodeBuiltins(builtins: unknown): BuiltinName[] {
  if (!Array.isArray(builtins)) throw new ProgramError("builtins: expected an array of names");
  let next = 0;
  return builtins.map((name: unknown) => {
    const at = BUILTIN_ORDER.indexOf(name as BuiltinName, next);
    if (at < 0)
      throw new ProgramError(`builtins: ${showJson(name)} is unknown or not in its place`);
    next = at + 1;
    return BUILTIN_ORDER[at]!;
  });
}

function decodeLabels(identifiers: unknown): Map<string, number> {
  if (!isRecord(identifiers)) throw new ProgramError("identifiers: expected an object");
  const labels = new Map<string, number>();
  for (const [name, identifier] of Object.entries(identifiers))
    if (name.startsWith(MAIN_SCOPE) && isRecord(identifier) && typeof identifier.pc === "number")
      labels.set(name.slice(MAIN_SCOPE.length), identifier.pc);
  return labels;
}

/**
 * Parses a compiled program's JSON text, whose identifiers have integers past 2^53: as bigint. Throws
 * ProgramError.
 */
export function parseCairo0Json(text: string): unknown {
  const exact = (_: string, value: unknown, context?: { readonly source?: string }): unknown =>
    typeof value === "number" && !Number.isSafeInteger(value) && context?.source !== undefined
      ? BigInt(context.source)
      : value;
  try {
    return JSON.parse(text, exact as (key: string, value: unknown) => unknown);
  } catch (cause) {
    throw new ProgramError("the program is not JSON, or has a number that is no integer", {
      cause,
    });
  }
}

/**
 * Checks a compiled program (its JSON, integers past 2^53 as bigint) and compiles its hints with `library`.
 * Throws ProgramError naming what is wrong, or a hint that the library lacks.
 */
export function loadCairo0(json: unknown, library: HintLibrary): Cairo0Program {
  if (!isRecord(json)) throw new ProgramError("expected a compiled Cairo 0 program");
  const { prime, data, builtins, identifiers } = json;
  if (prime === undefined && data === undefined)
    throw new ProgramError("it is no compiled Cairo 0 program, for it has neither prime nor data");
  if (typeof prime !== "string" || !HEX.test(prime) || BigInt(prime) !== P)
    throw new ProgramError(`prime: the program is for the field of ${showJson(prime)}`);
  return {
    program: makeProgram(decodeData(data), compileCairo0Hints(json, library)),
    builtins: decodeBuiltins(builtins),
    labels: decodeLabels(identifiers),
  };
}
