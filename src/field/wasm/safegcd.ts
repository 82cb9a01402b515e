// Inverses modulo an odd number below 2^256 by divsteps in batches of 30 (D. J. Bernstein and B.-Y. Yang, "Fast
// constant-time gcd computation and modular inversion", 2019), with the batches' variable-time matrices and
// signed limbs of P. Wuille's account of it (bitcoin-core/secp256k1, doc/safegcd_implementation.md).
//
// A number here is 9 limbs of 30 bits (i32 each, the top one signed), 36 bytes. f and g shrink by the matrices; d and
// e follow with d*x = f and e*x = g modulo the modulus, both within (-2 modulus, modulus).

const BITS = 30;
const LIMBS: i32 = 9;
const MASK: i64 = 0x3fffffff;

/** A modulus: its limbs, then its inverse modulo 2^30. */
export const P = memory.data<i32>([1, 0, 0, 0, 0, 0, 17 << 12, 0, 1 << 11, 1]);

const d = memory.data(36);
const e = memory.data(36);
const f = memory.data(36);
const g = memory.data(36);

// The matrix of a batch times 2^30: f' = u*f + v*g, g' = q*f + r*g.
let u: i32 = 0;
let v: i32 = 0;
let q: i32 = 0;
let r: i32 = 0;

/** The matrix of 30 divsteps from the low bits of f and g; eta is minus the paper's delta. */
function divsteps(eta: i32, f: i32, g: i32): i32 {
  let u: i32 = 1,
    v: i32 = 0,
    q: i32 = 0,
    r: i32 = 1;
  let left: i32 = BITS;
  for (;;) {
    const zeros = ctz(g | (-1 << left));
    g >>= zeros;
    u <<= zeros;
    v <<= zeros;
    eta -= zeros;
    left -= zeros;
    if (left == 0) break;
    if (eta < 0) {
      eta = -eta;
      let t = f;
      f = g;
      g = -t;
      t = u;
      u = q;
      q = -t;
      t = v;
      v = r;
      r = -t;
    }
    // As many low bits of g as the steps before the next swap see, 6 at most, are cancelled at once:
    // f*(f^2 - 2) is -1/f modulo 64.
    const limit = eta + 1 < left ? eta + 1 : left;
    const w = (f * g * (f * f - 2)) & <i32>(0xffffffff >>> (32 - limit)) & 63;
    g += f * w;
    q += u * w;
    r += v * w;
  }
  storeMatrix(u, v, q, r);
  return eta;
}

// @ts-ignore: decorator
@inline
function storeMatrix(u1: i32, v1: i32, q1: i32, r1: i32): void {
  u = u1;
  v = v1;
  q = q1;
  r = r1;
}

// @ts-ignore: decorator
@inline
function limb(a: usize, i: i32): i64 {
  return <i64>load<i32>(a + (<usize>i << 2));
}

// @ts-ignore: decorator
@inline
function setLimb(a: usize, i: i32, x: i64): void {
  store<i32>(a + (<usize>i << 2), <i32>x);
}

/** (d, e) = matrix * (d, e) / 2^30 modulo the modulus m. */
function updateDE(m: usize): void {
  const u64: i64 = u,
    v64: i64 = v,
    q64: i64 = q,
    r64: i64 = r;
  const inverse = load<i32>(m, 36);
  // Multiples of the modulus that keep the range for negative d and e, and that clear the low 30 bits.
  const sd = load<i32>(d, 32) >> 31,
    se = load<i32>(e, 32) >> 31;
  let md = (u & sd) + (v & se),
    me = (q & sd) + (r & se);
  let cd = u64 * limb(d, 0) + v64 * limb(e, 0),
    ce = q64 * limb(d, 0) + r64 * limb(e, 0);
  md -= (inverse * <i32>cd + md) & <i32>MASK;
  me -= (inverse * <i32>ce + me) & <i32>MASK;
  const md64: i64 = md,
    me64: i64 = me;
  cd = (cd + md64 * limb(m, 0)) >> BITS;
  ce = (ce + me64 * limb(m, 0)) >> BITS;
  for (let i = 1; i < LIMBS; i++) {
    const di = limb(d, i),
      ei = limb(e, i),
      mi = limb(m, i);
    cd += u64 * di + v64 * ei + md64 * mi;
    ce += q64 * di + r64 * ei + me64 * mi;
    setLimb(d, i - 1, cd & MASK);
    setLimb(e, i - 1, ce & MASK);
    cd >>= BITS;
    ce >>= BITS;
  }
  setLimb(d, LIMBS - 1, cd);
  setLimb(e, LIMBS - 1, ce);
}

/** (f, g) = matrix * (f, g) / 2^30, both of n limbs. */
function updateFG(n: i32): void {
  const u64: i64 = u,
    v64: i64 = v,
    q64: i64 = q,
    r64: i64 = r;
  let cf = (u64 * limb(f, 0) + v64 * limb(g, 0)) >> BITS,
    cg = (q64 * limb(f, 0) + r64 * limb(g, 0)) >> BITS;
  for (let i = 1; i < n; i++) {
    const fi = limb(f, i),
      gi = limb(g, i);
    cf += u64 * fi + v64 * gi;
    cg += q64 * fi + r64 * gi;
    setLimb(f, i - 1, cf & MASK);
    setLimb(g, i - 1, cg & MASK);
    cf >>= BITS;
    cg >>= BITS;
  }
  setLimb(f, n - 1, cf);
  setLimb(g, n - 1, cg);
}

/** a = a * sign + k*m, with carries. */
function adjust(a: usize, sign: i64, k: i64, m: usize): void {
  let carry: i64 = 0;
  for (let i = 0; i < LIMBS; i++) {
    carry += limb(a, i) * sign + k * limb(m, i);
    setLimb(a, i, i < LIMBS - 1 ? carry & MASK : carry);
    carry >>= BITS;
  }
}

function isNegative(a: usize): bool {
  return load<i32>(a, 32) < 0;
}

/** d = the 256-bit integer at src. */
function unpack(d: usize, src: usize): void {
  for (let i = 0; i < LIMBS; i++) {
    const at = i * BITS,
      word = src + ((<usize>at >> 6) << 3),
      shift = <u64>(at & 63);
    let x = load<u64>(word) >> shift;
    if (shift > 64 - BITS && i < LIMBS - 1) x |= load<u64>(word, 8) << (64 - shift);
    setLimb(d, i, x & MASK);
  }
}

/** Writes a >= 0 as a 256-bit integer. */
function pack(dst: usize, a: usize): void {
  memory.fill(dst, 0, 32);
  for (let i = 0; i < LIMBS; i++) {
    const at = i * BITS,
      word = dst + ((<usize>at >> 6) << 3),
      shift = <u64>(at & 63);
    const x = <u64>limb(a, i);
    store<u64>(word, load<u64>(word) | (x << shift));
    if (shift > 64 - BITS && i < LIMBS - 1) store<u64>(word, x >> (64 - shift), 8);
  }
}

/** m = the modulus of the odd 256-bit integer at src: 40 bytes. */
export function readModulus(m: usize, src: usize): void {
  unpack(m, src);
  const low = load<i32>(m);
  let inverse = low; // right to 3 bits; each step doubles them
  for (let bits = 3; bits < BITS; bits <<= 1) inverse *= 2 - low * inverse;
  store<i32>(m, inverse & <i32>MASK, 36);
}

/** Replaces the 256-bit integer at x, below the modulus m and prime to it, by its inverse; 0 stays 0. */
export function invert(x: usize, m: usize): void {
  memory.fill(d, 0, 36);
  memory.fill(e, 0, 36);
  store<i32>(e, 1);
  memory.copy(f, m, 36);
  unpack(g, x);
  let eta: i32 = -1;
  let n = LIMBS;
  for (;;) {
    eta = divsteps(eta, load<i32>(f), load<i32>(g));
    updateDE(m);
    updateFG(n);
    let bits: i32 = 0;
    for (let i = 0; i < n; i++) bits |= <i32>limb(g, i);
    if (bits == 0) break;
    // A top limb that is nothing but sign goes into the one below.
    const top = n - 1,
      ft = <i32>limb(f, top),
      gt = <i32>limb(g, top);
    if (n > 1 && (ft ^ (ft >> 31)) == 0 && (gt ^ (gt >> 31)) == 0) {
      setLimb(f, top - 1, limb(f, top - 1) | (<i64>ft << BITS));
      setLimb(g, top - 1, limb(g, top - 1) | (<i64>gt << BITS));
      n--;
    }
  }
  // g = 0 and f = 1 or -1: d is the inverse up to that sign.
  if (isNegative(d)) adjust(d, 1, 1, m);
  adjust(d, limb(f, n - 1) < 0 ? -1 : 1, 0, m);
  if (isNegative(d)) adjust(d, 1, 1, m);
  pack(x, d);
}
