/** Reading the JSON of classes: every problem is a ClassError that names the place. */
import { P, type Felt } from "../../field/felt.ts";
import { ClassError } from "./errors.ts";

export type JsonObject = Readonly<Record<string, unknown>>;

const invalid = (path: string, expected: string): ClassError =>
  new ClassError("INVALID_CLASS", `${path}: expected ${expected}`);

export function asObject(value: unknown, path: string): JsonObject {
  if (typeof value === "object" && value !== null && !Array.isArray(value))
    return value as JsonObject;
  throw invalid(path, "an object");
}

export function asArray(value: unknown, path: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw invalid(path, "an array");
}

export function asText(value: unknown, path: string): string {
  if (typeof value === "string") return value;
  throw invalid(path, "a text");
}

/** A felt as `0x…` text. */
export function asFelt(value: unknown, path: string): Felt {
  if (typeof value === "string" && value.length <= 66 && /^0x[0-9a-fA-F]+$/.test(value)) {
    const felt = BigInt(value);
    if (felt < P) return felt;
  }
  throw invalid(path, "a felt in hex below P");
}

export const asFelts = (value: unknown, path: string): Felt[] =>
  asArray(value, path).map((entry, i) => asFelt(entry, `${path}[${i}]`));

/** A whole number from 0 to 2^32 - 1. */
export function asIndex(value: unknown, path: string): number {
  if (Number.isInteger(value) && (value as number) >= 0 && (value as number) < 2 ** 32)
    return value as number;
  throw invalid(path, "a whole number from 0 to 2^32 - 1");
}

export function asEntryPoints<T>(
  value: unknown,
  path: string,
  each: (entry: JsonObject, path: string) => T,
): Record<"EXTERNAL" | "L1_HANDLER" | "CONSTRUCTOR", readonly T[]> {
  const byType = asObject(value, path);
  const list = (type: string): T[] =>
    asArray(byType[type], `${path}.${type}`).map((entry, i) => {
      const at = `${path}.${type}[${i}]`;
      return each(asObject(entry, at), at);
    });
  return {
    EXTERNAL: list("EXTERNAL"),
    L1_HANDLER: list("L1_HANDLER"),
    CONSTRUCTOR: list("CONSTRUCTOR"),
  };
}
