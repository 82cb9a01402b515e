/** Words of 256 bits, as contracts of L1 hash and store them. */
import { keccak256 } from "../../hash/keccak.ts";
import { bigIntToBytes, bytesToBigInt } from "../../util/bytes.ts";

/** keccak256 of the words, 32 bytes each: Solidity's `keccak256(abi.encodePacked(uint256[]))`. */
export function keccakWords(words: readonly bigint[]): bigint {
  const bytes = new Uint8Array(32 * words.length);
  words.forEach((word, i) => bytes.set(bigIntToBytes(word, 32), 32 * i));
  return bytesToBigInt(keccak256(bytes));
}
