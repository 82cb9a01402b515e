/** Libraries of Cairo 0 hints, by the very code that programs carry, and their compilation for a program. */
import type { Felt } from "../../../field/felt.ts";
import { ProgramError } from "../../errors.ts";
import type { MemoryValue } from "../../relocatable.ts";
import type { CompiledHint, HintContext } from "../context.ts";
import { isRecord, type Reader, showJson } from "../operands.ts";
import { type Ids, IdsResolver } from "./ids.ts";
import { decodeApTracking, decodeSymbols, type FlowTracking, type Symbols } from "./program.ts";

/** Takes what it needs of `ids` when a program is loaded and returns what to do in a run. */
export type Cairo0Hint = (ids: Ids) => (context: HintContext) => void;

/** Hints by their code, as the compiler writes it: dedented, without blank lines around. */
export type HintLibrary = ReadonlyMap<string, Cairo0Hint>;

/** Template tag for the code of a hint: drops the indentation and the blank ends, keeps backslashes but before `. */
export function code({ raw: [text = ""] }: TemplateStringsArray): string {
  const lines = text.split("\n");
  const margins = lines.filter((line) => line.trim() !== "").map((line) => line.search(/\S/));
  const margin = lines.length === 1 ? 0 : Math.min(...margins);
  return lines
    .map((line) => line.slice(margin))
    .join("\n")
    .replaceAll("\\`", "`")
    .trim();
}

/** One library out of several. Throws TypeError when two have hints of the same code. */
export function composeHints(...libraries: readonly HintLibrary[]): HintLibrary {
  const composed = new Map<string, Cairo0Hint>();
  for (const [text, hint] of libraries.flatMap((library) => [...library])) {
    if (composed.has(text)) throw new TypeError(`two hints have the code ${showJson(text)}`);
    composed.set(text, hint);
  }
  return composed;
}

/** A hint that guesses one value: `memory[ap] = …`. */
export const nondet =
  (value: (ids: Ids) => Reader<MemoryValue>): Cairo0Hint =>
  (ids) => {
    const guess = value(ids);
    return (context) => {
      context.memory.set(context.ap, guess(context));
    };
  };

export const flag = (condition: boolean): Felt => (condition ? 1n : 0n);

function decodeFlow(json: unknown, where: string): FlowTracking {
  if (!isRecord(json) || !isRecord(json.reference_ids))
    throw new ProgramError(`${where}: expected flow_tracking_data`);
  const references = Object.entries(json.reference_ids).map(([name, id]): [string, number] => {
    if (typeof id !== "number")
      throw new ProgramError(`${where}: reference ${name} has the index ${showJson(id)}`);
    return [name, id];
  });
  return {
    apTracking: decodeApTracking(json.ap_tracking, `${where}: ap_tracking`),
    references: new Map(references),
  };
}

function compileHint(
  json: unknown,
  symbols: Symbols,
  library: HintLibrary,
  where: string,
): CompiledHint {
  if (!isRecord(json) || typeof json.code !== "string")
    throw new ProgramError(`${where}: expected a hint with its code, got ${showJson(json)}`);
  const { code: text, accessible_scopes: scopes } = json;
  const isScope = (scope: unknown): scope is string => typeof scope === "string";
  if (!Array.isArray(scopes) || !scopes.every(isScope))
    throw new ProgramError(`${where}: expected accessible_scopes`);
  const hint = library.get(text);
  if (hint === undefined) throw new ProgramError(`${where}: unknown hint ${showJson(text)}`);
  const ids = new IdsResolver(symbols, scopes, decodeFlow(json.flow_tracking_data, where));
  return { name: text.split("\n", 1)[0] ?? text, execute: hint(ids) };
}

/**
 * The hints of a compiled Cairo 0 program (its JSON, integers past 2^53 as bigint) by the offset of their
 * instruction. Throws ProgramError for hints that `library` lacks or whose names do not resolve.
 */
export function compileCairo0Hints(
  program: unknown,
  library: HintLibrary,
): ReadonlyMap<number, readonly CompiledHint[]> {
  if (!isRecord(program) || !isRecord(program.hints))
    throw new ProgramError("expected a compiled Cairo 0 program with hints");
  const symbols = decodeSymbols(program);
  return new Map(
    Object.entries(program.hints).map(([pc, hints]) => {
      if (!/^\d{1,9}$/.test(pc) || !Array.isArray(hints))
        throw new ProgramError(`hints of ${showJson(pc)}: expected an array for an offset`);
      const compiled = hints.map((hint: unknown, i) =>
        compileHint(hint, symbols, library, `hint ${i} of pc ${pc}`),
      );
      return [Number(pc), compiled];
    }),
  );
}
