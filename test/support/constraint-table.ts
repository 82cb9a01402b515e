/** The tables of constraints of StarkWare's layouts (../shared/spec/layouts), evaluated at a point. */
import { add, div, type Felt, mod, mul, pow, sub } from "../../src/field/felt.ts";

export interface ConstraintRow {
  readonly name: string;
  readonly expression: string;
  readonly numerator: readonly string[];
  readonly denominator: readonly string[];
  readonly enforced_on:
    | { readonly rows: readonly string[] }
    | {
        readonly period: number;
        readonly residues_count: number;
        readonly except_rows?: readonly string[];
      };
}

export interface ConstraintTable {
  readonly intermediates: Readonly<Record<string, string>>;
  readonly constraints: readonly ConstraintRow[];
}

/** Numbers are field elements, but in exponents, which are integers. */
interface Ring {
  number(text: string): bigint;
  add(a: bigint, b: bigint): bigint;
  sub(a: bigint, b: bigint): bigint;
  mul(a: bigint, b: bigint): bigint;
}

const FIELD: Ring = { number: (text) => mod(BigInt(text)), add, sub, mul };
const INTEGERS: Ring = {
  number: BigInt,
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
};

/** The value of `source` under `names`, which has cells as "t[column,row]" too. */
export function evaluateSource(source: string, names: (name: string) => bigint): Felt {
  const tokens = source.match(/\d+|t\[\d+,\d+\]|[A-Za-z_]\w*|[-+*/^()]/g) ?? [];
  let at = 0;
  const accept = (token: string): boolean => tokens[at] === token && at++ >= 0;
  const sum = (ring: Ring): bigint => {
    let left = product(ring);
    for (;;) {
      if (accept("+")) left = ring.add(left, product(ring));
      else if (accept("-")) left = ring.sub(left, product(ring));
      else return left;
    }
  };
  const product = (ring: Ring): bigint => {
    let left = power(ring);
    for (;;) {
      if (accept("*")) left = ring.mul(left, power(ring));
      else if (accept("/")) left /= power(INTEGERS);
      else return left;
    }
  };
  const power = (ring: Ring): bigint => {
    const base = atom(ring);
    return accept("^") ? pow(base, atom(INTEGERS)) : base;
  };
  const atom = (ring: Ring): bigint => {
    if (accept("(")) {
      const inner = sum(ring);
      if (!accept(")")) throw new SyntaxError(`")" expected in ${source}`);
      return inner;
    }
    if (accept("-")) return ring.sub(0n, atom(ring));
    const token = tokens[at++]!;
    return /^\d/.test(token) ? ring.number(token) : names(token);
  };
  const value = sum(FIELD);
  if (at !== tokens.length) throw new SyntaxError(`unexpected ${tokens[at]} in ${source}`);
  return value;
}

/** Expression · numerator / denominator of every constraint. */
export function evaluateTable(
  { intermediates, constraints }: ConstraintTable,
  names: ReadonlyMap<string, bigint>,
): Felt[] {
  const known = new Map(names);
  const lookup = (name: string): bigint => {
    const value = known.get(name) ?? intermediate(name);
    known.set(name, value);
    return value;
  };
  const intermediate = (name: string): bigint => {
    const source = intermediates[name];
    if (source === undefined) throw new RangeError(`no value for ${name}`);
    return evaluateSource(source, lookup);
  };
  const factors = new Map<string, bigint>();
  const factor = (source: string): bigint => {
    const value = factors.get(source) ?? evaluateSource(source, lookup);
    factors.set(source, value);
    return value;
  };
  const all = (sources: readonly string[]): bigint =>
    sources.reduce((value, source) => mul(value, factor(source)), 1n);
  return constraints.map(({ expression, numerator, denominator }) =>
    div(mul(evaluateSource(expression, lookup), all(numerator)), all(denominator)),
  );
}
