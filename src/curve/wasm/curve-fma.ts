// asc: --initialMemory 5 --enable simd,relaxed-simd
// The two-lane curve kernel, with the interface of index.ts. Chosen only where fused multiply-adds are probed to
// be right.
import {
  addAffine,
  addDistinct,
  AFFINE,
  copyPoint,
  double,
  fromAffine,
  POINT,
  readPoint,
  sameX,
  startDoubling,
  toAffineBatch,
  writePoint,
} from "./xyzz-fma";

/** Five values of 32 bytes: p, q, m. The result is written over p. */
export const io: usize = memory.data(160, 16);

/** Number of tables. */
export const TABLES: i32 = 8;

const P = io;
const Q = io + 64;
const M = io + 128;

const sum: usize = memory.data(160, 16);
const power: usize = memory.data(160, 16);
const square: usize = memory.data(80, 16);
const multiples: usize = memory.data(2560, 16); // 16 points, the first unused
const tables: usize = memory.data(163840, 16); // 256 affine points each
const points: usize = memory.data(40960, 16); // 256 points
const products: usize = memory.data(20480, 16); // 256 pairs of elements

/** p + m*q by the chain of the ec_op builtin; false when it meets two points of the same x. */
export function ecOp(): bool {
  readPoint(sum, P);
  readPoint(power, Q);
  startDoubling(square, power);
  const bits = bitLength();
  for (let i = 0; i < bits; i++) {
    if (bit(i)) {
      if (!addDistinct(sum, power)) return false;
    } else if (sameX(sum, power)) return false;
    if (i + 1 < bits) double(power, power, square);
  }
  writeSum();
  return true;
}

function writeSum(): void {
  writePoint(P, sum);
}

function table(n: i32): usize {
  return tables + <usize>(n * 256) * AFFINE;
}

function bitLength(): i32 {
  let bits: i32 = 256;
  while (bits > 0 && !bit(bits - 1)) bits--;
  return bits;
}

function bit(i: i32): bool {
  return ((load<u8>(M + <usize>(i >> 3)) >> (<u8>(i & 7))) & 1) != 0;
}

/**
 * m*q for 0 < m < order, by windows of 4 bits from the highest. The sum is 16*prefix*q when digit*q is added;
 * 16*prefix + digit <= m < order and digit < 16 <= 16*prefix, so the two never share their x.
 */
export function mul(): void {
  readPoint(multiples + POINT, Q);
  startDoubling(square, multiples + POINT);
  double(multiples + 2 * POINT, multiples + POINT, square);
  for (let i: usize = 3; i < 16; i++) {
    const d = multiples + i * POINT;
    copyPoint(d, d - POINT);
    addDistinct(d, multiples + POINT);
  }
  let started = false;
  for (let i = 63; i >= 0; i--) {
    if (started) {
      startDoubling(square, sum);
      for (let k = 0; k < 4; k++) double(sum, sum, square);
    }
    const digit = <usize>((load<u8>(M + <usize>(i >> 1)) >> (<u8>((i & 1) << 2))) & 15);
    if (digit == 0) continue;
    if (started) addDistinct(sum, multiples + digit * POINT);
    else copyPoint(sum, multiples + digit * POINT);
    started = true;
  }
  writeSum();
}

/** Fills table n, n < TABLES, with 2^i*q for i < 256. */
export function tabulate(n: i32): void {
  readPoint(points, Q);
  startDoubling(square, points);
  for (let i: usize = 1; i < 256; i++) double(points + i * POINT, points + (i - 1) * POINT, square);
  toAffineBatch(table(n), points, products, 256);
}

/** ecOp with 2^i*q from table n. */
export function ecOpTabulated(n: i32): bool {
  readPoint(sum, P);
  const bits = bitLength();
  let entry = table(n);
  for (let i = 0; i < bits; i++) {
    if (!addAffine(sum, entry, bit(i))) return false;
    entry += AFFINE;
  }
  writeSum();
  return true;
}

/** mul with 2^i*q from table n. Sums of lower powers are less than the next, so the two never share their x. */
export function mulTabulated(n: i32): void {
  const bits = bitLength();
  let entry = table(n);
  let started = false;
  for (let i = 0; i < bits; i++) {
    if (bit(i)) {
      if (started) addAffine(sum, entry, true);
      else fromAffine(sum, entry);
      started = true;
    }
    entry += AFFINE;
  }
  writeSum();
}
