/** Whether kernels built on fused multiply-adds (wasm/fma51.ts) compute right on this machine. */
import { type KernelExports, loadKernel } from "./wasm-module.ts";

type Probe = KernelExports & { madd(a: number, b: number, c: number): number };

let fused: boolean | undefined;

/**
 * Relaxed SIMD lets an engine round between the product and the sum, which engines do on processors without
 * FMA; the kernels would be silently wrong there. (1 + 2^-30)² - (1 + 2^-29) is 2^-60 only when fused.
 */
export function hasFusedMadd(): boolean {
  fused ??= probe();
  return fused;
}

function probe(): boolean {
  let madd: Probe["madd"];
  try {
    ({ madd } = loadKernel<Probe>(new URL("./fma-probe.wasm", import.meta.url)));
  } catch (error) {
    if (error instanceof WebAssembly.CompileError) return false; // no relaxed SIMD (before Node 21)
    throw error;
  }
  const a = 1 + 2 ** -30;
  return madd(a, a, -(1 + 2 ** -29)) === 2 ** -60;
}
