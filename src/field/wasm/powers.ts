// The inverse, and powers with the fixed exponents of the field: they are sparse, because
// P = (2^59 + 17) * 2^192 + 1.
import { SIZE, ONE, add, canonical, copy, isZero, mul, pack, sqr, sub, unpack } from "./field29";
import { invert, P } from "./safegcd";

const t0 = memory.data(36);
const t1 = memory.data(36);
const t2 = memory.data(36);

/** d = a^(2^n), n > 0. */
function square(d: usize, a: usize, n: i32): void {
  sqr(d, a);
  for (let i = 1; i < n; i++) sqr(d, d);
}

/** d = a^(2^59 + 16), d not a. */
function powerTop(d: usize, a: usize): void {
  square(d, a, 55);
  mul(d, d, a);
  square(d, d, 4);
}

// R^3 mod P.
const R3 = memory.data<i32>([
  0x18c6c71b, 0x1f4501b7, 0xd98e2e, 0x677ffcc, 0x3aa2b83, 0xd8c0006, 0xc2709f0, 0x13c0a666, 0x7bcc3,
]);
const words = memory.data(32);

/** d = 1/a (0 for a = 0). d may be a. */
export function inverse(d: usize, a: usize): void {
  copy(t0, a);
  pack(words, t0);
  invert(words, P);
  // 1/(a*R)*R^3/R
  unpack(t0, words);
  mul(d, t0, R3);
}

/** Legendre symbol of a: a^((P - 1) / 2) with (P - 1) / 2 = (2^59 + 17) * 2^191. */
export function legendre(a: usize): i32 {
  powerTop(t0, a);
  mul(t0, t0, a);
  square(t0, t0, 191);
  sub(t1, t0, ONE);
  if (isZero(t1)) return 1;
  return isZero(t0) ? 0 : -1;
}

// Cipolla's algorithm works in F_P[w] / (w^2 - delta); an element x + y*w is two field elements.
const delta = memory.data(36);
const shift = memory.data(36);
const rx = memory.data(36);
const ry = memory.data(36);

/** r = r^(2^n) in the quadratic extension. */
function squareExtended(n: i32): void {
  for (let i = 0; i < n; i++) {
    mul(t0, rx, ry);
    sqr(t1, ry);
    mul(t1, t1, delta);
    sqr(rx, rx);
    add(rx, rx, t1);
    add(ry, t0, t0);
  }
}

/** r = r * (shift + w). */
function multiplyByBase(): void {
  mul(t0, rx, shift);
  mul(t1, ry, delta);
  mul(t2, ry, shift);
  add(ry, rx, t2);
  add(rx, t0, t1);
}

/**
 * d = a square root of a; false when there is none. With delta = shift^2 - a not a square,
 * (shift + w)^((P + 1) / 2) is a root (Cipolla). Tonelli-Shanks would take some 192^2 / 4 squarings here.
 */
export function sqrt(d: usize, a: usize): bool {
  const symbol = legendre(a);
  if (symbol < 0) return false;
  if (symbol == 0) {
    memory.fill(d, 0, SIZE);
    return true;
  }
  copy(shift, ONE);
  for (;;) {
    sqr(delta, shift);
    sub(delta, delta, a);
    canonical(delta);
    const s = legendre(delta);
    if (s < 0) break;
    if (s == 0) {
      copy(d, shift);
      return true;
    }
    add(shift, shift, ONE);
    canonical(shift);
  }
  // (P + 1) / 2 = (((2^55 + 1) * 2^4) + 1) * 2^191 + 1
  copy(rx, shift);
  copy(ry, ONE);
  squareExtended(55);
  multiplyByBase();
  squareExtended(4);
  multiplyByBase();
  squareExtended(191);
  multiplyByBase();
  copy(d, rx);
  return true;
}
