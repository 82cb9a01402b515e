/** Merkle trees in shared memory and their openings (stark-protocol §2). */
import type { Pool } from "../work/pool.ts";
import { NODE_BYTES, type NodeList, type Task } from "../work/tasks.ts";

/** Leaves of a subtree that one task hashes. */
const SUBTREE = 1 << 13;

/** Bytes of a masked hash. */
export const HASH_BYTES = 20;

export class MerkleTree {
  readonly leaves: number;
  /** Leaf i is node leaves + i, the parent of node n is n/2, the root is node 1. */
  readonly nodes: NodeList;

  /** @param leafBytes what of a leaf is not zero: all 32 bytes where it is an element, 20 where it is a hash */
  constructor(leaves: number, leafBytes: 20 | 32 = HASH_BYTES) {
    this.leaves = leaves;
    this.nodes = {
      bytes: new Uint8Array(new SharedArrayBuffer(2 * leaves * leafBytes)),
      nodeBytes: leafBytes,
    };
  }

  node(index: number): Uint8Array {
    const { bytes, nodeBytes } = this.nodes;
    const node = new Uint8Array(NODE_BYTES);
    node.set(bytes.subarray(index * nodeBytes, (index + 1) * nodeBytes));
    return node;
  }

  get root(): Uint8Array {
    return this.node(1);
  }

  /** Hashes all inner nodes, once the leaves are there. */
  async hash(pool: Pool): Promise<void> {
    const count = Math.min(SUBTREE, this.leaves);
    const subtrees = this.leaves / count;
    const task = (first: number, size: number): Task => ({
      type: "hashTree",
      nodes: this.nodes,
      first,
      count: size,
    });
    await pool.run(
      Array.from({ length: subtrees }, (_, i) => task(this.leaves + i * count, count)),
    );
    if (subtrees > 1) await pool.run([task(subtrees, subtrees)]);
  }

  /**
   * The nodes that show the leaves at `positions`, ascending: of every pair of siblings on the way that of which
   * only one is known, level by level, left to right.
   */
  opening(positions: readonly number[]): Uint8Array[] {
    const nodes: Uint8Array[] = [];
    const queue = positions.map((position) => this.leaves + position);
    for (let head = 0; queue[head]! > 1; head++) {
      const index = queue[head]!;
      if (queue[head + 1] === (index ^ 1)) head++;
      else nodes.push(this.node(index ^ 1));
      queue.push(Math.floor(index / 2));
    }
    return nodes;
  }
}
