/** Loads the interpreter and makes instances of it, each with a memory of its own. */
import { readFileSync } from "node:fs";

/** Exports of cairo.wasm (wasm/index.ts). */
export interface KernelExports {
  run(budget: number, resume: number): number;
  decodeProgram(): void;
  addSegment(kind: number): number;
  addTemporarySegment(): number;
  createExecutionSegment(): number;
  write(segment: number, offset: number): number;
  missingInput(segment: number, cells: number, inputs: number): number;
  markRange(segment: number, offset: number, count: number): void;
  countAccessed(segment: number): number;
  redirect(from: number, to: number, offset: number): void;
  clear(from: number): void;
}

export interface KernelInstance {
  readonly exports: KernelExports;
  readonly memory: WebAssembly.Memory;
}

let compiled: WebAssembly.Module | undefined;

const PAGES = { initial: 128, maximum: 65536 };

/** A fresh interpreter with zeroed memory that can grow. Throws RangeError when there is none. */
export function instantiateKernel(): KernelInstance {
  compiled ??= new WebAssembly.Module(readFileSync(new URL("../cairo.wasm", import.meta.url)));
  const memory = new WebAssembly.Memory(PAGES);
  const instance = new WebAssembly.Instance(compiled, { env: { memory } });
  return { exports: instance.exports as unknown as KernelExports, memory };
}
