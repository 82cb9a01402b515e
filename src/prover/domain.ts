/**
 * The evaluation domain 3·<w>, w of order M = N·B, as B cosets of the trace's group <g>, g = w^B: coset k has
 * the points 3·w^k·g^j (stark-protocol §2). Position i of a commitment is the point 3·w^reverse(i), so that a
 * coset is a block of positions, bit-reversed within.
 */
import { type Felt, mul, pow } from "../field/felt.ts";
import { GENERATOR, rootOfUnity } from "./roots.ts";
import { reverseBits } from "./work/tables.ts";

export interface EvaluationDomain {
  /** N = 2^logRows. */
  readonly logRows: number;
  /** B = 2^logBlowup. */
  readonly logBlowup: number;
}

export const rowsOf = ({ logRows }: EvaluationDomain): number => 2 ** logRows;
export const cosetsOf = ({ logBlowup }: EvaluationDomain): number => 2 ** logBlowup;
export const logSizeOf = ({ logRows, logBlowup }: EvaluationDomain): number => logRows + logBlowup;

/** w^k, for FRI, whose layers leave out the factor 3. */
export const friShift = (domain: EvaluationDomain, coset: number): Felt =>
  pow(rootOfUnity(2 ** logSizeOf(domain)), BigInt(coset));

/** 3·w^k. */
export const cosetShift = (domain: EvaluationDomain, coset: number): Felt =>
  mul(GENERATOR, friShift(domain, coset));

/** The block of positions, of N each, that coset k has. */
export const blockOf = ({ logBlowup }: EvaluationDomain, coset: number): number =>
  reverseBits(coset, logBlowup);

/** The point at position i. */
export const pointAt = (domain: EvaluationDomain, position: number): Felt => {
  const log = logSizeOf(domain);
  return mul(GENERATOR, pow(rootOfUnity(2 ** log), BigInt(reverseBits(position, log))));
};
