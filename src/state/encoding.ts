/** Keys and values of the state's tables as bytes. */
import type { Felt } from "../field/felt.ts";

export const FELT_BYTES = 32;
/** Block numbers are big-endian, so that rows of a key are in the order of their blocks. */
export const NUMBER_BYTES = 4;

/** Writes `value` as 32 bytes, big-endian. */
export function writeFelt(bytes: Buffer, offset: number, value: Felt): void {
  bytes.write(value.toString(16).padStart(2 * FELT_BYTES, "0"), offset, FELT_BYTES, "hex");
}

export function feltAt(bytes: Uint8Array, offset: number): Felt {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset + offset, FELT_BYTES);
  return BigInt(`0x${buffer.toString("hex")}`);
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
