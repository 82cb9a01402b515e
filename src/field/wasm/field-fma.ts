// asc: --initialMemory 1 --enable simd,relaxed-simd
// The two-lane multiplication on its own, for tests of its whole range and for benches. Only where fused
// multiply-adds are probed to be right.
import { mul, pack, sqr } from "./fma51";

/** Operands: two pairs of elements as raw limbs, limb i of lane l at 16 i + 8 l. Results: two 32-byte values. */
export const a: usize = memory.data(80, 16);
export const b: usize = memory.data(80, 16);
export const result: usize = memory.data(64, 16);

const t: usize = memory.data(80, 16);

/** result = a*b/2^255 in both lanes. */
export function product(): void {
  mul(t, a, b);
  pack(result, result + 32, t);
}

/** result = a*a/2^255 in both lanes. */
export function square(): void {
  sqr(t, a);
  pack(result, result + 32, t);
}

/** a = a*b^n/2^(255 n), n multiplications in each lane. */
export function chain(n: i32): void {
  for (let i = 0; i < n; i++) mul(a, a, b);
  memory.copy(t, a, 80);
  pack(result, result + 32, t);
}
