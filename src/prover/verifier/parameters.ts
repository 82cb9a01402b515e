/** Parameters of a proof and the security that they give (protocol spec §5.3, 5.4, 6.3). */
import { ensure } from "./rejection.ts";

export interface ProofParameters {
  readonly queries: number;
  readonly logBlowup: number;
  readonly powBits: number;
  /** log2 of the number of coefficients of the last layer. */
  readonly logLast: number;
  /** log2 of the size of the cosets that each FRI layer folds. */
  readonly friSteps: readonly number[];
  readonly logRows: number;
  /** logRows + logBlowup. */
  readonly logDomain: number;
}

/** What a verifier asks for: bits of security, and how many of them must be proof of work. */
export interface SecurityRequirement {
  readonly bits: number;
  readonly minPowBits: number;
}

/** Words before the list of FRI steps, whose length is the last of them. */
const FIXED_WORDS = 5;
const MAX_QUERIES = 48;
const MAX_LOG_BLOWUP = 16;
const MAX_POW_BITS = 50;
const [MIN_LOG_LAST, MAX_LOG_LAST] = [3, 10];
const [MIN_FRI_STEP, MAX_FRI_STEP] = [2, 4];
const MAX_FRI_STEPS = 10;

function within(name: string, value: number, low: number, high: number): void {
  ensure(low <= value && value <= high, `${name} is ${value}, not in ${low}..${high}`);
}

/**
 * @param words queries, log2 blowup, work bits, log2 last layer, number of steps, 0, steps
 * @param logRows log2 of the length of the trace
 */
export function parseParameters(words: readonly bigint[], logRows: number): ProofParameters {
  const count = words.length - FIXED_WORDS;
  ensure(
    count > 0 && words[4] === BigInt(count),
    "the list of FRI steps does not have the length that it says",
  );
  const [queries, logBlowup, powBits, logLast, , leading, ...friSteps] = words.map(Number) as [
    ...[number, number, number, number, number, number],
    ...number[],
  ];
  within("the number of queries", queries, 1, MAX_QUERIES);
  within("log2 of the blowup", logBlowup, 1, MAX_LOG_BLOWUP);
  within("the proof of work", powBits, 0, MAX_POW_BITS);
  within("log2 of the last layer", logLast, MIN_LOG_LAST, MAX_LOG_LAST);
  within("the number of FRI steps", friSteps.length + 1, 2, MAX_FRI_STEPS);
  ensure(leading === 0, "the first FRI step is not 0");
  for (const step of friSteps) within("a FRI step", step, MIN_FRI_STEP, MAX_FRI_STEP);
  const covered = friSteps.reduce((a, b) => a + b, logLast);
  ensure(
    covered === logRows,
    `FRI steps and last layer cover 2^${covered} rows, the trace has 2^${logRows}`,
  );
  const logDomain = logRows + logBlowup;
  return { queries, logBlowup, powBits, logLast, friSteps, logRows, logDomain };
}

/** Conjectured bits of security as StarkWare counts them: log2 of the blowup a query, and the work. */
export const securityBits = ({ queries, logBlowup, powBits }: ProofParameters): number =>
  queries * logBlowup + powBits;

export function checkSecurity(parameters: ProofParameters, required: SecurityRequirement): void {
  const { powBits } = parameters;
  const bits = securityBits(parameters);
  ensure(powBits >= required.minPowBits, `${powBits} bits of work, not ${required.minPowBits}`);
  ensure(powBits < required.bits, `${powBits} bits of work alone reach ${required.bits} bits`);
  ensure(bits >= required.bits, `${bits} bits of security, not ${required.bits}`);
}
