/** How a proof is rejected: an error that names the step of the verification. */

/** The steps of a verification, in their order. FRI layers are numbered from 1. */
export type VerifierStep =
  | "layout"
  | "public input"
  | "parameters"
  | "security"
  | "builtin segments"
  | "memory pages"
  | "commitments"
  | "constraints"
  | "FRI commitments"
  | "proof of work"
  | "trace opening"
  | "interaction opening"
  | "composition opening"
  | "DEEP quotient"
  | `FRI layer ${number}`
  | "last layer"
  | "end of proof";

/** The proof, or the statement it comes with, does not pass `step`. */
export class ProofRejected extends Error {
  readonly step: VerifierStep;
  readonly reason: string;

  constructor(step: VerifierStep, reason: string) {
    super(`rejected at "${step}": ${reason}`);
    this.name = "ProofRejected";
    this.step = step;
    this.reason = reason;
  }
}

/** What a part of the verifier finds wrong; the order of steps makes a ProofRejected of it. */
export class Mismatch extends Error {}

/** Throws a Mismatch unless `condition` holds. */
export function ensure(condition: boolean, reason: string): asserts condition {
  if (!condition) throw new Mismatch(reason);
}
