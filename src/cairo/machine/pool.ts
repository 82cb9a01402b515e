/** Machines for reuse: a run inside a run takes another one, and a program finds the machine it was in. */
import { VmError } from "../errors.ts";
import type { CairoProgram } from "../program.ts";
import { Machine } from "./machine.ts";

/** Machines kept when no run needs them, and the memory that they may keep together. */
const MAX_IDLE = 16;
const MAX_IDLE_BYTES = 256 << 20;

/** What all machines in use may have together: calls nest fifty deep, each with memory of its own. */
const MAX_TOTAL_BYTES = 2 * 2 ** 30;

const idle: Machine[] = [];
const lent = new Set<Machine>();
/** The most that each machine has used: what the system has given it. */
const touched = new WeakMap<Machine, number>();

function take(program: CairoProgram): Machine {
  const same = idle.findIndex((machine) => machine.program === program);
  const [found] = same >= 0 ? idle.splice(same, 1) : idle.splice(0, 1);
  if (found !== undefined) return found;
  try {
    return new Machine();
  } catch (error) {
    throw new VmError("OUT_OF_MEMORY", "no memory for another machine", { cause: error });
  }
}

function keep(machine: Machine): void {
  const bytes = Math.max(touched.get(machine) ?? 0, machine.memory.usedBytes);
  touched.set(machine, bytes);
  const others = idle.reduce((sum, other) => sum + touched.get(other)!, 0);
  if (idle.length < MAX_IDLE && others + bytes <= MAX_IDLE_BYTES) idle.push(machine);
}

/**
 * Lends a machine for the time of `use`, with the memory it may have beside the others in use. Throws VmError
 * OUT_OF_MEMORY when there is no other.
 */
export function withMachine<T>(
  program: CairoProgram,
  use: (machine: Machine, maxMemoryBytes: number) => T,
): T {
  const machine = take(program);
  let available = MAX_TOTAL_BYTES;
  for (const other of lent) available -= other.memory.usedBytes;
  lent.add(machine);
  try {
    return use(machine, available);
  } finally {
    lent.delete(machine);
    keep(machine);
  }
}
