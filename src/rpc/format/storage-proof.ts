/** The result of starknet_getStorageProof. */
import type {
  BlockSummary,
  ProofAnswer,
  ProofNode,
  StorageProof,
} from "../../starknet/chain-view.ts";
import { toHex } from "../../util/hex.ts";

/** MERKLE_NODE */
const formatNode = (node: ProofNode): object =>
  node.kind === "binary"
    ? { left: toHex(node.left), right: toHex(node.right) }
    : { path: toHex(node.path), length: node.length, child: toHex(node.child) };

/** NODE_HASH_TO_NODE_MAPPING */
const formatNodes = (proof: StorageProof): object[] =>
  [...proof.nodes].map(([hash, node]) => ({ node_hash: toHex(hash), node: formatNode(node) }));

export const formatStorageProof = (answer: ProofAnswer, header: BlockSummary): object => ({
  classes_proof: formatNodes(answer.classes),
  contracts_proof: {
    nodes: formatNodes(answer.contracts),
    // A contract that is not there has the leaf data of an empty one.
    contract_leaves_data: answer.contractLeaves.map((leaf) => ({
      nonce: toHex(leaf?.nonce ?? 0n),
      class_hash: toHex(leaf?.classHash ?? 0n),
      storage_root: toHex(leaf?.storageRoot ?? 0n),
    })),
  },
  contracts_storage_proofs: answer.storages.map(formatNodes),
  global_roots: {
    contracts_tree_root: toHex(answer.contractsRoot),
    classes_tree_root: toHex(answer.classesRoot),
    block_hash: toHex(header.hash),
  },
});
