/** Commitments to columns: values on the whole domain, hashed row by row, one coset after the other. */
import {
  blockOf,
  cosetShift,
  cosetsOf,
  type EvaluationDomain,
  logSizeOf,
  rowsOf,
} from "../domain.ts";
import type { Pool } from "../work/pool.ts";
import type { PairList, Task } from "../work/tasks.ts";
import { MerkleTree } from "./tree.ts";

/** Pairs of rows that one task hashes. */
export const ROW_CHUNK = 1 << 11;

/** Parts of `total` pairs for tasks. */
export function chunksOf(total: number, size: number): { first: number; count: number }[] {
  const count = Math.min(size, total);
  return Array.from({ length: total / count }, (_, i) => ({ first: i * count, count }));
}

/** Evaluates columns on a coset. */
export async function evaluateColumns(
  pool: Pool,
  domain: EvaluationDomain,
  coset: number,
  coefficients: readonly PairList[],
  targets: readonly PairList[],
): Promise<void> {
  const shift = cosetShift(domain, coset);
  await pool.run(
    coefficients.map((source, i): Task => ({
      type: "evaluate",
      log: domain.logRows,
      source,
      shift,
      target: targets[i]!,
    })),
  );
}

/**
 * Commits to columns given by coefficients. `buffers` are as many lists, which hold the values on the coset `last`
 * in the end.
 */
export async function commitColumns(
  pool: Pool,
  domain: EvaluationDomain,
  coefficients: readonly PairList[],
  buffers: readonly PairList[],
  last: number,
  onProgress: (fraction: number) => void,
): Promise<MerkleTree> {
  const tree = new MerkleTree(2 ** logSizeOf(domain), coefficients.length === 1 ? 32 : 20);
  const rows = rowsOf(domain);
  const cosets = cosetsOf(domain);
  for (let i = 1; i <= cosets; i++) {
    const coset = (last + i) % cosets;
    await evaluateColumns(pool, domain, coset, coefficients, buffers);
    const base = tree.leaves + blockOf(domain, coset) * rows;
    await pool.run(
      chunksOf(rows / 2, ROW_CHUNK).map((part): Task => ({
        type: "hashRows",
        log: domain.logRows,
        columns: buffers,
        ...part,
        nodes: tree.nodes,
        base,
      })),
    );
    onProgress(i / (cosets + 1));
  }
  await tree.hash(pool);
  onProgress(1);
  return tree;
}
