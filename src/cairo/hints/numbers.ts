/** Integer helpers that hints share: limbs, roots, greatest common divisors, sizes. */
import { type Felt, P } from "../../field/felt.ts";
import { hintError } from "./errors.ts";

/** Exclusive bound of range_check values, and the base of the limbs of u256. */
export const POW_2_128 = 1n << 128n;
export const MASK_128 = POW_2_128 - 1n;

// No segment comes near this; it keeps offsets exact as doubles, sums included.
const MAX_OFFSET = 1n << 48n;

/** A felt as a signed offset: values above P/2 are negative. Throws VmError HINT when it is no offset. */
export function toOffset(value: Felt, what: string): number {
  if (value < MAX_OFFSET) return Number(value);
  if (P - value < MAX_OFFSET) return -Number(P - value);
  throw hintError(`${what} is no offset: ${value}`);
}

/** A felt as a count of cells or items. Throws VmError HINT when it cannot be one. */
export function toCount(value: Felt, what: string): number {
  if (value >= MAX_OFFSET) throw hintError(`${what} is too large: ${value}`);
  return Number(value);
}

/** ⌊√x⌋ for x >= 0, by Newton's iteration from above. */
export function isqrt(x: bigint): bigint {
  if (x < 2n) return x;
  let root = 1n << BigInt(2 * x.toString(16).length);
  for (;;) {
    const next = (root + x / root) >> 1n;
    if (next >= root) return root;
    root = next;
  }
}

/** gcd(a, b) for a, b >= 0, and a `t` with a·t ≡ gcd (mod b). */
export function extendedGcd(a: bigint, b: bigint): { gcd: bigint; t: bigint } {
  let [r0, r1] = [a, b];
  let [t0, t1] = [1n, 0n];
  while (r1 !== 0n) {
    const q = r0 / r1;
    [r0, r1] = [r1, r0 - q * r1];
    [t0, t1] = [t1, t0 - q * t1];
  }
  return { gcd: r0, t: t0 };
}
