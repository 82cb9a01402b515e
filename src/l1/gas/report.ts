/** The measurements as JSON and as a table. */
import { grouped } from "../../util/amount.ts";
import { MAX_REFUND_QUOTIENT } from "./bill.ts";
import type { FunctionGas, Growth } from "./measurements.ts";
import type { GasParts } from "./line.ts";

/** Sizes from which a growth is no longer what its slope says; undefined: never. */
export interface Limits {
  /** The floor of EIP-7623 is more than the sum of the parts. */
  readonly floorFrom: number | undefined;
  /** More refund is earned than EIP-3529 gives. */
  readonly refundCapFrom: number | undefined;
}

/** @param base gas of any transaction */
export function limitsOf({ slope, intercept }: Growth, base: number): Limits {
  const spent = (parts: GasParts): number => parts.total + parts.refund;
  return {
    floorFrom: firstAbove(slope.floor - slope.total, intercept.total - intercept.floor),
    refundCapFrom: firstAbove(
      MAX_REFUND_QUOTIENT * slope.refund - spent(slope),
      base + spent(intercept) - MAX_REFUND_QUOTIENT * intercept.refund,
    ),
  };
}

/** The first whole number n with slope * n > bound. */
const firstAbove = (slope: number, bound: number): number | undefined =>
  slope > 0 ? Math.max(0, Math.floor(bound / slope) + 1) : undefined;

/** Hundredths of gas are as fine as a slope is worth. */
const rounded = (gas: number): number => Math.round(gas * 100) / 100 + 0;
const roundedParts = (parts: GasParts): Record<string, number> =>
  Object.fromEntries(Object.entries(parts).map(([name, gas]) => [name, rounded(gas)]));

/** What `--json` prints. */
export const gasReport = (functions: readonly FunctionGas[], hardfork: string) => ({
  hardfork,
  method: "least squares over the samples",
  functions: functions.map(({ growths, steps, ...each }) => ({
    ...each,
    growths: growths.map((growth) => ({
      per: growth.per,
      slope: roundedParts(growth.slope),
      deviation: rounded(growth.deviation),
      ...limitsOf(growth, each.bill.base),
      samples: growth.samples,
    })),
    steps: steps.map((step) => ({ for: step.for, parts: roundedParts(step.parts) })),
  })),
});

const COLUMNS = ["base", "calldata", "execution", "storage", "refund", "gas used", "floor"];

const cell = (gas: number | undefined): string => {
  const whole = Math.round(gas ?? 0);
  return whole === 0 ? "" : grouped(whole);
};

const partsRow = (label: string, { refund, ...parts }: GasParts, limits?: Limits): string[] => [
  label,
  "",
  ...[parts.calldata, parts.execution, parts.storage, -refund, parts.total, parts.floor].map(cell),
  [
    ...(limits?.floorFrom === undefined ? [] : [`floor from ${limits.floorFrom}`]),
    ...(limits?.refundCapFrom === undefined ? [] : [`refund capped from ${limits.refundCapFrom}`]),
  ].join(", "),
];

function rows({ function: name, bill, growths, steps }: FunctionGas): string[][] {
  const { base, calldata, execution, storage, refund, gasUsed, floor } = bill;
  return [
    [name, ...[base, calldata, execution, storage, -refund, gasUsed, floor].map(cell), ""],
    ...growths.map((growth) => partsRow(`  + ${growth.per}`, growth.slope, limitsOf(growth, base))),
    ...steps.map((step) => partsRow(`  + ${step.for}, once`, step.parts)),
  ];
}

/** Lines to read. */
export function gasTable(functions: readonly FunctionGas[], hardfork: string): string {
  const table = [["", ...COLUMNS, ""], ...functions.flatMap(rows)];
  const width = (column: number): number => Math.max(...table.map((row) => row[column]!.length));
  const widths = table[0]!.map((_, column) => width(column));
  const lines = table.map((row) =>
    row
      .map((text, i) =>
        i === 0 || i > COLUMNS.length ? text.padEnd(widths[i]!) : text.padStart(widths[i]!),
      )
      .join("  ")
      .trimEnd(),
  );
  const deviation = Math.max(...functions.flatMap((f) => f.growths.map((g) => g.deviation)));
  const abouts = functions.map((f) => [f.function, f.of] as const);
  const nameWidth = Math.max(...abouts.map(([name]) => name.length));
  return [
    `Gas of the contracts on L1, hardfork ${hardfork}`,
    "",
    ...lines,
    "",
    ...abouts.map(([name, of]) => `${name.padEnd(nameWidth)}  ${of}`),
    "",
    "gas used = base + calldata + execution + storage - refund, or the floor (EIP-7623) where that is more",
    `+ rows   = least squares over several sizes, no sample further off than ${Math.ceil(deviation)} gas`,
  ].join("\n");
}
