// asc: --initialMemory 5
// The curve kernel: scalar multiplication and the ec_op builtin. Values cross at `io` as 256-bit
// little-endian integers; a point is its x and y.
import { read, write } from "../../field/wasm/field29";
import {
  addAffineDistinct,
  addDistinct,
  AFFINE,
  copyPoint,
  double,
  fromAffine,
  POINT,
  toAffine,
  toAffineBatch,
} from "./jacobian";

/** Five values of 32 bytes: p, q, m. The result is written over p. */
export const io: usize = memory.data(160, 16);

/** Number of tables. */
export const TABLES: i32 = 8;

const P = io;
const Q = io + 64;
const M = io + 128;

const sum = memory.data(108);
const power = memory.data(108);
const affine = memory.data(72);
const multiples = memory.data(1728); // 16 points, the first unused
const tables = memory.data(147456); // 256 affine points each
const points = memory.data(27648); // 256 points
const products = memory.data(9216); // 256 elements

function readPoint(d: usize, src: usize): void {
  read(affine, src);
  read(affine + 36, src + 32);
  fromAffine(d, affine);
}

function writeSum(): void {
  toAffine(affine, sum);
  write(P, affine);
  write(P + 32, affine + 36);
}

/** p + m*q by the chain of the ec_op builtin; false when it meets two points of the same x. */
export function ecOp(): bool {
  readPoint(sum, P);
  readPoint(power, Q);
  const bits = bitLength();
  for (let i = 0; i < bits; i++) {
    if (!addDistinct(sum, power, bit(i))) return false;
    if (i + 1 < bits) double(power, power);
  }
  writeSum();
  return true;
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
  double(multiples + 2 * POINT, multiples + POINT);
  for (let i: usize = 3; i < 16; i++) {
    const d = multiples + i * POINT;
    copyPoint(d, d - POINT);
    addDistinct(d, multiples + POINT, true);
  }
  let started = false;
  for (let i = 63; i >= 0; i--) {
    if (started) for (let k = 0; k < 4; k++) double(sum, sum);
    const digit = <usize>((load<u8>(M + <usize>(i >> 1)) >> (<u8>((i & 1) << 2))) & 15);
    if (digit == 0) continue;
    if (started) addDistinct(sum, multiples + digit * POINT, true);
    else copyPoint(sum, multiples + digit * POINT);
    started = true;
  }
  writeSum();
}

/** Fills table n, n < TABLES, with 2^i*q for i < 256. */
export function tabulate(n: i32): void {
  readPoint(points, Q);
  for (let i: usize = 1; i < 256; i++) double(points + i * POINT, points + (i - 1) * POINT);
  toAffineBatch(table(n), points, products, 256);
}

/** ecOp with 2^i*q from table n. */
export function ecOpTabulated(n: i32): bool {
  readPoint(sum, P);
  const bits = bitLength();
  let entry = table(n);
  for (let i = 0; i < bits; i++) {
    if (!addAffineDistinct(sum, entry, bit(i))) return false;
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
      if (started) addAffineDistinct(sum, entry, true);
      else fromAffine(sum, entry);
      started = true;
    }
    entry += AFFINE;
  }
  writeSum();
}
