import { expect } from "chai";
import fc from "fast-check";
import { nodesByLeaf } from "../../../src/l1/verifier/node-order.ts";
import { type Leaf, maskedKeccak, rootOf } from "../../../src/prover/verifier/merkle.ts";
import { keccak256 } from "../../../src/hash/keccak.ts";

/** The root by walks from each leaf upwards, each as far as what is known. */
function rootByLeaf(
  leaves: readonly Leaf[],
  height: number,
  nodes: readonly Uint8Array[],
): Uint8Array {
  const next = nodes[Symbol.iterator]();
  const subtree = (some: readonly Leaf[], from: number, log: number): Uint8Array | undefined => {
    if (some.length === 0) return undefined;
    if (log === 0) return some[0]!.hash;
    const middle = from + 2 ** (log - 1);
    const [left, right] = [
      some.filter(({ index }) => index < middle),
      some.filter(({ index }) => index >= middle),
    ];
    const known = [subtree(left, from, log - 1), subtree(right, middle, log - 1)];
    return maskedKeccak(...known.map((hash) => hash ?? next.next().value!));
  };
  const root = subtree(leaves, 0, height)!;
  expect(next.next().done).to.equal(true);
  return root;
}

describe("order of authentication nodes", () => {
  it("by leaf leads to the root to which the order by level leads", () => {
    const height = 6;
    const hashOf = (n: number): Uint8Array => keccak256(Uint8Array.of(n));
    const indices = fc.uniqueArray(fc.nat(2 ** height - 1), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(indices, (some) => {
        const leaves = some.sort((a, b) => a - b).map((index) => ({ index, hash: hashOf(index) }));
        const nodes: Uint8Array[] = [];
        const root = rootOf(leaves, height, () => {
          nodes.push(keccak256(hashOf(nodes.length)));
          return nodes.at(-1)!;
        });
        const byLeaf = nodesByLeaf(
          nodes,
          leaves.map(({ index }) => index),
          height,
        );
        expect(rootByLeaf(leaves, height, byLeaf)).to.deep.equal(root);
      }),
    );
  });
});
