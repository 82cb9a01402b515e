/**
 * The Poseidon kernels behind one interface: `scalar` runs everywhere, `fma` computes in two lanes by fused
 * multiply-adds and is right only where hasFusedMadd() says so.
 */
import { type Felt, isFelt } from "../field/felt.ts";
import { type KernelExports, loadKernel, readFelt, writeFelt } from "../field/wasm-module.ts";
import { type HadesState, roundConstants } from "./reference/poseidon.ts";

export type PoseidonVariant = "scalar" | "fma";

export type PoseidonKernel = {
  hades(state: readonly [Felt, Felt, Felt]): HadesState;
  poseidon(a: Felt, b: Felt): Felt;
  poseidonMany(list: readonly Felt[]): Felt;
  poseidonLists(lists: readonly (readonly Felt[])[]): Felt[];
  poseidonBatch(pairs: readonly (readonly [Felt, Felt])[]): Felt[];
};

type PoseidonExports = KernelExports & {
  /** Values that fit at `io`, an even number. */
  readonly CAPACITY: WebAssembly.Global;
  readonly io: WebAssembly.Global;
  setConstants(first: number, n: number): void;
  init(): void;
  hades(): void;
  start(): void;
  absorb(n: number): void;
  finish(): void;
  hashLists(n: number, m: number): void;
  hashPairs(n: number): void;
};

const FILES: Record<PoseidonVariant, string> = {
  scalar: "./poseidon.wasm",
  fma: "./poseidon-fma.wasm",
};

/** Instantiates a kernel. Its functions throw RangeError for inputs outside [0, P). */
export function createPoseidon(variant: PoseidonVariant): PoseidonKernel {
  const exports = loadKernel<PoseidonExports>(new URL(FILES[variant], import.meta.url));
  const capacity = exports.CAPACITY.value;
  const words = new BigUint64Array(exports.memory.buffer, exports.io.value, 4 * capacity);
  const constants = roundConstants();
  constants.forEach((constant, i) => writeFelt(words, 4 * i, constant));
  exports.setConstants(0, constants.length);
  exports.init();

  const write = (index: number, x: Felt): void => {
    if (!isFelt(x)) throw new RangeError(`expected 0 <= x < P, got ${x}`);
    writeFelt(words, 4 * index, x);
  };

  const padded = (list: readonly Felt[]): number => list.length + 2 - (list.length % 2);
  /** Writes the values [start, start + n) of a list padded by 1 and then by 0 to an even length. */
  const writePadded = (at: number, list: readonly Felt[], start: number, n: number): void => {
    for (let i = start; i < start + n; i++) {
      write(at + i - start, i < list.length ? list[i]! : i === list.length ? 1n : 0n);
    }
  };

  function poseidonMany(list: readonly Felt[]): Felt {
    exports.start();
    const length = padded(list);
    for (let start = 0; start < length; start += capacity) {
      const n = Math.min(capacity, length - start);
      writePadded(0, list, start, n);
      exports.absorb(n);
    }
    exports.finish();
    return readFelt(words, 0);
  }

  return {
    poseidonMany,

    poseidonLists(lists) {
      const hashes = new Array<Felt>(lists.length);
      // Lists of about the same length go together, the longer one first; long ones go alone.
      const order = lists.map((_, i) => i).sort((i, j) => lists[j]!.length - lists[i]!.length);
      const half = capacity / 2;
      for (let at = 0; at < order.length; at++) {
        const first = order[at]!;
        const second = order[at + 1];
        const n = padded(lists[first]!);
        if (second === undefined || n > half) {
          hashes[first] = poseidonMany(lists[first]!);
          continue;
        }
        at++;
        const m = padded(lists[second]!);
        writePadded(0, lists[first]!, 0, n);
        writePadded(half, lists[second]!, 0, m);
        exports.hashLists(n, m);
        hashes[first] = readFelt(words, 0);
        hashes[second] = readFelt(words, 4 * half);
      }
      return hashes;
    },

    hades(state) {
      for (let i = 0; i < 3; i++) write(i, state[i]!);
      exports.hades();
      return [readFelt(words, 0), readFelt(words, 4), readFelt(words, 8)];
    },

    poseidon(a, b) {
      write(0, a);
      write(1, b);
      exports.hashPairs(1);
      return readFelt(words, 0);
    },

    poseidonBatch(pairs) {
      const hashes: Felt[] = [];
      const batch = capacity / 2;
      for (let start = 0; start < pairs.length; start += batch) {
        const n = Math.min(batch, pairs.length - start);
        for (let i = 0; i < n; i++) {
          const [a, b] = pairs[start + i]!;
          write(2 * i, a);
          write(2 * i + 1, b);
        }
        exports.hashPairs(n);
        for (let i = 0; i < n; i++) hashes.push(readFelt(words, 8 * i));
      }
      return hashes;
    },
  };
}
