/** Compiled classes: Cairo assembly with its entry points, hints and segments. */
import type { BuiltinName } from "../../cairo/program.ts";
import { CALL_BUILTINS } from "../../cairo/run/entry-point.ts";
import { mod, P, type Felt } from "../../field/felt.ts";
import { toHex } from "../../util/hex.ts";
import type { EntryPointType } from "../receipt.ts";
import { ClassError } from "./errors.ts";
import { asArray, asEntryPoints, asFelt, asFelts, asIndex, asObject, asText } from "./json.ts";

export interface CasmEntryPoint {
  readonly selector: Felt;
  /** Place in the bytecode. */
  readonly offset: number;
  /** In the order in which the entry point takes them. */
  readonly builtins: readonly string[];
}

/** Lengths of the bytecode's segments; lists nest. */
export type SegmentLengths = number | readonly SegmentLengths[];

/** A hint as compilers write it, `{"TestLessThan": {…}}`; checked when the class is loaded to run. */
export type CasmHintJson = string | Readonly<Record<string, unknown>>;

export interface CasmClass {
  readonly compilerVersion: string;
  readonly bytecode: readonly Felt[];
  /** One number, the bytecode's length, where the compiler gave none. */
  readonly bytecodeSegmentLengths: SegmentLengths;
  readonly hints: readonly (readonly [pc: number, hints: readonly CasmHintJson[]])[];
  readonly entryPointsByType: Readonly<Record<EntryPointType, readonly CasmEntryPoint[]>>;
}

/** Reads CASM JSON. Throws ClassError, INVALID_CLASS. */
export function parseCasmClass(json: unknown): CasmClass {
  const compiled = asObject(json, "compiled_class");
  if (asText(compiled["prime"], "prime").toLowerCase() !== toHex(P)) {
    throw new ClassError("INVALID_CLASS", `prime: expected ${toHex(P)}`);
  }
  const bytecode = asFelts(compiled["bytecode"], "bytecode");
  const lengths = compiled["bytecode_segment_lengths"];
  const bytecodeSegmentLengths =
    lengths === undefined || lengths === null ? bytecode.length : asSegmentLengths(lengths);
  if (total(bytecodeSegmentLengths) !== bytecode.length) {
    throw new ClassError(
      "INVALID_CLASS",
      "bytecode_segment_lengths: expected to add up to the bytecode's length",
    );
  }
  const entryPointsByType = asEntryPoints(
    compiled["entry_points_by_type"],
    "entry_points_by_type",
    (entry, path) => {
      const offset = asIndex(entry["offset"], `${path}.offset`);
      if (offset >= bytecode.length)
        throw new ClassError("INVALID_CLASS", `${path}.offset: expected a place in the bytecode`);
      return {
        selector: asFelt(entry["selector"], `${path}.selector`),
        offset,
        builtins: asBuiltins(entry["builtins"], `${path}.builtins`),
      };
    },
  );
  return {
    compilerVersion: asText(compiled["compiler_version"], "compiler_version"),
    bytecode,
    bytecodeSegmentLengths,
    hints: asArray(compiled["hints"], "hints").map((entry, i) =>
      asHints(entry, `hints[${i}]`, bytecode.length),
    ),
    entryPointsByType,
  };
}

function asSegmentLengths(value: unknown, depth = 0): SegmentLengths {
  if (depth > 16)
    throw new ClassError("INVALID_CLASS", "bytecode_segment_lengths: nested too deeply");
  if (!Array.isArray(value)) return asIndex(value, "bytecode_segment_lengths");
  return value.map((part) => asSegmentLengths(part, depth + 1));
}

const total = (lengths: SegmentLengths): number =>
  typeof lengths === "number"
    ? lengths
    : lengths.reduce<number>((sum, part) => sum + total(part), 0);

function asBuiltins(value: unknown, path: string): readonly string[] {
  const names = asArray(value, path).map((name, i) => asText(name, `${path}[${i}]`));
  let last = -1;
  for (const name of names) {
    const place = CALL_BUILTINS.indexOf(name as BuiltinName);
    if (place <= last) {
      throw new ClassError(
        "INVALID_CLASS",
        `${path}: expected builtins in the order ${CALL_BUILTINS.join(", ")}`,
      );
    }
    last = place;
  }
  return names;
}

function asHints(value: unknown, path: string, codeLength: number): [number, CasmHintJson[]] {
  const [pc, hints] = asArray(value, path);
  const at = asIndex(pc, `${path}[0]`);
  if (at >= codeLength)
    throw new ClassError("INVALID_CLASS", `${path}[0]: expected a place in the bytecode`);
  return [
    at,
    asArray(hints, `${path}[1]`).map((hint, i) =>
      typeof hint === "string" ? hint : asObject(hint, `${path}[1][${i}]`),
    ),
  ];
}

/** Compilers write negative immediates as `-0x…`, which the JSON-RPC's NUM_AS_HEX is not. */
function unsignedHint(hint: CasmHintJson): CasmHintJson {
  const unsigned = (key: string, value: unknown): unknown =>
    key === "Immediate" && typeof value === "string" && /^-0x[0-9a-fA-F]+$/.test(value)
      ? toHex(mod(-BigInt(value.slice(1))))
      : value;
  return JSON.parse(JSON.stringify(hint), unsigned) as CasmHintJson;
}

/** The class as `starknet_getCompiledCasm` shows it. */
export function casmClassJson(casm: CasmClass): Record<string, unknown> {
  const entryPoints = (type: EntryPointType): unknown[] =>
    casm.entryPointsByType[type].map(({ selector, offset, builtins }) => ({
      selector: toHex(selector),
      offset,
      builtins,
    }));
  return {
    prime: toHex(P),
    compiler_version: casm.compilerVersion,
    bytecode: casm.bytecode.map(toHex),
    // Without this member the bytecode is one segment; a list of one length has another hash.
    ...(typeof casm.bytecodeSegmentLengths !== "number" && {
      bytecode_segment_lengths: casm.bytecodeSegmentLengths,
    }),
    hints: casm.hints.map(([pc, hints]) => [pc, hints.map(unsignedHint)]),
    entry_points_by_type: {
      EXTERNAL: entryPoints("EXTERNAL"),
      L1_HANDLER: entryPoints("L1_HANDLER"),
      CONSTRUCTOR: entryPoints("CONSTRUCTOR"),
    },
  };
}
