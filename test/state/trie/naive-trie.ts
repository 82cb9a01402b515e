/** The trie by its recursive definition (starknet-formulas.md §1), without storage, sharing or batches. */
import fc from "fast-check";
import { type Felt, mod } from "../../../src/field/felt.ts";
import type { TrieKind } from "../../../src/state/trie/node.ts";

/** A subtree that is not empty: bits down to its topmost fork or its only leaf, and the hash of that. */
interface Part {
  readonly bits: string;
  readonly hash: Felt;
}

export function naiveRoot(
  { height, hashPairs }: TrieKind,
  leaves: ReadonlyMap<bigint, Felt>,
): Felt {
  const hash = (a: Felt, b: Felt): Felt => hashPairs([[a, b]])[0]!;
  const top = ({ bits, hash: bottom }: Part): Felt =>
    bits === "" ? bottom : mod(hash(bottom, BigInt(`0b${bits}`)) + BigInt(bits.length));
  const part = (rows: readonly (readonly [string, Felt])[]): Part | undefined => {
    if (rows.length === 0) return undefined;
    if (rows.length === 1) return { bits: rows[0]![0], hash: rows[0]![1] };
    const [left, right] = ["0", "1"].map((bit) =>
      part(rows.filter(([bits]) => bits.startsWith(bit)).map(([bits, v]) => [bits.slice(1), v])),
    );
    if (left && right) return { bits: "", hash: hash(top(left), top(right)) };
    const [only, bit] = left ? [left, "0"] : [right!, "1"];
    return { bits: bit + only.bits, hash: only.hash };
  };
  const rows = [...leaves].filter(([, value]) => value !== 0n);
  const whole = part(rows.map(([key, v]) => [key.toString(2).padStart(height, "0"), v]));
  return whole === undefined ? 0n : top(whole);
}

/** Keys that often share long prefixes or are the same. */
export const trieKey = (height: number): fc.Arbitrary<bigint> => {
  const top = (1n << BigInt(height)) - 1n;
  const few = fc.bigInt(0n, 9n);
  return fc.oneof(
    few,
    few.map((x) => top - x),
    fc.tuple(few, fc.nat(height - 1)).map(([x, shift]) => (x << BigInt(shift)) & top),
    fc.bigInt(0n, top),
  );
};

/** Changes of a batch: no key twice, many removals. */
export const leafChanges = (height: number): fc.Arbitrary<[bigint, Felt][]> =>
  fc.uniqueArray(fc.tuple(trieKey(height), fc.bigInt(0n, 3n)), {
    selector: ([key]) => key,
    maxLength: 12,
  });
