/**
 * Expressions as programs for the kernel's tape (wasm/tape.ts), which evaluates them at all rows of a coset.
 * Subexpressions share results; temporaries are reused as soon as nothing needs them.
 */
import type { Felt } from "../../field/felt.ts";
import type { Domain } from "../air/domain.ts";
import type { Expression, PeriodicColumn } from "../air/expression.ts";

/** What an operand stands for. Indices are into the lists of the program. */
export type Operand =
  | { readonly kind: "temporary"; readonly index: number }
  | { readonly kind: "constant"; readonly index: number }
  /** A column, `row` rows on. */
  | { readonly kind: "column"; readonly column: number; readonly row: number }
  | { readonly kind: "table"; readonly index: number }
  /** The point x itself. */
  | { readonly kind: "point" }
  /** 1/(x - poles[index]). */
  | { readonly kind: "inverse"; readonly index: number };

/** Functions of the row that repeat: periodic columns, and the parts of domains that do. */
export type Table =
  | { readonly kind: "periodic"; readonly column: PeriodicColumn }
  | { readonly kind: "domain"; readonly domain: Domain };

export const OPERATIONS = { mul: 0, addLazy: 1, subLazy: 2, add: 3, sub: 4 } as const;

export interface Operation {
  readonly code: (typeof OPERATIONS)[keyof typeof OPERATIONS];
  readonly target: number;
  readonly a: Operand;
  readonly b: Operand;
}

export interface TapeProgram {
  /** Names the program for workers that keep what they made of it. */
  readonly id: number;
  readonly operations: readonly Operation[];
  readonly temporaries: number;
  /** Temporary with the result. */
  readonly result: number;
  readonly constants: readonly Felt[];
  readonly tables: readonly Table[];
  readonly poles: readonly Felt[];
}

/** What leaves are; constants are told by their values. */
export type Leaf = Exclude<Operand, { kind: "temporary" | "constant" }> | { readonly value: Felt };

/** Sizes of limbs, in 2^50, and of values, in P: mul takes both operands below 2. */
interface Bound {
  readonly limbs: number;
  readonly value: number;
}

const COLUMN: Bound = { limbs: 1, value: 1 };
const PRODUCT: Bound = { limbs: 1, value: 1.25 };
const LIMIT = 2;

let programs = 0;

/** Leaves of the expression are whatever `leaf` says of nodes without operands. */
export function compileTape(
  root: Expression,
  leaf: (node: Expression) => Leaf,
  lists: Pick<TapeProgram, "tables" | "poles">,
): TapeProgram {
  const order = postOrder(root);
  const uses = new Map<Expression, number>();
  for (const node of order)
    for (const operand of node.operands) uses.set(operand, (uses.get(operand) ?? 0) + 1);

  const constants: Felt[] = [];
  const constantIndex = new Map<Felt, number>();
  const constant = (value: Felt): Operand => {
    let index = constantIndex.get(value);
    if (index === undefined) {
      index = constants.push(value) - 1;
      constantIndex.set(value, index);
    }
    return { kind: "constant", index };
  };

  const operations: Operation[] = [];
  const values = new Map<Expression, { readonly operand: Operand; readonly bound: Bound }>();
  const free: number[] = [];
  let temporaries = 0;
  for (const node of order) {
    if (node.operands.length === 0) {
      const what = leaf(node);
      values.set(node, {
        operand: "value" in what ? constant(what.value) : what,
        bound: "kind" in what && what.kind === "column" ? COLUMN : PRODUCT,
      });
      continue;
    }
    const [first, second] = node.operands as [Expression, Expression | undefined];
    const [a, b] =
      second === undefined
        ? [{ operand: constant(0n), bound: COLUMN }, values.get(first)!]
        : [values.get(first)!, values.get(second)!];
    const { code, bound } = operationOf(node.kind, a.bound, b.bound);
    // The target may be an operand's place: blocks are computed pair by pair.
    for (const operand of node.operands) {
      const left = uses.get(operand)! - 1;
      uses.set(operand, left);
      const { operand: place } = values.get(operand)!;
      if (left === 0 && place.kind === "temporary") free.push(place.index);
    }
    const target = free.pop() ?? temporaries++;
    operations.push({ code, target, a: a.operand, b: b.operand });
    values.set(node, { operand: { kind: "temporary", index: target }, bound });
  }
  const { operand } = values.get(root)!;
  if (operand.kind !== "temporary") throw new RangeError("an expression without operations");
  return {
    id: ++programs,
    operations,
    temporaries,
    result: operand.index,
    constants,
    ...lists,
  };
}

function operationOf(
  kind: Expression["kind"],
  a: Bound,
  b: Bound,
): { readonly code: Operation["code"]; readonly bound: Bound } {
  if (kind === "mul") return { code: OPERATIONS.mul, bound: PRODUCT };
  const sum = { limbs: a.limbs + b.limbs, value: a.value + b.value };
  const lazy = sum.limbs <= LIMIT && sum.value <= LIMIT;
  if (kind === "add")
    return lazy
      ? { code: OPERATIONS.addLazy, bound: sum }
      : { code: OPERATIONS.add, bound: COLUMN };
  return lazy ? { code: OPERATIONS.subLazy, bound: sum } : { code: OPERATIONS.sub, bound: COLUMN };
}

/** Operands before what uses them, depth first, so that results are used soon. */
function postOrder(root: Expression): Expression[] {
  const order: Expression[] = [];
  const seen = new Set<Expression>();
  const stack: { readonly node: Expression; next: number }[] = [{ node: root, next: 0 }];
  seen.add(root);
  while (stack.length > 0) {
    const top = stack.at(-1)!;
    const operand = top.node.operands[top.next++];
    if (operand === undefined) {
      order.push(top.node);
      stack.pop();
    } else if (!seen.has(operand)) {
      seen.add(operand);
      stack.push({ node: operand, next: 0 });
    }
  }
  return order;
}
