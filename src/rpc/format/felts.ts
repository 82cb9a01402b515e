/** Lists of felts in the spec's JSON. */
import type { Felt } from "../../field/felt.ts";
import { toHex } from "../../util/hex.ts";

export const hexes = (values: readonly Felt[]): string[] => values.map(toHex);

/** Entries of a map in the order of their keys: state has none of its own. */
export const sorted = <T>(map: ReadonlyMap<Felt, T>): (readonly [Felt, T])[] =>
  [...map].sort(([a], [b]) => (a < b ? -1 : 1));
