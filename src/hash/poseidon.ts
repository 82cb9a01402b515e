/**
 * Poseidon hash of field elements by the WASM kernels (starknet-formulas.md, notation `pos` and `POS`): a
 * scalar one, and for batches one that hashes two pairs at once where fused multiply-adds are at hand.
 * All functions throw RangeError for inputs outside [0, P).
 */
import { type Felt, isFelt } from "../field/felt.ts";
import { hasFusedMadd } from "../field/fused-madd.ts";
import { type KernelExports, loadKernel, readFelt, writeFelt } from "../field/wasm-module.ts";
import { type HadesState, roundConstants } from "./reference/poseidon.ts";

type BatchExports = KernelExports & {
  readonly CAPACITY: WebAssembly.Global;
  readonly io: WebAssembly.Global;
  setConstants(first: number, n: number): void;
  init(): void;
  hashPairs(n: number): void;
};

type ScalarExports = BatchExports & {
  hades(): void;
  start(): void;
  absorb(n: number): void;
  finish(): void;
};

type Kernel<Exports> = {
  readonly exports: Exports;
  readonly words: BigUint64Array;
  /** Values that fit at `words`, a multiple of 4. */
  readonly capacity: number;
};

let scalarKernel: Kernel<ScalarExports> | undefined;
let fmaKernel: Kernel<BatchExports> | undefined;

function load<Exports extends BatchExports>(file: string): Kernel<Exports> {
  const exports = loadKernel<Exports>(new URL(file, import.meta.url));
  const capacity = exports.CAPACITY.value;
  const words = new BigUint64Array(exports.memory.buffer, exports.io.value, 4 * capacity);
  const constants = roundConstants();
  constants.forEach((constant, i) => writeFelt(words, 4 * i, constant));
  exports.setConstants(0, constants.length);
  exports.init();
  return { exports, words, capacity };
}

const scalar = (): Kernel<ScalarExports> => (scalarKernel ??= load("./poseidon.wasm"));
const fma = (): Kernel<BatchExports> => (fmaKernel ??= load("./poseidon-fma.wasm"));

function writeInput(words: BigUint64Array, index: number, x: Felt): void {
  if (!isFelt(x)) throw new RangeError(`expected 0 <= x < P, got ${x}`);
  writeFelt(words, 4 * index, x);
}

/** The permutation alone, as the poseidon builtin applies it. */
export function hades(state: readonly [Felt, Felt, Felt]): HadesState {
  const { exports, words } = scalar();
  for (let i = 0; i < 3; i++) writeInput(words, i, state[i]!);
  exports.hades();
  return [readFelt(words, 0), readFelt(words, 4), readFelt(words, 8)];
}

/** First word of the permutation of (a, b, 2). */
export function poseidon(a: Felt, b: Felt): Felt {
  const { exports, words } = scalar();
  writeInput(words, 0, a);
  writeInput(words, 1, b);
  exports.hashPairs(1);
  return readFelt(words, 0);
}

/** The sponge of rate 2 over the list padded by 1 and then by 0 to an even length. */
export function poseidonMany(list: readonly Felt[]): Felt {
  const { exports, words, capacity } = scalar();
  exports.start();
  // Value i of the padded list; the padding is one or two values.
  const padded = list.length + 2 - (list.length % 2);
  for (let start = 0; start < padded; start += capacity) {
    const n = Math.min(capacity, padded - start);
    for (let i = 0; i < n; i++) {
      const at = start + i;
      writeInput(words, i, at < list.length ? list[at]! : at === list.length ? 1n : 0n);
    }
    exports.absorb(n);
  }
  exports.finish();
  return readFelt(words, 0);
}

/**
 * The hashes of independent pairs, cheaper than one by one. `variant` is for tests: the default is the
 * two-lane kernel where it computes right.
 */
export function poseidonBatch(
  pairs: readonly (readonly [Felt, Felt])[],
  variant: "scalar" | "fma" = pairs.length > 1 && hasFusedMadd() ? "fma" : "scalar",
): Felt[] {
  const { exports, words, capacity } = variant === "fma" ? fma() : scalar();
  const hashes: Felt[] = [];
  const batch = capacity / 2;
  for (let start = 0; start < pairs.length; start += batch) {
    const n = Math.min(batch, pairs.length - start);
    for (let i = 0; i < n; i++) {
      const [a, b] = pairs[start + i]!;
      writeInput(words, 2 * i, a);
      writeInput(words, 2 * i + 1, b);
    }
    // The two-lane kernel takes an even number; a last odd pair goes with whatever lies behind it.
    exports.hashPairs(n + (n % 2));
    for (let i = 0; i < n; i++) hashes.push(readFelt(words, 8 * i));
  }
  return hashes;
}
