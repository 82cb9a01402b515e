/** Cairo short strings: up to 31 ASCII characters as a big-endian felt. */
import { toHex } from "../util/hex.ts";
import type { Felt } from "./felt.ts";

/** Throws RangeError for more than 31 characters or for a character outside ASCII. */
export function shortString(text: string): Felt {
  if (text.length > 31 || /[^\p{ASCII}]/u.test(text)) {
    throw new RangeError(
      `"text" expected at most 31 ASCII characters, got ${JSON.stringify(text)}`,
    );
  }
  let value = 0n;
  for (let i = 0; i < text.length; i++) value = (value << 8n) | BigInt(text.charCodeAt(i));
  return value;
}

/** A chain id, for one, as people know it: its text, or hex digits where it has none. */
export const shortStringOrHex = (value: Felt): string => shortStringText(value) ?? toHex(value);

/** The text of a short string, or undefined when the bytes are not printable ASCII. */
export function shortStringText(value: Felt): string | undefined {
  let text = "";
  for (let rest = value; rest > 0n; rest >>= 8n) {
    const code = Number(rest & 0xffn);
    if (code < 0x20 || code > 0x7e) return undefined;
    text = String.fromCharCode(code) + text;
  }
  return text === "" ? undefined : text;
}
