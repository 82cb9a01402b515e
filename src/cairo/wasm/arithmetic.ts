// Arithmetic on cells that hold felts or pointers (Cairo paper, relocatable values).
import {
  FELT, isFelt, MAX_OFFSET, PLAIN_HIGH, smallSigned, storePointer, storeSigned, TOO_BIG, VALUE_MASK,
} from "./cell";
import { mulFelt } from "./mul";

/** out = a + b mod P. */
// @ts-ignore: decorator
@inline export function addFelt(out: usize, a: usize, b: usize, tag: u64): void {
  const a0 = load<u64>(a), a1 = load<u64>(a, 8), b1 = load<u64>(b, 8);
  let r0 = a0 + load<u64>(b);
  const k0 = u64(r0 < a0);
  const s1 = a1 + k0;
  let r1 = s1 + b1;
  const k1 = u64(s1 < k0) + u64(r1 < s1);
  const a2 = load<u64>(a, 16);
  const s2 = a2 + k1;
  let r2 = s2 + load<u64>(b, 16);
  const k2 = u64(s2 < k1) + u64(r2 < s2);
  let r3 = (load<u64>(a, 24) & VALUE_MASK) + (load<u64>(b, 24) & VALUE_MASK) + k2;
  if (r3 > PLAIN_HIGH || (r3 == PLAIN_HIGH && (r2 | r1 | r0) != 0)) {
    const j0 = u64(r0 == 0);
    r0 -= 1;
    const j1 = u64(r1 < j0);
    r1 -= j0;
    const j2 = u64(r2 < j1);
    r2 -= j1;
    r3 -= PLAIN_HIGH + j2;
  }
  store<u64>(out, r0);
  store<u64>(out, r1, 8);
  store<u64>(out, r2, 16);
  store<u64>(out, r3 | tag, 24);
}

/** out = a - b mod P. */
export function subFelt(out: usize, a: usize, b: usize, tag: u64): void {
  const a0 = load<u64>(a), a1 = load<u64>(a, 8), a2 = load<u64>(a, 16);
  const b0 = load<u64>(b), b1 = load<u64>(b, 8), b2 = load<u64>(b, 16);
  let r0 = a0 - b0;
  const k0 = u64(a0 < b0);
  const s1 = a1 - b1;
  let r1 = s1 - k0;
  const k1 = u64(a1 < b1) | u64(s1 < k0);
  const s2 = a2 - b2;
  let r2 = s2 - k1;
  const k2 = u64(a2 < b2) | u64(s2 < k1);
  let r3 = (load<u64>(a, 24) & VALUE_MASK) - (load<u64>(b, 24) & VALUE_MASK) - k2;
  if (<i64>r3 < 0) {
    r0 += 1;
    const j0 = u64(r0 == 0);
    r1 += j0;
    const j1 = u64(r1 < j0);
    r2 += j1;
    r3 += PLAIN_HIGH + u64(r2 < j1);
  }
  store<u64>(out, r0);
  store<u64>(out, r1, 8);
  store<u64>(out, r2, 16);
  store<u64>(out, r3 | tag, 24);
}

/** out = 1/a by Fermat, a not 0; `scratch` is a cell of its own. P - 2 = 2^251 + 16*2^192 + (2^192 - 1). */
export function inverseFelt(out: usize, a: usize, scratch: usize): void {
  copyValue(scratch, a);
  store<u64>(out, 1);
  store<u64>(out, 0, 8);
  store<u64>(out, 0, 16);
  store<u64>(out, FELT, 24);
  for (let bit = 0; bit < 252; bit++) {
    if (bit < 192 || bit == 196 || bit == 251) mulFelt(out, out, scratch, FELT);
    mulFelt(scratch, scratch, scratch, FELT);
  }
}

// @ts-ignore: decorator
@inline function copyValue(out: usize, a: usize): void {
  store<u64>(out, load<u64>(a));
  store<u64>(out, load<u64>(a, 8), 8);
  store<u64>(out, load<u64>(a, 16), 16);
  store<u64>(out, (load<u64>(a, 24) & VALUE_MASK) | FELT, 24);
}

function movePointer(out: usize, pointer: usize, delta: i64, tag: u64): bool {
  if (delta == TOO_BIG) return false;
  const offset = <i64>load<u64>(pointer) + delta;
  if (<u64>offset >= MAX_OFFSET) return false;
  storePointer(out, load<i64>(pointer, 8), <u64>offset, tag);
  return true;
}

/** out = a + b; false where that has no meaning (two pointers, an offset out of range). */
export function addValues(out: usize, a: usize, b: usize, tag: u64): bool {
  if (isFelt(a)) {
    if (!isFelt(b)) return movePointer(out, b, smallSigned(a), tag);
    addFelt(out, a, b, FELT | tag);
    return true;
  }
  return isFelt(b) && movePointer(out, a, smallSigned(b), tag);
}

/** out = a - b; false where that has no meaning (felt - pointer, pointers into two segments). */
export function subValues(out: usize, a: usize, b: usize, tag: u64): bool {
  if (isFelt(a)) {
    if (!isFelt(b)) return false;
    subFelt(out, a, b, FELT | tag);
    return true;
  }
  if (isFelt(b)) {
    const delta = smallSigned(b);
    return delta != TOO_BIG && movePointer(out, a, -delta, tag);
  }
  if (load<i64>(a, 8) != load<i64>(b, 8)) return false;
  const difference = <i64>load<u64>(a) - <i64>load<u64>(b);
  storeSigned(out, difference, tag);
  return true;
}
