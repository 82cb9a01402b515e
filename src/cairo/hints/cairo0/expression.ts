/**
 * The expressions by which a compiled Cairo 0 program says where its references are: `[cast(fp + (-3), felt*)]`,
 * `cast([ap - 2 + (-1)] + 3, starkware.cairo.common.dict_access.DictAccess*)`. Parser only.
 */
import { ProgramError } from "../../errors.ts";

export type CairoType =
  | { readonly kind: "felt" }
  | { readonly kind: "pointer"; readonly to: CairoType }
  | { readonly kind: "struct"; readonly name: string }
  /** A tuple or code offset, whose parts hints do not address. */
  | { readonly kind: "opaque" };

export type Expression =
  | { readonly kind: "constant"; readonly value: bigint }
  | { readonly kind: "register"; readonly register: "ap" | "fp" }
  | { readonly kind: "deref"; readonly address: Expression }
  | { readonly kind: "cast"; readonly value: Expression; readonly type: CairoType }
  | { readonly kind: "negate"; readonly value: Expression }
  | {
      readonly kind: "operation";
      readonly operator: "+" | "-" | "*" | "/";
      readonly left: Expression;
      readonly right: Expression;
    };

// Compilers nest a few levels; this bounds the parser's recursion on anything else.
const MAX_DEPTH = 100;
const MAX_LENGTH = 4_000;

const TOKEN = /\s*(\d+|[A-Za-z_][\w.]*|\*\*|[-+*/()[\],:])\s*/y;

function tokenize(text: string): string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const at = TOKEN.lastIndex;
    const token = TOKEN.exec(text)?.[1];
    if (token === undefined)
      throw new ProgramError(`reference "${text.slice(0, 80)}": unexpected text at ${at}`);
    if (token === "**") tokens.push("*", "*");
    else tokens.push(token);
  }
  return tokens;
}

class Parser {
  readonly #text: string;
  readonly #tokens: readonly string[];
  #at = 0;
  #depth = 0;

  constructor(text: string) {
    if (text.length > MAX_LENGTH) throw new ProgramError("a reference is too long");
    this.#text = text;
    this.#tokens = tokenize(text);
  }

  #fail(expected: string): never {
    const got = this.#tokens[this.#at] ?? "the end";
    throw new ProgramError(
      `reference "${this.#text.slice(0, 80)}": expected ${expected}, got ${got}`,
    );
  }

  #accept(token: string): boolean {
    if (this.#tokens[this.#at] !== token) return false;
    this.#at++;
    return true;
  }

  #expect(token: string): void {
    if (!this.#accept(token)) this.#fail(token);
  }

  #nested<T>(parse: () => T): T {
    if (++this.#depth > MAX_DEPTH) this.#fail("less nesting");
    const result = parse();
    this.#depth--;
    return result;
  }

  whole<T>(parse: (parser: this) => T): T {
    const result = parse(this);
    if (this.#at !== this.#tokens.length) this.#fail("the end");
    return result;
  }

  sum(): Expression {
    return this.#leftToRight(["+", "-"], () => this.#leftToRight(["*", "/"], () => this.#unary()));
  }

  #leftToRight(operators: readonly ("+" | "-" | "*" | "/")[], operand: () => Expression) {
    let left = operand();
    for (;;) {
      const operator = operators.find((candidate) => this.#accept(candidate));
      if (operator === undefined) return left;
      left = { kind: "operation", operator, left, right: operand() };
    }
  }

  #unary(): Expression {
    if (this.#accept("-")) return { kind: "negate", value: this.#nested(() => this.#unary()) };
    return this.#atom();
  }

  #atom(): Expression {
    if (this.#accept("[")) {
      const address = this.#nested(() => this.sum());
      this.#expect("]");
      return { kind: "deref", address };
    }
    if (this.#accept("(")) {
      const inner = this.#nested(() => this.sum());
      this.#expect(")");
      return inner;
    }
    if (this.#accept("cast")) {
      this.#expect("(");
      const value = this.#nested(() => this.sum());
      this.#expect(",");
      const type = this.type();
      this.#expect(")");
      return { kind: "cast", value, type };
    }
    if (this.#accept("ap")) return { kind: "register", register: "ap" };
    if (this.#accept("fp")) return { kind: "register", register: "fp" };
    const token = this.#tokens[this.#at] ?? "";
    if (!/^\d/.test(token)) this.#fail("a register, an integer or [");
    this.#at++;
    return { kind: "constant", value: BigInt(token) };
  }

  type(): CairoType {
    let type = this.#baseType();
    while (this.#accept("*")) type = { kind: "pointer", to: type };
    return type;
  }

  #baseType(): CairoType {
    if (this.#accept("(")) {
      this.#nested(() => {
        this.#tupleMembers();
      });
      return { kind: "opaque" };
    }
    const name = this.#tokens[this.#at] ?? "";
    if (!/^[A-Za-z_]/.test(name)) this.#fail("a type");
    this.#at++;
    if (name === "felt") return { kind: "felt" };
    if (name === "codeoffset") return { kind: "opaque" };
    return { kind: "struct", name };
  }

  #tupleMembers(): void {
    while (!this.#accept(")")) {
      // A member is `type` or `name : type`; a name alone reads as a type.
      this.type();
      if (this.#accept(":")) this.type();
      if (!this.#accept(",")) {
        this.#expect(")");
        return;
      }
    }
  }
}

/** Parses a reference's value. Throws ProgramError. */
export const parseExpression = (text: string): Expression =>
  new Parser(text).whole((parser) => parser.sum());

/** Parses a type as members and casts write it. Throws ProgramError. */
export const parseType = (text: string): CairoType =>
  new Parser(text).whole((parser) => parser.type());
