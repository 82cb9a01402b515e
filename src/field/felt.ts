/**
 * The Stark field F_P as plain bigint arithmetic: the form in which everything outside the kernels
 * handles field elements. A {@link Felt} is always canonical, 0 <= x < P.
 */

/** P = 2^251 + 17·2^192 + 1 (Cairo paper §3, "the field"). */
export const P = (1n << 251n) + 17n * (1n << 192n) + 1n;

/** A canonical element of F_P. */
export type Felt = bigint;

export const isFelt = (x: bigint): boolean => x >= 0n && x < P;

/** Any integer, negative ones too, reduced to its canonical representative. */
export function mod(x: bigint): Felt {
  const r = x % P;
  return r < 0n ? r + P : r;
}

export const add = (a: Felt, b: Felt): Felt => (a + b >= P ? a + b - P : a + b);
export const sub = (a: Felt, b: Felt): Felt => (a >= b ? a - b : a - b + P);
export const neg = (a: Felt): Felt => (a === 0n ? 0n : P - a);
export const mul = (a: Felt, b: Felt): Felt => (a * b) % P;

export function pow(base: Felt, exponent: bigint): Felt {
  let result = 1n;
  let square = base;
  for (let e = exponent; e > 0n; e >>= 1n) {
    if (e & 1n) result = (result * square) % P;
    square = (square * square) % P;
  }
  return result;
}

/** 1/a by the extended Euclidean algorithm. Throws RangeError for 0. */
export function inv(a: Felt): Felt {
  if (a === 0n) throw new RangeError("0 has no inverse in the Stark field");
  let [r0, r1] = [P, a];
  let [t0, t1] = [0n, 1n];
  while (r1 !== 0n) {
    const q = r0 / r1;
    [r0, r1] = [r1, r0 - q * r1];
    [t0, t1] = [t1, t0 - q * t1];
  }
  return mod(t0);
}

export const div = (a: Felt, b: Felt): Felt => mul(a, inv(b));

/** Euler's criterion; 0 counts as a square. */
export const isSquare = (a: Felt): boolean => a === 0n || pow(a, (P - 1n) / 2n) === 1n;

/**
 * The smaller square root of `a`, or undefined when `a` is not a square. By Cipolla: where δ = s² - a is not a
 * square, (s + √δ)^((P + 1) / 2) is a root of a. (P + 1) / 2 has four bits set; Tonelli–Shanks would need some
 * 9000 squarings, because 2^192 divides P - 1.
 */
export function sqrt(a: Felt): Felt | undefined {
  if (!isSquare(a)) return undefined;
  let s = 0n;
  let delta = neg(a);
  while (isSquare(delta)) {
    if (delta === 0n) return s;
    s++;
    delta = sub(mul(s, s), a);
  }
  // x + y·√δ = (s + √δ)^e, for the leading bits e of (P + 1) / 2.
  let [x, y] = [1n, 0n];
  for (const bit of ((P + 1n) / 2n).toString(2)) {
    [x, y] = [(x * x + ((y * y) % P) * delta) % P, (2n * x * y) % P];
    if (bit === "1") [x, y] = [(x * s + y * delta) % P, (x + y * s) % P];
  }
  return x > P - x ? P - x : x;
}
