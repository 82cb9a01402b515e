/** The order of authentication nodes: by level in a proof, by leaf for the contracts (Merkle.sol). */

/** Numbers of the nodes that an opening takes, level by level; the root is 1, the children of i 2i and 2i + 1. */
export function byLevel(leaves: readonly number[], height: number): number[] {
  const nodes: number[] = [];
  let level = leaves.map((index) => index + 2 ** height);
  for (let i = 0; i < height; i++) {
    const known = new Set(level);
    nodes.push(...level.map(siblingOf).filter((sibling) => !known.has(sibling)));
    level = [...new Set(level.map((node) => Math.floor(node / 2)))];
  }
  return nodes;
}

const siblingOf = (node: number): number => (node % 2 === 0 ? node + 1 : node - 1);

/** The same nodes in the order in which walks from each leaf upwards need them. */
function byLeaf(leaves: readonly number[], height: number): number[] {
  const known = new Set<number>();
  for (const index of leaves)
    for (let node = index + 2 ** height; node >= 1; node = Math.floor(node / 2)) known.add(node);
  const walked = new Set<number>();
  const nodes: number[] = [];
  for (const index of leaves) {
    let node = index + 2 ** height;
    for (; node > 1; node = Math.floor(node / 2)) {
      walked.add(node);
      const sibling = siblingOf(node);
      if (!known.has(sibling)) nodes.push(sibling);
      // It waits for its right sibling, whose walk goes on from their parent.
      else if (!walked.has(sibling)) break;
    }
  }
  return nodes;
}

/**
 * Authentication nodes by leaf.
 * @param nodes by level
 * @param leaves indices in ascending order, distinct
 */
export function nodesByLeaf<T>(
  nodes: readonly T[],
  leaves: readonly number[],
  height: number,
): T[] {
  const place = new Map(byLevel(leaves, height).map((node, i) => [node, i]));
  return byLeaf(leaves, height).map((node) => nodes[place.get(node)!]!);
}
