// asc: --initialMemory 1
// The field kernel: what costs many multiplications. Values cross at `io` as 256-bit little-endian integers.
import { mul as multiply, pack, read, sqr, unpack, write } from "./field29";
import { legendre, sqrt as root } from "./powers";
import { invert, P, readModulus } from "./safegcd";

/** Two values of 32 bytes: arguments here, result in the first. */
export const io: usize = memory.data(64, 16);

const a = memory.data(36);
const b = memory.data(36);
const modulus = memory.data(40);

export function mul(): void {
  read(a, io);
  read(b, io + 32);
  multiply(a, a, b);
  write(io, a);
}

/** a*b/2^261 without conversions, for any 256-bit operands: the multiplication itself, for tests. */
export function montgomeryProduct(): void {
  unpack(a, io);
  unpack(b, io + 32);
  multiply(a, a, b);
  pack(io, a);
}

/** a*a/2^261 without conversions, by the squaring. */
export function montgomerySquare(): void {
  unpack(a, io);
  sqr(a, a);
  pack(io, a);
}

export function inv(): void {
  invert(io, P);
}

/** The inverse of the first value modulo the second, which is odd, above the first and prime to it. */
export function invModulo(): void {
  readModulus(modulus, io + 32);
  invert(io, modulus);
}

/** 1 for a square, -1 for a non-square, 0 for 0. */
export function symbol(): i32 {
  read(a, io);
  return legendre(a);
}

/** Some root of the first value, or false. */
export function sqrt(): bool {
  read(a, io);
  if (!root(b, a)) return false;
  write(io, b);
  return true;
}

/** The first value times the n-th power of the second, by n multiplications: for benches. */
export function chain(n: i32): void {
  read(a, io);
  read(b, io + 32);
  for (let i = 0; i < n; i++) multiply(a, a, b);
  write(io, a);
}
