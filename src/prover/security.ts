/**
 * The parameters of a proof from the bits of security that it shall have. docs/security.md has the derivation
 * and names the conjectures.
 */
import { ProverError } from "./errors.ts";
import type { ProofParameters } from "./verifier/parameters.ts";

/** Bits of security that a proof has unless asked otherwise. */
export const DEFAULT_SECURITY_BITS = 96;

/** The verifiers take no more. */
const MAX_QUERIES = 48;
const MAX_LOG_BLOWUP = 16;
const MAX_POW_BITS = 50;
/** 2^20 hashes take a second, and save as many queries as these bits pay for. */
const DEFAULT_POW_BITS = 20;
const DEFAULT_LOG_BLOWUP = 2;
const MAX_FRI_STEPS = 9;
/** log2 of the last layer's coefficients: from here on layers cost more on L1 than they save. */
const LOG_LAST = 6;

/**
 * Layers fold by 8: by 4 they reveal more hashes, by 16 more siblings. The last ones, whose trees are low, fold by 4
 * where the number of rows asks for it. Undefined where there is no way.
 */
function friSteps(logRows: number): number[] | undefined {
  const log = logRows - LOG_LAST;
  const twos = (3 - (log % 3)) % 3;
  const threes = (log - 2 * twos) / 3;
  if (log < 2 || threes < 0 || threes + twos > MAX_FRI_STEPS) return undefined;
  return [...Array<number>(threes).fill(3), ...Array<number>(twos).fill(2)];
}

export interface SecurityOptions {
  /** queries·log2(blowup) + work, as StarkWare counts. */
  readonly bits?: number;
  readonly logBlowup?: number;
  readonly powBits?: number;
}

const outside = (value: number, low: number, high: number): boolean =>
  !Number.isInteger(value) || value < low || value > high;

/** Throws ProverError for options that no proof can have. */
export function chooseParameters(logRows: number, options: SecurityOptions = {}): ProofParameters {
  const {
    bits = DEFAULT_SECURITY_BITS,
    logBlowup = DEFAULT_LOG_BLOWUP,
    powBits = Math.min(DEFAULT_POW_BITS, bits - 1),
  } = options;
  const refuse = (message: string): never => {
    throw new ProverError("PARAMETERS", message);
  };
  if (outside(bits, 1, 256)) refuse(`security: expected 1 to 256 bits, got ${bits}`);
  if (outside(logBlowup, 1, MAX_LOG_BLOWUP))
    refuse(`log2 of the blowup: expected 1 to ${MAX_LOG_BLOWUP}, got ${logBlowup}`);
  if (outside(powBits, 0, Math.min(MAX_POW_BITS, bits - 1)))
    refuse(`proof of work: expected 0 to ${Math.min(MAX_POW_BITS, bits - 1)} bits, got ${powBits}`);
  const queries = Math.ceil((bits - powBits) / logBlowup);
  if (queries > MAX_QUERIES)
    refuse(
      `${bits} bits take ${queries} queries at blowup ${2 ** logBlowup} and ${powBits} bits of work, verifiers take ${MAX_QUERIES}: raise the blowup or the work`,
    );
  const steps = friSteps(logRows);
  if (steps === undefined)
    return refuse(`a trace of 2^${logRows} rows is too short or too long for FRI`);
  return {
    queries,
    logBlowup,
    powBits,
    logLast: LOG_LAST,
    friSteps: steps,
    logRows,
    logDomain: logRows + logBlowup,
  };
}

/** The words of §6.3. */
export const parameterWords = (parameters: ProofParameters): bigint[] =>
  [
    parameters.queries,
    parameters.logBlowup,
    parameters.powBits,
    parameters.logLast,
    parameters.friSteps.length + 1,
    0,
    ...parameters.friSteps,
  ].map(BigInt);
