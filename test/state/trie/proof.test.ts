import { expect } from "chai";
import fc from "fast-check";
import { type Felt, mod, P } from "../../../src/field/felt.ts";
import { snKeccak } from "../../../src/hash/keccak.ts";
import { pedersenBatch } from "../../../src/hash/pedersen.ts";
import { classLeafHash, contractLeafHashes } from "../../../src/state/commitment.ts";
import {
  PEDERSEN_TRIE,
  POSEIDON_TRIE,
  type NodeSource,
  type TrieKind,
  type TrieNode,
} from "../../../src/state/trie/node.ts";
import { hashOf, PendingNodes } from "../../../src/state/trie/pending.ts";
import { ProofError, prove, verifyProof } from "../../../src/state/trie/proof.ts";
import { planUpdate, type LeafChange } from "../../../src/state/trie/update.ts";
import { readSharedJson, requireShared } from "../../support/shared.ts";
import { leafChanges, trieKey } from "./naive-trie.ts";

const noNodes: NodeSource = {
  node(hash) {
    throw new Error(`no node ${hash}`);
  },
};

function build(
  kind: TrieKind,
  leaves: Iterable<LeafChange>,
): { root: Felt; nodes: Map<Felt, TrieNode>; source: NodeSource } {
  const pending = new PendingNodes(kind);
  const root = planUpdate(kind, noNodes, pending, 0n, leaves);
  const nodes = pending.hash();
  return { root: hashOf(root), nodes, source: { node: (hash) => nodes.get(hash)! } };
}

const plusOne = (node: TrieNode, field: number): TrieNode => {
  if (node.kind === "binary") {
    return field === 0
      ? { ...node, left: mod(node.left + 1n) }
      : { ...node, right: mod(node.right + 1n) };
  }
  if (field === 0) return { ...node, child: mod(node.child + 1n) };
  return field === 1 ? { ...node, path: node.path ^ 1n } : { ...node, length: node.length - 1 };
};

describe("state/trie: proofs", () => {
  for (const [name, kind] of Object.entries({ PEDERSEN_TRIE, POSEIDON_TRIE })) {
    it(`prove leaves and their absence, and nothing else when tampered with: ${name}`, () => {
      fc.assert(
        fc.property(
          leafChanges(251),
          fc.array(trieKey(251), { minLength: 1, maxLength: 4 }),
          fc.nat(),
          fc.nat(2),
          (leaves, others, pick, field) => {
            const { root, source } = build(kind, leaves);
            const values = new Map(leaves);
            const keys = [...others, ...values.keys()];
            const nodes = prove(kind, source, root, keys);
            for (const key of keys) {
              expect(verifyProof(kind, root, key, nodes)).equals(values.get(key) ?? 0n);
            }
            if (nodes.size === 0) return;

            // With any node on its path changed or missing, a key proves nothing.
            const [key] = keys as [bigint];
            const path = [...prove(kind, source, root, [key])];
            const [hash, node] = path[pick % path.length]!;
            for (const tampered of [
              new Map([...nodes, [hash, plusOne(node, field)]] as const),
              new Map([...nodes].filter(([other]) => other !== hash)),
            ]) {
              expect(() => verifyProof(kind, root, key, tampered)).throws(ProofError);
            }
          },
        ),
        { numRuns: 60 },
      );
    });
  }

  it("have no nodes that no trie can have", () => {
    const { root, nodes } = build(PEDERSEN_TRIE, [[5n, 7n]]);
    const [[hash, node]] = [...nodes] as [[Felt, TrieNode & { kind: "edge" }]];
    const changes = [0, 251.5, 2, -1, 252, NaN].map((length) => ({ length }));
    for (const change of [...changes, { child: P }, { child: -1n }, { path: 5n + P }]) {
      const forged = new Map([[hash, { ...node, ...change }]]);
      expect(() => verifyProof(PEDERSEN_TRIE, root, 5n, forged)).throws(ProofError);
    }
  });

  interface Paths {
    facts_storage: Record<string, string[]>;
    initial_leaves: number[];
    root_hash: string;
    modified_leaves_indices: number[];
    height: number;
    expected_nodes: Record<string, string[]>;
  }
  const readNodes = (facts: Record<string, string[]>): Map<Felt, TrieNode> =>
    new Map(
      Object.entries(facts).map(([hash, fact]): [Felt, TrieNode] => {
        const [first, second, third] = fact.map(BigInt) as [bigint, bigint, bigint | undefined];
        return [
          BigInt(hash),
          third === undefined
            ? { kind: "binary", left: first, right: second }
            : { kind: "edge", length: Number(first), path: second, child: third },
        ];
      }),
    );

  for (const name of ["10_5_2", "8_120_70", "delete_leaves_10_5_2", "delete_leaves_8_120_70"]) {
    it(`have the nodes of the sequencer's Patricia paths: ${name}`, function () {
      const file = `vectors/starknet/trie/patricia_paths_${name}.json`;
      requireShared(this, file);
      const paths = readSharedJson<Paths>(file);
      const kind: TrieKind = { height: paths.height, hashPairs: pedersenBatch };
      // In these files the leaf with index i has the value 2^height + i.
      const leaves = paths.initial_leaves.map((i): LeafChange => [
        BigInt(i),
        BigInt(2 ** paths.height + i),
      ]);
      const { root, nodes, source } = build(kind, leaves);
      expect(root).equals(BigInt(paths.root_hash));
      expect(nodes).deep.equals(readNodes(paths.facts_storage));

      const keys = paths.modified_leaves_indices.map(BigInt);
      const proof = prove(kind, source, root, keys);
      const expected = readNodes(paths.expected_nodes);
      // Where the leaves are absent the file also has what hangs below the edges that lead elsewhere.
      if (!name.startsWith("delete")) expect(proof).deep.equals(expected);
      expect([...expected.keys()]).includes.members([...proof.keys()]);
      const present = new Map(leaves);
      for (const key of keys) {
        expect(verifyProof(kind, root, key, expected)).equals(present.get(key) ?? 0n);
      }
    });
  }

  it("of another node's starknet_getStorageProof are accepted", function () {
    const file = "vectors/starknet/trie/rpc-sepolia-storage_proof.json";
    requireShared(this, file);
    type RpcNode =
      { left: string; right: string } | { path: string; length: number; child: string };
    type RpcNodes = { node_hash: string; node: RpcNode }[];
    const { result } = readSharedJson<{
      result: {
        classes_proof: RpcNodes;
        contracts_proof: {
          nodes: RpcNodes;
          contract_leaves_data: { nonce: string; class_hash: string }[];
        };
        contracts_storage_proofs: RpcNodes[];
        global_roots: { contracts_tree_root: string; classes_tree_root: string };
      };
    }>(file);
    const read = (nodes: RpcNodes): Map<Felt, TrieNode> =>
      new Map(
        nodes.map(({ node_hash, node }): [Felt, TrieNode] => [
          BigInt(node_hash),
          "left" in node
            ? { kind: "binary", left: BigInt(node.left), right: BigInt(node.right) }
            : {
                kind: "edge",
                path: BigInt(node.path),
                length: node.length,
                child: BigInt(node.child),
              },
        ]),
      );
    const roots = result.global_roots;
    const leafData = result.contracts_proof.contract_leaves_data;
    const contracts = read(result.contracts_proof.nodes);
    const tokens = [
      ["ETH", 0x49d36570d4e46f48e99674bd3fcc84644ddd6b96f7c741b1562b82f9e004dc7n],
      ["STRK", 0x4718f5a0fc34cc1af16a1cdee98ffb20c31f5cd61d6ab07201858f4287c938dn],
    ] as const;
    for (const [symbol, address] of tokens) {
      const leaf = verifyProof(
        PEDERSEN_TRIE,
        BigInt(roots.contracts_tree_root),
        address,
        contracts,
      );
      const proven = leafData.flatMap(({ nonce, class_hash }) =>
        result.contracts_storage_proofs.map((storage) => {
          const storageRoot = BigInt(storage[0]!.node_hash);
          const contract = { nonce: BigInt(nonce), classHash: BigInt(class_hash), storageRoot };
          return { contract, storage, hash: contractLeafHashes([contract])[0]! };
        }),
      );
      const { contract, storage } = proven.find(({ hash }) => hash === leaf)!;
      const value = verifyProof(
        PEDERSEN_TRIE,
        contract.storageRoot,
        snKeccak("ERC20_symbol"),
        read(storage),
      );
      expect(value).equals(BigInt(`0x${Buffer.from(symbol).toString("hex")}`));
    }
    const classes = read(result.classes_proof);
    const classLeaf = verifyProof(
      POSEIDON_TRIE,
      BigInt(roots.classes_tree_root),
      BigInt(leafData[0]!.class_hash),
      classes,
    );
    expect(classLeaf).equals(0x10b44aa365bb87f02763f230b3ec031edd665e0b4c1d1f82e9b1bb30216b431n);
  });

  it("hash nodes and leaves as the sequencer does", function () {
    const file = "vectors/starknet/trie/node_hashes.json";
    requireShared(this, file);
    const hex = readSharedJson<Record<string, Record<string, string & number>[]>>(file);
    for (const leaf of hex["contract_leaf"]!) {
      const contract = {
        classHash: BigInt(leaf["class_hash"]!),
        storageRoot: BigInt(leaf["storage_root"]!),
        nonce: BigInt(leaf["nonce"]!),
      };
      expect(contractLeafHashes([contract])).deep.equals([BigInt(leaf["expected"]!)]);
    }
    for (const leaf of hex["class_leaf"]!) {
      expect(classLeafHash(BigInt(leaf["compiled_class_hash"]!))).equals(BigInt(leaf["expected"]!));
    }
    for (const { left, right, expected } of hex["binary_node_pedersen"]!) {
      const pending = new PendingNodes(PEDERSEN_TRIE);
      pending.binary(BigInt(left!), BigInt(right!));
      expect([...pending.hash().keys()]).deep.equals([BigInt(expected!)]);
    }
    for (const { bottom, path, length, expected } of hex["edge_node_pedersen"]!) {
      const pending = new PendingNodes(PEDERSEN_TRIE);
      pending.edge(BigInt(bottom!), BigInt(path!), Number(length));
      expect([...pending.hash().keys()]).deep.equals([BigInt(expected!)]);
    }
  });
});
