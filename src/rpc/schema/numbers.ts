/** Numbers that Starknet's JSON-RPC writes as hex text (starknet_api_openrpc.json, schemas). */
import { P, type Felt } from "../../field/felt.ts";
import { TRIE_KEY_BOUND } from "../../starknet/constants.ts";
import { array, schemaOf, type Schema } from "./schema.ts";

// The spec allows no leading zeros; clients send zero-padded words, and starknet-devnet accepts them.
const HEX = /^0x[0-9a-fA-F]{1,64}$/;

const hexBelow = (expected: string, bound: bigint): Schema<bigint> =>
  schemaOf(expected, (value) => {
    if (typeof value !== "string" || !HEX.test(value)) return undefined;
    const number = BigInt(value);
    return number < bound ? number : undefined;
  });

export const felt: Schema<Felt> = hexBelow(
  "a felt (0x and hex digits, less than 2^251 + 17·2^192 + 1)",
  P,
);
export const u64 = hexBelow("an unsigned 64 bit number (0x and hex digits)", 1n << 64n);
export const u128 = hexBelow("an unsigned 128 bit number (0x and hex digits)", 1n << 128n);
export const u256 = hexBelow("an unsigned 256 bit number (0x and hex digits)", 1n << 256n);

export const address: Schema<Felt> = hexBelow(
  "a contract address (0x and hex digits, less than 2^251)",
  TRIE_KEY_BOUND,
);
export const storageKey: Schema<Felt> = hexBelow(
  "a storage key (0x and hex digits, less than 2^251)",
  TRIE_KEY_BOUND,
);

export const ethAddress = hexBelow("an L1 address (0x and up to 40 hex digits)", 1n << 160n);

/** Longest list of felts that is read; bodies are bounded too. The protocol's own limits come later. */
const MAX_FELTS = 1 << 20;
export const felts: Schema<Felt[]> = array(felt, MAX_FELTS);
