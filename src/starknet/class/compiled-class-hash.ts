/** Hash of a compiled class, the Poseidon form of protocols up to 0.14.0 (cairo-lang compiled_class.cairo). */
import { add, type Felt } from "../../field/felt.ts";
import { shortString } from "../../field/short-string.ts";
import { poseidonMany } from "../../hash/poseidon.ts";
import type { CasmClass, CasmEntryPoint, SegmentLengths } from "./casm.ts";

const VERSION = shortString("COMPILED_CLASS_V1");

const entryPointsHash = (entryPoints: readonly CasmEntryPoint[]): Felt =>
  poseidonMany(
    entryPoints.flatMap(({ selector, offset, builtins }) => [
      selector,
      BigInt(offset),
      poseidonMany(builtins.map(shortString)),
    ]),
  );

/**
 * Hash of the bytecode by its segments: a leaf is the hash of its felts; a node is 1 + the hash of its
 * children's lengths and hashes, so that no node can pass for a leaf.
 */
function bytecodeHash(bytecode: readonly Felt[], lengths: SegmentLengths): Felt {
  let next = 0;
  const hash = (part: SegmentLengths): { length: number; hash: Felt } => {
    if (typeof part === "number") {
      const segment = bytecode.slice(next, (next += part));
      return { length: part, hash: poseidonMany(segment) };
    }
    const children = part.map(hash);
    const felts = children.flatMap((child) => [BigInt(child.length), child.hash]);
    return {
      length: children.reduce((sum, { length }) => sum + length, 0),
      hash: add(1n, poseidonMany(felts)),
    };
  };
  return hash(lengths).hash;
}

export function compiledClassHash(casm: CasmClass): Felt {
  const { EXTERNAL, L1_HANDLER, CONSTRUCTOR } = casm.entryPointsByType;
  return poseidonMany([
    VERSION,
    entryPointsHash(EXTERNAL),
    entryPointsHash(L1_HANDLER),
    entryPointsHash(CONSTRUCTOR),
    bytecodeHash(casm.bytecode, casm.bytecodeSegmentLengths),
  ]);
}
