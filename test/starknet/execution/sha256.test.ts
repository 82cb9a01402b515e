import { expect } from "chai";
import { createHash } from "node:crypto";
import fc from "fast-check";
import { sha256Compress } from "../../../src/starknet/execution/syscalls/sha256.ts";

/** FIPS 180-4 §5.3.3 */
const INITIAL = [
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
];

/** SHA-256 by compressions, with the padding of FIPS 180-4 §5.1.1. */
function sha256(message: Uint8Array): string {
  const length = Math.ceil((message.length + 9) / 64) * 64;
  const padded = Buffer.alloc(length);
  padded.set(message);
  padded[message.length] = 0x80;
  padded.writeBigUInt64BE(BigInt(message.length) * 8n, length - 8);
  let state: readonly number[] = INITIAL;
  for (let at = 0; at < length; at += 64) {
    const block = Array.from({ length: 16 }, (_, i) => padded.readUInt32BE(at + 4 * i));
    state = sha256Compress(state, block);
  }
  return state.map((word) => word.toString(16).padStart(8, "0")).join("");
}

describe("sha256 compression", () => {
  it("makes the hash that node:crypto makes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (message) => {
        expect(sha256(message)).to.equal(createHash("sha256").update(message).digest("hex"));
      }),
    );
  });
});
