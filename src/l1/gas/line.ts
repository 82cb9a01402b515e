/** How gas grows with the size of what is paid for. */
import type { Bill } from "./bill.ts";

/** The parts of a bill that grow. */
export const GROWING = ["calldata", "execution", "storage", "refund"] as const;

/** Gas; `total` is calldata + execution + storage - refund. */
export interface GasParts extends Readonly<Record<(typeof GROWING)[number], number>> {
  readonly total: number;
  /** What the floor of EIP-7623 grows by. */
  readonly floor: number;
}

/** One transaction of a series. */
export interface Sample {
  readonly size: number;
  readonly transaction: string;
  readonly bill: Bill;
}

export interface Line {
  /** Per unit of the size. */
  readonly slope: GasParts;
  /** At size 0. */
  readonly intercept: GasParts;
  /** How far off the line the total of a sample is, at most. */
  readonly deviation: number;
}

/** What grows of a bill. */
export const growing = ({ base, calldata, execution, storage, refund, floor }: Bill): GasParts => ({
  calldata,
  execution,
  storage,
  refund,
  total: calldata + execution + storage - refund,
  floor: floor - base,
});

/** Sum of a's and `factor` times b's parts. */
export function combine(a: GasParts, b: GasParts, factor: number): GasParts {
  const part = (name: keyof GasParts): number => a[name] + factor * b[name];
  return {
    calldata: part("calldata"),
    execution: part("execution"),
    storage: part("storage"),
    refund: part("refund"),
    total: part("total"),
    floor: part("floor"),
  };
}

const NOTHING: GasParts = {
  calldata: 0,
  execution: 0,
  storage: 0,
  refund: 0,
  total: 0,
  floor: 0,
};

/**
 * Least squares, each part by itself; as the fit is linear in the samples, the parts' slopes add up to the total's.
 * Throws RangeError for fewer than two sizes.
 */
export function fitLine(samples: readonly Sample[]): Line {
  const sizes = samples.map(({ size }) => size);
  const mean = sizes.reduce((sum, size) => sum + size, 0) / sizes.length;
  const spread = sizes.reduce((sum, size) => sum + (size - mean) ** 2, 0);
  if (!(spread > 0)) throw new RangeError("a line needs samples of at least two sizes");
  const weighted = (weight: (size: number) => number): GasParts =>
    samples.reduce((sum, { size, bill }) => combine(sum, growing(bill), weight(size)), NOTHING);
  const slope = weighted((size) => (size - mean) / spread);
  const intercept = combine(
    weighted(() => 1 / sizes.length),
    slope,
    -mean,
  );
  const deviations = samples.map(({ size, bill }) =>
    Math.abs(growing(bill).total - intercept.total - size * slope.total),
  );
  return { slope, intercept, deviation: Math.max(...deviations) };
}
