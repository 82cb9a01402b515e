/** Hexadecimal text at the edges of the system; inside, numbers are bigint. */

/** `0x`-prefixed lower-case hex without leading zeros, as Starknet JSON-RPC's FELT wants it. */
export function toHex(value: bigint | number): string {
  return `0x${value.toString(16)}`;
}

/** `0x`-prefixed hex of exactly `bytes` bytes, zero-padded on the left. Throws RangeError if it does not fit. */
export function toPaddedHex(value: bigint, bytes: number): string {
  const digits = value.toString(16);
  if (value < 0n || digits.length > 2 * bytes) {
    throw new RangeError(`"value" expected 0 <= value < 2^${8 * bytes}, got ${value}`);
  }
  return `0x${digits.padStart(2 * bytes, "0")}`;
}

/** `0x`-prefixed hex of bytes, two digits each. */
export const bytesToHex = (bytes: Uint8Array): string => `0x${Buffer.from(bytes).toString("hex")}`;
