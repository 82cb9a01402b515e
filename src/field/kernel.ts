/** The costly operations of the Stark field, by the WASM kernel. Same results as their twins in felt.ts. */
import { type Felt, isFelt, P } from "./felt.ts";
import { type KernelExports, loadKernel, readFelt, writeFelt } from "./wasm-module.ts";

type FieldExports = KernelExports & {
  readonly io: WebAssembly.Global;
  mul(): void;
  montgomeryProduct(): void;
  montgomerySquare(): void;
  inv(): void;
  invModulo(): void;
  symbol(): number;
  sqrt(): number;
  chain(n: number): void;
};

type FieldKernel = { readonly exports: FieldExports; readonly words: BigUint64Array };

let kernel: FieldKernel | undefined;

function load(): FieldKernel {
  const exports = loadKernel<FieldExports>(new URL("./field.wasm", import.meta.url));
  return { exports, words: new BigUint64Array(exports.memory.buffer, exports.io.value, 8) };
}

function call(a: Felt, b: Felt = 0n): FieldKernel {
  if (!isFelt(a) || !isFelt(b)) throw new RangeError(`expected 0 <= x < P, got ${a}, ${b}`);
  kernel ??= load();
  writeFelt(kernel.words, 0, a);
  writeFelt(kernel.words, 4, b);
  return kernel;
}

/** a·b. One product is cheaper in bigint (felt.ts): this is for tests. */
export function mul(a: Felt, b: Felt): Felt {
  const { exports, words } = call(a, b);
  exports.mul();
  return readFelt(words, 0);
}

/** a·bⁿ, n multiplications in one call: for tests and benches. */
export function mulChain(a: Felt, b: Felt, n: number): Felt {
  const { exports, words } = call(a, b);
  exports.chain(n);
  return readFelt(words, 0);
}

/**
 * a·b/2^261 for any 0 <= a, b < 2^256, the kernel's whole range of lazily reduced values; by the squaring
 * where b is left out. For tests.
 */
export function montgomeryProduct(a: bigint, b?: bigint): Felt {
  const { exports, words } = (kernel ??= load());
  writeFelt(words, 0, a);
  if (b === undefined) {
    exports.montgomerySquare();
  } else {
    writeFelt(words, 4, b);
    exports.montgomeryProduct();
  }
  return readFelt(words, 0);
}

/** 1/a. Throws RangeError for 0. */
export function inv(a: Felt): Felt {
  if (a === 0n) throw new RangeError("0 has no inverse in the Stark field");
  const { exports, words } = call(a);
  exports.inv();
  return readFelt(words, 0);
}

/**
 * 1/a modulo another number than P, odd and below 2^256, for 0 < a < modulus. Throws RangeError for numbers out
 * of range. Right only where the two have no common factor.
 */
export function invModulo(a: bigint, modulus: bigint): bigint {
  if (a <= 0n || a >= modulus) throw new RangeError(`"a" expected 0 < a < modulus, got ${a}`);
  if ((modulus & 1n) === 0n || modulus >> 256n !== 0n) {
    throw new RangeError(`"modulus" expected an odd number below 2^256, got ${modulus}`);
  }
  const { exports, words } = (kernel ??= load());
  writeFelt(words, 0, a);
  writeFelt(words, 4, modulus);
  exports.invModulo();
  return readFelt(words, 0);
}

/** Whether a has a square root; 0 has. */
export const isSquare = (a: Felt): boolean => call(a).exports.symbol() >= 0;

/** The square root of `a` that is the smaller integer, or undefined when `a` is not a square. */
export function sqrt(a: Felt): Felt | undefined {
  const { exports, words } = call(a);
  if (exports.sqrt() === 0) return undefined;
  const root = readFelt(words, 0);
  return root > P - root ? P - root : root;
}
