/** EC-op; unused instances compute S + 0·G. */
import { ALPHA, GENERATOR, PEDERSEN_SHIFT, type Point } from "../../../curve/constants.ts";
import type { Felt } from "../../../field/felt.ts";
import { HEIGHT } from "../../air/components/subset-sum.ts";
import type { EcOpPlacement } from "../../air/layout.ts";
import { doublingRows, subsetSums } from "../subset-sum.ts";
import {
  addressIn,
  type BuiltinContext,
  isUsed,
  segmentOf,
  writeRows,
  writeSubsetSum,
} from "./context.ts";

interface Input {
  readonly p: Point;
  readonly q: Point;
  readonly m: Felt;
}

const UNUSED: Input = { p: PEDERSEN_SHIFT, q: GENERATOR, m: 0n };

export function writeEcOp(context: BuiltinContext, at: EcOpPlacement): void {
  const { table, memory, pool } = context;
  const segment = segmentOf(context, "ec_op", 7, at.ratio);
  const shares = [at.pX, at.pY, at.qX, at.qY, at.m, at.rX, at.rY];
  const inputs = Array.from({ length: segment.instances }, (_, i): Input => {
    if (!isUsed(memory, segment, i)) return UNUSED;
    const [pX, pY, qX, qY, m] = shares.map((_, cell) =>
      memory.get(addressIn(segment, i, cell)),
    ) as [Felt, Felt, Felt, Felt, Felt];
    return { p: { x: pX, y: pY }, q: { x: qX, y: qY }, m };
  });
  const distinct = [...new Set(inputs)];
  const doubled = doublingRows(
    distinct.map(({ q }) => q),
    ALPHA,
  );
  const sums = subsetSums(
    distinct.map(({ p, m }, i) => ({ scalar: m, start: p, points: doubled[i]!.points })),
  );
  inputs.forEach((input, i) => {
    const index = distinct.indexOf(input);
    const { points, slopes } = doubled[index]!;
    const sum = sums[index]!;
    const first = i * HEIGHT;
    writeRows(
      table,
      at.doubledX,
      first,
      points.map(({ x }) => x),
    );
    writeRows(
      table,
      at.doubledY,
      first,
      points.map(({ y }) => y),
    );
    writeRows(table, at.doublingSlope, first, slopes);
    writeSubsetSum(table, at.sum, i, sum);
    const { p, q, m } = input;
    [p.x, p.y, q.x, q.y, m, sum.end.x, sum.end.y].forEach((value, cell) => {
      const address = addressIn(segment, i, cell);
      memory.set(address, value);
      pool.place(shares[cell]!, i, address);
    });
  });
}
