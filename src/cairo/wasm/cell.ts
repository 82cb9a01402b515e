// A memory cell: 32 bytes, four little-endian u64 limbs.
//   all zero                    no value yet ("hole")
//   limb 3 bit 63 (FELT)        a felt, canonical, in the bits below
//   limb 3 bit 62 (POINTER)     a relocatable: limb 0 the offset, limb 1 the segment (i64)
//   limb 3 bit 61 (ACCESSED)    besides: an instruction has used the cell
// Values are below P < 2^252, so the tags never meet a value's bits, and fresh memory is all holes.
export const FELT: u64 = 1 << 63;
export const POINTER: u64 = 1 << 62;
export const ACCESSED: u64 = 1 << 61;
export const VALUE_MASK: u64 = (1 << 61) - 1;
/** The top limb of P; the others are 1, 0, 0. */
export const PLAIN_HIGH: u64 = 0x0800000000000011;

/** Offsets of pointers stay below this, so that they are exact as JavaScript numbers too. */
export const MAX_OFFSET: u64 = 1 << 53;

// @ts-ignore: decorator
@inline export function tagOf(cell: usize): u64 { return load<u64>(cell, 24); }
// @ts-ignore: decorator
@inline export function isFelt(cell: usize): bool { return <i64>load<u64>(cell, 24) < 0; }
// @ts-ignore: decorator
@inline export function isPointer(cell: usize): bool { return (load<u64>(cell, 24) & POINTER) != 0; }

// @ts-ignore: decorator
@inline export function markAccessed(cell: usize): void {
  const high = load<u64>(cell, 24);
  if ((high & ACCESSED) == 0) store<u64>(cell, high | ACCESSED, 24);
}

// @ts-ignore: decorator
@inline export function copyCell(out: usize, cell: usize, tag: u64): void {
  store<u64>(out, load<u64>(cell));
  store<u64>(out, load<u64>(cell, 8), 8);
  store<u64>(out, load<u64>(cell, 16), 16);
  store<u64>(out, load<u64>(cell, 24) | tag, 24);
}

// @ts-ignore: decorator
@inline export function sameValue(a: usize, b: usize): bool {
  return ((load<u64>(a) ^ load<u64>(b)) | (load<u64>(a, 8) ^ load<u64>(b, 8)) |
    (load<u64>(a, 16) ^ load<u64>(b, 16)) | ((load<u64>(a, 24) ^ load<u64>(b, 24)) & ~ACCESSED)) == 0;
}

// @ts-ignore: decorator
@inline export function isZeroFelt(cell: usize): bool {
  return (load<u64>(cell) | load<u64>(cell, 8) | load<u64>(cell, 16) |
    (load<u64>(cell, 24) & ~ACCESSED ^ FELT)) == 0;
}

// @ts-ignore: decorator
@inline export function storePointer(out: usize, segment: i64, offset: u64, tag: u64): void {
  store<u64>(out, offset);
  store<u64>(out, segment, 8);
  store<u64>(out, 0, 16);
  store<u64>(out, POINTER | tag, 24);
}

/** A felt read as a signed integer, in (-2^53, 2^53); `TOO_BIG` for any other. */
export const TOO_BIG: i64 = i64.MIN_VALUE;
export function smallSigned(cell: usize): i64 {
  const low = load<u64>(cell), high = load<u64>(cell, 24) & VALUE_MASK;
  if ((load<u64>(cell, 8) | load<u64>(cell, 16) | high) == 0) return low < MAX_OFFSET ? low : TOO_BIG;
  // P - k for 0 < k: the limbs of P - 1 above, 1 - k below (k = 1 leaves the limbs of P - 1).
  if (low == 0 && (load<u64>(cell, 8) | load<u64>(cell, 16)) == 0 && high == PLAIN_HIGH) return -1;
  if ((load<u64>(cell, 8) & load<u64>(cell, 16)) == u64.MAX_VALUE && high == PLAIN_HIGH - 1) {
    const value = <i64>(low - 1);
    return value < 0 && value > -<i64>MAX_OFFSET ? value : TOO_BIG;
  }
  return TOO_BIG;
}

/** out = value as a felt, |value| < 2^63. */
export function storeSigned(out: usize, value: i64, tag: u64): void {
  const borrowed = value < -1;
  const fill: u64 = borrowed ? u64.MAX_VALUE : 0;
  store<u64>(out, value < 0 ? value + 1 : value);
  store<u64>(out, fill, 8);
  store<u64>(out, fill, 16);
  store<u64>(out, (value < 0 ? PLAIN_HIGH - u64(borrowed) : 0) | FELT | tag, 24);
}
