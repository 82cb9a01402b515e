/**
 * JSON whose integers are exact. `JSON.parse` rounds integers past 2^53; amounts of tokens and ids of
 * requests may be larger (starknet-devnet takes them as bare numbers).
 */
import { randomUUID } from "node:crypto";

/** A number as the text of a request wrote it; only where a double could not hold it. */
export type ExactNumber = bigint;

// ECMAScript 2025 "JSON.parse source text access": not in TypeScript's es2023 library yet.
const rawJson = (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON;

const LONG_NUMBER = /[:,[\s]-?\d(?:[\d.]{14,}|[\d.]*[eE]\+?\d)/;

/** Begins the strings that stand for long integers while a text is parsed; no text knows it. */
const MARKER = randomUUID();

/** Throws SyntaxError. Integers past 2^53 come as bigint. */
export const parseJson = (text: string): unknown => parseExact(text, (integer) => integer);

/** The same for a value that goes to `JSON.stringify` as it is: it writes the integers with all their digits. */
export const parsePrintable = (text: string): unknown =>
  parseExact(text, (integer) => rawJson(integer.toString()));

/**
 * A reviver could do the same, but takes fifty times as long as the parser alone: too long for a body of millions of
 * small numbers, which anybody may send.
 */
function parseExact(text: string, present: (integer: bigint) => unknown): unknown {
  // It also refuses what is no JSON before anything is put into the text.
  const rounded: unknown = JSON.parse(text);
  if (!LONG_NUMBER.test(text)) return rounded;
  const root: [unknown] = [JSON.parse(withMarkedIntegers(text))];
  replaceMarked(root, present);
  return root[0];
}

const [QUOTE, BACKSLASH, MINUS, ZERO, NINE] = [0x22, 0x5c, 0x2d, 0x30, 0x39];
/** What a number has beside digits: `+`, `-`, `.`, `E`, `e`. */
const NUMBER_SIGNS: ReadonlySet<number> = new Set([0x2b, MINUS, 0x2e, 0x45, 0x65]);
const isDigit = (code: number): boolean => code >= ZERO && code <= NINE;

/** A JSON text with a marked string in place of each integer that a double cannot hold. */
function withMarkedIntegers(text: string): string {
  let marked = "";
  let copied = 0;
  for (let at = 0; at < text.length;) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      at = endOfString(text, at);
    } else if (code === MINUS || isDigit(code)) {
      const end = endOfNumber(text, at);
      const integer = longInteger(text.slice(at, end));
      if (integer !== undefined) {
        marked += `${text.slice(copied, at)}"${MARKER}${integer}"`;
        copied = end;
      }
      at = end;
    } else {
      at++;
    }
  }
  return marked + text.slice(copied);
}

/** The index after a string that begins at `start`. */
function endOfString(text: string, start: number): number {
  for (let end = start + 1; ; end++) {
    end = text.indexOf('"', end);
    let escapes = 0;
    while (text.charCodeAt(end - 1 - escapes) === BACKSLASH) escapes++;
    if (escapes % 2 === 0) return end + 1;
  }
}

function endOfNumber(text: string, start: number): number {
  let end = start + 1;
  for (let code = text.charCodeAt(end); isDigit(code) || NUMBER_SIGNS.has(code);)
    code = text.charCodeAt(++end);
  return end;
}

/** The integer that a JSON number is; undefined for one that a double holds, and for a fraction. */
function longInteger(source: string): bigint | undefined {
  // The shortest has two digits of exponent.
  if (source.length < 4 || Number.isSafeInteger(Number(source))) return undefined;
  const match = /^(-?\d+)(?:\.(\d+))?(?:[eE][+]?(\d{1,3}))?$/.exec(source);
  if (match === null) return undefined;
  const [, whole = "0", fraction = "", exponent = "0"] = match;
  const places = Number(exponent) - fraction.length;
  // A fraction that remains is not an integer: the double says so well enough.
  return places < 0 ? undefined : BigInt(whole + fraction) * 10n ** BigInt(places);
}

/** Puts `present` of the integers in place of the marked strings, at any depth. */
function replaceMarked(root: object, present: (integer: bigint) => unknown): void {
  const containers: object[] = [root];
  const replaced = (member: unknown): unknown => {
    if (typeof member === "object" && member !== null) containers.push(member);
    return typeof member === "string" && member.startsWith(MARKER)
      ? present(BigInt(member.slice(MARKER.length)))
      : member;
  };
  for (let next = containers.pop(); next !== undefined; next = containers.pop()) {
    if (Array.isArray(next)) {
      for (let index = 0; index < next.length; index++) next[index] = replaced(next[index]);
    } else {
      const members = next as Record<string, unknown>;
      for (const key of Object.keys(members)) members[key] = replaced(members[key]);
    }
  }
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
