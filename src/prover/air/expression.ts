/**
 * Polynomial expressions over a trace, as a hash-consed graph: equal subexpressions of one graph are one
 * node, and a node's id is above those of its operands, so that the order of ids is an order of evaluation.
 */
import { add, type Felt, mod, mul, neg, sub } from "../../field/felt.ts";

/** A column fixed by the layout: `values[i]` stands at rows i·period/values.length mod period. */
export interface PeriodicColumn {
  readonly name: string;
  /** In rows; a multiple of the number of values. */
  readonly period: number;
  /** A power of two of them. Fillers matter: they are part of the interpolated polynomial. */
  readonly values: readonly Felt[];
}

/** What a component calls a column: its row r stands at row offset + r·step of a column of the trace. */
export interface VirtualColumn {
  readonly column: number;
  readonly step: number;
  readonly offset: number;
}

export type Kind = "constant" | "value" | "periodic" | "cell" | "add" | "sub" | "mul" | "neg";

/** Anything that an operation takes; integers stand for constants. */
export type Operand = Expression | number | bigint;

/** What the leaves are worth when an expression is evaluated. */
export interface Assignment {
  cell(column: number, row: number): Felt;
  value(name: string): Felt;
  periodic(column: PeriodicColumn): Felt;
}

export class Expression {
  readonly graph: ExpressionGraph;
  readonly id: number;
  readonly kind: Kind;
  /** Of add, sub and mul two, of neg one. */
  readonly operands: readonly Expression[];
  /** Of a constant. */
  readonly constant?: Felt;
  /** Of a public value or interaction element. */
  readonly name?: string;
  /** Of a periodic column. */
  readonly periodic?: PeriodicColumn;
  /** Of a cell: column of the trace and distance in rows. */
  readonly cell?: { readonly column: number; readonly row: number };

  constructor(
    graph: ExpressionGraph,
    id: number,
    node: Pick<Expression, "kind" | "operands" | "constant" | "name" | "periodic" | "cell">,
  ) {
    this.graph = graph;
    this.id = id;
    this.kind = node.kind;
    this.operands = node.operands;
    this.constant = node.constant;
    this.name = node.name;
    this.periodic = node.periodic;
    this.cell = node.cell;
  }

  plus(...others: readonly Operand[]): Expression {
    return others.reduce<Expression>((sum, other) => this.graph.add(sum, other), this);
  }

  minus(...others: readonly Operand[]): Expression {
    return others.reduce<Expression>((sum, other) => this.graph.sub(sum, other), this);
  }

  times(...others: readonly Operand[]): Expression {
    return others.reduce<Expression>((product, other) => this.graph.mul(product, other), this);
  }

  negated(): Expression {
    return this.graph.neg(this);
  }

  doubled(): Expression {
    return this.graph.add(this, this);
  }

  squared(): Expression {
    return this.graph.mul(this, this);
  }
}

export class ExpressionGraph {
  readonly #nodes: Expression[] = [];
  readonly #byKey = new Map<string, Expression>();

  /** All nodes by id. */
  get nodes(): readonly Expression[] {
    return this.#nodes;
  }

  constant(value: number | bigint): Expression {
    const constant = mod(BigInt(value));
    return this.#node(`c${constant}`, { kind: "constant", operands: [], constant });
  }

  value(name: string): Expression {
    return this.#node(`v${name}`, { kind: "value", operands: [], name });
  }

  periodic(column: PeriodicColumn): Expression {
    return this.#node(`p${column.name}`, { kind: "periodic", operands: [], periodic: column });
  }

  /** Row `row` of a virtual column, counted in its own rows. */
  cell({ column, step, offset }: VirtualColumn, row = 0): Expression {
    const cell = { column, row: offset + row * step };
    return this.#node(`t${column},${cell.row}`, { kind: "cell", operands: [], cell });
  }

  add(left: Operand, right: Operand): Expression {
    return this.#operation("add", left, right, add);
  }

  sub(left: Operand, right: Operand): Expression {
    return this.#operation("sub", left, right, sub);
  }

  mul(left: Operand, right: Operand): Expression {
    return this.#operation("mul", left, right, mul);
  }

  neg(operand: Operand): Expression {
    const a = this.#operand(operand);
    return a.constant !== undefined
      ? this.constant(neg(a.constant))
      : this.#node(`-${a.id}`, { kind: "neg", operands: [a] });
  }

  sum(terms: readonly Operand[]): Expression {
    return terms.reduce<Expression>((sum, term) => this.add(sum, term), this.constant(0));
  }

  #operand(x: Operand): Expression {
    return x instanceof Expression ? x : this.constant(x);
  }

  #operation(
    kind: "add" | "sub" | "mul",
    left: Operand,
    right: Operand,
    fold: (a: Felt, b: Felt) => Felt,
  ): Expression {
    const a = this.#operand(left);
    const b = this.#operand(right);
    if (a.constant !== undefined && b.constant !== undefined)
      return this.constant(fold(a.constant, b.constant));
    if (kind === "mul") {
      if (a.constant === 0n || b.constant === 1n) return a;
      if (b.constant === 0n || a.constant === 1n) return b;
    } else {
      if (b.constant === 0n) return a;
      if (a.constant === 0n) return kind === "add" ? b : this.neg(b);
    }
    // Sums and products have one order of operands, so that x + y and y + x are one node.
    const operands = kind !== "sub" && a.id > b.id ? [b, a] : [a, b];
    return this.#node(`${kind}${operands[0]!.id},${operands[1]!.id}`, { kind, operands });
  }

  #node(key: string, node: ConstructorParameters<typeof Expression>[2]): Expression {
    let found = this.#byKey.get(key);
    if (found === undefined) {
      found = new Expression(this, this.#nodes.length, node);
      this.#nodes.push(found);
      this.#byKey.set(key, found);
    }
    return found;
  }
}

/** The nodes that `roots` depend on, operands first. */
export function reachable(roots: readonly Expression[]): Expression[] {
  const seen = new Set<Expression>();
  const visit = (expression: Expression): void => {
    if (seen.has(expression)) return;
    seen.add(expression);
    expression.operands.forEach(visit);
  };
  roots.forEach(visit);
  return [...seen].sort((a, b) => a.id - b.id);
}

/** Evaluates expressions of one graph; what they share is evaluated once. */
export function evaluate(roots: readonly Expression[], assignment: Assignment): Felt[] {
  const values = new Map<Expression, Felt>();
  for (const node of reachable(roots)) {
    const [a, b] = node.operands.map((operand) => values.get(operand)!);
    values.set(node, evaluateNode(node, a, b, assignment));
  }
  return roots.map((root) => values.get(root)!);
}

function evaluateNode(
  node: Expression,
  a: Felt | undefined,
  b: Felt | undefined,
  assignment: Assignment,
): Felt {
  switch (node.kind) {
    case "constant":
      return node.constant!;
    case "value":
      return assignment.value(node.name!);
    case "periodic":
      return assignment.periodic(node.periodic!);
    case "cell":
      return assignment.cell(node.cell!.column, node.cell!.row);
    case "add":
      return add(a!, b!);
    case "sub":
      return sub(a!, b!);
    case "mul":
      return mul(a!, b!);
    case "neg":
      return neg(a!);
  }
}

const DEGREES: Readonly<Record<Kind, (a: number, b: number) => number>> = {
  constant: () => 0,
  value: () => 0,
  periodic: () => 1,
  cell: () => 1,
  add: (a, b) => Math.max(a, b),
  sub: (a, b) => Math.max(a, b),
  mul: (a, b) => a + b,
  neg: (a) => a,
};

/** Degree in columns of the trace; a periodic column counts as one. */
export function degree(root: Expression): number {
  const degrees = new Map<Expression, number>();
  for (const node of reachable([root])) {
    const [a = 0, b = 0] = node.operands.map((operand) => degrees.get(operand)!);
    degrees.set(node, DEGREES[node.kind](a, b));
  }
  return degrees.get(root)!;
}
