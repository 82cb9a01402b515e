// The prover's kernel: lists of field elements in linear memory, which the host divides up from `heap` on.
import { PAIR, read, toSplat, writeCanonical, writeProofWords } from "./pair";

/** The first address that is free. */
export const heap: usize = (__heap_base + 127) & ~127;

/** Reads n pairs of 32-byte little-endian integers: lane 0 from src0 on, lane 1 from src1 on. */
export function readAll(d: usize, src0: usize, src1: usize, n: i32): void {
  for (let i: i32 = 0; i < n; i++, d += PAIR, src0 += 32, src1 += 32) read(d, src0, src1);
}

/** Reads n constants. */
export function readConstants(d: usize, src: usize, n: i32): void {
  const pair = memory.data(80, 16);
  for (let i: i32 = 0; i < n; i++, d += 40, src += 32) {
    read(pair, src, src);
    toSplat(d, pair);
  }
}

/** Writes n pairs as canonical 32-byte little-endian integers. */
export function writeAll(dst0: usize, dst1: usize, a: usize, n: i32): void {
  for (let i: i32 = 0; i < n; i++, a += PAIR, dst0 += 32, dst1 += 32) writeCanonical(dst0, dst1, a);
}

/** Writes n pairs as words of a proof. */
export function writeWords(dst0: usize, dst1: usize, a: usize, n: i32): void {
  for (let i: i32 = 0; i < n; i++, a += PAIR, dst0 += 32, dst1 += 32) writeProofWords(dst0, dst1, a);
}

export { grind, hashCosets, hashNodes, hashRows } from "./hash";
export { evaluateAt, fillWeights } from "./evaluate";
export { fold } from "./fri";
export {
  evaluate,
  fillScale,
  fillTwiddles,
  geometric,
  interpolate,
  invertAll,
  multiplyAll,
  spreadLanes,
  splitComposition,
  swapAll,
} from "./ntt";
export { runTape } from "./tape";
export { dilutedAggregate, pairTerms, runningProduct, terms } from "./permutation";
