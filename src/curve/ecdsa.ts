/**
 * ECDSA over the STARK curve with StarkWare's deterministic nonces
 * (cairo-lang starkware/crypto/signature/signature.py; RFC 6979 with HMAC-SHA256).
 */
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import type { Felt } from "../field/felt.ts";
import { invModulo } from "../field/kernel.ts";
import { bigIntToBytes, bytesToBigInt } from "../util/bytes.ts";
import { add, GENERATOR, mul, negate, ORDER, recoverY } from "./stark.ts";

export type Signature = { readonly r: Felt; readonly s: Felt };

/** r, 1/s and message hashes must lie below this bound; a signer retries until they do. */
const ELEMENT_BOUND = 1n << 251n;
const ORDER_BITS = 252;

function modOrder(x: bigint): bigint {
  const r = x % ORDER;
  return r < 0n ? r + ORDER : r;
}

/** 1/a modulo the order of the curve, for 0 < a < order. */
const inverseModOrder = (a: bigint): bigint => invModulo(a, ORDER);

function checkPrivateKey(privateKey: bigint): void {
  if (privateKey <= 0n || privateKey >= ORDER) {
    throw new RangeError(`"privateKey" expected 0 < key < curve order`);
  }
}

function checkMessageHash(messageHash: bigint): void {
  if (messageHash < 0n || messageHash >= ELEMENT_BOUND) {
    throw new RangeError(`"messageHash" expected 0 <= hash < 2^251, got ${messageHash}`);
  }
}

/** The x of privateKey·G, Starknet's form of a public key. Throws RangeError outside [1, order). */
export function publicKey(privateKey: bigint): Felt {
  checkPrivateKey(privateKey);
  return mul(privateKey, GENERATOR)!.x;
}

/** The shortest big-endian bytes of `value`; none for 0. */
const minimalBytes = (value: bigint): Uint8Array =>
  value === 0n ? new Uint8Array() : bigIntToBytes(value, Math.ceil(value.toString(16).length / 2));

/**
 * The nonce k of RFC 6979 §3.2 in [1, order), with `seed` as additional data (§3.6); seed 0 adds none.
 * A hash that is one nibble short of whole bytes is shifted left by that nibble first, because the
 * StarkWare signer reads the hash as the hex text it prints.
 */
export function generateNonce(messageHash: bigint, privateKey: bigint, seed = 0n): bigint {
  const bits = messageHash.toString(2).length;
  const shifted = bits >= 248 && bits % 8 >= 1 && bits % 8 <= 4 ? messageHash << 4n : messageHash;
  const data = minimalBytes(shifted);
  // bits2int: the leftmost 252 bits of the data; bits2octets: that, modulo the order.
  const bits2int = (bytes: Uint8Array): bigint =>
    bytesToBigInt(bytes) >> BigInt(Math.max(0, 8 * bytes.length - ORDER_BITS));
  const input = Buffer.concat([
    bigIntToBytes(privateKey, 32),
    bigIntToBytes(modOrder(bits2int(data)), 32),
    minimalBytes(seed),
  ]);
  let v: Uint8Array = new Uint8Array(32).fill(1);
  let k: Uint8Array = new Uint8Array(32);
  for (const separator of [0, 1]) {
    k = hmac(sha256, k, Buffer.concat([v, Uint8Array.of(separator), input]));
    v = hmac(sha256, k, v);
  }
  for (;;) {
    v = hmac(sha256, k, v);
    const nonce = bits2int(v);
    if (nonce >= 1n && nonce < ORDER) return nonce;
    k = hmac(sha256, k, Buffer.concat([v, Uint8Array.of(0)]));
    v = hmac(sha256, k, v);
  }
}

/** Signs a hash below 2^251. Throws RangeError for a hash or key out of range. */
export function sign(messageHash: bigint, privateKey: bigint): Signature {
  checkMessageHash(messageHash);
  checkPrivateKey(privateKey);
  for (let seed = 0n; ; seed++) {
    const k = generateNonce(messageHash, privateKey, seed);
    const { x: r } = mul(k, GENERATOR)!;
    if (r === 0n || r >= ELEMENT_BOUND) continue;
    const sum = modOrder(messageHash + r * privateKey);
    if (sum === 0n) continue;
    const w = modOrder(k * inverseModOrder(sum));
    if (w >= ELEMENT_BOUND) continue;
    return { r, s: inverseModOrder(w) };
  }
}

/**
 * Whether (r, s) signs `messageHash` under a point with x = `publicKeyX`. As the key is only an x,
 * either of its two points may have signed. Values out of the scheme's ranges give false.
 */
export function verify(messageHash: bigint, r: bigint, s: bigint, publicKeyX: Felt): boolean {
  if (messageHash < 0n || messageHash >= ELEMENT_BOUND) return false;
  if (r < 1n || r >= ELEMENT_BOUND || s < 1n || s >= ORDER) return false;
  const w = inverseModOrder(s);
  if (w >= ELEMENT_BOUND) return false;
  const y = recoverY(publicKeyX);
  if (y === undefined) return false;
  const zG = mul(modOrder(messageHash * w), GENERATOR);
  const rQ = mul(modOrder(r * w), { x: publicKeyX, y })!;
  if (zG === undefined) return rQ.x === r;
  return add(zG, rQ)?.x === r || add(zG, negate(rQ))?.x === r;
}
