/**
 * The Fiat–Shamir channel of StarkWare's EVM verifiers (stark-protocol §3): a digest that absorbs what the
 * prover sends and a counter of the words drawn since.
 */
import { type Felt, P } from "../../field/felt.ts";
import { keccak256 } from "../../hash/keccak.ts";
import { bytesToBigInt } from "../../util/bytes.ts";
import { fromMontgomery, toMontgomery } from "../montgomery.ts";

const WORD_MASK = (1n << 256n) - 1n;
/** Words below this are uniform modulo P. */
const FELT_BOUND = 31n * P;
const POW_PREFIX = 0x0123456789abcdedn;
export const NONCE_BYTES = 8;

/** A 256-bit integer as 32 bytes, big-endian. */
export function wordBytes(word: bigint): Uint8Array {
  const bytes = new Uint8Array(32);
  for (let i = 31, rest = word; i >= 0; i--, rest >>= 8n) bytes[i] = Number(rest & 0xffn);
  return bytes;
}

export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

export class Channel {
  #digest: Uint8Array;
  #counter = 0n;

  /** `seed` is the hash of the public input. */
  constructor(seed: Uint8Array) {
    this.#digest = seed.slice();
  }

  get digest(): Uint8Array {
    return this.#digest.slice();
  }

  /** 256 bits of randomness. */
  drawWord(): bigint {
    return bytesToBigInt(keccak256(concatBytes(this.#digest, wordBytes(this.#counter++))));
  }

  /** A uniform field element: the words are taken as Montgomery form. */
  drawFelt(): Felt {
    for (;;) {
      const word = this.drawWord();
      if (word < FELT_BOUND) return fromMontgomery(word);
    }
  }

  absorb(bytes: Uint8Array): void {
    const next = (bytesToBigInt(this.#digest) + 1n) & WORD_MASK;
    this.#digest = keccak256(concatBytes(wordBytes(next), bytes));
    this.#counter = 0n;
  }

  /** Absorbs a field element in Montgomery form. */
  absorbFelt(x: Felt): void {
    this.absorb(wordBytes(toMontgomery(x)));
  }

  /** `count` query positions below 2^`logSize`: ascending, and fewer where some are equal. */
  drawQueries(count: number, logSize: number): number[] {
    const mask = (1n << BigInt(logSize)) - 1n;
    const queries = new Set<number>();
    for (let i = 0; i < count; i += 4) {
      const word = this.drawWord();
      for (let j = 0; j < 4 && i + j < count; j++)
        queries.add(Number((word >> BigInt(64 * (3 - j))) & mask));
    }
    return [...queries].sort((a, b) => a - b);
  }

  /** What a proof of work of `bits` bits is hashed with: K(0x0123456789abcded || digest || bits). */
  proofOfWorkSeed(bits: number): Uint8Array {
    return keccak256(
      concatBytes(wordBytes(POW_PREFIX).subarray(24), this.#digest, Uint8Array.of(bits)),
    );
  }

  /** Whether K(seed || nonce) starts with `bits` zero bits; `nonce` has 8 bytes. */
  isProofOfWork(bits: number, nonce: Uint8Array): boolean {
    const hash = bytesToBigInt(keccak256(concatBytes(this.proofOfWorkSeed(bits), nonce)));
    return hash < 1n << BigInt(256 - bits);
  }
}
