/** Machines for reuse: a run inside a run takes another one, and a program finds the machine it was in. */
import { VmError } from "../errors.ts";
import type { CairoProgram } from "../program.ts";
import { Machine } from "./machine.ts";

/** Machines kept when no run needs them, and the memory a machine may have to be kept. */
const MAX_IDLE = 16;
const MAX_IDLE_BYTES = 64 << 20;

const idle: Machine[] = [];

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

/** Lends a machine for the time of `use`. */
export function withMachine<T>(program: CairoProgram, use: (machine: Machine) => T): T {
  const machine = take(program);
  try {
    return use(machine);
  } finally {
    if (idle.length < MAX_IDLE && machine.memoryBytes <= MAX_IDLE_BYTES) idle.push(machine);
  }
}
