/**
 * Checks an answer of starknet_getStorageProof with @scure/starknet's hashes: nothing of the project's own
 * tries or hashes takes part. Formulas: the Starknet documentation, "Starknet state".
 */
import { pedersen, poseidonHashMany } from "@scure/starknet";

interface Node {
  readonly node_hash: string;
  readonly node: { left: string; right: string } | { child: string; path: string; length: number };
}

export interface RpcStorageProof {
  readonly contracts_proof: {
    nodes: readonly Node[];
    contract_leaves_data: readonly { nonce: string; class_hash: string }[];
  };
  readonly contracts_storage_proofs: readonly (readonly Node[])[];
  readonly global_roots: { contracts_tree_root: string; classes_tree_root: string };
}

const HEIGHT = 251;
const hashPedersen = (a: bigint, b: bigint): bigint => BigInt(pedersen(a, b));

/** Walks from `root` to `key`; the leaf's value, 0 when the path ends in another direction. */
function walk(nodes: readonly Node[], root: bigint, key: bigint): bigint {
  if (root === 0n) return 0n;
  const byHash = new Map(nodes.map((entry) => [BigInt(entry.node_hash), entry.node]));
  let current = root;
  for (let left = HEIGHT; left > 0;) {
    const node = byHash.get(current);
    if (node === undefined) throw new Error(`the proof lacks node ${current.toString(16)}`);
    if ("child" in node) {
      const path = BigInt(node.path);
      const actual =
        (hashPedersen(BigInt(node.child), path) + BigInt(node.length)) %
        (2n ** 251n + 17n * 2n ** 192n + 1n);
      if (actual !== current) throw new Error("an edge node does not hash to its name");
      left -= node.length;
      if (((key >> BigInt(left)) & ((1n << BigInt(node.length)) - 1n)) !== path) return 0n;
      current = BigInt(node.child);
    } else {
      if (hashPedersen(BigInt(node.left), BigInt(node.right)) !== current)
        throw new Error("a binary node does not hash to its name");
      left -= 1;
      current = BigInt((key >> BigInt(left)) & 1n ? node.right : node.left);
    }
  }
  return current;
}

/** The proven value of `key` in `contract`'s storage under `stateRoot`. Throws Error where the proof does not hold. */
export function verifyStorageProof(
  proof: unknown,
  stateRoot: bigint,
  contract: bigint,
  key: bigint,
): bigint {
  const { contracts_proof, contracts_storage_proofs, global_roots } = proof as RpcStorageProof;
  const contractsRoot = BigInt(global_roots.contracts_tree_root);
  const prefix = BigInt(`0x${Buffer.from("STARKNET_STATE_V0").toString("hex")}`);
  if (
    poseidonHashMany([prefix, contractsRoot, BigInt(global_roots.classes_tree_root)]) !== stateRoot
  ) {
    throw new Error("the tree roots do not make the state root");
  }
  const leaf = walk(contracts_proof.nodes, contractsRoot, contract);
  const storageNodes = contracts_storage_proofs[0]!;
  const storageRoot = storageNodes.length === 0 ? 0n : BigInt(storageNodes[0]!.node_hash);
  const { class_hash, nonce } = contracts_proof.contract_leaves_data[0]!;
  const expected = hashPedersen(
    hashPedersen(hashPedersen(BigInt(class_hash), storageRoot), BigInt(nonce)),
    0n,
  );
  if (leaf !== expected) throw new Error("the contract's leaf does not hash from its data");
  return walk(storageNodes, storageRoot, key);
}
