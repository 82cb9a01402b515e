/** The periodic columns of a layout as contracts whose code is their coefficients. */
import { div, type Felt, mul, sub, add, inv } from "../../field/felt.ts";
import type { PeriodicColumn } from "../air/expression.ts";
import { rootOfUnity } from "../roots.ts";
import { GENERATED, typeName } from "./contract.ts";

/** A contract's code has 24,576 bytes at most, the first of which is 0 (STOP). */
const MAX_WORDS = Math.floor((24_576 - 1) / 32);

/** Coefficients, constant term first, of the polynomial with values[i] at wⁱ, w of order n. */
export function interpolate(values: readonly Felt[]): Felt[] {
  const n = values.length;
  const transform = (list: readonly Felt[], root: Felt): Felt[] => {
    if (list.length === 1) return [...list];
    const half = (parity: number): Felt[] =>
      transform(
        list.filter((_, i) => i % 2 === parity),
        mul(root, root),
      );
    const [even, odd] = [half(0), half(1)];
    const result = new Array<Felt>(list.length);
    for (let i = 0, power = 1n; i < even.length; i++, power = mul(power, root)) {
      const twisted = mul(power, odd[i]!);
      result[i] = add(even[i]!, twisted);
      result[i + even.length] = sub(even[i]!, twisted);
    }
    return result;
  };
  return transform(values, inv(rootOfUnity(n))).map((c) => div(c, BigInt(n)));
}

export interface PlacedColumn {
  readonly column: PeriodicColumn;
  readonly contract: number;
  /** Index of the first coefficient in the contract's words. */
  readonly offset: number;
}

/** Columns in order, as many to a contract as fit. */
export function placeColumns(columns: readonly PeriodicColumn[]): PlacedColumn[] {
  let [contract, offset] = [0, 0];
  return columns.map((column) => {
    if (offset + column.values.length > MAX_WORDS) [contract, offset] = [contract + 1, 0];
    const placed = { column, contract, offset };
    offset += column.values.length;
    return placed;
  });
}

export const periodicName = (layout: string, contract: number): string =>
  `${typeName(layout)}Periodic${contract}`;

/** Sources of the contracts, by name. */
export function periodicContracts(
  layout: string,
  placed: readonly PlacedColumn[],
): Map<string, string> {
  const sources = new Map<string, string>();
  for (const contract of new Set(placed.map((column) => column.contract))) {
    const columns = placed.filter((column) => column.contract === contract);
    const coefficients = columns.flatMap(({ column }) => interpolate(column.values));
    const words = coefficients.map((c) => `            hex"${c.toString(16).padStart(64, "0")}"`);
    const name = periodicName(layout, contract);
    const list = columns.map(
      ({ column, offset }) =>
        `///   ${column.name}: ${column.values.length} from word ${offset} on`,
    );
    sources.set(
      name,
      `${GENERATED}
// SPDX-License-Identifier: MIT
pragma solidity ^0.8.29;

/// @title Periodic columns of layout "${layout}"; not a contract to call.
/// @notice The code is a zero byte (STOP), then words: the coefficients, constant term first, of
${list.join("\n")}
contract ${name} {
    constructor() {
        bytes memory code = hex"00"
${words.join("\n")};
        assembly ("memory-safe") {
            return(add(code, 0x20), mload(code))
        }
    }
}
`,
    );
  }
  return sources;
}
