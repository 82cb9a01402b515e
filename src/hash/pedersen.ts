/**
 * Pedersen hash of field elements by the WASM kernel (starknet-formulas.md, notation `ped` and `PED`).
 * The first use builds a table of 1.1 MB. All functions throw RangeError for inputs outside [0, P).
 */
import { PEDERSEN_BASES, PEDERSEN_SHIFT } from "../curve/constants.ts";
import { type Felt, isFelt } from "../field/felt.ts";
import { type KernelExports, loadKernel, readFelt, writeFelt } from "../field/wasm-module.ts";

type PedersenExports = KernelExports & {
  readonly BATCH: WebAssembly.Global;
  readonly io: WebAssembly.Global;
  init(): void;
  hash(n: number): void;
};

type PedersenKernel = {
  readonly exports: PedersenExports;
  readonly words: BigUint64Array;
  readonly batch: number;
};

/** Words of an input pair. */
const PAIR = 8;

let kernel: PedersenKernel | undefined;

function load(): PedersenKernel {
  const exports = loadKernel<PedersenExports>(new URL("./pedersen.wasm", import.meta.url));
  const batch = exports.BATCH.value;
  const words = new BigUint64Array(exports.memory.buffer, exports.io.value, PAIR * batch);
  [PEDERSEN_SHIFT, ...PEDERSEN_BASES].forEach(({ x, y }, i) => {
    writeFelt(words, PAIR * i, x);
    writeFelt(words, PAIR * i + 4, y);
  });
  exports.init();
  return { exports, words, batch };
}

function writeInputs(words: BigUint64Array, at: number, a: Felt, b: Felt): void {
  if (!isFelt(a) || !isFelt(b)) throw new RangeError(`expected 0 <= x < P, got ${a}, ${b}`);
  writeFelt(words, at, a);
  writeFelt(words, at + 4, b);
}

export function pedersen(a: Felt, b: Felt): Felt {
  const { exports, words } = (kernel ??= load());
  writeInputs(words, 0, a, b);
  exports.hash(1);
  return readFelt(words, 0);
}

/** ped(…ped(ped(0, l0), l1)…, length): the hash of a list. */
export function pedersenArray(list: readonly Felt[]): Felt {
  let hash = 0n;
  for (const x of list) hash = pedersen(hash, x);
  return pedersen(hash, BigInt(list.length));
}

/** The hashes of independent pairs, which share their inversions: cheaper than one by one. */
export function pedersenBatch(pairs: readonly (readonly [Felt, Felt])[]): Felt[] {
  const { exports, words, batch } = (kernel ??= load());
  const hashes: Felt[] = [];
  for (let start = 0; start < pairs.length; start += batch) {
    const n = Math.min(batch, pairs.length - start);
    for (let i = 0; i < n; i++) {
      const [a, b] = pairs[start + i]!;
      writeInputs(words, PAIR * i, a, b);
    }
    exports.hash(n);
    for (let i = 0; i < n; i++) hashes.push(readFelt(words, PAIR * i));
  }
  return hashes;
}
