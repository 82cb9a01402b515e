/**
 * The Pedersen kernels behind one interface: `scalar` runs everywhere, `fma` computes in two lanes by fused
 * multiply-adds and is right only where hasFusedMadd() says so.
 */
import { PEDERSEN_BASES, PEDERSEN_SHIFT, type Point } from "../curve/constants.ts";
import { double, negate } from "../curve/reference/stark.ts";
import { type Felt, isFelt } from "../field/felt.ts";
import { type KernelExports, loadKernel, readFelt, writeFelt } from "../field/wasm-module.ts";

export type PedersenVariant = "scalar" | "fma";

export type PedersenKernel = {
  pedersen(a: Felt, b: Felt): Felt;
  pedersenBatch(pairs: readonly (readonly [Felt, Felt])[]): Felt[];
};

type PedersenExports = KernelExports & {
  readonly BATCH: WebAssembly.Global;
  readonly io: WebAssembly.Global;
  init(): void;
  hash(n: number): void;
};

/** A kernel's file and the points that its `init` takes. */
const KERNELS: Record<PedersenVariant, { file: string; points: () => readonly Point[] }> = {
  scalar: { file: "./pedersen.wasm", points: () => [PEDERSEN_SHIFT, ...PEDERSEN_BASES] },
  fma: {
    file: "./pedersen-fma.wasm",
    points: () => {
      const [p1, p2, p3, p4] = PEDERSEN_BASES;
      return [negate(PEDERSEN_SHIFT), p1, p2, double(PEDERSEN_SHIFT), p3, p4];
    },
  },
};

/** Words of an input pair. */
const PAIR = 8;

/**
 * Instantiates a kernel and lets it build its table, about 1 MB. Its functions throw RangeError for inputs
 * outside [0, P).
 */
export function createPedersen(variant: PedersenVariant): PedersenKernel {
  const { file, points } = KERNELS[variant];
  const exports = loadKernel<PedersenExports>(new URL(file, import.meta.url));
  const batch = exports.BATCH.value;
  const words = new BigUint64Array(exports.memory.buffer, exports.io.value, PAIR * batch);
  points().forEach(({ x, y }, i) => {
    writeFelt(words, PAIR * i, x);
    writeFelt(words, PAIR * i + 4, y);
  });
  exports.init();

  const write = (pair: number, a: Felt, b: Felt): void => {
    if (!isFelt(a) || !isFelt(b)) throw new RangeError(`expected 0 <= x < P, got ${a}, ${b}`);
    writeFelt(words, PAIR * pair, a);
    writeFelt(words, PAIR * pair + 4, b);
  };

  return {
    pedersen(a, b) {
      write(0, a, b);
      exports.hash(1);
      return readFelt(words, 0);
    },

    pedersenBatch(pairs) {
      const hashes: Felt[] = [];
      for (let start = 0; start < pairs.length; start += batch) {
        const n = Math.min(batch, pairs.length - start);
        for (let i = 0; i < n; i++) write(i, ...pairs[start + i]!);
        exports.hash(n);
        for (let i = 0; i < n; i++) hashes.push(readFelt(words, PAIR * i));
      }
      return hashes;
    },
  };
}
