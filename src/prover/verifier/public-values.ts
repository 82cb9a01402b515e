/** What the constraints take from the statement and from the verifier's randomness (protocol spec §5.1). */
import { add, type Felt, mul } from "../../field/felt.ts";
import { initialAddress, type VerifierLayout } from "./layout.ts";
import type { PublicInput } from "./public-input.ts";
import { type MemoryPage, publicMemoryQuotient } from "./public-memory.ts";

/**
 * The last of r_1 = 1, r_{j+1} = r_j·(1 + z·u_j) + α·u_j², u_j = dilute(j) - dilute(j - 1), 1 <= j < 2^bits,
 * where dilute spreads the bits of a number `spacing` places apart.
 *
 * u_j depends on the trailing zeros of j alone: the affine map over all j < 2^(k+1) is the one over j < 2^k, the
 * step at 2^k, and the one over j < 2^k again.
 */
export function dilutedCumulativeValue(
  z: Felt,
  alpha: Felt,
  { bits, spacing }: { readonly bits: number; readonly spacing: number },
): Felt {
  let [slope, offset] = [1n, 0n];
  for (let k = 0, below = 0n; k < bits; k++) {
    const power = 1n << BigInt(spacing * k); // dilute(2^k); `below` is dilute(2^k - 1)
    const u = power - below;
    below += power;
    const stepSlope = add(1n, mul(z, u));
    const stepOffset = mul(alpha, mul(u, u));
    const middle = add(mul(offset, stepSlope), stepOffset);
    offset = add(mul(middle, slope), offset);
    slope = mul(mul(slope, stepSlope), slope);
  }
  return add(slope, offset);
}

/** Values by name, as the constraints of `layout` name them. */
export function publicValues(
  layout: VerifierLayout,
  input: PublicInput,
  pages: readonly MemoryPage[],
  interaction: readonly Felt[],
): ReadonlyMap<string, Felt> {
  const values = new Map<string, Felt>([
    ...layout.interactionElements.map((name, i): [string, Felt] => [name, interaction[i]!]),
    ["initial_pc", input.program.begin],
    ["final_pc", input.program.stop],
    ["initial_ap", input.execution.begin],
    ["final_ap", input.execution.stop],
    ["rc_min", input.rangeCheckMin],
    ["rc_max", input.rangeCheckMax],
    ...layout.builtins.map(({ name }): [string, Felt] => [
      initialAddress(name),
      input.builtins.get(name)!.begin,
    ]),
  ]);
  const value = (name: string): Felt => values.get(name)!;
  const product = publicMemoryQuotient(
    ...([input, pages, layout, value("memory/z"), value("memory/alpha")] as const),
  );
  values.set("memory/public_memory_product", product);
  const { diluted } = layout.definition;
  if (diluted !== undefined) {
    const [z, alpha] = [value("diluted_check/z"), value("diluted_check/alpha")];
    values.set("diluted_check/final_cumulative_value", dilutedCumulativeValue(z, alpha, diluted));
  }
  return values;
}
