/** Calls of contracts in the ABI's encoding: words, byte strings, and lists of these. */
import { keccak256 } from "../hash/keccak.ts";
import { bigIntToBytes, bytesToBigInt } from "../util/bytes.ts";

const WORD = 32;
const SELECTOR_BYTES = 4;

/** A word (uint256, address, bytes32), `bytes`, or a dynamic array. */
export type AbiValue = bigint | Uint8Array | readonly AbiValue[];

const word = (value: bigint | number): Uint8Array => bigIntToBytes(BigInt(value), WORD);

function encodeDynamic(value: Uint8Array | readonly AbiValue[]): Uint8Array {
  if (value instanceof Uint8Array) {
    return Buffer.concat([word(value.length), value, new Uint8Array(-value.length & (WORD - 1))]);
  }
  return Buffer.concat([word(value.length), encodeArguments(value)]);
}

/** Words in place; of everything else the offset there, and the content behind. */
export function encodeArguments(values: readonly AbiValue[]): Uint8Array {
  const heads: Uint8Array[] = [];
  const tails: Uint8Array[] = [];
  let offset = WORD * values.length;
  for (const value of values) {
    if (typeof value === "bigint") {
      heads.push(word(value));
      continue;
    }
    const tail = encodeDynamic(value);
    heads.push(word(offset));
    tails.push(tail);
    offset += tail.length;
  }
  return Buffer.concat([...heads, ...tails]);
}

/** The first four bytes of keccak256 of a signature, as "transfer(address,uint256)". */
export const selectorOf = (signature: string): Uint8Array =>
  keccak256(new TextEncoder().encode(signature)).subarray(0, SELECTOR_BYTES);

export const encodeCall = (signature: string, values: readonly AbiValue[]): Uint8Array =>
  Buffer.concat([selectorOf(signature), encodeArguments(values)]);

/** What a function returned whose only result is `bytes`. */
export function decodeBytes(data: Uint8Array): Uint8Array {
  const length = Number(bytesToBigInt(data.subarray(WORD, 2 * WORD)));
  return data.subarray(2 * WORD, 2 * WORD + length);
}
