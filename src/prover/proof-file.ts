/**
 * Proof files: JSON of the format "starkware-evm-job-1", plain or gzipped.
 *
 * ```
 * { "format": "starkware-evm-job-1", "layout": "starknet",
 *   "proofParams": [...], "publicInput": [...],
 *   "pages": [{ "pairs": [[address, value], ...] }, { "startAddr": ..., "values": [...] }, ...],
 *   "proof": "0x..." }
 * ```
 * Numbers are strings, hexadecimal or decimal, below 2^256; the public input is without page products.
 */
import { readFileSync } from "node:fs";
import { gunzipSync, gzipSync } from "node:zlib";
import { toHex } from "../util/hex.ts";
import type { MemoryCell, MemoryPage } from "./verifier/public-memory.ts";

const FORMAT = "starkware-evm-job-1";
const WORD_LIMIT = 1n << 256n;
/** Larger files hold no proof that a verifier would take. */
const MAX_BYTES = 1 << 28;
const GZIP_MAGIC = [0x1f, 0x8b];

/** A proof and the statement that it proves. */
export interface ProofFile {
  readonly layout: string;
  readonly parameters: readonly bigint[];
  readonly publicInput: readonly bigint[];
  readonly pages: readonly MemoryPage[];
  readonly proof: Uint8Array;
}

/** The file does not hold a proof, good or bad. */
export class NotAProofFile extends Error {}

const refuse = (name: string, expected: string): never => {
  throw new NotAProofFile(`"${name}" expected ${expected}`);
};

function field(value: unknown, name: string): unknown {
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  return isObject ? (value as Record<string, unknown>)[name] : undefined;
}

function list<T>(value: unknown, name: string, item: (value: unknown, name: string) => T): T[] {
  if (!Array.isArray(value)) return refuse(name, "a list");
  return value.map((element, i) => item(element, `${name}[${i}]`));
}

function number(value: unknown, name: string): bigint {
  if (typeof value !== "string" || !/^(0x[0-9a-f]{1,64}|\d{1,78})$/i.test(value)) {
    return refuse(name, "a number below 2^256, as a hexadecimal or decimal string");
  }
  const parsed = BigInt(value);
  return parsed < WORD_LIMIT ? parsed : refuse(name, "a number below 2^256");
}

function cell(value: unknown, name: string): MemoryCell {
  const [address, content, ...more] = list(value, name, number);
  if (address === undefined || content === undefined || more.length > 0) {
    return refuse(name, "an address and a value");
  }
  return [address, content];
}

function page(value: unknown, name: string): MemoryPage {
  const pairs = field(value, "pairs");
  if (pairs !== undefined) return { cells: list(pairs, `${name}.pairs`, cell) };
  return {
    start: number(field(value, "startAddr"), `${name}.startAddr`),
    values: list(field(value, "values"), `${name}.values`, number),
  };
}

function bytes(value: unknown, name: string): Uint8Array {
  if (typeof value !== "string" || !/^0x([0-9a-f]{2})*$/i.test(value)) {
    return refuse(name, "bytes in hexadecimal, 0x first");
  }
  return Uint8Array.from(Buffer.from(value.slice(2), "hex"));
}

/** The layout code spells the name, in base 256; the file may leave the name out. */
function spelled(code: bigint | undefined): string {
  const digits = (code ?? 0n).toString(16);
  return Buffer.from(digits.padStart(digits.length + (digits.length % 2), "0"), "hex").toString();
}

/** Reads parsed JSON. Throws NotAProofFile. */
export function parseProofFile(json: unknown): ProofFile {
  if (field(json, "format") !== FORMAT) refuse("format", `"${FORMAT}"`);
  const publicInput = list(field(json, "publicInput"), "publicInput", number);
  const layout = field(json, "layout") ?? spelled(publicInput[3]);
  return {
    layout: typeof layout === "string" ? layout : refuse("layout", "a name"),
    parameters: list(field(json, "proofParams"), "proofParams", number),
    publicInput,
    pages: list(field(json, "pages"), "pages", page),
    proof: bytes(field(json, "proof"), "proof"),
  };
}

/** V8's message would show the beginning of what may be any bytes. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new NotAProofFile("it holds no JSON", { cause });
  }
}

/** Reads a file, gzipped or not. Throws NotAProofFile, with the reason, also where there is no such file. */
export function readProofFile(path: string): ProofFile {
  try {
    const file = readFileSync(path);
    const zipped = GZIP_MAGIC.every((byte, i) => file[i] === byte);
    const text = zipped ? gunzipSync(file, { maxOutputLength: MAX_BYTES }) : file;
    return parseProofFile(parseJson(text.toString("utf8")));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new NotAProofFile(`${path} is not a proof file: ${reason}`, { cause: error });
  }
}

const pageJson = (memoryPage: MemoryPage): unknown =>
  "cells" in memoryPage
    ? { pairs: memoryPage.cells.map((pair) => pair.map(toHex)) }
    : { startAddr: toHex(memoryPage.start), values: memoryPage.values.map(toHex) };

/** The content of a proof file, gzipped if asked for. */
export function encodeProofFile(file: ProofFile, zipped = false): Uint8Array {
  const json = JSON.stringify({
    format: FORMAT,
    layout: file.layout,
    proofParams: file.parameters.map(toHex),
    publicInput: file.publicInput.map(toHex),
    pages: file.pages.map(pageJson),
    proof: `0x${Buffer.from(file.proof).toString("hex")}`,
  });
  return zipped ? gzipSync(json) : Buffer.from(json);
}
