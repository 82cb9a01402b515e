/** Panic data as people read it, formatted as Cairo's runner and blockifier do (cairo-lang-runner `casm_run`). */
import type { Felt } from "../../field/felt.ts";

/** First felt of a panic that carries a ByteArray (corelib `byte_array.cairo`, BYTE_ARRAY_MAGIC). */
const BYTE_ARRAY_MAGIC = 0x46a6158a16a947e5916b2a2ca68501a45e93d7110e81aa2d6438b1c57c879a3n;
const BYTES_PER_WORD = 31;

const isPrintable = (code: number): boolean =>
  (code > 0x20 && code < 0x7f) || [0x20, 0x09, 0x0a, 0x0c, 0x0d].includes(code);

/** Big-endian bytes without leading zeros; 0 is one zero byte. */
function feltBytes(value: Felt): Buffer {
  const digits = value.toString(16);
  return Buffer.from(digits.length % 2 === 0 ? digits : `0${digits}`, "hex");
}

/** A short string, of which zero bytes may only be the end; undefined for anything else. */
function asShortString(value: Felt): string | undefined {
  let text = "";
  let ended = false;
  for (const code of feltBytes(value)) {
    if (code === 0) ended = true;
    else if (ended || !isPrintable(code)) return undefined;
    else text += String.fromCharCode(code);
  }
  return text;
}

/** `length` bytes of a ByteArray word, unprintable ones escaped; undefined where it does not fit. */
function byteArrayWord(value: Felt, length: number): string | undefined {
  if (length === 0) return value === 0n ? "" : undefined;
  const bytes = feltBytes(value);
  if (length > BYTES_PER_WORD || bytes.length > length) return undefined;
  const escape = (code: number): string =>
    code === 0
      ? "\\0"
      : isPrintable(code)
        ? String.fromCharCode(code)
        : `\\x${code.toString(16).padStart(2, "0")}`;
  return "\\0".repeat(length - bytes.length) + Array.from(bytes, escape).join("");
}

/** The ByteArray that starts at `data[start]`, after the magic, and the index after it. */
function byteArray(
  data: readonly Felt[],
  start: number,
): { text: string; end: number } | undefined {
  const words = data[start];
  if (words === undefined || words > BigInt(data.length - start - 3)) return undefined;
  const end = start + 1 + Number(words);
  let text = "";
  for (let i = start + 1; i < end; i++) {
    const word = byteArrayWord(data[i]!, BYTES_PER_WORD);
    if (word === undefined) return undefined;
    text += word;
  }
  const pendingLength = data[end + 1]!;
  if (pendingLength > BigInt(BYTES_PER_WORD)) return undefined;
  const pending = byteArrayWord(data[end]!, Number(pendingLength));
  return pending === undefined ? undefined : { text: text + pending, end: end + 2 };
}

/**
 * One item for itself, several as `(a, b)`: `0x… ('text')` for felts, `"text"` for ByteArrays.
 *
 * @param length no more than so many characters will be looked at: what is beyond them may be missing
 */
export function formatPanicData(data: readonly Felt[], length = Infinity): string {
  const items: string[] = [];
  let i = 0;
  for (let written = 0; i < data.length && written <= length;) {
    const { text, end } = itemAt(data, i);
    items.push(text);
    written += text.length + ", ".length;
    i = end;
  }
  return items.length === 1 && i === data.length ? items[0]! : `(${items.join(", ")})`;
}

function itemAt(data: readonly Felt[], index: number): { text: string; end: number } {
  const value = data[index]!;
  const array = value === BYTE_ARRAY_MAGIC ? byteArray(data, index + 1) : undefined;
  if (array !== undefined) return { text: `"${array.text}"`, end: array.end };
  const text = asShortString(value);
  const shown = text === undefined ? "" : ` ('${text}')`;
  return { text: `0x${value.toString(16)}${shown}`, end: index + 1 };
}
