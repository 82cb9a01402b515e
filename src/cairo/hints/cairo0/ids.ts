/**
 * `ids`: how Cairo 0 hints reach the references, constants and structs of the code around them. Everything is
 * resolved when the program is loaded; what is left for a run are closures over ap, fp and memory.
 * Semantics: cairo-lang, starkware/cairo/lang/vm/vm_consts.py.
 */
import { add, div, type Felt, mod, mul, neg, sub } from "../../../field/felt.ts";
import { ProgramError } from "../../errors.ts";
import { isRelocatable, type MemoryValue, type Relocatable, shift } from "../../relocatable.ts";
import { hintError } from "../errors.ts";
import { knownValue, type Reader, shiftByFelt, type Writer } from "../operands.ts";
import { type CairoType, type Expression, parseExpression, parseType } from "./expression.ts";
import type { ApTracking, FlowTracking, Identifier, Symbols } from "./program.ts";

/**
 * The names a hint may use, by path: `value`, `loop_temps.should_continue`, `DictAccess.SIZE`. All throw
 * ProgramError when the program has no such name; the readers and writers that they return throw VmError.
 */
export interface Ids {
  /** A reference or member that holds a felt. */
  felt(path: string): Reader<Felt>;
  /** A reference or member that holds a felt or a pointer. */
  value(path: string): Reader<MemoryValue>;
  /** What a pointer points to, or the address of a struct: the two are written alike in hints. */
  pointer(path: string): Reader<Relocatable>;
  /** Assigns a reference or member that is a memory cell. */
  writer(path: string): Writer;
  /** A constant, the SIZE of a struct, or the offset of its member. */
  constant(path: string): Felt;
  /** Whether the first part of the path is a reference here. */
  has(path: string): boolean;
}

/** Something typed that has a value, an address, or both. */
interface Place {
  readonly type: CairoType;
  readonly value: Reader<MemoryValue>;
  readonly address: Reader<Relocatable> | undefined;
}

const known =
  (address: Reader<Relocatable>): Reader<MemoryValue> =>
  (context) =>
    knownValue(context, address(context));

function asPointer(value: MemoryValue, what: string): Relocatable {
  if (!isRelocatable(value)) throw hintError(`${what} is no pointer: ${value}`);
  return value;
}

function asFelt(value: MemoryValue, what: string): Felt {
  if (isRelocatable(value)) throw hintError(`${what} is a pointer, not a felt`);
  return value;
}

function operate(operator: "+" | "-" | "*" | "/", a: MemoryValue, b: MemoryValue): MemoryValue {
  if (!isRelocatable(a) && !isRelocatable(b)) {
    if (operator === "/" && b === 0n) throw hintError("a reference divides by 0");
    return { "+": add, "-": sub, "*": mul, "/": div }[operator](a, b);
  }
  if (operator === "+" && !isRelocatable(b)) return shiftByFelt(asPointer(a, "reference"), b);
  if (operator === "+" && !isRelocatable(a)) return shiftByFelt(asPointer(b, "reference"), a);
  if (operator === "-" && isRelocatable(a)) {
    if (!isRelocatable(b)) return shiftByFelt(a, neg(b));
    if (a.segment === b.segment) return mod(BigInt(a.offset - b.offset));
  }
  throw hintError(`a reference computes with pointers by ${operator}`);
}

// A program or stack is never longer; beyond, the general way reports what is wrong.
const MAX_OFFSET = 1n << 31n;

/** The offset k of an expression `constant k`, or undefined. */
function constantOffset(expression: Expression): number | undefined {
  if (expression.kind === "constant")
    return expression.value < MAX_OFFSET ? Number(expression.value) : undefined;
  if (expression.kind !== "negate") return undefined;
  const inner = constantOffset(expression.value);
  return inner === undefined ? undefined : -inner;
}

const registerPlus = (register: "ap" | "fp", delta: number): Reader<Relocatable> =>
  register === "ap" ? (context) => shift(context.ap, delta) : (context) => shift(context.fp, delta);

const revoked: Reader<never> = () => {
  throw hintError("the hint uses a reference that ap no longer reaches (revoked)");
};

/** Compiles expressions; `apDelta` is how far ap has moved since the reference was bound, if known. */
class ExpressionCompiler {
  readonly #apDelta: number | undefined;

  constructor(apDelta: number | undefined) {
    this.#apDelta = apDelta;
  }

  /** `register + k` in one closure, or undefined for another shape. */
  #registerOffset(expression: Expression): Reader<Relocatable> | undefined {
    let offset = 0;
    let rest = expression;
    while (rest.kind === "operation" && (rest.operator === "+" || rest.operator === "-")) {
      const k = constantOffset(rest.right);
      if (k === undefined) return undefined;
      offset += rest.operator === "+" ? k : -k;
      rest = rest.left;
    }
    if (rest.kind !== "register") return undefined;
    if (rest.register === "fp") return registerPlus("fp", offset);
    return this.#apDelta === undefined ? revoked : registerPlus("ap", offset - this.#apDelta);
  }

  value(expression: Expression): Reader<MemoryValue> {
    const simple = this.#registerOffset(expression);
    if (simple !== undefined) return simple;
    switch (expression.kind) {
      case "constant": {
        const value = mod(expression.value);
        return () => value;
      }
      case "cast":
        return this.value(expression.value);
      case "deref":
        return known(this.address(expression.address));
      case "negate": {
        const inner = this.value(expression.value);
        return (context) => neg(asFelt(inner(context), "what a reference negates"));
      }
      case "operation": {
        const { operator } = expression;
        const left = this.value(expression.left);
        const right = this.value(expression.right);
        return (context) => operate(operator, left(context), right(context));
      }
      case "register":
        return revoked;
    }
  }

  address(expression: Expression): Reader<Relocatable> {
    if (expression.kind === "cast") return this.address(expression.value);
    const simple = this.#registerOffset(expression);
    if (simple !== undefined) return simple;
    const value = this.value(expression);
    return (context) => asPointer(value(context), "the address of a reference");
  }

  /** A whole reference: `[cast(address, T*)]` or `cast(value, T)`. */
  place(expression: Expression, type: CairoType): Place {
    if (expression.kind === "cast") return this.place(expression.value, expression.type);
    if (expression.kind !== "deref")
      return { type, value: this.value(expression), address: undefined };
    const { address: at } = expression;
    const target = at.kind === "cast" && at.type.kind === "pointer" ? at.type.to : type;
    const address = this.address(at);
    return { type: type.kind === "opaque" ? target : type, value: known(address), address };
  }
}

const apDelta = (from: ApTracking, to: ApTracking): number | undefined =>
  from.group === to.group ? to.offset - from.offset : undefined;

/** Resolves the names of one hint, which sees `scopes` (innermost last) and the references of `flow`. */
export class IdsResolver implements Ids {
  readonly #symbols: Symbols;
  readonly #scopes: readonly string[];
  readonly #flow: FlowTracking;

  constructor(symbols: Symbols, scopes: readonly string[], flow: FlowTracking) {
    this.#symbols = symbols;
    this.#scopes = scopes;
    this.#flow = flow;
  }

  felt(path: string): Reader<Felt> {
    const { address, value } = this.#place(path);
    if (address !== undefined) return (context) => context.memory.felt(address(context));
    return (context) => asFelt(value(context), `ids.${path}`);
  }

  value(path: string): Reader<MemoryValue> {
    return this.#place(path).value;
  }

  pointer(path: string): Reader<Relocatable> {
    const { type, address, value } = this.#place(path);
    if (type.kind !== "struct") {
      if (address !== undefined) return (context) => context.memory.pointer(address(context));
      return (context) => asPointer(value(context), `ids.${path}`);
    }
    if (address === undefined) throw new ProgramError(`ids.${path} has no address`);
    return address;
  }

  writer(path: string): Writer {
    const { address } = this.#place(path);
    if (address === undefined) throw new ProgramError(`ids.${path} is no memory cell`);
    return (context, value) => {
      context.memory.set(address(context), value);
    };
  }

  constant(path: string): Felt {
    const [root = "", member] = path.split(".");
    const [, identifier] = this.#search(root);
    if (member === undefined && identifier.kind === "constant") return mod(identifier.value);
    if (member !== undefined && identifier.kind === "struct") {
      if (member === "SIZE") return BigInt(identifier.size);
      const found = identifier.members.get(member);
      if (found !== undefined) return BigInt(found.offset);
    }
    throw new ProgramError(`ids.${path} is no constant`);
  }

  has(path: string): boolean {
    const [root = ""] = path.split(".");
    const found = this.#find(root);
    return found !== undefined && this.#flow.references.has(found[0]);
  }

  #find(name: string): [fullName: string, Identifier] | undefined {
    for (const scope of this.#scopes.toReversed()) {
      const found = this.#symbols.resolve(`${scope}.${name}`);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #search(name: string): [fullName: string, Identifier] {
    const found = this.#find(name);
    if (found === undefined)
      throw new ProgramError(`a hint uses ids.${name}, which is unknown in ${this.#scopes.at(-1)}`);
    return found;
  }

  #place(path: string): Place {
    const [root = "", ...members] = path.split(".");
    return members.reduce((place, member) => this.#member(place, member, path), this.#root(root));
  }

  #root(name: string): Place {
    const [fullName] = this.#search(name);
    const index = this.#flow.references.get(fullName);
    const reference = index === undefined ? undefined : this.#symbols.references[index];
    if (reference === undefined)
      throw new ProgramError(`ids.${name} (${fullName}) is no reference at the hint`);
    const delta = apDelta(reference.apTracking, this.#flow.apTracking);
    return new ExpressionCompiler(delta).place(parseExpression(reference.value), {
      kind: "opaque",
    });
  }

  #member(place: Place, member: string, path: string): Place {
    const { type } = place;
    const struct = type.kind === "pointer" ? type.to : type;
    if (struct.kind !== "struct") throw new ProgramError(`ids.${path}: no struct has ${member}`);
    const found = this.#symbols.resolve(struct.name)?.[1];
    const definition = found?.kind === "struct" ? found.members.get(member) : undefined;
    if (definition === undefined)
      throw new ProgramError(`ids.${path}: ${struct.name} has no member ${member}`);
    const base = this.#base(place, path);
    const { offset } = definition;
    const address: Reader<Relocatable> = (context) => shift(base(context), offset);
    return { type: parseType(definition.type), value: known(address), address };
  }

  /** Where the struct is whose member is asked for. */
  #base({ type, value, address }: Place, path: string): Reader<Relocatable> {
    if (type.kind !== "pointer") {
      if (address === undefined) throw new ProgramError(`ids.${path}: the struct has no address`);
      return address;
    }
    if (address !== undefined) return (context) => context.memory.pointer(address(context));
    return (context) => asPointer(value(context), `ids.${path}`);
  }
}
