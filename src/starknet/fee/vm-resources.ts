/** Arithmetic on the resources of Cairo runs, and their price in gas (blockifier `fee/fee_utils.rs`). */
import type { BuiltinName } from "../../cairo/program.ts";
import {
  BUILTIN_GAS,
  BUILTIN_L1_GAS,
  L2_GAS_PER_L1_GAS,
  MEMORY_HOLE_GAS,
  OS_KZG_RESOURCES,
  OS_SYSCALL_RESOURCES,
  STEPS_PER_SEGMENT_ARENA,
  STEP_GAS,
  STEP_L1_GAS,
  SYSCALL_BASE_GAS,
} from "../constants.ts";
import type { LinearResources, Ratio, SyscallName, VmResources } from "../constants.ts";

export const NO_RESOURCES: VmResources = { steps: 0, memoryHoles: 0, builtins: {} };

const builtinEntries = (resources: VmResources): [BuiltinName, number][] =>
  Object.entries(resources.builtins) as [BuiltinName, number][];

export function addResources(...parts: readonly VmResources[]): VmResources {
  const builtins: Partial<Record<BuiltinName, number>> = {};
  let steps = 0;
  let memoryHoles = 0;
  for (const part of parts) {
    steps += part.steps;
    memoryHoles += part.memoryHoles;
    for (const [name, count] of builtinEntries(part)) {
      if (count > 0) builtins[name] = (builtins[name] ?? 0) + count;
    }
  }
  return { steps, memoryHoles, builtins };
}

/** Each figure times `factor`, divided by `divisor` and rounded up. */
export function scaleResources(resources: VmResources, factor: number, divisor = 1): VmResources {
  const scale = (n: number): number => Math.ceil((n * factor) / divisor);
  return {
    steps: scale(resources.steps),
    memoryHoles: scale(resources.memoryHoles),
    builtins: Object.fromEntries(builtinEntries(resources).map(([name, n]) => [name, scale(n)])),
  };
}

export const linearResources = (
  { constant, perUnit, divisor }: LinearResources,
  units: number,
): VmResources => addResources(constant, scaleResources(perUnit, units, divisor));

/** What the OS spends on the KZG commitment of a data segment of `words` words. */
export function kzgResources(words: number): VmResources {
  // The cost of poseidon_hash_many over the words, blockifier `poseidon_hash_many_cost`.
  const hashing: VmResources = {
    steps: Math.floor(words / 10) * 55 + Math.floor((words % 10) / 2) * 18 + (words % 2) * 3 + 21,
    memoryHoles: 0,
    builtins: { poseidon: Math.floor(words / 2) + 1 },
  };
  return addResources(scaleResources(OS_KZG_RESOURCES, words), hashing);
}

const ceilRatio = ([numerator, denominator]: Ratio, n: number): bigint =>
  (numerator * BigInt(n) + denominator - 1n) / denominator;

/**
 * L2 gas of a run that is charged by its resources: the dearest resource decides, as the size of a
 * proof goes by its longest column. Rounded up to a whole L1 gas.
 */
export function vmResourcesL2Gas(resources: VmResources, revertedSteps = 0): bigint {
  const { segment_arena: arenas = 0, ...builtins } = resources.builtins;
  const steps =
    resources.steps + arenas * STEPS_PER_SEGMENT_ARENA + resources.memoryHoles + revertedSteps;
  let dearest = ceilRatio(STEP_L1_GAS, steps);
  for (const [name, count] of Object.entries(builtins) as [BuiltinName, number][]) {
    const price = BUILTIN_L1_GAS[name];
    if (price === undefined) throw new RangeError(`builtin ${name} has no price`);
    const cost = ceilRatio(price, count);
    if (cost > dearest) dearest = cost;
  }
  return dearest * L2_GAS_PER_L1_GAS;
}

/** Sierra gas of resources: every one of them is paid for. */
function sierraGas(resources: VmResources): bigint {
  let gas = BigInt(resources.steps) * STEP_GAS + BigInt(resources.memoryHoles) * MEMORY_HOLE_GAS;
  for (const [name, count] of builtinEntries(resources)) {
    gas += (BUILTIN_GAS[name] ?? 0n) * BigInt(count);
  }
  return gas;
}

/** Sierra gas of a syscall with a linear part of `units`, the pre-charged base gas included. */
export function syscallGas(name: SyscallName | "KeccakRound", units = 0): bigint {
  const { constant, perUnit } = OS_SYSCALL_RESOURCES[name];
  const base = sierraGas(constant);
  const charged = base > SYSCALL_BASE_GAS ? base : SYSCALL_BASE_GAS;
  return charged + sierraGas(perUnit) * BigInt(units);
}

/** Calls of syscalls in one entry point: for keccak, the rounds. `units` counts calldata felts. */
export type SyscallUsage = ReadonlyMap<
  SyscallName,
  { readonly calls: number; readonly units: number }
>;

/** What the OS spends on syscalls, added to the resources of a run that is charged by them. */
export function syscallResources(usage: SyscallUsage): VmResources {
  const parts: VmResources[] = [];
  for (const [name, { calls, units }] of usage) {
    if (name === "Keccak") parts.push(OS_SYSCALL_RESOURCES.Keccak.constant);
    const { constant, perUnit } = OS_SYSCALL_RESOURCES[name === "Keccak" ? "KeccakRound" : name];
    parts.push(scaleResources(constant, calls), scaleResources(perUnit, units));
  }
  return addResources(...parts);
}
