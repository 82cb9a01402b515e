/** Field elements for property tests: limits of the representations, and uniform ones mixed with small ones. */
import fc from "fast-check";
import { type Felt, P } from "../../src/field/felt.ts";

export const edgeFelts: readonly Felt[] = [
  0n,
  1n,
  2n,
  (1n << 29n) - 1n,
  (1n << 128n) - 1n,
  1n << 192n,
  (1n << 248n) - 1n,
  1n << 248n,
  (1n << 251n) - 1n,
  1n << 251n,
  (1n << 251n) + 1n,
  (P - 1n) / 2n,
  P - (1n << 192n),
  P - 2n,
  P - 1n,
];

export const feltArbitrary = fc.oneof(
  { weight: 6, arbitrary: fc.bigInt(0n, P - 1n) },
  { weight: 1, arbitrary: fc.constantFrom(...edgeFelts) },
);
