// asc: --enable simd,relaxed-simd
// One relaxed multiply-add, for the host to find out whether it is fused. Of its own: an engine without relaxed
// SIMD refuses the whole module.

export function madd(a: f64, b: f64, c: f64): f64 {
  return f64x2.extract_lane(f64x2.relaxed_madd(f64x2.splat(a), f64x2.splat(b), f64x2.splat(c)), 0);
}
