// Merkle trees of masked Keccak-256: leaves from rows of field elements, inner nodes, and proof of work
// (stark-protocol §2, §3). A node is 32 bytes of which the last 12 are zero.
import { absorb, buffer, permute, reset, state } from "../../hash/wasm/keccak";
import { PAIR, writeProofWords } from "./pair";

const RATE: usize = 136;
export const NODE: usize = 32;

/** Writes the padding behind a message of `bytes` bytes in the buffer and gives its number of blocks. */
function pad(bytes: usize): i32 {
  const blocks = bytes / RATE + 1;
  memory.fill(buffer + bytes, 0, blocks * RATE - bytes);
  store<u8>(buffer + bytes, 1);
  const last = buffer + blocks * RATE - 1;
  store<u8>(last, load<u8>(last) | 0x80);
  return <i32>blocks;
}

function storeMasked(node: usize): void {
  store<u64>(node, load<u64>(state));
  store<u64>(node, load<u64>(state, 8), 8);
  store<u64>(node, load<u64>(state, 16) & 0xffffffff, 16);
  store<u64>(node, 0, 24);
}

function hashBuffer(node: usize, blocks: i32): void {
  reset();
  absorb(blocks);
  storeMasked(node);
}

const rows = memory.data(16384, 16);
const ROW: usize = 8192;

/**
 * Leaves of `pairs` pairs of rows. `columns` lists the addresses of their `width` columns' first pairs. Leaves
 * of lane 0 go to out0, of lane 1 to out1. A single column's leaf is the element itself.
 */
export function hashRows(columns: usize, width: i32, pairs: i32, out0: usize, out1: usize): void {
  const blocks = pad(<usize>width * 32);
  for (let i: i32 = 0; i < pairs; i++, out0 += NODE, out1 += NODE) {
    const at = <usize>i * PAIR;
    if (width == 1) {
      writeProofWords(out0, out1, load<u32>(columns) + at);
      continue;
    }
    for (let c: i32 = 0; c < width; c++) {
      const word = <usize>c * 32;
      writeProofWords(rows + word, rows + ROW + word, load<u32>(columns + <usize>c * 4) + at);
    }
    memory.copy(buffer, rows, <usize>width * 32);
    hashBuffer(out0, blocks);
    memory.copy(buffer, rows + ROW, <usize>width * 32);
    hashBuffer(out1, blocks);
  }
}

/**
 * Leaves of FRI cosets: of 2^step members each. Member v of the even ones is in lane 0 of group reverse(v),
 * its odd neighbour in lane 1. `groups` lists the addresses of the 2^(step - 1) groups' first pairs.
 */
export function hashCosets(groups: usize, step: i32, count: i32, out: usize): void {
  const members: usize = 1 << step;
  const blocks = pad(members * 32);
  for (let i: i32 = 0; i < count; i++, out += NODE) {
    for (let v: usize = 0; v < members / 2; v++) {
      const pair = load<u32>(groups + 4 * v) + <usize>i * PAIR;
      writeProofWords(buffer + 64 * v, buffer + 64 * v + 32, pair);
    }
    hashBuffer(out, blocks);
  }
}

/** Parents of 2*count nodes at `children`. */
export function hashNodes(children: usize, out: usize, count: i32): void {
  for (let i: i32 = 0; i < count; i++, children += 64, out += NODE) {
    reset();
    memory.copy(state, children, 64);
    store<u64>(state, 1, 64);
    store<u64>(state, 0x8000000000000000, 128);
    permute();
    storeMasked(out);
  }
}

/**
 * The first of `count` nonces from `first` on with K(seed || nonce) below 2^(256 - bits), or -1. The nonce is
 * 8 bytes, big-endian.
 */
export function grind(seed: usize, bits: i32, first: i64, count: i32): i64 {
  for (let i: i64 = 0; i < <i64>count; i++) {
    reset();
    memory.copy(state, seed, 32);
    store<u64>(state, bswap<u64>(<u64>(first + i)), 32);
    store<u64>(state, 1, 40);
    store<u64>(state, 0x8000000000000000, 128);
    permute();
    if (bswap<u64>(load<u64>(state)) >> (64 - bits) == 0) return first + i;
  }
  return -1;
}
