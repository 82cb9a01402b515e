/** Values of columns at single points: out of the domain, and at the queries. */
import { add, type Felt, mul, pow } from "../field/felt.ts";
import { chunksOf } from "./commit/columns.ts";
import type { Pool } from "./work/pool.ts";
import { reverseBits } from "./work/tables.ts";
import type { PairList, Task } from "./work/tasks.ts";

/** Pairs of coefficients that one task sums up. */
const CHUNK = 1 << 14;

export interface PointQuery {
  readonly coefficients: PairList;
  readonly points: readonly Felt[];
}

/** The values of each polynomial at each of its points; lists of 2^log coefficients. */
export async function evaluateAtPoints(
  pool: Pool,
  log: number,
  queries: readonly PointQuery[],
): Promise<Felt[][]> {
  const parts = chunksOf(2 ** (log - 1), CHUNK);
  const partsLog = Math.log2(parts.length);
  const tasks = queries.flatMap(({ coefficients, points }) =>
    points.length === 0
      ? []
      : parts.map((part): Task => ({ type: "sums", log, source: coefficients, ...part, points })),
  );
  const results = (await pool.run(tasks)) as (readonly (readonly [Felt, Felt])[])[];
  let next = 0;
  return queries.map(({ points }) => {
    const sums = points.length === 0 ? [] : parts.map(() => results[next++]!);
    return points.map((point, i) => {
      const square = mul(point, point);
      return sums.reduce((total, part, index) => {
        // A part is a number in the high bits of the pair's, so in the low bits of the exponent.
        const weight = pow(square, BigInt(reverseBits(index, partsLog)));
        const [even, odd] = part[i]!;
        return add(total, mul(weight, add(even, mul(point, odd))));
      }, 0n);
    });
  });
}
