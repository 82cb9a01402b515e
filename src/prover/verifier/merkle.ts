/** Batch openings of masked Keccak Merkle trees (protocol spec §2). */
import { keccak256 } from "../../hash/keccak.ts";

/** Bytes of a hash that are kept; the rest of the word is 0. */
const DIGEST_BYTES = 20;

/** K160: keccak256 of the words, its low 96 bits cleared. */
export function maskedKeccak(...words: readonly Uint8Array[]): Uint8Array {
  return keccak256(Buffer.concat(words)).fill(0, DIGEST_BYTES);
}

/** Leaf of a row: a single word is its own leaf. */
export const leafOf = (row: readonly Uint8Array[]): Uint8Array =>
  row.length === 1 ? row[0]! : maskedKeccak(...row);

export interface Leaf {
  readonly index: number;
  readonly hash: Uint8Array;
}

/**
 * The root that leaves lead to.
 * @param leaves in ascending order of their indices, without duplicates, at least one
 * @param height of the tree: it has 2^height leaves
 * @param nextNode reads the next authentication node; they come level by level, left to right
 */
export function rootOf(
  leaves: readonly Leaf[],
  height: number,
  nextNode: () => Uint8Array,
): Uint8Array {
  let level = leaves;
  for (let i = 0; i < height; i++) {
    const parents: Leaf[] = [];
    for (let at = 0; at < level.length; at++) {
      const { index, hash } = level[at]!;
      const paired = index % 2 === 0 && level[at + 1]?.index === index + 1;
      const sibling = paired ? level[++at]!.hash : nextNode();
      const children = index % 2 === 0 ? [hash, sibling] : [sibling, hash];
      parents.push({ index: Math.floor(index / 2), hash: maskedKeccak(...children) });
    }
    level = parents;
  }
  return level[0]!.hash;
}
