// asc: --initialMemory 1
// The curve kernel: scalar multiplication and the ec_op builtin. Values cross at `io` as 256-bit
// little-endian integers; a point is its x and y.
import { read, write } from "../../field/wasm/field29";
import { addDistinct, copyPoint, double, fromAffine, POINT, toAffine } from "./jacobian";

/** Five values of 32 bytes: p, q, m. The result is written over p. */
export const io: usize = memory.data(160, 16);

const P = io;
const Q = io + 64;
const M = io + 128;

const sum = memory.data(108);
const power = memory.data(108);
const affine = memory.data(72);
const multiples = memory.data(1728); // 16 points, the first unused

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
  let bits: i32 = 256;
  while (bits > 0 && !bit(bits - 1)) bits--;
  for (let i = 0; i < bits; i++) {
    if (!addDistinct(sum, power, bit(i))) return false;
    double(power, power);
  }
  writeSum();
  return true;
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
