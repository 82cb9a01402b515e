/**
 * Sets of rows on which a constraint holds, as a quotient of factors: the rows of the denominator less the
 * rows of the numerator. N is the length of the trace, g its generator; row i is the point g^i.
 */
import { type Felt, mul, pow, sub } from "../../field/felt.ts";

/**
 * `every`: rows ≡ offset mod period, the roots of x^(N/period) - g^(offset·N/period).
 * `row`: the one row `fromStart`, or N - `fromEnd`; the root of x - g^row.
 */
export type Factor =
  | { readonly kind: "every"; readonly period: number; readonly offset: number }
  | { readonly kind: "row"; readonly fromStart: number }
  | { readonly kind: "row"; readonly fromEnd: number };

export interface Domain {
  readonly numerator: readonly Factor[];
  readonly denominator: readonly Factor[];
}

/** Rows ≡ each of the offsets mod period. */
export const every = (period: number, ...offsets: readonly number[]): Domain => ({
  numerator: [],
  denominator: (offsets.length === 0 ? [0] : offsets).map((offset) => ({
    kind: "every",
    period,
    offset,
  })),
});

export const FIRST_ROW: Domain = {
  numerator: [],
  denominator: [{ kind: "row", fromStart: 0 }],
};

/** Row N - step, where a column of that step has its last cell. */
export const lastRow = (step: number): Domain => ({
  numerator: [],
  denominator: [{ kind: "row", fromEnd: step }],
});

/** Less the rows ≡ each of the offsets mod period. */
export const except = (
  { numerator, denominator }: Domain,
  period: number,
  ...offsets: readonly number[]
): Domain => ({ numerator: [...numerator, ...every(period, ...offsets).denominator], denominator });

/** Less the row N - step. */
export const exceptLast = ({ numerator, denominator }: Domain, step: number): Domain => ({
  numerator: [...numerator, ...lastRow(step).denominator],
  denominator,
});

/** The integers from, from + step, … below to. */
export const range = (from: number, to: number, step = 1): number[] =>
  Array.from({ length: Math.ceil((to - from) / step) }, (_, i) => from + i * step);

/** Text that is the same for equal domains only. */
export const domainKey = (domain: Domain): string => JSON.stringify(domain);

/** The row of a `row` factor in a trace of `rows` rows. */
export const factorRow = (factor: Extract<Factor, { kind: "row" }>, rows: number): number =>
  "fromStart" in factor ? factor.fromStart : rows - factor.fromEnd;

/** The factor at x. */
export function evaluateFactor(factor: Factor, x: Felt, rows: number, generator: Felt): Felt {
  if (factor.kind === "row") return sub(x, pow(generator, BigInt(factorRow(factor, rows))));
  const exponent = BigInt(rows / factor.period);
  return sub(pow(x, exponent), pow(generator, exponent * BigInt(factor.offset)));
}

/** The products of numerator and denominator at x. */
export function evaluateDomain(
  { numerator, denominator }: Domain,
  x: Felt,
  rows: number,
  generator: Felt,
): { readonly numerator: Felt; readonly denominator: Felt } {
  const product = (factors: readonly Factor[]): Felt =>
    factors.reduce((value, factor) => mul(value, evaluateFactor(factor, x, rows, generator)), 1n);
  return { numerator: product(numerator), denominator: product(denominator) };
}

const covers = (factor: Factor, row: number, rows: number): boolean =>
  factor.kind === "row" ? row === factorRow(factor, rows) : row % factor.period === factor.offset;

/** Whether the constraint holds on `row`. */
export const domainHas = ({ numerator, denominator }: Domain, row: number, rows: number): boolean =>
  denominator.some((factor) => covers(factor, row, rows)) &&
  !numerator.some((factor) => covers(factor, row, rows));

/** The rows of the domain, ascending. */
export function domainRows(domain: Domain, rows: number): number[] {
  const found = new Set<number>();
  for (const factor of domain.denominator)
    if (factor.kind === "row") found.add(factorRow(factor, rows));
    else for (let row = factor.offset; row < rows; row += factor.period) found.add(row);
  return [...found].filter((row) => domainHas(domain, row, rows)).sort((a, b) => a - b);
}
