// asc: --initialMemory 24 --enable simd,relaxed-simd
// The two-lane Pedersen kernel, with the interface of pedersen.ts. Lane 0 sums the points of the first input,
// lane 1 those of the second. Chosen only where fused multiply-adds are probed to be right.
//
// Both lanes must add in step, whatever the bytes are: byte w of an input selects (v + 1) * B_w, for
// B_w = 2^(8 w) * base, never infinity, and the sums start from S - sum of all B_w. With S = -P0 in lane 0 and
// S = 2*P0 in lane 1 the total is the hash's, and no partial sum can share its x with an entry of the table
// unless somebody knows a relation between P0..P4.
import * as scalar from "../../field/wasm/field29";
import { inverse } from "../../field/wasm/powers";
import { addDistinct, AFFINE, POINT, toAffineBatch } from "../../curve/wasm/jacobian";
import { mul, pack, PAIR, read, unpack, write } from "../../field/wasm/fma51";
import { addAffine, AFFINES, double, POINTS, scaleToAffine } from "../../curve/wasm/jacobian-fma";

/** Pairs of a batch. */
export const BATCH: i32 = 256;

/** Inputs: up to BATCH pairs of 32-byte values. Each hash is written over the first of its pair. */
export const io: usize = memory.data(16384, 16);

const WINDOW: i32 = 256; // entries of a row: (v + 1) * B_w at v
const LAST_WINDOW: i32 = 16; // entries that byte 31 of a felt can select
// 32 rows of 256 entries for each input; an entry is x and y as 256-bit integers, one cache line.
const ENTRY: usize = 64;
const table: usize = memory.data(1048576, 64);
const INPUT: usize = 32 * 256 * ENTRY;

const start: usize = memory.data(240, 16);
const sum: usize = memory.data(240, 16);
const term: usize = memory.data(160, 16);
const row: usize = memory.data(61440, 16); // 256 pairs of points
const rowProducts: usize = memory.data(20480, 16); // 256 pairs of elements
const t: usize = memory.data(80, 16);
const u: usize = memory.data(80, 16);

const points = memory.data(27648); // 256 sums as points of jacobian.ts
const products = memory.data(9216);
const results = memory.data(18432);
const other = memory.data(108);
const element = memory.data(36);
const words: usize = memory.data(64, 16);

/** Reads affine points into both lanes of d. */
function readAffine(d: usize, lane0: usize, lane1: usize): void {
  read(d, lane0, lane1);
  read(d + PAIR, lane0 + 32, lane1 + 32);
}

const UNIT = memory.data<u64>([1, 0, 0, 0]);

function fromAffine(d: usize, a: usize): void {
  memory.copy(d, a, AFFINES);
  read(d + 2 * PAIR, UNIT, UNIT);
}

/** d = 1/a in both lanes, by the scalar field. */
function inversePair(d: usize, a: usize): void {
  memory.copy(t, a, PAIR);
  write(words, words + 32, t);
  for (let lane: usize = 0; lane < 64; lane += 32) {
    scalar.read(element, words + lane);
    inverse(element, element);
    scalar.write(words + lane, element);
  }
  read(d, words, words + 32);
}

/** Fills entries 0..n-1 of window w of both inputs with the multiples of the points `term`; `term` becomes the last. */
function fillRow(w: i32, n: i32): void {
  fromAffine(row, term);
  double(row + POINTS, row);
  for (let v: i32 = 2; v < n; v++) {
    const p = row + <usize>v * POINTS;
    memory.copy(p, p - POINTS, POINTS);
    addAffine(p, term);
  }
  // One inversion for the row (Montgomery's trick): rowProducts[v] = Z0*...*Zv.
  memory.copy(rowProducts, row + 2 * PAIR, PAIR);
  for (let v: i32 = 1; v < n; v++) {
    const product = rowProducts + <usize>v * PAIR;
    mul(product, product - PAIR, row + <usize>v * POINTS + 2 * PAIR);
  }
  inversePair(u, rowProducts + <usize>(n - 1) * PAIR);
  for (let v: i32 = n - 1; v >= 0; v--) {
    const p = row + <usize>v * POINTS;
    if (v > 0) mul(t, u, rowProducts + <usize>(v - 1) * PAIR);
    else memory.copy(t, u, PAIR);
    mul(u, u, p + 2 * PAIR);
    scaleToAffine(p, p, t);
    const entry = table + <usize>(w * WINDOW + v) * ENTRY;
    pack(entry, entry + INPUT, p);
    pack(entry + 32, entry + INPUT + 32, p + PAIR);
  }
  memory.copy(term, row + <usize>(n - 1) * POINTS, AFFINES);
}

/** Fills the table from -P0, P1, P2, 2*P0, P3, P4 at `io`, x and y of each. */
export function init(): void {
  readAffine(term, io, io + 192);
  fromAffine(start, term);
  readAffine(term, io + 64, io + 256);
  // The last entry of a row, 256 times its base, is the base of the next.
  for (let w: i32 = 0; w < 31; w++) fillRow(w, WINDOW);
  readAffine(term, io + 128, io + 320);
  fillRow(31, LAST_WINDOW);
  for (let w: i32 = 0; w < 32; w++) {
    gather(table + <usize>(w * WINDOW) * ENTRY, table + INPUT + <usize>(w * WINDOW) * ENTRY);
    for (let i: usize = 0; i < PAIR; i += 16) {
      const y = term + PAIR + i;
      v128.store(y, i64x2.neg(v128.load(y)));
    }
    addAffine(start, term);
  }
}

/** Puts an entry into each lane of `term`. */
function gather(entry0: usize, entry1: usize): void {
  unpack(term, entry0, entry1);
  unpack(term + PAIR, entry0 + 32, entry1 + 32);
}

/** Hashes the first n pairs, n <= BATCH; one inversion serves all. Every value must be canonical. */
export function hash(n: i32): void {
  for (let i: i32 = 0; i < n; i++) {
    const pair = io + <usize>i * 64;
    memory.copy(sum, start, POINTS);
    let entries = table;
    for (let w: usize = 0; w < 32; w++) {
      const v0 = <usize>load<u8>(pair + w),
        v1 = <usize>load<u8>(pair + w, 32);
      gather(entries + v0 * ENTRY, entries + INPUT + v1 * ENTRY);
      addAffine(sum, term);
      entries += <usize>WINDOW * ENTRY;
    }
    // The two lanes as points of the scalar field, added.
    const p = points + <usize>i * POINT;
    for (let k: usize = 0; k < 3; k++) {
      write(words, words + 32, sum + k * PAIR);
      scalar.read(p + k * scalar.SIZE, words);
      scalar.read(other + k * scalar.SIZE, words + 32);
    }
    addDistinct(p, other, true);
  }
  toAffineBatch(results, points, products, n);
  for (let i: i32 = 0; i < n; i++) scalar.write(io + <usize>i * 64, results + <usize>i * AFFINE);
}
