/**
 * Third-party vectors and documents live beside the project, in ../shared, and are not committed.
 * Tests that need them skip, saying so, where they are absent.
 */
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import type { Context } from "mocha";

const SHARED = new URL("../../../shared/", import.meta.url);

/** File-system path of `path` below ../shared. */
export const sharedPath = (path: string): string => fileURLToPath(new URL(path, SHARED));

/** Skips the running test or suite, with a message, unless ../shared has `path`. */
export function requireShared(context: Context, path: string): void {
  if (existsSync(sharedPath(path))) return;
  console.log(`      skipped: ../shared/${path} is not there`);
  context.skip();
}

/** Contents of a file below ../shared, gunzipped if its name ends in .gz. */
export function readShared(path: string): Buffer {
  const bytes = readFileSync(sharedPath(path));
  return path.endsWith(".gz") ? gunzipSync(bytes) : bytes;
}

// Numbers past 2^53 appear bare in some vectors; the source text keeps them exact.
const exactNumbers = (_: string, value: unknown, context?: { source?: string }): unknown =>
  typeof value === "number" && !Number.isSafeInteger(value) && /^-?\d+$/.test(context?.source ?? "")
    ? BigInt(context!.source!)
    : value;

/** JSON whose integers past 2^53 come as bigint. */
export const parseExactJson = (text: string): unknown =>
  (JSON.parse as (text: string, reviver: typeof exactNumbers) => unknown)(text, exactNumbers);

/** JSON below ../shared; integers past 2^53 come as bigint. */
export const readSharedJson = <T = unknown>(path: string): T =>
  parseExactJson(readShared(path).toString("utf8")) as T;
