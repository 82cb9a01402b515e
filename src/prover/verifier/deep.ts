/** The DEEP quotient at the queries: layer 0 of FRI, committed only through layer 1 (spec §5.2). */
import { add, type Felt, mul, pow, sub } from "../../field/felt.ts";
import type { MaskCell } from "../air/air.ts";
import { GENERATOR, powers, rootOfUnity } from "../roots.ts";
import { invertAll, pointAt } from "./domain.ts";

export interface DeepStatement {
  readonly mask: readonly MaskCell[];
  /** How many columns of trace and interaction; those of the composition follow them. */
  readonly columns: number;
  readonly logRows: number;
  readonly logDomain: number;
  /** Out-of-domain point. */
  readonly z: Felt;
  /** Random coefficient γ. */
  readonly gamma: Felt;
  /** Claimed values: those of the mask, then the composition columns' at z². */
  readonly claimed: readonly Felt[];
}

/**
 * D(x) = Σ γ^k·(f_k(x) - v_k)/(x - pole_k), where the pole of mask entry (c, r) is z·g^r and that of the
 * composition columns z². Returns the function of a query and its row: all columns, composition last.
 * That throws RangeError where x is a pole.
 */
export function deepQuotient(
  statement: DeepStatement,
): (query: number, row: readonly Felt[]) => Felt {
  const { mask, columns, logRows, logDomain, z, gamma, claimed } = statement;
  const g = rootOfUnity(2 ** logRows);
  const poleOfRow = new Map<number, Felt>();
  for (const { row } of mask) {
    if (!poleOfRow.has(row)) poleOfRow.set(row, mul(z, pow(g, BigInt(row))));
  }
  const terms = [
    ...mask.map(({ column, row }) => ({ column, pole: poleOfRow.get(row)! })),
    ...claimed.slice(mask.length).map((_, j) => ({ column: columns + j, pole: mul(z, z) })),
  ];
  const coefficients = powers(gamma, terms.length);

  return (query, row) => {
    const x = mul(GENERATOR, pointAt(query, logDomain));
    const inverses = invertAll(terms.map(({ pole }) => sub(x, pole)));
    return terms.reduce((sum, { column }, k) => {
      const quotient = mul(sub(row[column]!, claimed[k]!), inverses[k]!);
      return add(sum, mul(coefficients[k]!, quotient));
    }, 0n);
  };
}
