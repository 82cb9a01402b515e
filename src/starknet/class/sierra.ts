/** Sierra classes: what a DECLARE carries and what a class hash commits to. */
import type { Felt } from "../../field/felt.ts";
import { toHex } from "../../util/hex.ts";
import type { EntryPointType } from "../receipt.ts";
import { ClassError } from "./errors.ts";
import { asEntryPoints, asFelt, asFelts, asIndex, asObject, asText } from "./json.ts";

export interface SierraEntryPoint {
  readonly selector: Felt;
  readonly functionIdx: number;
}

export interface SierraClass {
  /** Version felts first: Sierra's, then the compiler's. */
  readonly sierraProgram: readonly Felt[];
  readonly contractClassVersion: string;
  readonly entryPointsByType: Readonly<Record<EntryPointType, readonly SierraEntryPoint[]>>;
  /** The ABI's text exactly as it was declared: the class hash depends on every character. */
  readonly abi: string;
}

/** The only one there is (cairo-lang-starknet-classes, DEFAULT_CONTRACT_CLASS_VERSION). */
const CLASS_VERSION = "0.1.0";

/**
 * Reads a class, from the JSON-RPC (ABI as text) or as a compiler wrote it (ABI as a list). Throws
 * ClassError, INVALID_CLASS or UNSUPPORTED_CLASS_VERSION.
 */
export function parseSierraClass(json: unknown): SierraClass {
  const contract = asObject(json, "contract_class");
  return {
    sierraProgram: asFelts(contract["sierra_program"], "sierra_program"),
    contractClassVersion: classVersion(contract["contract_class_version"]),
    entryPointsByType: asEntryPoints(
      contract["entry_points_by_type"],
      "entry_points_by_type",
      (entry, path) => ({
        selector: asFelt(entry["selector"], `${path}.selector`),
        functionIdx: asIndex(entry["function_idx"], `${path}.function_idx`),
      }),
    ),
    abi: abiText(contract["abi"]),
  };
}

function classVersion(json: unknown): string {
  const version = asText(json, "contract_class_version");
  if (version === CLASS_VERSION) return version;
  throw new ClassError(
    "UNSUPPORTED_CLASS_VERSION",
    `contract_class_version: expected ${CLASS_VERSION}, got ${JSON.stringify(version.slice(0, 32))}`,
  );
}

function abiText(abi: unknown): string {
  if (abi === undefined || abi === null) return "";
  return Array.isArray(abi) ? pythonJson(abi) : asText(abi, "abi");
}

/** JSON with a space after `:` and `,`, as Python writes it: the form that class hashes are made of. */
export function pythonJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(pythonJson).join(", ")}]`;
  if (typeof value === "object" && value !== null) {
    const fields = Object.entries(value).map(
      ([key, field]) => `${JSON.stringify(key)}: ${pythonJson(field)}`,
    );
    return `{${fields.join(", ")}}`;
  }
  return JSON.stringify(value);
}

/** The class as the JSON-RPC shows it. */
export function sierraClassJson(sierra: SierraClass): Record<string, unknown> {
  const entryPoints = (type: EntryPointType): unknown[] =>
    sierra.entryPointsByType[type].map(({ selector, functionIdx }) => ({
      selector: toHex(selector),
      function_idx: functionIdx,
    }));
  return {
    sierra_program: sierra.sierraProgram.map(toHex),
    contract_class_version: sierra.contractClassVersion,
    entry_points_by_type: {
      CONSTRUCTOR: entryPoints("CONSTRUCTOR"),
      EXTERNAL: entryPoints("EXTERNAL"),
      L1_HANDLER: entryPoints("L1_HANDLER"),
    },
    abi: sierra.abi,
  };
}
