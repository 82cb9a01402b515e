/** The composition of all constraints (stark-protocol §5.1) as a program over the rows of a coset. */
import { type Felt, pow } from "../field/felt.ts";
import type { Air, Constraint } from "./air/air.ts";
import { type Domain, domainKey, type Factor, factorRow } from "./air/domain.ts";
import { type Expression, ExpressionGraph, type PeriodicColumn } from "./air/expression.ts";
import { powers, rootOfUnity } from "./roots.ts";
import { compileTape, type Leaf, type Table, type TapeProgram } from "./work/tape.ts";

export interface CompositionInput {
  readonly rows: number;
  readonly values: ReadonlyMap<string, Felt>;
  readonly alpha: Felt;
}

/** Σ over domains of numerator/denominator · Σ αⁱ·Cᵢ over the domain's constraints. */
export function compositionProgram(
  air: Air,
  { rows, values, alpha }: CompositionInput,
): TapeProgram {
  const builder = new ProgramBuilder(rows, values);
  const coefficients = powers(alpha, air.constraints.length);
  const groups = new Map<string, { constraint: Constraint; coefficient: Felt }[]>();
  air.constraints.forEach((constraint, i) => {
    const key = domainKey(constraint.domain);
    const group = groups.get(key) ?? [];
    groups.set(key, group);
    group.push({ constraint, coefficient: coefficients[i]! });
  });
  const { graph } = builder;
  const terms = [...groups.values()].map((group) =>
    builder
      .quotient(group[0]!.constraint.domain)
      .times(
        graph.sum(
          group.map(({ constraint, coefficient }) =>
            builder.copy(constraint.expression).times(builder.parameter(coefficient)),
          ),
        ),
      ),
  );
  return builder.compile(graph.sum(terms));
}

/** A graph of its own whose leaves are what the tape knows. */
class ProgramBuilder {
  readonly graph = new ExpressionGraph();
  readonly #rows: number;
  readonly #values: ReadonlyMap<string, Felt>;
  readonly #leaves = new Map<string, Leaf>();
  readonly #tables: Table[] = [];
  readonly #poles: Felt[] = [];
  readonly #copies = new Map<Expression, Expression>();

  constructor(rows: number, values: ReadonlyMap<string, Felt>) {
    this.#rows = rows;
    this.#values = values;
  }

  #leaf(name: string, leaf: () => Leaf): Expression {
    if (!this.#leaves.has(name)) this.#leaves.set(name, leaf());
    return this.graph.value(name);
  }

  /** A value that is not folded into others. */
  parameter(value: Felt): Expression {
    return this.#leaf(`constant ${value}`, () => ({ value }));
  }

  #table(name: string, table: Table): Expression {
    return this.#leaf(name, () => ({ kind: "table", index: this.#tables.push(table) - 1 }));
  }

  #periodic(column: PeriodicColumn): Expression {
    return this.#table(`periodic ${column.name}`, { kind: "periodic", column });
  }

  #value(name: string): Expression {
    const value = this.#values.get(name);
    if (value === undefined) throw new RangeError(`no value for ${name}`);
    return this.parameter(value);
  }

  copy(expression: Expression): Expression {
    let copy = this.#copies.get(expression);
    if (copy === undefined) {
      copy = this.#copyOf(expression);
      this.#copies.set(expression, copy);
    }
    return copy;
  }

  #copyOf(expression: Expression): Expression {
    const { graph } = this;
    const [a, b] = expression.operands.map((operand) => this.copy(operand)) as [
      Expression,
      Expression,
    ];
    switch (expression.kind) {
      case "add":
        return graph.add(a, b);
      case "sub":
        return graph.sub(a, b);
      case "mul":
        return graph.mul(a, b);
      case "neg":
        return graph.neg(a);
      case "constant":
        return graph.constant(expression.constant!);
      case "periodic":
        return this.#periodic(expression.periodic!);
      case "value":
        return this.#value(expression.name!);
      case "cell": {
        const { column, row } = expression.cell!;
        return graph.cell({ column, step: 1, offset: row });
      }
    }
  }

  /** numerator/denominator of a domain: what repeats is a table, single rows are x - g^row. */
  quotient(domain: Domain): Expression {
    const generator = rootOfUnity(this.#rows);
    const pole = (factor: Extract<Factor, { kind: "row" }>): Felt =>
      pow(generator, BigInt(factorRow(factor, this.#rows)));
    const single = (factors: readonly Factor[]): Felt[] =>
      factors.flatMap((factor) => (factor.kind === "row" ? pole(factor) : []));
    const repeats = [...domain.numerator, ...domain.denominator].some(
      ({ kind }) => kind === "every",
    );
    const point = this.#leaf("point", () => ({ kind: "point" }));
    const factors = [
      ...(repeats
        ? [this.#table(domainKey(repeating(domain)), { kind: "domain", domain: repeating(domain) })]
        : []),
      ...single(domain.numerator).map((row) => point.minus(this.parameter(row))),
      ...single(domain.denominator).map((row) =>
        this.#leaf(`inverse ${row}`, () => ({
          kind: "inverse",
          index: this.#poles.push(row) - 1,
        })),
      ),
    ];
    return factors.reduce((product, factor) => product.times(factor));
  }

  compile(root: Expression): TapeProgram {
    return compileTape(
      root,
      (node) => {
        if (node.kind === "constant") return { value: node.constant! };
        if (node.kind === "cell") return { kind: "column", ...node.cell! };
        return this.#leaves.get(node.name!)!;
      },
      { tables: this.#tables, poles: this.#poles },
    );
  }
}

/** The factors of a domain that repeat. */
const repeating = ({ numerator, denominator }: Domain): Domain => {
  const every = (factors: readonly Factor[]): Factor[] =>
    factors.filter(({ kind }) => kind === "every");
  return { numerator: every(numerator), denominator: every(denominator) };
};
