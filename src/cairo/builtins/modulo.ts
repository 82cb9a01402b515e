/**
 * add_mod and mul_mod: p (four words of 96 bits), a pointer to values, a pointer to offsets, and the number n of
 * operations to come; each operation's offsets name a, b, c of four words in the values with a op b = c mod p.
 * Semantics: Starknet's modulo builtins, one operation an instance.
 */
import type { MemoryView } from "../hints/context.ts";
import type { BuiltinName } from "../program.ts";
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

type Operation = (a: bigint, b: bigint) => bigint;

/** The value of four words of 96 bits. */
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
  const result = operation(operand(0), operand(1));
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

const define = (name: BuiltinName, operation: Operation): BuiltinDefinition => ({
  name,
  cells: CELLS,
  inputs: CELLS,
  kind: SEGMENT_KIND.plain,
  verify: (builtin, memory) => {
    verifyAll(builtin, memory, operation);
  },
});

export const ADD_MOD = define("add_mod", (a, b) => a + b);
export const MUL_MOD = define("mul_mod", (a, b) => a * b);
