import type { Felt } from "../../../../src/field/felt.ts";
import { packProgram } from "../../../../src/starknet/class/compiler/compression.ts";

/** Sierra 1.7.0 of compiler 2.12.0, with these felts after the versions. */
export function compressed(felts: readonly Felt[]): Felt[] {
  const dictionary = [...new Set(felts)];
  const places = new Map(dictionary.map((felt, place) => [felt, place]));
  const codes = Uint32Array.from(felts, (felt) => places.get(felt)!);
  return [1n, 7n, 0n, 2n, 12n, 0n, ...packProgram({ dictionary, codes })];
}
