/** Roots of unity of the Stark field, and powers. */
import { type Felt, mul, P, pow } from "../field/felt.ts";

/** Generates the multiplicative group; also the shift of the evaluation domain. */
export const GENERATOR: Felt = 3n;

const roots = new Map<number, Felt>();

/** A primitive root of unity of order n, a power of two up to 2^192: 3^((P - 1)/n). */
export function rootOfUnity(n: number): Felt {
  if (!Number.isInteger(Math.log2(n)) || n < 1)
    throw new RangeError(`expected a power of two, got ${n}`);
  let root = roots.get(n);
  if (root === undefined) {
    root = pow(GENERATOR, (P - 1n) / BigInt(n));
    roots.set(n, root);
  }
  return root;
}

/** 1, base, base², …: `count` of them. */
export function powers(base: Felt, count: number): Felt[] {
  const result: Felt[] = [];
  for (let i = 0, power = 1n; i < count; i++, power = mul(power, base)) result.push(power);
  return result;
}
