/**
 * EvalCircuit: fills the values of a modular circuit (`core::circuit`) and the instances of the add_mod and
 * mul_mod builtins that vouch for them. Semantics: starkware-libs/cairo, casm_run/circuit.rs; the layout of
 * an instance is p0 p1 p2 p3 values_ptr offsets_ptr n.
 */
import type { Felt } from "../../../field/felt.ts";
import { isRelocatable, type Relocatable, shift } from "../../relocatable.ts";
import type { MemoryView } from "../context.ts";
import { hintError } from "../errors.ts";
import { extendedGcd, toCount } from "../numbers.ts";
import { shiftByFelt } from "../operands.ts";
import { defineHint } from "./define.ts";

const INSTANCE_SIZE = 7;
const VALUES_PTR = 4;
const OFFSETS_PTR = 5;
const N = 6;

const LIMBS = 4;
const LIMB_BITS = 96n;
const LIMB_MASK = (1n << LIMB_BITS) - 1n;

/** The value of four limbs, or undefined while one is missing. */
function readValue(memory: MemoryView, address: Relocatable): bigint | undefined {
  let value = 0n;
  for (let i = LIMBS - 1; i >= 0; i--) {
    const limb = memory.get(shift(address, i));
    if (limb === undefined || isRelocatable(limb)) return undefined;
    value = (value << LIMB_BITS) + limb;
  }
  return value;
}

function writeValue(memory: MemoryView, address: Relocatable, value: bigint): void {
  for (let i = 0; i < LIMBS; i++)
    memory.set(shift(address, i), (value >> (LIMB_BITS * BigInt(i))) & LIMB_MASK);
}

/** The addresses of a gate's operands and result: lhs, rhs, res. */
function gate(
  memory: MemoryView,
  values: Relocatable,
  offsets: Relocatable,
  index: number,
): [Relocatable, Relocatable, Relocatable] {
  const at = (i: number): Relocatable =>
    shiftByFelt(values, memory.felt(shift(offsets, 3 * index + i)));
  return [at(0), at(1), at(2)];
}

interface Circuit {
  readonly memory: MemoryView;
  readonly modulus: bigint;
  readonly values: Relocatable;
  readonly addOffsets: Relocatable;
  readonly mulOffsets: Relocatable;
}

/** Solves lhs + rhs = res for res or lhs; false while two of the three are missing. */
function fillAddGate({ memory, modulus, values, addOffsets }: Circuit, index: number): boolean {
  const [lhsAt, rhsAt, resAt] = gate(memory, values, addOffsets, index);
  const lhs = readValue(memory, lhsAt);
  const rhs = readValue(memory, rhsAt);
  if (rhs === undefined) return false;
  if (lhs !== undefined) {
    writeValue(memory, resAt, (lhs + rhs) % modulus);
    return true;
  }
  const res = readValue(memory, resAt);
  if (res === undefined) return false;
  const difference = (res - rhs) % modulus;
  writeValue(memory, lhsAt, difference < 0n ? difference + modulus : difference);
  return true;
}

/**
 * Solves lhs·rhs = res for res, or inverts: lhs·rhs = 1. A rhs without an inverse gets an lhs other than 0
 * with lhs·rhs = 0 instead, and the answer false.
 */
function fillMulGate({ memory, modulus, values, mulOffsets }: Circuit, index: number): boolean {
  const [lhsAt, rhsAt, resAt] = gate(memory, values, mulOffsets, index);
  const lhs = readValue(memory, lhsAt);
  const rhs = readValue(memory, rhsAt);
  if (rhs === undefined) throw hintError(`EvalCircuit: gate ${index} of mul_mod has no input`);
  if (lhs !== undefined) {
    writeValue(memory, resAt, (lhs * rhs) % modulus);
    return true;
  }
  const { gcd, t } = extendedGcd(rhs, modulus);
  if (gcd !== 1n) {
    writeValue(memory, lhsAt, modulus / gcd);
    return false;
  }
  writeValue(memory, lhsAt, ((t % modulus) + modulus) % modulus);
  return true;
}

/** Fills gates in the order their inputs become ready; returns the index of the first failed inverse. */
function fillGates(circuit: Circuit, addCount: number, mulCount: number): number {
  let failed = mulCount;
  let added = 0;
  for (let multiplied = 0; ; multiplied++) {
    while (added < addCount && fillAddGate(circuit, added)) added++;
    if (multiplied === mulCount) break;
    if (!fillMulGate(circuit, multiplied) && failed === mulCount) failed = multiplied;
  }
  // Gates without inputs would fail the builtin's own check; the count need not be believed until then.
  if (added < addCount) throw hintError(`EvalCircuit: gate ${added} of add_mod has no input`);
  return failed;
}

function fillInstances(
  memory: MemoryView,
  builtin: Relocatable,
  count: number,
  modulus: readonly Felt[],
  values: Relocatable,
  offsets: Relocatable,
): void {
  for (let i = 0; i < count; i++) {
    const instance = shift(builtin, INSTANCE_SIZE * i);
    memory.write(instance, modulus);
    memory.set(shift(instance, VALUES_PTR), values);
    memory.set(shift(instance, OFFSETS_PTR), shift(offsets, 3 * i));
    memory.set(shift(instance, N), BigInt(count - i));
  }
}

const evalCircuit = defineHint(
  {
    n_add_mods: "felt",
    add_mod_builtin: "pointer",
    n_mul_mods: "felt",
    mul_mod_builtin: "pointer",
  },
  (o) => (context) => {
    const { memory } = context;
    const addBuiltin = o.add_mod_builtin(context);
    const mulBuiltin = o.mul_mod_builtin(context);
    const addCount = toCount(o.n_add_mods(context), "n_add_mods");
    const mulCount = toCount(o.n_mul_mods(context), "n_mul_mods");
    const values = memory.pointer(shift(mulBuiltin, VALUES_PTR));
    const mulOffsets = memory.pointer(shift(mulBuiltin, OFFSETS_PTR));
    const addOffsets = addCount === 0 ? mulOffsets : memory.pointer(shift(addBuiltin, OFFSETS_PTR));
    const limbs = memory.felts(mulBuiltin, LIMBS);
    const modulus = readValue(memory, mulBuiltin);
    if (modulus === undefined || modulus === 0n) throw hintError("EvalCircuit: the modulus is 0");
    const circuit = { memory, modulus, values, addOffsets, mulOffsets };
    const computed = fillGates(circuit, addCount, mulCount);
    fillInstances(memory, addBuiltin, addCount, limbs, values, addOffsets);
    fillInstances(memory, mulBuiltin, computed, limbs, values, mulOffsets);
  },
);

export const circuitHints = { EvalCircuit: evalCircuit };
