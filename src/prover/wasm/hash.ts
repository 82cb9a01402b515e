// Merkle trees of masked Keccak-256: leaves from rows of field elements, inner nodes, and proof of work
// (stark-protocol §2, §3). A node is 32 bytes of which the last 12 are zero. Two hashes are made at once
// (keccak-pair.ts).
import { PAIR, writeProofWords } from "./pair";
import { permuteBoth, states } from "./keccak-pair";

export const NODE: usize = 32;

/** 64-bit lanes of the state that a block goes into. */
const RATE_LANES: usize = 17;
const LANE: usize = 16;

/** The lane of the state that the next word goes into. */
let lane: usize = 0;

function start(): void {
  memory.fill(states, 0, 25 * LANE);
  lane = 0;
}

/** Absorbs 8 bytes of each message. */
// @ts-ignore: decorator
@inline
function absorb(first: u64, second: u64): void {
  const at = states + lane * LANE;
  store<u64>(at, load<u64>(at) ^ first);
  store<u64>(at, load<u64>(at, 8) ^ second, 8);
  if (++lane == RATE_LANES) {
    permuteBoth();
    lane = 0;
  }
}

function finish(): void {
  absorbLast(lane, 1);
  absorbLast(RATE_LANES - 1, 0x8000000000000000);
  permuteBoth();
}

// @ts-ignore: decorator
@inline
function absorbLast(at: usize, bits: u64): void {
  const address = states + at * LANE;
  store<u64>(address, load<u64>(address) ^ bits);
  store<u64>(address, load<u64>(address, 8) ^ bits, 8);
}

/** Writes the masked hash of message 0 or 1. */
function storeMasked(node: usize, message: usize): void {
  const from = states + 8 * message;
  store<u64>(node, load<u64>(from));
  store<u64>(node, load<u64>(from, 16), 8);
  store<u64>(node, load<u64>(from, 32) & 0xffffffff, 16);
  store<u64>(node, 0, 24);
}

const words = memory.data(128, 16);

/** Absorbs 32 bytes of each message. */
function absorbWords(first: usize, second: usize): void {
  for (let i: usize = 0; i < 32; i += 8) absorb(load<u64>(first + i), load<u64>(second + i));
}

/**
 * Leaves of `pairs` pairs of rows. `columns` lists the addresses of their `width` columns' first pairs. Leaves
 * of lane 0 go to out0, of lane 1 to out1. A single column's leaf is the element itself.
 */
export function hashRows(columns: usize, width: i32, pairs: i32, out0: usize, out1: usize): void {
  for (let i: i32 = 0; i < pairs; i++, out0 += NODE, out1 += NODE) {
    const at = <usize>i * PAIR;
    if (width == 1) {
      writeProofWords(out0, out1, load<u32>(columns) + at);
      continue;
    }
    start();
    for (let c: i32 = 0; c < width; c++) {
      writeProofWords(words, words + 32, load<u32>(columns + <usize>c * 4) + at);
      absorbWords(words, words + 32);
    }
    finish();
    storeMasked(out0, 0);
    storeMasked(out1, 1);
  }
}

/**
 * Leaves of FRI cosets: of 2^step members each. Member v of the even ones is in lane 0 of group reverse(v),
 * its odd neighbour in lane 1. `groups` lists the addresses of the 2^(step - 1) groups' first pairs.
 */
export function hashCosets(groups: usize, step: i32, count: i32, out: usize): void {
  const size: usize = 1 << (step - 1);
  for (let i: i32 = 0; i < count; i += 2) {
    // The second of an odd number's last two is the first once more.
    const other = i + 1 < count ? i + 1 : i;
    start();
    for (let v: usize = 0; v < size; v++) {
      const group: usize = load<u32>(groups + 4 * v);
      writeProofWords(words, words + 32, group + <usize>i * PAIR);
      writeProofWords(words + 64, words + 96, group + <usize>other * PAIR);
      absorbWords(words, words + 64);
      absorbWords(words + 32, words + 96);
    }
    finish();
    storeMasked(out + <usize>i * NODE, 0);
    storeMasked(out + <usize>other * NODE, 1);
  }
}

/** Parents of 2*count nodes at `children`; `out` may be `children`. */
export function hashNodes(children: usize, out: usize, count: i32): void {
  for (let i: i32 = 0; i < count; i += 2) {
    const first = children + <usize>i * 64;
    const second = i + 1 < count ? first + 64 : first;
    start();
    absorbWords(first, second);
    absorbWords(first + 32, second + 32);
    finish();
    storeMasked(out + <usize>i * NODE, 0);
    if (i + 1 < count) storeMasked(out + <usize>(i + 1) * NODE, 1);
  }
}

/**
 * The first of `count` nonces, an even number, from `first` on with K(seed || nonce) below 2^(256 - bits), or -1.
 * The nonce is 8 bytes, big-endian.
 */
export function grind(seed: usize, bits: i32, first: i64, count: i32): i64 {
  for (let nonce = first; nonce < first + <i64>count; nonce += 2) {
    start();
    absorbWords(seed, seed);
    absorb(bswap<u64>(<u64>nonce), bswap<u64>(<u64>nonce + 1));
    finish();
    if (bswap<u64>(load<u64>(states)) >> (64 - bits) == 0) return nonce;
    if (bswap<u64>(load<u64>(states, 8)) >> (64 - bits) == 0) return nonce + 1;
  }
  return -1;
}
