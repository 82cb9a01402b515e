/** Pedersen hash by plain curve arithmetic: the twin of the Pedersen kernel. */
import { PEDERSEN_BASES, PEDERSEN_SHIFT, type Point } from "../../curve/constants.ts";
import { add, mul } from "../../curve/reference/stark.ts";
import type { Felt } from "../../field/felt.ts";

const LOW_BITS = 248n;

/**
 * x of P0 + a_low·P1 + a_high·P2 + b_low·P3 + b_high·P4, where low is the lower 248 bits and high the
 * upper 4 (StarkEx crypto documentation, "Pedersen Hash Function").
 */
export function pedersen(a: Felt, b: Felt): Felt {
  const parts = [a, b].flatMap((x) => [x & ((1n << LOW_BITS) - 1n), x >> LOW_BITS]);
  let sum: Point | undefined = PEDERSEN_SHIFT;
  parts.forEach((scalar, i) => {
    const term = mul(scalar, PEDERSEN_BASES[i]!);
    if (term !== undefined) sum = sum === undefined ? term : add(sum, term);
  });
  return (sum as Point).x;
}
