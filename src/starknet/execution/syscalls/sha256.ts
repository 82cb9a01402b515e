/** The compression function of SHA-256 (FIPS 180-4 §6.2.2). */

/** FIPS 180-4 §4.2.2: first 32 bits of the fractional parts of the cube roots of the first 64 primes. */
let roundConstants: Uint32Array | undefined;

function getRoundConstants(): Uint32Array {
  if (roundConstants !== undefined) return roundConstants;
  const constants: number[] = [];
  for (let candidate = 2n; constants.length < 64; candidate++) {
    if (isPrime(candidate)) constants.push(Number(cubeRoot(candidate << 96n) & 0xffffffffn));
  }
  return (roundConstants = Uint32Array.from(constants));
}

function isPrime(n: bigint): boolean {
  for (let d = 2n; d * d <= n; d++) if (n % d === 0n) return false;
  return true;
}

/** Whole part of the cube root, by bisection. */
function cubeRoot(n: bigint): bigint {
  let [low, high] = [0n, 1n << 40n];
  while (high - low > 1n) {
    const middle = (low + high) / 2n;
    if (middle ** 3n <= n) low = middle;
    else high = middle;
  }
  return low;
}

const rotate = (x: number, n: number): number => (x >>> n) | (x << (32 - n));

/** State of 8 words after a block of 16 words. */
export function sha256Compress(state: readonly number[], block: readonly number[]): number[] {
  const constants = getRoundConstants();
  const w = new Int32Array(64);
  w.set(block);
  for (let t = 16; t < 64; t++) {
    const w15 = w[t - 15]!;
    const w2 = w[t - 2]!;
    const s0 = rotate(w15, 7) ^ rotate(w15, 18) ^ (w15 >>> 3);
    const s1 = rotate(w2, 17) ^ rotate(w2, 19) ^ (w2 >>> 10);
    w[t] = w[t - 16]! + s0 + w[t - 7]! + s1;
  }
  let [a, b, c, d, e, f, g, h] = state.map((word) => word | 0) as Tuple8;
  for (let t = 0; t < 64; t++) {
    const s1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
    const choice = (e & f) ^ (~e & g);
    const t1 = (h + s1 + choice + constants[t]! + w[t]!) | 0;
    const s0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
    const majority = (a & b) ^ (a & c) ^ (b & c);
    const t2 = (s0 + majority) | 0;
    [a, b, c, d, e, f, g, h] = [(t1 + t2) | 0, a, b, c, (d + t1) | 0, e, f, g];
  }
  return [a, b, c, d, e, f, g, h].map((word, i) => (word + state[i]!) >>> 0);
}

type Tuple8 = [number, number, number, number, number, number, number, number];
