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

// P - 1 = 2^192 · (2^59 + 17), and 3 generates the multiplicative group (Cairo paper §3).
const TWO_ADICITY = 192;
const ODD_PART = (1n << 59n) + 17n;

/** The smaller square root of `a` (Tonelli–Shanks), or undefined when `a` is not a square. */
export function sqrt(a: Felt): Felt | undefined {
  if (!isSquare(a)) return undefined;
  if (a === 0n) return 0n;
  let root = pow(a, (ODD_PART + 1n) / 2n);
  let t = pow(a, ODD_PART);
  let c = pow(3n, ODD_PART);
  let m = TWO_ADICITY;
  while (t !== 1n) {
    let i = 0;
    for (let s = t; s !== 1n; s = mul(s, s)) i++;
    const b = pow(c, 1n << BigInt(m - i - 1));
    root = mul(root, b);
    c = mul(b, b);
    t = mul(t, c);
    m = i;
  }
  return root > P - root ? P - root : root;
}
