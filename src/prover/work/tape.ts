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

export const OPERATIONS = { mul: 0, addLazy: 1, subLazy: 2, add: 3, sub: 4, dot: 5 } as const;

type BinaryCode = Exclude<(typeof OPERATIONS)[keyof typeof OPERATIONS], typeof OPERATIONS.dot>;

type Product = readonly [Operand, Operand];

/** A sum of products has up to 64 terms. */
export type Operation =
  | {
      readonly code: BinaryCode;
      readonly target: number;
      readonly a: Operand;
      readonly b: Operand;
    }
  | {
      readonly code: typeof OPERATIONS.dot;
      readonly target: number;
      readonly terms: readonly Product[];
    };

export const operandsOf = (operation: Operation): readonly Operand[] =>
  "terms" in operation ? operation.terms.flat() : [operation.a, operation.b];

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

/** Terms of a sum of products. */
const DOT_TERMS = 64;
/** From here on a sum of products is cheaper in one. */
const MIN_DOT_TERMS = 3;

/** A sum: products that nothing else needs, and the rest. */
interface Sum {
  readonly products: readonly (readonly [Expression, Expression])[];
  readonly others: readonly Expression[];
}

/** Leaves of the expression are whatever `leaf` says of nodes without operands. */
export function compileTape(
  root: Expression,
  leaf: (node: Expression) => Leaf,
  lists: Pick<TapeProgram, "tables" | "poles">,
): TapeProgram {
  const sums = findSums(root);
  const inputsOf = (node: Expression): readonly Expression[] => {
    const sum = sums.get(node);
    return sum === undefined ? node.operands : [...sum.products.flat(), ...sum.others];
  };
  const order = postOrder(root, inputsOf);
  const uses = countUses(order, inputsOf);
  const compiler = new TapeCompiler();
  for (const node of order) {
    const sum = sums.get(node);
    if (node.operands.length === 0) compiler.leaf(node, leaf(node));
    else if (sum !== undefined) compiler.sum(node, sum);
    else compiler.operation(node);
    for (const input of inputsOf(node)) {
      const left = uses.get(input)! - 1;
      uses.set(input, left);
      if (left === 0) compiler.free(input);
    }
  }
  return { id: ++programs, ...compiler.finish(root), ...lists };
}

class TapeCompiler {
  readonly #constants: Felt[] = [];
  readonly #constantIndex = new Map<Felt, number>();
  readonly #operations: Operation[] = [];
  readonly #values = new Map<Expression, { readonly operand: Operand; readonly bound: Bound }>();
  readonly #free: number[] = [];
  #temporaries = 0;

  #constant(value: Felt): Operand {
    let index = this.#constantIndex.get(value);
    if (index === undefined) {
      index = this.#constants.push(value) - 1;
      this.#constantIndex.set(value, index);
    }
    return { kind: "constant", index };
  }

  #allocate(): number {
    return this.#free.pop() ?? this.#temporaries++;
  }

  #operand(node: Expression): Operand {
    return this.#values.get(node)!.operand;
  }

  leaf(node: Expression, what: Leaf): void {
    this.#values.set(node, {
      operand: "value" in what ? this.#constant(what.value) : what,
      bound: "kind" in what && what.kind === "column" ? COLUMN : PRODUCT,
    });
  }

  operation(node: Expression): void {
    const [first, second] = node.operands as [Expression, Expression | undefined];
    const [a, b] =
      second === undefined
        ? [{ operand: this.#constant(0n), bound: COLUMN }, this.#values.get(first)!]
        : [this.#values.get(first)!, this.#values.get(second)!];
    const { code, bound } = operationOf(node.kind, a.bound, b.bound);
    const target = this.#allocate();
    this.#operations.push({ code, target, a: a.operand, b: b.operand });
    this.#values.set(node, { operand: { kind: "temporary", index: target }, bound });
  }

  sum(node: Expression, { products, others }: Sum): void {
    const target = this.#allocate();
    const result: Operand = { kind: "temporary", index: target };
    const code = OPERATIONS.add;
    for (let at = 0; at < products.length; at += DOT_TERMS) {
      const terms = products
        .slice(at, at + DOT_TERMS)
        .map(([a, b]): Product => [this.#operand(a), this.#operand(b)]);
      const part = at === 0 ? target : this.#allocate();
      this.#operations.push({ code: OPERATIONS.dot, target: part, terms });
      if (part === target) continue;
      this.#operations.push({ code, target, a: result, b: { kind: "temporary", index: part } });
      this.#free.push(part);
    }
    for (const other of others)
      this.#operations.push({ code, target, a: result, b: this.#operand(other) });
    this.#values.set(node, { operand: result, bound: COLUMN });
  }

  free(node: Expression): void {
    const operand = this.#operand(node);
    if (operand.kind === "temporary") this.#free.push(operand.index);
  }

  finish(
    root: Expression,
  ): Pick<TapeProgram, "operations" | "temporaries" | "result" | "constants"> {
    const operand = this.#operand(root);
    if (operand.kind !== "temporary") throw new RangeError("an expression without operations");
    return {
      operations: this.#operations,
      temporaries: this.#temporaries,
      result: operand.index,
      constants: this.#constants,
    };
  }
}

function countUses(
  order: readonly Expression[],
  inputsOf: (node: Expression) => readonly Expression[],
): Map<Expression, number> {
  const uses = new Map<Expression, number>();
  for (const node of order)
    for (const input of inputsOf(node)) uses.set(input, (uses.get(input) ?? 0) + 1);
  return uses;
}

/** The sums that have enough products, by their topmost addition. */
function findSums(root: Expression): Map<Expression, Sum> {
  const order = postOrder(root, ({ operands }) => operands);
  const uses = countUses(order, ({ operands }) => operands);
  const sums = new Map<Expression, Sum>();
  const inner = new Set<Expression>();
  for (const node of order.toReversed()) {
    if (node.kind !== "add" || inner.has(node)) continue;
    const products: (readonly [Expression, Expression])[] = [];
    const others: Expression[] = [];
    const additions: Expression[] = [];
    const stack = [...node.operands];
    while (stack.length > 0) {
      const term = stack.pop()!;
      const only = uses.get(term) === 1;
      if (only && term.kind === "add") {
        additions.push(term);
        stack.push(...term.operands);
      } else if (only && term.kind === "mul")
        products.push(term.operands as unknown as readonly [Expression, Expression]);
      else others.push(term);
    }
    if (products.length < MIN_DOT_TERMS) continue;
    for (const addition of additions) inner.add(addition);
    sums.set(node, { products: products.reverse(), others });
  }
  return sums;
}

function operationOf(
  kind: Expression["kind"],
  a: Bound,
  b: Bound,
): { readonly code: BinaryCode; readonly bound: Bound } {
  if (kind === "mul") return { code: OPERATIONS.mul, bound: PRODUCT };
  const sum = { limbs: a.limbs + b.limbs, value: a.value + b.value };
  const lazy = sum.limbs <= LIMIT && sum.value <= LIMIT;
  if (kind === "add")
    return lazy
      ? { code: OPERATIONS.addLazy, bound: sum }
      : { code: OPERATIONS.add, bound: COLUMN };
  return lazy ? { code: OPERATIONS.subLazy, bound: sum } : { code: OPERATIONS.sub, bound: COLUMN };
}

/** Inputs before what uses them, depth first, so that results are used soon. */
function postOrder(
  root: Expression,
  inputsOf: (node: Expression) => readonly Expression[],
): Expression[] {
  const order: Expression[] = [];
  const seen = new Set<Expression>([root]);
  const stack = [{ node: root, inputs: inputsOf(root), next: 0 }];
  while (stack.length > 0) {
    const top = stack.at(-1)!;
    const input = top.inputs[top.next++];
    if (input === undefined) {
      order.push(top.node);
      stack.pop();
    } else if (!seen.has(input)) {
      seen.add(input);
      stack.push({ node: input, inputs: inputsOf(input), next: 0 });
    }
  }
  return order;
}
