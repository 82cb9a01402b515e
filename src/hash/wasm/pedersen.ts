// asc: --initialMemory 24
// The Pedersen kernel: P0 + sum of one precomputed point for each byte of both inputs.
//
// Byte o of (a, b), 32 bytes each, little-endian, selects the point v * 2^(8 w) * base with w = o mod 32:
// base P1 (P3 for b) for the low 31 bytes, P2 (P4) with w = 0 for byte 31, whose value is below 16.
import { copy, read, write } from "../../field/wasm/field29";
import {
  addAffine,
  AFFINE,
  copyPoint,
  double,
  fromAffine,
  POINT,
  toAffine,
  toAffineBatch,
} from "../../curve/wasm/jacobian";

/** Pairs of a batch. */
export const BATCH: i32 = 256;

/** Inputs: up to BATCH pairs of 32-byte values. Each hash is written over the first of its pair. */
export const io: usize = memory.data(16384, 16);

const WINDOW: i32 = 256; // points of a table row, v = 0 unused
const table: usize = memory.data(1179648, 16); // 64 rows of 256 affine points of 72 bytes
const shift = memory.data(108); // P0
const points = memory.data(27648); // 256 Jacobian points
const products = memory.data(9216); // 256 elements
const results = memory.data(18432); // 256 affine points
const affine = memory.data(72);

/** Fills the table from P0..P4 at `io`, x and y of each. */
export function init(): void {
  read(affine, io);
  read(affine + 36, io + 32);
  fromAffine(shift, affine);
  for (let input: i32 = 0; input < 2; input++) {
    const bases = io + 64 + <usize>input * 128;
    const rows = table + <usize>(input * 32 * WINDOW) * AFFINE;
    read(affine, bases);
    read(affine + 36, bases + 32);
    for (let w: i32 = 0; w < 31; w++) {
      const row = rows + <usize>(w * WINDOW) * AFFINE;
      fillRow(row, WINDOW);
      // The next window's base is 256 times this one's; its row's last entry is 255 times.
      copyPoint(points, points + 255 * POINT);
      addAffine(points, row + AFFINE);
      toAffine(affine, points);
    }
    read(affine, bases + 64);
    read(affine + 36, bases + 96);
    fillRow(rows + <usize>(31 * WINDOW) * AFFINE, 16);
  }
}

/** Entries 1..n-1 of a row: the multiples of the point `affine`. */
function fillRow(row: usize, n: i32): void {
  fromAffine(points + POINT, affine);
  double(points + 2 * POINT, points + POINT);
  for (let v: i32 = 3; v < n; v++) {
    const p = points + <usize>v * POINT;
    copyPoint(p, p - POINT);
    addAffine(p, affine);
  }
  toAffineBatch(row + AFFINE, points + POINT, products, n - 1);
}

/** Hashes the first n pairs, n <= BATCH; one inversion serves all. Every value must be canonical. */
export function hash(n: i32): void {
  for (let i: i32 = 0; i < n; i++) {
    const sum = points + <usize>i * POINT;
    const pair = io + <usize>i * 64;
    copyPoint(sum, shift);
    for (let o: i32 = 0; o < 64; o++) {
      const v = <i32>load<u8>(pair + <usize>o);
      if (v != 0) addAffine(sum, table + <usize>(o * WINDOW + v) * AFFINE);
    }
  }
  toAffineBatch(results, points, products, n);
  for (let i: i32 = 0; i < n; i++) write(io + <usize>i * 64, results + <usize>i * AFFINE);
}
