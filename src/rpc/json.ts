/**
 * JSON whose integers are exact. `JSON.parse` rounds integers past 2^53; amounts of tokens and ids of
 * requests may be larger (starknet-devnet takes them as bare numbers).
 */

/** A number as the text of a request wrote it; only where a double could not hold it. */
export type ExactNumber = bigint;

// ECMAScript 2025 "JSON.parse source text access": not in TypeScript's es2023 library yet.
const rawJson = (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON;

/** Requests above this size carry classes or batches, which have no such numbers. */
const MAX_EXACT_LENGTH = 1 << 16;
const LONG_NUMBER = /[:,[\s]-?\d(?:[\d.]{14,}|[\d.]*[eE]\+?\d)/;

function exact(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  if (typeof value !== "number" || Number.isSafeInteger(value)) return value;
  const source = context?.source ?? "";
  const match = /^(-?\d+)(?:\.(\d+))?(?:[eE][+]?(\d{1,3}))?$/.exec(source);
  if (match === null) return value;
  const [, whole = "0", fraction = "", exponent = "0"] = match;
  const places = Number(exponent) - fraction.length;
  // A fraction that remains is not an integer: the double says so well enough.
  return places < 0 ? value : BigInt(whole + fraction) * 10n ** BigInt(places);
}

/** Throws SyntaxError. Integers past 2^53 come as bigint in texts of up to 64 KiB. */
export function parseJson(text: string): unknown {
  return text.length <= MAX_EXACT_LENGTH && LONG_NUMBER.test(text)
    ? (JSON.parse(text, exact as (key: string, value: unknown) => unknown) as unknown)
    : (JSON.parse(text) as unknown);
}

/** What `JSON.stringify` writes as an integer, exactly. */
export const exactNumber = (value: bigint): unknown =>
  value <= BigInt(Number.MAX_SAFE_INTEGER) && value >= -BigInt(Number.MAX_SAFE_INTEGER)
    ? Number(value)
    : rawJson(value.toString());

/** Text of a parsed JSON value, with the bigints of {@link parseJson} as numbers again. */
export const stringifyJson = (value: unknown): string =>
  JSON.stringify(value, (_key, member: unknown) =>
    typeof member === "bigint" ? exactNumber(member) : member,
  );
