/** Proofs of parts of a state, as starknet_getStorageProof asks for and answers them. */
import type { Felt } from "../field/felt.ts";
import type { ContractLeaf } from "./commitment.ts";
import type { ProofNodes } from "./trie/proof.ts";

export interface StorageProof {
  readonly nodes: ProofNodes;
}

export interface ProofRequest {
  readonly classHashes: readonly Felt[];
  readonly contractAddresses: readonly Felt[];
  readonly storageKeys: readonly {
    readonly contractAddress: Felt;
    readonly keys: readonly Felt[];
  }[];
}

export interface ProofAnswer {
  readonly classes: StorageProof;
  readonly contracts: StorageProof;
  /** leaf data of contractAddresses[i]; undefined where the trie has no leaf */
  readonly contractLeaves: readonly (ContractLeaf | undefined)[];
  /** storages[i] belongs to storageKeys[i] */
  readonly storages: readonly StorageProof[];
  readonly contractsRoot: Felt;
  readonly classesRoot: Felt;
}
