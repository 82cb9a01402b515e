/** What the tries commit to: leaves and the global root (starknet-formulas.md §1). */
import type { Felt } from "../field/felt.ts";
import { shortString } from "../field/short-string.ts";
import { pedersenBatch } from "../hash/pedersen.ts";
import { poseidon, poseidonMany } from "../hash/poseidon.ts";

/** What the contracts trie holds of a contract. */
export interface ContractLeaf {
  readonly classHash: Felt;
  readonly storageRoot: Felt;
  readonly nonce: Felt;
}

/** Nothing is known of the contract: the trie has no leaf for it. */
export const isEmptyLeaf = ({ classHash, storageRoot, nonce }: ContractLeaf): boolean =>
  classHash === 0n && storageRoot === 0n && nonce === 0n;

/** Leaves of the contracts trie; 0, that is none, for a contract of which nothing is known. */
export function contractLeafHashes(leaves: readonly ContractLeaf[]): Felt[] {
  const codes = pedersenBatch(leaves.map((leaf) => [leaf.classHash, leaf.storageRoot]));
  const nonces = pedersenBatch(leaves.map((leaf, i) => [codes[i]!, leaf.nonce]));
  const hashes = pedersenBatch(nonces.map((hash) => [hash, 0n]));
  return leaves.map((leaf, i) => (isEmptyLeaf(leaf) ? 0n : hashes[i]!));
}

/** Leaf of the classes trie; 0, that is none, for a class that is not declared. */
export const classLeafHash = (compiledClassHash: Felt): Felt =>
  compiledClassHash === 0n
    ? 0n
    : poseidon(shortString("CONTRACT_CLASS_LEAF_V0"), compiledClassHash);

/** The state root of a block. */
export const globalRoot = (contractsRoot: Felt, classesRoot: Felt): Felt =>
  contractsRoot === 0n && classesRoot === 0n
    ? 0n
    : poseidonMany([shortString("STARKNET_STATE_V0"), contractsRoot, classesRoot]);
