/**
 * The STARK curve y² = x³ + α·x + β over F_P and its fixed points
 * (StarkEx crypto documentation, "STARK Curve" and "Pedersen Hash Function").
 */
import type { Felt } from "../field/felt.ts";

/** An affine point of the curve; the point at infinity is `undefined` wherever it can occur. */
export type Point = { readonly x: Felt; readonly y: Felt };

export const ALPHA: Felt = 1n;
export const BETA: Felt = 0x6f21413efbe40de150e596d72f7a8c5609ad26c15c915c1f4cdfcb99cee9e89n;

/** Number of points of the curve, a prime: every point but infinity has this order. */
export const ORDER = 0x800000000000010ffffffffffffffffb781126dcae7b2321e66a241adc64d2fn;

export const GENERATOR: Point = {
  x: 0x1ef15c18599971b7beced415a40f0c7deacfd9b0d1819e03d723d8bc943cfcan,
  y: 0x5668060aa49730b7be4801df46ec62de53ecd11abe43a32873000c36e8dc1fn,
};

/** P0, the point a Pedersen hash starts from. */
export const PEDERSEN_SHIFT: Point = {
  x: 0x49ee3eba8c1600700ee1b87eb599f16716b0b1022947733551fde4050ca6804n,
  y: 0x3ca0cfe4b3bc6ddf346d49d06ea0ed34e621062c0e056c1d0405d266e10268an,
};

/** P1..P4: the low 248 bits and the high 4 bits of the first input, then of the second. */
export const PEDERSEN_BASES: readonly [Point, Point, Point, Point] = [
  {
    x: 0x234287dcbaffe7f969c748655fca9e58fa8120b6d56eb0c1080d17957ebe47bn,
    y: 0x3b056f100f96fb21e889527d41f4e39940135dd7a6c94cc6ed0268ee89e5615n,
  },
  {
    x: 0x4fa56f376c83db33f9dab2656558f3399099ec1de5e3018b7a6932dba8aa378n,
    y: 0x3fa0984c931c9e38113e0c0e47e4401562761f92a7a23b45168f4e80ff5b54dn,
  },
  {
    x: 0x4ba4cc166be8dec764910f75b45f74b40c690c74709e90f3aa372f0bd2d6997n,
    y: 0x40301cf5c1751f4b971e46c4ede85fcac5c59a5ce5ae7c48151f27b24b219cn,
  },
  {
    x: 0x54302dcb0e6cc1c6e44cca8f61a63bb2ca65048d53fb325d36ff12c49a58202n,
    y: 0x1b77b3e37d13504b348046268d8ae25ce98ad783c25561a879dcc77e99c2426n,
  },
];
