// asc: --initialMemory 16 --enable simd,relaxed-simd
// The prover's kernel on fused multiply-adds. Chosen only where they are probed to be right.
export * from "./kernel";
