/**
 * Expressions of an AIR as Yul, over words of memory. Sums are not reduced as long as they fit: a value has a
 * bound, the least k for which it is below k·P, and 31·P is below 2^256.
 */
import { P } from "../../field/felt.ts";
import { type Expression, reachable } from "../air/expression.ts";

/** Largest k for which the sum of two values below k/2·P is handled without a carry. */
const MAX_BOUND = 30;
/** Words on the stack of an expression; deeper ones go through memory. */
const MAX_DEPTH = 8;
/** Products by constants up to this are not reduced. */
const MAX_SMALL_FACTOR = 16n;
const MEMORY_START = 0x80;

export const hex = (value: bigint | number): string => `0x${value.toString(16)}`;

/** Words of memory, each with its use, from 0x80 on: the map at the head of a generated contract. */
export class MemoryMap {
  readonly #areas: { readonly name: string; readonly start: number; readonly words: number }[] = [];
  #end = MEMORY_START;

  /** Address behind everything. */
  get end(): number {
    return this.#end;
  }

  /** Address of the first of `words` new words. */
  reserve(name: string, words: number): number {
    const start = this.#end;
    this.#areas.push({ name, start, words });
    this.#end += 32 * words;
    return start;
  }

  describe(): string[] {
    return this.#areas
      .filter(({ words }) => words > 0)
      .map(({ name, start, words }) => `[${hex(start)}, ${hex(start + 32 * words)}) ${name}`);
  }
}

export interface Code {
  readonly text: string;
  readonly bound: number;
  readonly depth: number;
}

export const load = (address: number): Code => ({
  text: `mload(${hex(address)})`,
  bound: 1,
  depth: 1,
});
const literal = (value: bigint): Code => ({ text: hex(value), bound: 1, depth: 1 });

/** A call whose operands may change places. Yul evaluates the last first: the deepest should be last. */
function commutative(name: string, a: Code, b: Code, bound: number): Code {
  const [first, last] = a.depth > b.depth ? [b, a] : [a, b];
  const depth = Math.max(last.depth, first.depth + 1);
  return { text: `${name}(${first.text}, ${last.text})`, bound, depth };
}

export function product(a: Code, b: Code): Code {
  const [first, last] = a.depth > b.depth ? [b, a] : [a, b];
  const depth = Math.max(last.depth + 1, first.depth + 2);
  return { text: `mulmod(${first.text}, ${last.text}, p)`, bound: 1, depth };
}

/** Below P; the value itself if it is already. */
export const reduced = (a: Code): Code =>
  a.bound === 1 ? a : { text: `mod(${a.text}, p)`, bound: 1, depth: a.depth + 1 };

export function sum(a: Code, b: Code): Code {
  const [x, y] = a.bound + b.bound <= MAX_BOUND ? [a, b] : [reduced(a), reduced(b)];
  return commutative("add", x, y, x.bound + y.bound);
}

function difference(a: Code, b: Code): Code {
  const [x, y] = a.bound + b.bound <= MAX_BOUND ? [a, b] : [reduced(a), reduced(b)];
  if (y.bound === 1) {
    const negated = { text: `sub(p, ${y.text})`, bound: 1, depth: y.depth + 1 };
    return commutative("add", x, negated, x.bound + 1);
  }
  const raised = commutative("add", x, literal(BigInt(y.bound) * P), x.bound + y.bound);
  const depth = Math.max(y.depth, raised.depth + 1);
  return { text: `sub(${raised.text}, ${y.text})`, bound: raised.bound, depth };
}

export interface Leaves {
  cell(column: number, row: number): Code;
  value(name: string): Code;
  periodic(name: string): Code;
}

/** Writes expressions of one graph as statements; what is used more than once is kept in memory. */
export class ExpressionWriter {
  readonly #memory: MemoryMap;
  readonly #leaves: Leaves;
  readonly #uses = new Map<Expression, number>();
  readonly #kept = new Map<Expression, Code>();
  readonly #statements: string[] = [];
  readonly #free: number[] = [];

  constructor(memory: MemoryMap, leaves: Leaves, roots: readonly Expression[]) {
    this.#memory = memory;
    this.#leaves = leaves;
    const count = (node: Expression): void => {
      this.#uses.set(node, (this.#uses.get(node) ?? 0) + 1);
    };
    roots.forEach(count);
    for (const node of reachable(roots)) node.operands.forEach(count);
  }

  /** Statements written since the last call. */
  take(): string[] {
    return this.#statements.splice(0);
  }

  write(node: Expression): Code {
    const kept = this.#kept.get(node);
    if (kept !== undefined) return kept;
    const code = this.#operation(node);
    if (node.operands.length === 0 || this.#uses.get(node)! < 2) return code;
    const slot = this.#keep(code);
    this.#kept.set(node, slot);
    return slot;
  }

  #keep(code: Code): Code {
    const address = this.#free.pop() ?? this.#memory.reserve("intermediate value", 1);
    this.#statements.push(`mstore(${hex(address)}, ${code.text})`);
    return { ...load(address), bound: code.bound };
  }

  #shallow(code: Code): Code {
    return code.depth > MAX_DEPTH ? this.#keep(code) : code;
  }

  #operation(node: Expression): Code {
    const { kind, operands } = node;
    switch (kind) {
      case "constant":
        return literal(node.constant!);
      case "value":
        return this.#leaves.value(node.name!);
      case "periodic":
        return this.#leaves.periodic(node.periodic!.name);
      case "cell":
        return this.#leaves.cell(node.cell!.column, node.cell!.row);
      case "neg": {
        const a = reduced(this.write(operands[0]!));
        return { text: `sub(p, ${a.text})`, bound: 2, depth: a.depth + 1 };
      }
      case "add":
      case "sub":
      case "mul":
        return this.#shallow(this.#binary(kind, operands[0]!, operands[1]!));
    }
  }

  #binary(kind: "add" | "sub" | "mul", left: Expression, right: Expression): Code {
    if (kind === "sub" && right.constant !== undefined) {
      return sum(this.write(left), literal(P - right.constant));
    }
    const [a, b] = [this.write(left), this.write(right)];
    if (kind === "add") return sum(a, b);
    if (kind === "sub") return difference(a, b);
    for (const [factor, code] of [
      [left.constant, b],
      [right.constant, a],
    ] as const) {
      if (factor === undefined || factor > MAX_SMALL_FACTOR) continue;
      const bound = code.bound * Number(factor);
      if (bound <= MAX_BOUND / 2) return commutative("mul", literal(factor), code, bound);
    }
    return product(a, b);
  }
}
