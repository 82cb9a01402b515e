/** The prover's WASM kernel: field elements in its memory, which this side divides up. */
import type { Felt } from "../field/felt.ts";
import { hasFusedMadd } from "../field/fused-madd.ts";
import { type KernelExports, loadKernel } from "../field/wasm-module.ts";
import { readWords, WORDS, writeWords } from "./trace/table.ts";

/** Bytes of a pair of elements, of a constant and of a 32-byte element. */
export const PAIR_BYTES = 80;
export const CONSTANT_BYTES = 40;
export const ELEMENT_BYTES = 32;

type ProverExports = KernelExports & {
  readonly heap: WebAssembly.Global;
  readAll(d: number, src0: number, src1: number, n: number): void;
  readConstants(d: number, src: number, n: number): void;
  writeAll(dst0: number, dst1: number, a: number, n: number): void;
  writeWords(dst0: number, dst1: number, a: number, n: number): void;
  fillTwiddles(table: number, half: number, root: number): void;
  interpolate(p: number, log: number, twiddles: number): void;
  evaluate(p: number, log: number, twiddles: number): void;
  fillScale(p: number, log: number, first: number, squares: number): void;
  multiplyAll(p: number, q: number, n: number): void;
  geometric(p: number, start: number, ratio: number, n: number): void;
  invertAll(d: number, a: number, n: number): void;
  splitComposition(
    h0: number,
    h1: number,
    u: number,
    v: number,
    distance: number,
    n: number,
    half: number,
    halfOverS: number,
  ): void;
  swapAll(p: number, n: number): void;
  spreadLanes(d: number, a: number, n: number): void;
  runTape(
    tape: number,
    entries: number,
    first: number,
    pairs: number,
    result: number,
    out: number,
  ): void;
  hashRows(columns: number, width: number, pairs: number, out0: number, out1: number): void;
  hashCosets(groups: number, step: number, count: number, out: number): void;
  hashNodes(children: number, out: number, count: number): void;
  grind(seed: number, bits: number, first: bigint, count: number): bigint;
  fillWeights(p: number, log: number, one: number, squares: number): void;
  evaluateAt(
    out: number,
    a: number,
    pairs: number,
    weights: number,
    points: number,
    sums: number,
  ): void;
  fold(out: number, low: number, high: number, count: number, factors: number, ratio: number): void;
  pairTerms(d: number, a: number, v: number, n: number, z: number, alpha: number): void;
  terms(d: number, a: number, n: number, z: number): void;
  runningProduct(p: number, n: number): void;
  dilutedAggregate(d: number, a: number, n: number, one: number, z: number, alpha: number): void;
};

export type KernelVariant = "fma" | "scalar";

const PAGE = 65536;
const ALIGNMENT = 128;

export class ProverKernel {
  readonly exports: ProverExports;
  #top: number;
  #bytes: Uint8Array;

  constructor(variant: KernelVariant = hasFusedMadd() ? "fma" : "scalar") {
    const name = variant === "fma" ? "prover-fma" : "prover";
    this.exports = loadKernel<ProverExports>(new URL(`./${name}.wasm`, import.meta.url));
    this.#top = this.exports.heap.value as number;
    this.#bytes = new Uint8Array(this.exports.memory.buffer);
  }

  /** All of the memory; valid until the next `reserve`. */
  get bytes(): Uint8Array {
    return this.#bytes;
  }

  /** Address of `bytes` fresh bytes, kept until `release`. */
  reserve(bytes: number): number {
    const address = this.#top;
    this.#top += Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
    const { memory } = this.exports;
    const missing = this.#top - memory.buffer.byteLength;
    if (missing > 0) {
      memory.grow(Math.ceil(missing / PAGE));
      this.#bytes = new Uint8Array(memory.buffer);
    }
    return address;
  }

  /** What `release` goes back to. */
  get mark(): number {
    return this.#top;
  }

  /** Frees what was reserved since `mark`. */
  release(mark: number): void {
    this.#top = mark;
  }

  /** Runs `task` and frees what it reserved. */
  scoped<T>(task: () => T): T {
    const { mark } = this;
    try {
      return task();
    } finally {
      this.release(mark);
    }
  }

  reservePairs(count: number): number {
    return this.reserve(count * PAIR_BYTES);
  }

  #words(address: number, count: number): Uint32Array {
    return new Uint32Array(this.exports.memory.buffer, address, count * WORDS);
  }

  /** Address of `values` as constants, one after the other. */
  constants(values: readonly Felt[]): number {
    const target = this.reserve(values.length * CONSTANT_BYTES);
    this.scoped(() => {
      const source = this.reserve(values.length * ELEMENT_BYTES);
      const words = this.#words(source, values.length);
      values.forEach((value, i) => writeWords(words, i * WORDS, value));
      this.exports.readConstants(target, source, values.length);
    });
    return target;
  }

  /** Address of pairs of the elements. */
  pairs(elements: readonly (readonly [Felt, Felt])[]): number {
    const target = this.reservePairs(elements.length);
    this.scoped(() => {
      const bytes = elements.length * ELEMENT_BYTES;
      const source = this.reserve(2 * bytes);
      const words = this.#words(source, 2 * elements.length);
      elements.forEach(([a, b], i) => {
        writeWords(words, i * WORDS, a);
        writeWords(words, (elements.length + i) * WORDS, b);
      });
      this.exports.readAll(target, source, source + bytes, elements.length);
    });
    return target;
  }

  /** The elements of `count` pairs. */
  readPairs(address: number, count: number): [Felt, Felt][] {
    return this.scoped(() => {
      const target = this.reserve(2 * count * ELEMENT_BYTES);
      this.exports.writeAll(target, target + count * ELEMENT_BYTES, address, count);
      const words = this.#words(target, 2 * count);
      return Array.from({ length: count }, (_, i): [Felt, Felt] => [
        readWords(words, i * WORDS),
        readWords(words, (count + i) * WORDS),
      ]);
    });
  }

  copyIn(address: number, bytes: Uint8Array): void {
    this.#bytes.set(bytes, address);
  }

  /** A view of memory; valid until the next `reserve`. */
  view(address: number, bytes: number): Uint8Array {
    return this.#bytes.subarray(address, address + bytes);
  }
}
