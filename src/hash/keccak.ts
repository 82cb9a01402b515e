/** Keccak-256 by the WASM kernel, and what Starknet derives from it. */
import type { Felt } from "../field/felt.ts";
import { type KernelExports, loadKernel } from "../field/wasm-module.ts";
import { bytesToBigInt } from "../util/bytes.ts";

type KeccakExports = KernelExports & {
  readonly state: WebAssembly.Global;
  readonly buffer: WebAssembly.Global;
  reset(): void;
  absorb(blocks: number): void;
  permute(): void;
};

type KeccakKernel = {
  readonly exports: KeccakExports;
  readonly lanes: BigUint64Array;
  /** The 32 bytes of the state that are the hash. */
  readonly digest: Uint8Array;
  readonly buffer: Uint8Array;
};

const RATE = 136;
const BUFFER_BLOCKS = 480;

let kernel: KeccakKernel | undefined;

function load(): KeccakKernel {
  const exports = loadKernel<KeccakExports>(new URL("./keccak.wasm", import.meta.url));
  const { buffer } = exports.memory;
  return {
    exports,
    lanes: new BigUint64Array(buffer, exports.state.value, 25),
    digest: new Uint8Array(buffer, exports.state.value, 32),
    buffer: new Uint8Array(buffer, exports.buffer.value, RATE * BUFFER_BLOCKS),
  };
}

/** Keccak-f[1600] on 25 lanes in place; lane (x, y) of FIPS 202 is `state[x + 5 * y]`. */
export function keccakF1600(state: BigUint64Array): void {
  const { exports, lanes } = (kernel ??= load());
  lanes.set(state);
  exports.permute();
  state.set(lanes);
}

/** Keccak-256 with the original padding 0x01 … 0x80, as Ethereum uses it. */
export function keccak256(bytes: Uint8Array): Uint8Array {
  const { exports, digest, buffer } = (kernel ??= load());
  exports.reset();
  let rest = bytes;
  while (rest.length >= buffer.length) {
    buffer.set(rest.subarray(0, buffer.length));
    exports.absorb(BUFFER_BLOCKS);
    rest = rest.subarray(buffer.length);
  }
  const blocks = Math.floor(rest.length / RATE) + 1;
  buffer.set(rest);
  buffer.fill(0, rest.length, RATE * blocks);
  buffer[rest.length] = 0x01;
  buffer[RATE * blocks - 1]! |= 0x80;
  exports.absorb(blocks);
  return digest.slice();
}

const MASK_250 = (1n << 250n) - 1n;

/** Keccak-256 of bytes, or of UTF-8 text, cut to 250 bits. */
export function snKeccak(data: Uint8Array | string): Felt {
  const bytes = typeof data === "string" ? new TextEncoder().encode(data) : data;
  return bytesToBigInt(keccak256(bytes)) & MASK_250;
}

/** The entry point selector of a function name; the two default entry points have selector 0. */
export const selector = (name: string): Felt =>
  name === "__default__" || name === "__l1_default__" ? 0n : snKeccak(name);
