/** Messages as the matchers compare and show them. */
import { AssertionError } from "chai";
import { selector } from "../../hash/keccak.ts";
import { toHex, toPaddedHex } from "../../util/hex.ts";

type Kind = "felt" | "ethAddress" | "selector" | "words" | "decimal";

/** The fields that messages of a direction have, and how they look. */
export type MessageFields = Readonly<Record<string, Kind>>;

/** Values of fields; the payload is a list. */
export type Message = Readonly<Record<string, bigint | readonly bigint[]>>;

export const TO_L1: MessageFields = { from: "felt", to: "ethAddress", payload: "words" };
export const TO_L2: MessageFields = {
  from: "ethAddress",
  to: "felt",
  selector: "selector",
  payload: "words",
  nonce: "decimal",
  fee: "decimal",
};

/** Names of selectors that tests have used: where they come up again, they are shown. */
const selectorNames = new Map<bigint, string>();

/** Throws TypeError. */
export function toFelt(value: unknown, name: string): bigint {
  if (typeof value === "object" && value !== null) {
    if ("address" in value) return toFelt(value.address, name);
    if ("target" in value) return toFelt(value.target, name);
  }
  try {
    if (typeof value === "string" && value.trim() === "") throw new SyntaxError();
    const felt = BigInt(value as bigint | number | string);
    if (felt >= 0n) return felt;
  } catch {
    // Said below.
  }
  const got = typeof value === "string" ? `"${value}"` : String(value);
  const expected = "expected a number of at least 0, an address, or something that has one";
  throw new TypeError(`"${name}" ${expected}; got ${got}`);
}

const isFunctionName = (value: unknown): value is string =>
  typeof value === "string" && /^[A-Za-z_]\w*$/.test(value);

function toSelector(value: unknown, name: string): bigint {
  if (!isFunctionName(value)) return toFelt(value, name);
  const felt = selector(value);
  selectorNames.set(felt, value);
  return felt;
}

function toWords(value: unknown, name: string): bigint[] {
  if (!Array.isArray(value)) throw new TypeError(`"${name}" expected a list of numbers`);
  return value.map((word: unknown, i) => toFelt(word, `${name}[${i}]`));
}

/** What a test expects of a message. Throws TypeError for fields that messages lack and values that are none. */
export function expectedMessage(given: object, fields: MessageFields): Message {
  const entries = Object.entries(given).filter(([, value]) => value !== undefined);
  return Object.fromEntries(
    entries.map(([name, value]) => {
      const kind = Object.hasOwn(fields, name) ? fields[name] : undefined;
      if (kind === undefined) {
        const known = Object.keys(fields).join(", ");
        throw new TypeError(`a message has no field "${name}"; its fields are ${known}`);
      }
      const read = kind === "words" ? toWords : kind === "selector" ? toSelector : toFelt;
      return [name, read(value, name)];
    }),
  );
}

function show(kind: Kind, value: bigint | readonly bigint[]): string {
  if (typeof value !== "bigint") return `[${value.map(toHex).join(", ")}]`;
  switch (kind) {
    case "decimal":
      return value.toString();
    case "ethAddress":
      return value >> 160n === 0n ? toPaddedHex(value, 20) : toHex(value);
    case "selector":
      return selectorNames.get(value) ?? toHex(value);
    default:
      return toHex(value);
  }
}

const showMessage = (message: Message, fields: MessageFields): string =>
  Object.entries(message)
    .map(([name, value]) => `${name} ${show(fields[name]!, value)}`)
    .join(", ");

/** The fields in which a message is not what was expected; words of the payload one by one. */
function differences(actual: Message, expected: Message): string[] {
  return Object.entries(expected).flatMap(([name, value]) => {
    const found = actual[name]!;
    if (typeof value === "bigint" || typeof found === "bigint")
      return found === value ? [] : [name];
    if (found.length !== value.length)
      return [`the length of ${name} (${found.length}, not ${value.length})`];
    return value.flatMap((word, i) => (found[i] === word ? [] : [`${name}[${i}]`]));
  });
}

export interface MessageCheck {
  /** Who did it: `transaction 0x…`. */
  readonly subject: string;
  /** What it should have done: `send a message to L2`. */
  readonly action: string;
  readonly fields: MessageFields;
  readonly messages: readonly Message[];
  readonly expected: Message;
  readonly negated: boolean;
}

/** Throws AssertionError, which shows the messages that were there. */
export function checkMessages(check: MessageCheck): void {
  const { subject, action, fields, messages, expected, negated } = check;
  const compared = messages.map((message) => ({
    shown: showMessage(message, fields),
    wrong: differences(message, expected),
  }));
  const fitting = compared.filter(({ wrong }) => wrong.length === 0);
  if (fitting.length > 0 !== negated) return;
  const wanted = showMessage(expected, fields);
  const what = `expected ${subject}${negated ? " not" : ""} to ${action}`;
  const lines = (negated ? fitting : compared).map(
    ({ shown, wrong }, i) =>
      `\n  ${i + 1}. ${shown}` +
      (wrong.length === 0 ? "" : `\n     differs in ${wrong.join(", ")}`),
  );
  const there = lines.length === 0 ? "there was none" : `there was:${lines.join("")}`;
  throw new AssertionError(`${what}${wanted && ` with ${wanted}`}; ${there}`);
}
