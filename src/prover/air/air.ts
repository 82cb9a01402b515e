/**
 * An algebraic intermediate representation: the constraints of a layout in the order of the protocol, each
 * a polynomial expression and the rows on which it vanishes.
 */
import { add, div, type Felt, mul } from "../../field/felt.ts";
import { rootOfUnity } from "../roots.ts";
import { type Domain, evaluateDomain } from "./domain.ts";
import {
  evaluate,
  type Expression,
  ExpressionGraph,
  type PeriodicColumn,
  reachable,
  type VirtualColumn,
} from "./expression.ts";
import { periodicAt } from "./periodic.ts";

export interface Constraint {
  /** A path, as `cpu/decode/opcode_rc/bit`. */
  readonly name: string;
  readonly expression: Expression;
  readonly domain: Domain;
}

/** A cell whose value at the out-of-domain point the prover sends. */
export interface MaskCell {
  readonly column: number;
  readonly row: number;
}

/** The constraints of a layout while its components state them. */
export class AirBuilder {
  readonly graph = new ExpressionGraph();
  readonly #constraints: Constraint[] = [];

  constrain(name: string, domain: Domain, expression: Expression): void {
    this.#constraints.push({ name, expression, domain });
  }

  cell(column: VirtualColumn, row = 0): Expression {
    return this.graph.cell(column, row);
  }

  value(name: string): Expression {
    return this.graph.value(name);
  }

  build(): Air {
    return createAir(this.#constraints);
  }
}

export interface Air {
  readonly constraints: readonly Constraint[];
  /** By column, then by row: the order of the proof. */
  readonly mask: readonly MaskCell[];
  readonly periodicColumns: readonly PeriodicColumn[];
  /** Names of public values and interaction elements, in order of first use. */
  readonly values: readonly string[];
}

function createAir(constraints: readonly Constraint[]): Air {
  const nodes = reachable(constraints.map(({ expression }) => expression));
  const mask = nodes
    .flatMap(({ cell }) => cell ?? [])
    .sort((a, b) => a.column - b.column || a.row - b.row);
  return {
    constraints,
    mask,
    periodicColumns: nodes.flatMap(({ periodic }) => periodic ?? []),
    values: nodes.flatMap(({ kind, name }) => (kind === "value" ? name! : [])),
  };
}

export interface Point {
  /** Length of the trace, a power of two. */
  readonly rows: number;
  readonly x: Felt;
  /** Values of the mask at x, in its order. */
  readonly mask: readonly Felt[];
  readonly values: ReadonlyMap<string, Felt>;
}

/** The constraints' expressions at a point, without their domains. */
export function constraintValues(air: Air, { rows, x, mask, values }: Point): Felt[] {
  const cells = new Map(air.mask.map(({ column, row }, i) => [`${column},${row}`, mask[i]!]));
  const periodic = new Map(
    air.periodicColumns.map((column) => [column.name, periodicAt(column, x, rows)]),
  );
  return evaluate(
    air.constraints.map(({ expression }) => expression),
    {
      cell: (column, row) => cells.get(`${column},${row}`)!,
      periodic: ({ name }) => periodic.get(name)!,
      value(name) {
        const value = values.get(name);
        if (value === undefined) throw new RangeError(`no value for ${name}`);
        return value;
      },
    },
  );
}

/** The composition Σ αⁱ·Cᵢ(x)·numeratorᵢ(x)/denominatorᵢ(x) (stark-protocol §5.1). */
export function evaluateAtPoint(air: Air, point: Point, alpha: Felt): Felt {
  const { rows, x } = point;
  const generator = rootOfUnity(rows);
  let coefficient = 1n;
  let sum = 0n;
  constraintValues(air, point).forEach((value, i) => {
    const { domain } = air.constraints[i]!;
    const { numerator, denominator } = evaluateDomain(domain, x, rows, generator);
    sum = add(sum, mul(coefficient, div(mul(value, numerator), denominator)));
    coefficient = mul(coefficient, alpha);
  });
  return sum;
}
