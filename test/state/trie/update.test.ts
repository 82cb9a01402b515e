import { expect } from "chai";
import fc from "fast-check";
import type { Felt } from "../../../src/field/felt.ts";
import {
  COMMITMENT_TRIE,
  PEDERSEN_TRIE,
  POSEIDON_TRIE,
  type NodeSource,
  type TrieKind,
  type TrieNode,
} from "../../../src/state/trie/node.ts";
import { hashOf, PendingNodes } from "../../../src/state/trie/pending.ts";
import { walk } from "../../../src/state/trie/proof.ts";
import { rootOf } from "../../../src/state/trie/root.ts";
import { planUpdate, type LeafChange } from "../../../src/state/trie/update.ts";
import { readSharedJson, requireShared } from "../../support/shared.ts";
import { leafChanges, naiveRoot } from "./naive-trie.ts";

class Nodes implements NodeSource {
  readonly map = new Map<Felt, TrieNode>();

  node(hash: Felt): TrieNode {
    const node = this.map.get(hash);
    if (node === undefined) throw new Error(`no node ${hash}`);
    return node;
  }
}

/** Applies changes; the new nodes join `nodes`. */
function update(
  kind: TrieKind,
  nodes: Nodes,
  root: Felt,
  changes: Iterable<LeafChange>,
): { root: Felt; added: Map<Felt, TrieNode> } {
  const pending = new PendingNodes(kind);
  const after = planUpdate(kind, nodes, pending, root, changes);
  const added = pending.hash();
  for (const [hash, node] of added) nodes.map.set(hash, node);
  return { root: hashOf(after), added };
}

const short: TrieKind = { ...PEDERSEN_TRIE, height: 5 };

describe("state/trie: updates", () => {
  for (const [name, kind] of Object.entries({
    short,
    PEDERSEN_TRIE,
    POSEIDON_TRIE,
    COMMITMENT_TRIE,
  })) {
    it(`reaches the root of the recursive definition by any batches: ${name}`, () => {
      fc.assert(
        fc.property(fc.array(leafChanges(kind.height), { maxLength: 5 }), (batches) => {
          const nodes = new Nodes();
          const leaves = new Map<bigint, Felt>();
          let root = 0n;
          for (const changes of batches) {
            ({ root } = update(kind, nodes, root, changes));
            for (const [key, value] of changes) {
              if (value === 0n) leaves.delete(key);
              else leaves.set(key, value);
            }
            expect(root).equals(naiveRoot(kind, leaves));
            for (const [key] of changes) {
              expect(walk(kind, nodes, root, key)).equals(leaves.get(key) ?? 0n);
            }
          }
          expect(rootOf(kind, leaves)).equals(root);
          expect(rootOf(kind, [...leaves].reverse())).equals(root);
        }),
        { numRuns: kind === short ? 300 : 60 },
      );
    });
  }

  it("makes only nodes that the new trie has, none that it had before, and no edge on an edge", () => {
    fc.assert(
      fc.property(leafChanges(5), leafChanges(5), (first, second) => {
        const nodes = new Nodes();
        const { root: before } = update(short, nodes, 0n, first);
        const { root, added } = update(short, nodes, before, second);
        const reachable = (from: Felt): Set<Felt> => {
          const seen = new Set<Felt>();
          const visit = (hash: Felt, height: number): void => {
            if (hash === 0n || height === 0) return;
            seen.add(hash);
            const node = nodes.node(hash);
            if (node.kind === "binary") {
              expect(node.left !== 0n && node.right !== 0n).equals(true);
              visit(node.left, height - 1);
              visit(node.right, height - 1);
              return;
            }
            const below = height - node.length;
            if (below > 0) expect(nodes.node(node.child).kind).equals("binary");
            visit(node.child, below);
          };
          visit(from, short.height);
          return seen;
        };
        const [old, now] = [reachable(before), reachable(root)];
        for (const hash of added.keys()) expect(now.has(hash)).equals(true);
        if (root === before) expect(added.size).equals(0);
        for (const hash of now) expect(added.has(hash) || old.has(hash)).equals(true);
      }),
      { numRuns: 200 },
    );
  });

  it("refuses keys out of range and keys given twice", () => {
    for (const key of [-1n, 1n << 251n]) {
      expect(() => rootOf(PEDERSEN_TRIE, [[key, 1n]])).throws(RangeError, "0 <= key < 2^251");
    }
    expect(() => rootOf(PEDERSEN_TRIE, [[5n, 1n], [5n, 2n]])).throws(RangeError, "changed twice"); // prettier-ignore
  });

  it("gives the sequencer's roots of height 64", function () {
    const file = "vectors/starknet/trie/height64_poseidon_roots.json";
    requireShared(this, file);
    const { cases } = readSharedJson<{ cases: { leaves: string[]; expected: string }[] }>(file);
    expect(cases).length.greaterThan(2);
    for (const { leaves, expected } of cases) {
      const numbered = leaves.map((leaf, i): LeafChange => [BigInt(i), BigInt(leaf)]);
      expect(rootOf(COMMITMENT_TRIE, numbered)).equals(BigInt(expected));
    }
  });
});
