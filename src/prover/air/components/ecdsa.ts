/**
 * The ECDSA builtin: (pubkey, message). With w = 1/s, z the message hash and S the shift point,
 * z·G - S + (r·Q + S) = B and w·B + S has x-coordinate r after S is taken off again.
 */
import { ALPHA, BETA, PEDERSEN_SHIFT } from "../../../curve/constants.ts";
import type { AirBuilder } from "../air.ts";
import { every, exceptLast, FIRST_ROW } from "../domain.ts";
import type { Expression } from "../expression.ts";
import { type EcdsaPlacement, type LayoutDefinition, memoryShare, virtual } from "../layout.ts";
import { generatorPoints } from "../periodic.ts";
import { doublings, HEIGHT, subsetSum } from "./subset-sum.ts";

const BITS = 251;

export function ecdsa(air: AirBuilder, layout: LayoutDefinition, at: EcdsaPlacement): void {
  const rows = at.ratio * layout.rowsPerStep;
  const path = "ecdsa/signature0";
  const instance = every(rows);
  const half = every(rows / 2); // two scalars multiply key points: r, then w
  const cell = (placement: EcdsaPlacement["keyX"], row = 0): Expression =>
    air.cell(virtual(placement), row);
  const points = generatorPoints(rows);
  const { x: shiftX, y: shiftY } = PEDERSEN_SHIFT;

  doublings(air, {
    path: `${path}/doubling_key`,
    x: at.keyX,
    y: at.keyY,
    slope: at.doublingSlope,
    alpha: ALPHA,
  });
  subsetSum(air, {
    path: `${path}/exponentiate_generator`,
    at: at.generator,
    point: { x: air.graph.periodic(points.x), y: air.graph.periodic(points.y) },
    bits: BITS,
  });
  subsetSum(air, {
    path: `${path}/exponentiate_key`,
    at: at.key,
    point: { x: cell(at.keyX), y: cell(at.keyY) },
    bits: BITS,
  });

  // The generator's sum starts at -S, the key's sums at S
  const { generator, key } = at;
  air.constrain(`${path}/init_gen/x`, instance, cell(generator.x).minus(shiftX));
  air.constrain(`${path}/init_gen/y`, instance, cell(generator.y).plus(shiftY));
  air.constrain(`${path}/init_key/x`, half, cell(key.x).minus(shiftX));
  air.constrain(`${path}/init_key/y`, half, cell(key.y).minus(shiftY));

  // B = z·G - S + (r·Q + S) is the first key point of the second half
  const last = HEIGHT - 1;
  const [zG, rQ] = [
    { x: cell(generator.x, last), y: cell(generator.y, last) },
    { x: cell(key.x, last), y: cell(key.y, last) },
  ] as const;
  const [bX, bY] = [cell(at.keyX, HEIGHT), cell(at.keyY, HEIGHT)];
  const slope = cell(at.addResultsSlope);
  air.constrain(
    `${path}/add_results/slope`,
    instance,
    zG.y.minus(rQ.y.plus(slope.times(zG.x.minus(rQ.x)))),
  );
  air.constrain(`${path}/add_results/x`, instance, slope.squared().minus(zG.x.plus(rQ.x, bX)));
  air.constrain(
    `${path}/add_results/y`,
    instance,
    zG.y.plus(bY).minus(slope.times(zG.x.minus(bX))),
  );
  air.constrain(
    `${path}/add_results/x_diff_inv`,
    instance,
    cell(at.addResultsInv).times(zG.x.minus(rQ.x)).minus(1),
  );

  // x of (w·B + S) - S is r, the first half's scalar
  const wB = { x: cell(key.x, 2 * HEIGHT - 1), y: cell(key.y, 2 * HEIGHT - 1) };
  const r = cell(key.selector);
  const rSlope = cell(at.extractRSlope);
  air.constrain(
    `${path}/extract_r/slope`,
    instance,
    wB.y.plus(shiftY).minus(rSlope.times(wB.x.minus(shiftX))),
  );
  air.constrain(`${path}/extract_r/x`, instance, rSlope.squared().minus(wB.x.plus(shiftX, r)));
  air.constrain(
    `${path}/extract_r/x_diff_inv`,
    instance,
    cell(at.extractRInv).times(wB.x.minus(shiftX)).minus(1),
  );

  // z, r and w are not zero
  const message = cell(generator.selector);
  air.constrain(`${path}/z_nonzero`, instance, message.times(cell(at.zInv)).minus(1));
  air.constrain(`${path}/r_and_w_nonzero`, half, r.times(cell(at.rwInv)).minus(1));

  // Q is on the curve: y² = x·x² + α·x + β
  const [qX, qY, qXSquared] = [cell(at.keyX), cell(at.keyY), cell(at.qXSquared)];
  air.constrain(`${path}/q_on_curve/x_squared`, instance, qXSquared.minus(qX.squared()));
  air.constrain(
    `${path}/q_on_curve/on_curve`,
    instance,
    qY.squared().minus(qX.times(qXSquared).plus(qX.times(ALPHA), BETA)),
  );

  // Addresses are pubkey, message, next pubkey, …
  const pubkeyCell = memoryShare(layout.memory, at.pubkey);
  const messageCell = memoryShare(layout.memory, at.message);
  air.constrain(
    "ecdsa/init_addr",
    FIRST_ROW,
    air.cell(pubkeyCell.address).minus(air.value("initial_ecdsa_addr")),
  );
  air.constrain(
    "ecdsa/message_addr",
    instance,
    air.cell(messageCell.address).minus(air.cell(pubkeyCell.address).plus(1)),
  );
  air.constrain(
    "ecdsa/pubkey_addr",
    exceptLast(instance, rows),
    air.cell(pubkeyCell.address, 1).minus(air.cell(messageCell.address).plus(1)),
  );
  air.constrain("ecdsa/message_value0", instance, air.cell(messageCell.value).minus(message));
  air.constrain("ecdsa/pubkey_value0", instance, air.cell(pubkeyCell.value).minus(qX));
}
