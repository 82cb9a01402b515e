/** Loading of the WASM kernels and the passage of field elements into and out of their memory. */
import { readFileSync } from "node:fs";
import type { Felt } from "./felt.ts";

export type KernelExports = { readonly memory: WebAssembly.Memory };

/**
 * Compiles and instantiates the kernel at `url`, synchronously: kernels have some kilobytes and import
 * nothing but AssemblyScript's `abort`.
 */
export function loadKernel<Exports extends KernelExports>(url: URL): Exports {
  const module = new WebAssembly.Module(readFileSync(url));
  const abort = (): never => {
    throw new WebAssembly.RuntimeError(`the kernel ${url.pathname} aborted`);
  };
  return new WebAssembly.Instance(module, { env: { abort } }).exports as unknown as Exports;
}

/** Writes x, 0 <= x < 2^256, as four little-endian words from `words[at]` on. */
export function writeFelt(words: BigUint64Array, at: number, x: bigint): void {
  // A store into a BigUint64Array keeps the low 64 bits.
  words[at] = x;
  words[at + 1] = x >> 64n;
  words[at + 2] = x >> 128n;
  words[at + 3] = x >> 192n;
}

/** The integer of four little-endian words from `words[at]` on. */
export function readFelt(words: BigUint64Array, at: number): Felt {
  return (
    (((((words[at + 3]! << 64n) | words[at + 2]!) << 64n) | words[at + 1]!) << 64n) | words[at]!
  );
}
