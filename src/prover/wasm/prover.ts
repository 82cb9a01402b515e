// asc: --initialMemory 16 --enable simd
// The prover's kernel where fused multiply-adds cannot be had.
export * from "./kernel";
