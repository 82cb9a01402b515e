/** Conversions between bigint and big-endian bytes. */

export function bytesToBigInt(bytes: Uint8Array): bigint {
  return bytes.length === 0
    ? 0n
    : BigInt(`0x${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("hex")}`);
}

/** Big-endian bytes of `value`, exactly `length` of them. Throws RangeError if it does not fit. */
export function bigIntToBytes(value: bigint, length: number): Uint8Array {
  const digits = value.toString(16);
  if (value < 0n || digits.length > 2 * length) {
    throw new RangeError(`"value" expected 0 <= value < 2^${8 * length}, got ${value}`);
  }
  return Uint8Array.from(Buffer.from(digits.padStart(2 * length, "0"), "hex"));
}
