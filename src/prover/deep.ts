/** The DEEP quotient (stark-protocol §5.2) as a program over the rows of a coset. */
import { type Felt, inv, mul, pow } from "../field/felt.ts";
import type { MaskCell } from "./air/air.ts";
import { type Expression, ExpressionGraph } from "./air/expression.ts";
import { powers, rootOfUnity } from "./roots.ts";
import { compileTape, type TapeProgram } from "./work/tape.ts";

export interface DeepInput {
  readonly rows: number;
  readonly z: Felt;
  readonly mask: readonly MaskCell[];
  readonly maskValues: readonly Felt[];
  /** H0(z²), H1(z²). */
  readonly compositionValues: readonly [Felt, Felt];
  /** γ, the coefficients' base. */
  readonly gamma: Felt;
  /** Columns of the trace; H0 and H1 come next, then 1/(x - z). */
  readonly columns: number;
}

/**
 * Σ γᵏ·(f(x) - v)/(x - z·g^r) over the mask, and the same for H0 and H1 at z². With the column 1/(x - z) at hand,
 * 1/(x - z·g^r) at row j is g^-r times that column at row j - r.
 */
export function deepProgram(input: DeepInput): TapeProgram {
  const { rows, z, mask, maskValues, compositionValues, gamma, columns } = input;
  const graph = new ExpressionGraph();
  const values = new Map<string, Felt>();
  const parameter = (value: Felt): Expression => {
    values.set(`${value}`, value);
    return graph.value(`${value}`);
  };
  const column = (index: number, row = 0): Expression =>
    graph.cell({ column: index, step: 1, offset: row });
  const coefficients = powers(gamma, mask.length + 2);
  const inverseGenerator = inv(rootOfUnity(rows));

  const byRow = new Map<number, number[]>();
  mask.forEach(({ row }, k) => byRow.set(row, [...(byRow.get(row) ?? []), k]));
  const sum = (terms: readonly (readonly [Felt, Expression, Felt])[]): Expression => {
    const products = terms.map(([coefficient, f]) => f.times(parameter(coefficient)));
    const constant = terms.reduce((total, [coefficient, , v]) => total + mul(coefficient, v), 0n);
    return products
      .reduce((total, product) => total.plus(product))
      .minus(parameter(mul(constant, 1n)));
  };
  const quotients = [...byRow].map(([row, cells]) => {
    const factor = pow(inverseGenerator, BigInt(row));
    return sum(
      cells.map((k) => [mul(coefficients[k]!, factor), column(mask[k]!.column), maskValues[k]!]),
    ).times(column(columns + 2, (rows - (row % rows)) % rows));
  });
  const composition = sum(
    compositionValues.map((v, i) => [coefficients[mask.length + i]!, column(columns + i), v]),
  ).times(graph.value("inverse"));
  const root = [...quotients, composition].reduce((total, quotient) => total.plus(quotient));
  return compileTape(
    root,
    (node) => {
      if (node.kind === "cell") return { kind: "column", ...node.cell! };
      if (node.name === "inverse") return { kind: "inverse", index: 0 };
      return { value: values.get(node.name!)! };
    },
    { tables: [], poles: [mul(z, z)] },
  );
}
