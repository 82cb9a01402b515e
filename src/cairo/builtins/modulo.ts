/**
 * add_mod and mul_mod: p (four words of 96 bits), a pointer to values, a pointer to offsets, and the number n of
 * operations to come; each operation's offsets name a, b, c of four words in the values with a op b = c mod p.
 * Semantics: Starknet's modulo builtins, one operation an instance.
 */
import type { MemoryView } from "../hints/context.ts";
import { extendedGcd } from "../hints/numbers.ts";
import { type Relocatable, shift, showValue } from "../relocatable.ts";
import {
  type BuiltinDefinition,
  builtinError,
  type BuiltinSegment,
  SEGMENT_KIND,
} from "./definition.ts";

const CELLS = 7;
const WORDS = 4;
const WORD_BITS = 96n;
const VALUES_PTR = 4;
const OFFSETS_PTR = 5;
const N = 6;

interface Operation {
  readonly apply: (a: bigint, b: bigint) => bigint;
  /** The other operand of a known one and the result, mod p. */
  readonly solve: (known: bigint, result: bigint, p: bigint) => bigint;
}

const OPERATIONS = {
  add_mod: {
    apply: (a, b) => a + b,
    solve: (known, result, p) => (known <= result ? result - known : result + p - known),
  },
  mul_mod: {
    apply: (a, b) => a * b,
    solve: (known, result, p) => {
      const { gcd, t } = extendedGcd(known, p);
      if (gcd !== 1n) throw builtinError(`${known} has no inverse mod ${p}`);
      const quotient = (t * result) % p;
      return quotient < 0n ? quotient + p : quotient;
    },
  },
} as const satisfies Record<string, Operation>;

export type ModuloName = keyof typeof OPERATIONS;

/** The value of four words of 96 bits, or undefined while one is missing. */
function tryReadWords(memory: MemoryView, address: Relocatable): bigint | undefined {
  for (let i = 0; i < WORDS; i++) if (memory.get(shift(address, i)) === undefined) return undefined;
  return readWords(memory, address);
}

function writeWords(memory: MemoryView, address: Relocatable, value: bigint): void {
  for (let i = 0; i < WORDS; i++)
    memory.set(shift(address, i), BigInt.asUintN(96, value >> (WORD_BITS * BigInt(i))));
}

function readWords(memory: MemoryView, address: Relocatable): bigint {
  let value = 0n;
  for (let i = WORDS - 1; i >= 0; i--) {
    const word = memory.felt(shift(address, i));
    if (word >> WORD_BITS !== 0n)
      throw builtinError(`the word at ${showValue(shift(address, i))} has more than 96 bits`);
    value = (value << WORD_BITS) | word;
  }
  return value;
}

function readOffset(memory: MemoryView, address: Relocatable): number {
  const offset = memory.felt(address);
  if (offset > BigInt(Number.MAX_SAFE_INTEGER))
    throw builtinError(`the offset at ${showValue(address)} is out of range`);
  return Number(offset);
}

interface Instance {
  readonly p: bigint;
  readonly values: Relocatable;
  readonly offsets: Relocatable;
  readonly n: bigint;
}

function readInstance(memory: MemoryView, address: Relocatable): Instance {
  const p = readWords(memory, address);
  if (p === 0n) throw builtinError(`the modulus at ${showValue(address)} is 0`);
  const n = memory.felt(shift(address, N));
  if (n === 0n) throw builtinError(`n at ${showValue(shift(address, N))} is 0`);
  return {
    p,
    values: memory.pointer(shift(address, VALUES_PTR)),
    offsets: memory.pointer(shift(address, OFFSETS_PTR)),
    n,
  };
}

/** An instance whose predecessor announced more operations than its own has to continue it. */
function checkContinues(previous: Instance, current: Instance, where: string): void {
  if (previous.n <= 1n) return;
  const expected = shift(previous.offsets, 3);
  const same = (a: Relocatable, b: Relocatable): boolean =>
    a.segment === b.segment && a.offset === b.offset;
  if (
    current.p !== previous.p ||
    current.n !== previous.n - 1n ||
    !same(current.values, previous.values) ||
    !same(current.offsets, expected)
  )
    throw builtinError(`${where} does not continue the instance before it`);
}

function checkOperation(
  memory: MemoryView,
  { p, values, offsets }: Instance,
  operation: Operation,
  where: string,
): void {
  const operand = (i: number): bigint =>
    readWords(memory, shift(values, readOffset(memory, shift(offsets, i))));
  const result = operation.apply(operand(0), operand(1));
  // c need not be reduced: circuits keep results below 2^384 only.
  if ((result - operand(2)) % p !== 0n)
    throw builtinError(`${where}: the result is not what its operands give mod ${p}`);
}

function verifyAll(builtin: BuiltinSegment, memory: MemoryView, operation: Operation): void {
  let previous: Instance | undefined;
  const count = builtin.instances(memory);
  for (let i = 0; i < count; i++) {
    const address = { segment: builtin.segment, offset: i * CELLS };
    const where = `${builtin.name} instance at ${showValue(address)}`;
    const instance = readInstance(memory, address);
    if (previous !== undefined) checkContinues(previous, instance, where);
    checkOperation(memory, instance, operation, where);
    previous = instance;
  }
  if (previous !== undefined && previous.n !== 1n)
    throw builtinError(`${builtin.name}: the last instance announces ${previous.n} operations`);
}

const define = (name: ModuloName): BuiltinDefinition => ({
  name,
  cells: CELLS,
  inputs: CELLS,
  kind: SEGMENT_KIND.plain,
  verify: (builtin, memory) => {
    verifyAll(builtin, memory, OPERATIONS[name]);
  },
});

export const ADD_MOD = define("add_mod");
export const MUL_MOD = define("mul_mod");

export interface ModuloRun {
  readonly name: ModuloName;
  /** The first instance, which the program has written. */
  readonly start: Relocatable;
  readonly count: bigint;
}

/** Instances that one call fills: what the builtins' own runner allows. */
const MAX_FILLED = 100_000n;

/** Writes the instances that continue the first one. */
function fillInstances(memory: MemoryView, start: Relocatable, first: Instance): void {
  for (let i = 1n; i < first.n; i++) {
    const instance = shift(start, Number(i) * CELLS);
    writeWords(memory, instance, first.p);
    memory.set(shift(instance, VALUES_PTR), first.values);
    memory.set(shift(instance, OFFSETS_PTR), shift(first.offsets, 3 * Number(i)));
    memory.set(shift(instance, N), first.n - i);
  }
}

/** Fills one operation's missing value; false while two are missing. */
function fillValue(memory: MemoryView, at: Instance, index: number, name: ModuloName): boolean {
  const { apply, solve } = OPERATIONS[name];
  const address = (i: number): Relocatable =>
    shift(at.values, readOffset(memory, shift(at.offsets, 3 * index + i)));
  const [a, b, c] = [0, 1, 2].map((i) => tryReadWords(memory, address(i)));
  if (a !== undefined && b !== undefined) {
    if (c === undefined) writeWords(memory, address(2), apply(a, b) % at.p);
    return true;
  }
  const known = a ?? b;
  if (known === undefined || c === undefined) return false;
  writeWords(memory, address(a === undefined ? 0 : 1), solve(known, c, at.p));
  return true;
}

/**
 * Fills the instances of circuits from their first ones, and the values that follow from others, additions as
 * soon as they can be. Throws VmError BUILTIN where some cannot be filled.
 */
export function fillModuloMemory(memory: MemoryView, runs: readonly ModuloRun[]): void {
  const open = runs
    .filter(({ count }) => count > 0n)
    .map(({ name, start, count }) => {
      const first = readInstance(memory, start);
      if (first.n !== count || count > MAX_FILLED)
        throw builtinError(`${name}: n is ${first.n} for ${count} operations`);
      fillInstances(memory, start, first);
      return { name, first, next: 0, count: Number(count) };
    });
  for (;;) {
    const pending = open.filter(({ next, count }) => next < count);
    if (pending.length === 0) return;
    const filled = pending.find(({ name, first, next }) => fillValue(memory, first, next, name));
    if (filled === undefined)
      throw builtinError("the circuit has values that follow from no others");
    filled.next++;
  }
}
