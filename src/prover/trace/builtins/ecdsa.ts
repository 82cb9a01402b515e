/** ECDSA; unused instances verify one fixed signature of the key 1. */
import { ALPHA, GENERATOR, ORDER, PEDERSEN_SHIFT, type Point } from "../../../curve/constants.ts";
import { sign } from "../../../curve/ecdsa.ts";
import { negate, recoverY } from "../../../curve/stark.ts";
import { type Felt, mod, mul, sub } from "../../../field/felt.ts";
import { inv, invModulo } from "../../../field/kernel.ts";
import { HEIGHT } from "../../air/components/subset-sum.ts";
import { type EcdsaPlacement, type Placement, virtual } from "../../air/layout.ts";
import { generatorPoints } from "../../air/periodic.ts";
import { ProverError } from "../../errors.ts";
import { doublingRows, subsetSums } from "../subset-sum.ts";
import {
  addressIn,
  type BuiltinContext,
  isUsed,
  segmentOf,
  writeRows,
  writeSubsetSum,
} from "./context.ts";

interface Signed {
  readonly key: Felt;
  readonly message: Felt;
  readonly r: Felt;
  readonly s: bigint;
}

export function writeEcdsa(context: BuiltinContext, at: EcdsaPlacement): void {
  const { memory, pool, signatures } = context;
  const segment = segmentOf(context, "ecdsa", 2, at.ratio);
  const columns = generatorPoints(HEIGHT);
  const points = columns.x.values.map((x, i): Point => ({ x, y: columns.y.values[i]! }));
  let unused: Verification | undefined;
  for (let i = 0; i < segment.instances; i++) {
    let verification: Verification;
    if (isUsed(memory, segment, i)) {
      const [key, message] = [0, 1].map((cell) => memory.get(addressIn(segment, i, cell))) as [
        Felt,
        Felt,
      ];
      const signature = signatures.get(i);
      if (signature === undefined)
        throw new ProverError("INVALID_RUN", `ecdsa: instance ${i} has no signature`);
      const [r, s] = signature;
      verification = verify({ key, message, r, s }, points);
    } else {
      unused ??= verify(unusedSignature(), points);
      verification = unused;
    }
    write(context, at, i, verification);
    [verification.signed.key, verification.signed.message].forEach((value, cell) => {
      const address = addressIn(segment, i, cell);
      memory.set(address, value);
      pool.place(cell === 0 ? at.pubkey : at.message, i, address);
    });
  }
}

function unusedSignature(): Signed {
  const message = 1n;
  const { r, s } = sign(message, 1n);
  return { key: GENERATOR.x, message, r, s };
}

/** p + q by its slope, for points of different x. */
function chord(p: Point, q: Point): { slope: Felt; inverse: Felt; sum: Point } {
  const inverse = inv(sub(p.x, q.x));
  const slope = mul(sub(p.y, q.y), inverse);
  const x = mod(slope * slope - p.x - q.x);
  return { slope, inverse, sum: { x, y: mod(slope * (p.x - x) - p.y) } };
}

type Verification = NonNullable<ReturnType<typeof attempt>>;

/** The key's y is either root; one of them fits. */
function verify(signed: Signed, points: readonly Point[]): Verification {
  const y = recoverY(signed.key);
  const found =
    y === undefined
      ? undefined
      : (attempt(signed, { x: signed.key, y }, points) ??
        attempt(signed, negate({ x: signed.key, y }), points));
  if (found === undefined)
    throw new ProverError("INVALID_RUN", `ecdsa: no valid signature of ${signed.message}`);
  return found;
}

function attempt(signed: Signed, key: Point, points: readonly Point[]) {
  const { message, r, s } = signed;
  const w = invModulo(s, ORDER);
  const [generator] = subsetSums([{ scalar: message, start: negate(PEDERSEN_SHIFT), points }]);
  const [doubledKey] = doublingRows([key], ALPHA);
  const [rQ] = subsetSums([{ scalar: r, start: PEDERSEN_SHIFT, points: doubledKey!.points }]);
  const added = chord(generator!.end, rQ!.end);
  const [doubledSum] = doublingRows([added.sum], ALPHA);
  const [wB] = subsetSums([{ scalar: w, start: PEDERSEN_SHIFT, points: doubledSum!.points }]);
  const extracted = chord(wB!.end, negate(PEDERSEN_SHIFT));
  if (extracted.sum.x !== r) return undefined;
  return {
    signed,
    w,
    generator: generator!,
    halves: [
      { doubled: doubledKey!, sum: rQ! },
      { doubled: doubledSum!, sum: wB! },
    ],
    added,
    extracted,
  };
}

function write(
  { table }: BuiltinContext,
  at: EcdsaPlacement,
  instance: number,
  { signed, w, generator, halves, added, extracted }: Verification,
): void {
  const set = (placement: Placement, row: number, value: Felt): void => {
    table.set(virtual(placement), row, value);
  };
  writeSubsetSum(table, at.generator, instance, generator);
  halves.forEach(({ doubled, sum }, half) => {
    const index = 2 * instance + half;
    const first = index * HEIGHT;
    writeRows(
      table,
      at.keyX,
      first,
      doubled.points.map(({ x }) => x),
    );
    writeRows(
      table,
      at.keyY,
      first,
      doubled.points.map(({ y }) => y),
    );
    writeRows(table, at.doublingSlope, first, doubled.slopes);
    writeSubsetSum(table, at.key, index, sum);
  });
  set(at.rwInv, 2 * instance, inv(signed.r));
  set(at.rwInv, 2 * instance + 1, inv(w));
  set(at.zInv, instance, inv(signed.message));
  set(at.addResultsSlope, instance, added.slope);
  set(at.addResultsInv, instance, added.inverse);
  set(at.extractRSlope, instance, extracted.slope);
  set(at.extractRInv, instance, extracted.inverse);
  set(at.qXSquared, instance, mul(signed.key, signed.key));
}
