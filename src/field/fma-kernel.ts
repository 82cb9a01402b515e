/**
 * The two-lane multiplication by fused multiply-adds (wasm/fma51.ts) on its own: for tests of its whole
 * range of operands and for benches. Right only where hasFusedMadd() says so.
 */
import type { Felt } from "./felt.ts";
import { type KernelExports, loadKernel, readFelt } from "./wasm-module.ts";

/** Two elements, each as 5 signed limbs: value = Σ limb[i]·2^(51 i). */
export type LimbPair = readonly [readonly bigint[], readonly bigint[]];

type FmaExports = KernelExports & {
  readonly a: WebAssembly.Global;
  readonly b: WebAssembly.Global;
  readonly result: WebAssembly.Global;
  product(): void;
  square(): void;
  chain(n: number): void;
};

export type FmaKernel = {
  /** a·b/2^255 mod P in both lanes, for limbs within ±2^51. */
  product(a: LimbPair, b: LimbPair): [Felt, Felt];
  /** a²/2^255 mod P in both lanes, for limbs within ±2^50. */
  square(a: LimbPair): [Felt, Felt];
  /** a·(b/2^255)ⁿ mod P in both lanes. */
  chain(a: LimbPair, b: LimbPair, n: number): [Felt, Felt];
};

export function createFmaKernel(): FmaKernel {
  const exports = loadKernel<FmaExports>(new URL("./field-fma.wasm", import.meta.url));
  const { buffer } = exports.memory;
  const a = new BigInt64Array(buffer, exports.a.value, 10);
  const b = new BigInt64Array(buffer, exports.b.value, 10);
  const words = new BigUint64Array(buffer, exports.result.value, 8);
  const write = (to: BigInt64Array, pair: LimbPair): void => {
    pair.forEach((lane, l) => lane.forEach((limb, i) => (to[2 * i + l] = limb)));
  };
  const read = (): [Felt, Felt] => [readFelt(words, 0), readFelt(words, 4)];
  return {
    product(x, y) {
      write(a, x);
      write(b, y);
      exports.product();
      return read();
    },
    square(x) {
      write(a, x);
      exports.square();
      return read();
    },
    chain(x, y, n) {
      write(a, x);
      write(b, y);
      exports.chain(n);
      return read();
    },
  };
}
