// Number-theoretic transforms of lists of n = 2^log elements (pair.ts: the i-th of n/2 pairs holds elements i
// and i + n/2), between values in natural order and coefficients in bit-reversed order, without permutations.
// The first step of the one and the last of the other combine the two lanes; all others work on both alike.
//
// Twiddles are one table of constants: half + j holds w^j, w of order 2*half, for half = 1, 2, 4 … n/2.
import { storeReduced } from "../../field/wasm/fma51";
import { add, invertPair, mul, mulSplat, PAIR, SPLAT, sub, subLazy, toSplat } from "./pair";

const t = memory.data(80, 16);
const u = memory.data(80, 16);

/** Below this many pairs, passes stay in the cache. */
const BLOCK: i32 = 2048;

/**
 * Fills the twiddles of a level from those of the level before, whose even powers they are; `root` is a
 * constant of order 2*half.
 */
export function fillTwiddles(table: usize, half: i32, root: usize): void {
  const to = table + <usize>half * SPLAT;
  const from = table + <usize>(half >> 1) * SPLAT;
  for (let j: i32 = 0; j < half >> 1; j++) {
    const even = to + <usize>(2 * j) * SPLAT;
    memory.copy(even, from + <usize>j * SPLAT, SPLAT);
    for (let i: usize = 0; i < 5; i++) v128.store(t + 16 * i, v128.load_splat<u64>(root + 8 * i));
    mulSplat(t, t, even);
    toSplat(even + SPLAT, t);
  }
}

/** Values in natural order to coefficients in bit-reversed order, times n. */
export function interpolate(p: usize, log: i32, twiddles: usize): void {
  const pairs: i32 = 1 << (log - 1);
  // (a, b) -> (a + b, (a - b)*w^-i), where w^-i = -w^(n/2 - i) for i > 0
  for (let i: i32 = 0; i < pairs; i++) {
    const slot = p + <usize>i * PAIR;
    swapLanes(u, slot);
    add(t, slot, u);
    subLazy(u, u, slot); // lane 1: a - b
    if (i > 0) {
      subLazy(u, zero, u);
      mulSplat(u, u, twiddles + <usize>(2 * pairs - i) * SPLAT);
    }
    joinLanes(slot, t, u);
  }
  decimateFrequency(p, pairs, twiddles);
}

/** Coefficients in bit-reversed order to values in natural order. */
export function evaluate(p: usize, log: i32, twiddles: usize): void {
  const pairs: i32 = 1 << (log - 1);
  decimateTime(p, pairs, twiddles);
  // (a, b) -> (a + b*w^i, a - b*w^i)
  for (let i: i32 = 0; i < pairs; i++) {
    const slot = p + <usize>i * PAIR;
    mulSplat(t, slot, twiddles + <usize>(pairs + i) * SPLAT);
    swapLanes(u, t); // lane 0: b*w^i
    add(t, slot, u);
    sub(u, slot, u); // lane 0: a - b*w^i
    swapLanes(u, u);
    joinLanes(slot, t, u);
  }
}

const zero = memory.data(80, 16);

// @ts-ignore: decorator
@inline
function swapLanes(d: usize, a: usize): void {
  for (let i: usize = 0; i < 80; i += 16) {
    const x = v128.load(a + i);
    v128.store(d + i, i64x2.shuffle(x, x, 1, 0));
  }
}

/** d = (lane 0 of a, lane 1 of b). */
// @ts-ignore: decorator
@inline
function joinLanes(d: usize, a: usize, b: usize): void {
  for (let i: usize = 0; i < 80; i += 16)
    v128.store(d + i, i64x2.shuffle(v128.load(a + i), v128.load(b + i), 0, 3));
}

function decimateFrequency(p: usize, pairs: i32, twiddles: usize): void {
  if (pairs > BLOCK) {
    frequencyPass(p, pairs, twiddles);
    decimateFrequency(p, pairs >> 1, twiddles);
    decimateFrequency(p + <usize>(pairs >> 1) * PAIR, pairs >> 1, twiddles);
    return;
  }
  for (let size = pairs; size > 1; size >>= 1)
    for (let b: i32 = 0; b < pairs; b += size) frequencyPass(p + <usize>b * PAIR, size, twiddles);
}

/** (a, b) -> (a + b, (a - b)*w^-j) over the two halves of a block. */
function frequencyPass(p: usize, size: i32, twiddles: usize): void {
  const half = size >> 1;
  let q = p + <usize>half * PAIR;
  let twiddle = twiddles + <usize>size * SPLAT;
  const end = q;
  for (; p < end; p += PAIR, q += PAIR, twiddle -= SPLAT) {
    if (q == end) {
      sub(t, p, q);
    } else {
      subLazy(t, q, p);
      mulSplat(t, t, twiddle);
    }
    add(p, p, q);
    memory.copy(q, t, PAIR);
  }
}

function decimateTime(p: usize, pairs: i32, twiddles: usize): void {
  if (pairs > BLOCK) {
    decimateTime(p, pairs >> 1, twiddles);
    decimateTime(p + <usize>(pairs >> 1) * PAIR, pairs >> 1, twiddles);
    timePass(p, pairs, twiddles);
    return;
  }
  for (let size: i32 = 2; size <= pairs; size <<= 1)
    for (let b: i32 = 0; b < pairs; b += size) timePass(p + <usize>b * PAIR, size, twiddles);
}

/** (a, b) -> (a + b*w^j, a - b*w^j) over the two halves of a block. */
function timePass(p: usize, size: i32, twiddles: usize): void {
  const half = size >> 1;
  let q = p + <usize>half * PAIR;
  let twiddle = twiddles + <usize>half * SPLAT;
  const end = q;
  for (; p < end; p += PAIR, q += PAIR, twiddle += SPLAT) {
    mulSplat(t, q, twiddle);
    const t0 = v128.load(t),
      t1 = v128.load(t, 16),
      t2 = v128.load(t, 32),
      t3 = v128.load(t, 48),
      t4 = v128.load(t, 64);
    const a0 = v128.load(p),
      a1 = v128.load(p, 16),
      a2 = v128.load(p, 32),
      a3 = v128.load(p, 48),
      a4 = v128.load(p, 64);
    storeReduced(
      p,
      i64x2.add(a0, t0),
      i64x2.add(a1, t1),
      i64x2.add(a2, t2),
      i64x2.add(a3, t3),
      i64x2.add(a4, t4),
    );
    storeReduced(
      q,
      i64x2.sub(a0, t0),
      i64x2.sub(a1, t1),
      i64x2.sub(a2, t2),
      i64x2.sub(a3, t3),
      i64x2.sub(a4, t4),
    );
  }
}

/**
 * Fills n/2 pairs with c*s^k at the place of coefficient k, k in bit-reversed order. `first` is the pair
 * (c, c*s); `squares` are the constants y, y^2, y^4 … for y = s^2, log - 1 of them.
 */
export function fillScale(p: usize, log: i32, first: usize, squares: usize): void {
  memory.copy(p, first, PAIR);
  for (let bit: i32 = 0; bit < log - 1; bit++) {
    const square = squares + <usize>(log - 2 - bit) * SPLAT;
    const block = <usize>(1 << bit) * PAIR;
    for (let j: usize = 0; j < block; j += PAIR) mulSplat(p + block + j, p + j, square);
  }
}

/** p[i] *= q[i] for n pairs. */
export function multiplyAll(p: usize, q: usize, n: i32): void {
  for (const end = p + <usize>n * PAIR; p < end; p += PAIR, q += PAIR) mul(p, p, q);
}

/** Writes start, start*ratio, start*ratio^2 …: n pairs. `ratio` is a constant. */
export function geometric(p: usize, start: usize, ratio: usize, n: i32): void {
  memory.copy(p, start, PAIR);
  for (let i: i32 = 1; i < n; i++, p += PAIR) mulSplat(p + PAIR, p, ratio);
}

/**
 * The coefficients of the composition's halves. H has 2N of them: A + x^N*B, which is A + s*B on the coset
 * where x^N = s and A - s*B where x^N = -s; u and v are those two. H0 has the even ones of A, then of B, H1 the
 * odd ones; in bit-reversed order those of A and B take turns. For `n` pairs from `first` on; `half` is the
 * constant 1/2 and `halfOverS` is 1/(2*s). The pair t of H0 needs pairs t/2 and t/2 + N/4 of A.
 */
export function splitComposition(
  h0: usize,
  h1: usize,
  u: usize,
  v: usize,
  distance: usize,
  n: i32,
  half: usize,
  halfOverS: usize,
): void {
  for (let i: i32 = 0; i < n; i++) {
    combine(lowA, lowB, u, v, half, halfOverS);
    combine(highA, highB, u + distance, v + distance, half, halfOverS);
    lanePair(h0, lowA, highA, false);
    lanePair(h0 + PAIR, lowB, highB, false);
    lanePair(h1, lowA, highA, true);
    lanePair(h1 + PAIR, lowB, highB, true);
    u += PAIR;
    v += PAIR;
    h0 += 2 * PAIR;
    h1 += 2 * PAIR;
  }
}

const lowA = memory.data(80, 16);
const lowB = memory.data(80, 16);
const highA = memory.data(80, 16);
const highB = memory.data(80, 16);

function combine(a: usize, b: usize, u: usize, v: usize, half: usize, halfOverS: usize): void {
  add(a, u, v);
  mulSplat(a, a, half);
  sub(b, u, v);
  mulSplat(b, b, halfOverS);
}

/** d = the same lane of a and of b. */
export function lanePair(d: usize, a: usize, b: usize, high: bool): void {
  for (let i: usize = 0; i < 80; i += 16) {
    const x = v128.load(a + i),
      y = v128.load(b + i);
    v128.store(d + i, high ? i64x2.shuffle(x, y, 1, 3) : i64x2.shuffle(x, y, 0, 2));
  }
}

/** Inverses of n pairs, by one inversion; `d` is not `a`. A 0 among them makes all wrong. */
export function invertAll(d: usize, a: usize, n: i32): void {
  // Prefix products in d, then back.
  const last = <usize>(n - 1) * PAIR;
  memory.copy(d, a, PAIR);
  for (let i: usize = PAIR; i <= last; i += PAIR) mul(d + i, d + i - PAIR, a + i);
  invertPair(u, d + last);
  for (let i = last; i > 0; i -= PAIR) {
    mul(d + i, d + i - PAIR, u);
    mul(u, u, a + i);
  }
  memory.copy(d, u, PAIR);
}

/** Exchanges the lanes of n pairs. */
export function swapAll(p: usize, n: i32): void {
  for (const end = p + <usize>n * PAIR; p < end; p += PAIR) swapLanes(p, p);
}

/** Of n pairs, d[i] = lane 0 of a[i] in both lanes, d[n + i] = lane 1. */
export function spreadLanes(d: usize, a: usize, n: i32): void {
  const far = <usize>n * PAIR;
  for (const end = a + far; a < end; a += PAIR, d += PAIR) {
    lanePair(d, a, a, false);
    lanePair(d + far, a, a, true);
  }
}
