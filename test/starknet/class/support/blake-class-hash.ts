/**
 * The compiled class hash of protocols from 0.14.1, by which chains name classes today: the same tree as
 * before with Blake2s in place of Poseidon (starknet_api, compiled_class_hash.rs). This chain is older;
 * tests compare with it.
 */
import { blake2s } from "@noble/hashes/blake2.js";
import { add, P, type Felt } from "../../../../src/field/felt.ts";
import { shortString } from "../../../../src/field/short-string.ts";
import type {
  CasmClass,
  CasmEntryPoint,
  SegmentLengths,
} from "../../../../src/starknet/class/casm.ts";

/** Small felts are 2 words, others 8 with the top bit set, most significant word first. */
function words(felt: Felt): number[] {
  const [value, count] = felt < 1n << 63n ? [felt, 2] : [felt + (1n << 255n), 8];
  return Array.from({ length: count }, (_, i) =>
    Number((value >> BigInt(32 * (count - 1 - i))) & 0xffffffffn),
  );
}

function blakeMany(felts: readonly Felt[]): Felt {
  const bytes = new Uint8Array(Uint32Array.from(felts.flatMap(words)).buffer);
  const digest = Buffer.from(blake2s(bytes).reverse()).toString("hex");
  return BigInt(`0x${digest}`) % P;
}

const entryPointsHash = (entryPoints: readonly CasmEntryPoint[]): Felt =>
  blakeMany(
    entryPoints.flatMap(({ selector, offset, builtins }) => [
      selector,
      BigInt(offset),
      blakeMany(builtins.map(shortString)),
    ]),
  );

function bytecodeHash(bytecode: readonly Felt[], lengths: SegmentLengths): Felt {
  let next = 0;
  const hash = (part: SegmentLengths): Felt => {
    if (typeof part === "number") return blakeMany(bytecode.slice(next, (next += part)));
    const felts = part.flatMap((child) => {
      const start = next;
      const childHash = hash(child);
      return [BigInt(next - start), childHash];
    });
    return add(1n, blakeMany(felts));
  };
  return hash(lengths);
}

export function blakeClassHash({
  bytecode,
  bytecodeSegmentLengths,
  entryPointsByType,
}: CasmClass): Felt {
  return blakeMany([
    shortString("COMPILED_CLASS_V1"),
    entryPointsHash(entryPointsByType.EXTERNAL),
    entryPointsHash(entryPointsByType.L1_HANDLER),
    entryPointsHash(entryPointsByType.CONSTRUCTOR),
    bytecodeHash(bytecode, bytecodeSegmentLengths),
  ]);
}
