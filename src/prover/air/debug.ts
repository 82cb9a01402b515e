/** Finds the constraints that a trace breaks, by name and row: for developers and tests. */
import { add, type Felt, mul, neg, sub } from "../../field/felt.ts";
import type { Air, Constraint } from "./air.ts";
import { domainRows } from "./domain.ts";
import { type Expression, reachable } from "./expression.ts";

export interface Violation {
  readonly constraint: string;
  readonly row: number;
}

export interface DebugTrace {
  readonly rows: number;
  /** The cell of a column; rows are taken modulo the length. */
  cell(column: number, row: number): Felt;
}

/** The first row, of all rows or of those that `select` takes, at which each broken constraint fails. */
export function findViolations(
  air: Air,
  trace: DebugTrace,
  values: ReadonlyMap<string, Felt>,
  select: (constraint: Constraint, rows: readonly number[]) => readonly number[] = (_, rows) =>
    rows,
): Violation[] {
  return air.constraints.flatMap((constraint) => {
    const rows = select(constraint, domainRows(constraint.domain, trace.rows));
    const holds = evaluator(constraint.expression, trace, values);
    const row = rows.find((candidate) => holds(candidate) !== 0n);
    return row === undefined ? [] : [{ constraint: constraint.name, row }];
  });
}

function evaluator(
  root: Expression,
  trace: DebugTrace,
  values: ReadonlyMap<string, Felt>,
): (row: number) => Felt {
  const nodes = reachable([root]);
  const index = new Map(nodes.map((node, i) => [node, i]));
  const results = new Array<Felt>(nodes.length);
  const steps = nodes.map((node, i) => {
    const [a, b] = node.operands.map((operand) => index.get(operand)!) as [number, number];
    switch (node.kind) {
      case "add":
        return () => (results[i] = add(results[a]!, results[b]!));
      case "sub":
        return () => (results[i] = sub(results[a]!, results[b]!));
      case "mul":
        return () => (results[i] = mul(results[a]!, results[b]!));
      case "neg":
        return () => (results[i] = neg(results[a]!));
      case "cell":
        return (row: number) => (results[i] = trace.cell(node.cell!.column, row + node.cell!.row));
      case "periodic": {
        const { period, values: list } = node.periodic!;
        const step = period / list.length;
        // Between its rows the column is not used.
        return (row: number) => (results[i] = list[Math.floor((row % period) / step)]!);
      }
      case "constant":
        return () => (results[i] = node.constant!);
      case "value": {
        const value = values.get(node.name!);
        if (value === undefined) throw new RangeError(`no value for ${node.name!}`);
        return () => (results[i] = value);
      }
    }
  });
  return (row) => {
    for (const step of steps) step(row);
    return results[nodes.length - 1]!;
  };
}
