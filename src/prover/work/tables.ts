/** Tables of what repeats along a coset: pairs of rows (j, j + N/2), as many as the period has. */
import { type Felt, mul, neg, pow } from "../../field/felt.ts";
import type { Domain, Factor } from "../air/domain.ts";
import type { PeriodicColumn } from "../air/expression.ts";
import { PAIR_BYTES, type ProverKernel } from "../kernel.ts";
import { rootOfUnity } from "../roots.ts";
import { oneOver, twiddles } from "./transform.ts";
import type { Table } from "./tape.ts";

/** Pairs that the tape handles at once: tables are repeated to have as many. */
export const TAPE_BLOCK = 16;

/** Points shift·g^j of a coset of `rows` points. */
export interface Coset {
  readonly rows: number;
  readonly shift: Felt;
}

export interface TableInMemory {
  readonly address: number;
  /** Pairs; a power of two. */
  readonly size: number;
}

/** Makes the table in memory that stays reserved. */
export function makeTable(kernel: ProverKernel, table: Table, coset: Coset): TableInMemory {
  const made =
    table.kind === "periodic"
      ? periodicTable(kernel, table.column, coset)
      : domainTable(kernel, table.domain, coset);
  return made.size >= TAPE_BLOCK ? made : repeated(kernel, made, TAPE_BLOCK);
}

function repeated(
  kernel: ProverKernel,
  { address, size }: TableInMemory,
  target: number,
): TableInMemory {
  if (size === target) return { address, size };
  const copy = kernel.reservePairs(target);
  for (let at = 0; at < target; at += size)
    kernel.bytes.copyWithin(copy + at * PAIR_BYTES, address, address + size * PAIR_BYTES);
  return { address: copy, size: target };
}

/** Pairs after which a function of row mod period repeats. */
const pairsOf = (period: number, rows: number): number => Math.min(period, rows / 2);

/** The product of the `every` factors of a domain: numerators over denominators. */
function domainTable(kernel: ProverKernel, domain: Domain, coset: Coset): TableInMemory {
  const periods = [...domain.numerator, ...domain.denominator].map((factor) =>
    factor.kind === "every" ? factor.period : 1,
  );
  const size = pairsOf(Math.max(...periods), coset.rows);
  const address = kernel.reservePairs(size);
  kernel.scoped(() => {
    const factors = (list: readonly Factor[]): number =>
      repeated(kernel, product(kernel, list, coset) ?? constantTable(kernel, 1n), size).address;
    kernel.exports.invertAll(address, factors(domain.denominator), size);
    kernel.exports.multiplyAll(address, factors(domain.numerator), size);
  });
  return { address, size };
}

const constantTable = (kernel: ProverKernel, value: Felt): TableInMemory => ({
  address: kernel.pairs([[value, value]]),
  size: 1,
});

function product(
  kernel: ProverKernel,
  factors: readonly Factor[],
  coset: Coset,
): TableInMemory | undefined {
  let result: TableInMemory | undefined;
  for (const factor of factors) {
    if (factor.kind !== "every") continue;
    const table = factorTable(kernel, factor, coset);
    if (result === undefined) {
      result = table;
      continue;
    }
    const size = Math.max(result.size, table.size);
    result = repeated(kernel, result, size);
    kernel.exports.multiplyAll(result.address, repeated(kernel, table, size).address, size);
  }
  return result;
}

/** x^(N/period) - g^(offset·N/period). */
function factorTable(
  kernel: ProverKernel,
  { period, offset }: Extract<Factor, { kind: "every" }>,
  { rows, shift }: Coset,
): TableInMemory {
  const size = pairsOf(period, rows);
  const root = rootOfUnity(period);
  const address = kernel.reservePairs(size);
  kernel.scoped(() => {
    // -x^(N/period), so that `terms` gives the difference.
    const start = neg(pow(shift, BigInt(rows / period)));
    const first = kernel.pairs([[start, mul(start, pow(root, BigInt(rows / 2)))]]);
    const constants = kernel.constants([root, neg(pow(root, BigInt(offset)))]);
    kernel.exports.geometric(address, first, constants, size);
    kernel.exports.terms(address, address, size, constants + 40);
  });
  return { address, size };
}

/** q(x^(N/period)) for the polynomial q through the column's values. */
function periodicTable(
  kernel: ProverKernel,
  { period, values }: PeriodicColumn,
  { rows, shift }: Coset,
): TableInMemory {
  const coefficients = interpolateList(kernel, values);
  const step = pow(shift, BigInt(rows / period));
  const log = Math.log2(period);
  const scaled = new Array<Felt>(period).fill(0n);
  coefficients.forEach((coefficient, i) => {
    scaled[reverseBits(i, log)] = mul(coefficient, pow(step, BigInt(i)));
  });
  const half = period / 2;
  const target = kernel.reservePairs(pairsOf(period, rows));
  kernel.scoped(() => {
    const table = twiddles(kernel, log);
    const p = kernel.pairs(
      scaled.slice(0, half).map((value, i): [Felt, Felt] => [value, scaled[half + i]!]),
    );
    kernel.exports.evaluate(p, log, table);
    if (period === rows) kernel.bytes.copyWithin(target, p, p + half * PAIR_BYTES);
    else kernel.exports.spreadLanes(target, p, half);
  });
  return { address: target, size: pairsOf(period, rows) };
}

/** Coefficients, the constant first, of the polynomial with these values at the roots of unity. */
export function interpolateList(kernel: ProverKernel, values: readonly Felt[]): Felt[] {
  const n = values.length;
  const log = Math.log2(n);
  return kernel.scoped(() => {
    const table = twiddles(kernel, log);
    const p = kernel.pairs(
      values.slice(0, n / 2).map((value, i): [Felt, Felt] => [value, values[n / 2 + i]!]),
    );
    kernel.exports.interpolate(p, log, table);
    const pairs = kernel.readPairs(p, n / 2);
    const factor = oneOver(log);
    return Array.from({ length: n }, (_, i) => {
      const at = reverseBits(i, log);
      const value = at < n / 2 ? pairs[at]![0] : pairs[at - n / 2]![1];
      return mul(value, factor);
    });
  });
}

/** The low `bits` bits of i in reverse order. */
export function reverseBits(i: number, bits: number): number {
  let reversed = 0;
  for (let bit = 0, rest = i; bit < bits; bit++, rest = Math.floor(rest / 2))
    reversed = reversed * 2 + (rest % 2);
  return reversed;
}
