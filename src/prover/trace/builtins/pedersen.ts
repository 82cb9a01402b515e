/** Pedersen: instances of equal inputs, the unused (0, 0) above all, are computed once. */
import { PEDERSEN_SHIFT, type Point } from "../../../curve/constants.ts";
import type { Felt } from "../../../field/felt.ts";
import { HEIGHT } from "../../air/components/subset-sum.ts";
import { pedersenPoints } from "../../air/periodic.ts";
import { subsetSums, type SubsetSumRows } from "../subset-sum.ts";
import { addressIn, type BuiltinContext, segmentOf, writeSubsetSum } from "./context.ts";

export function writePedersen(context: BuiltinContext): void {
  const { table, layout, memory, pool } = context;
  const at = layout.pedersen;
  const segment = segmentOf(context, "pedersen", 3, at.ratio);
  const inputs = Array.from({ length: segment.instances }, (_, i): [Felt, Felt] => [
    memory.get(addressIn(segment, i, 0)),
    memory.get(addressIn(segment, i, 1)),
  ]);
  const sums = hashes(inputs);
  inputs.forEach((input, i) => {
    const [first, second] = sums.get(input.join())!;
    const lane = at.lanes[i % at.lanes.length]!;
    const row = Math.floor(i / at.lanes.length);
    writeSubsetSum(table, lane, 2 * row, first);
    writeSubsetSum(table, lane, 2 * row + 1, second);
    const shares = [at.input0, at.input1, at.output];
    [...input, second.end.x].forEach((value, cell) => {
      const address = addressIn(segment, i, cell);
      memory.set(address, value);
      pool.place(shares[cell]!, i, address);
    });
  });
}

function hashes(
  inputs: readonly (readonly [Felt, Felt])[],
): Map<string, readonly [SubsetSumRows, SubsetSumRows]> {
  const distinct = new Map(inputs.map((input) => [input.join(), input]));
  const columns = pedersenPoints(2 * HEIGHT);
  const points = columns.x.values.map((x, i): Point => ({ x, y: columns.y.values[i]! }));
  const pairs = [...distinct.values()];
  const first = subsetSums(
    pairs.map(([scalar]) => ({ scalar, start: PEDERSEN_SHIFT, points: points.slice(0, HEIGHT) })),
  );
  const second = subsetSums(
    pairs.map(([, scalar], i) => ({ scalar, start: first[i]!.end, points: points.slice(HEIGHT) })),
  );
  return new Map([...distinct.keys()].map((key, i) => [key, [first[i]!, second[i]!]]));
}
