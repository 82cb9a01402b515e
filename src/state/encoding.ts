/** Keys and values of the state's tables as bytes. */
import type { Felt } from "../field/felt.ts";

export const FELT_BYTES = 32;
/** Block numbers are big-endian, so that rows of a key are in the order of their blocks. */
export const NUMBER_BYTES = 4;

// A felt on its way: its words, the lowest first, and their bytes, which on the platforms of Node are in
// the same order. Twice as fast as by way of hex digits.
const words = new BigUint64Array(4);
const wordBytes = new Uint8Array(words.buffer);

/** Writes `value` as 32 bytes, big-endian. */
export function writeFelt(bytes: Uint8Array, offset: number, value: Felt): void {
  // A store into a BigUint64Array keeps the low 64 bits.
  words[0] = value;
  words[1] = value >> 64n;
  words[2] = value >> 128n;
  words[3] = value >> 192n;
  const last = offset + FELT_BYTES - 1;
  for (let i = 0; i < FELT_BYTES; i++) bytes[last - i] = wordBytes[i]!;
}

export function feltAt(bytes: Uint8Array, offset: number): Felt {
  const last = offset + FELT_BYTES - 1;
  for (let i = 0; i < FELT_BYTES; i++) wordBytes[i] = bytes[last - i]!;
  return (((words[3]! << 64n) | words[2]!) << 128n) | (words[1]! << 64n) | words[0]!;
}

export const numberAt = (bytes: Uint8Array, offset: number): number =>
  new DataView(bytes.buffer, bytes.byteOffset).getUint32(offset);

/** A table's byte and felts. */
export function feltKey(table: number, ...felts: readonly Felt[]): Buffer {
  const key = Buffer.allocUnsafe(1 + FELT_BYTES * felts.length);
  key[0] = table;
  felts.forEach((felt, i) => writeFelt(key, 1 + FELT_BYTES * i, felt));
  return key;
}

/** A key followed by a block number. */
export function atBlock(key: Uint8Array, number: number): Buffer {
  const whole = Buffer.allocUnsafe(key.length + NUMBER_BYTES);
  whole.set(key);
  whole.writeUInt32BE(number, key.length);
  return whole;
}

/** Felts one after the other, 32 bytes each. */
export function encodeFelts(...felts: readonly Felt[]): Buffer {
  const bytes = Buffer.allocUnsafe(FELT_BYTES * felts.length);
  felts.forEach((felt, i) => writeFelt(bytes, FELT_BYTES * i, felt));
  return bytes;
}
