/**
 * Solidity that evaluates the DEEP quotient of a layout at the queries.
 *
 * With one denominator x - d for each row of the mask, D(x) = Σ_d A_d(x)/(x - d), where
 * A_d = Σ γ^k·f_k(x) - Σ γ^k·v_k over the mask's entries k of that row; the second sum is the same for all queries. Numerator and
 * denominator of the sum are carried along, (n, m) ← (n·(x - d) + A_d·m, m·(x - d)): three products a row, and one
 * inversion for all queries at the end. That inverts y = x/3 with it, which FRI needs.
 */
import type { VerifierLayout } from "../verifier/layout.ts";
import { layoutCode } from "../verifier/public-input.ts";
import { memoryNotice } from "./composition.ts";
import { contractSource, indent, typeName } from "./contract.ts";
import { type Code, hex, load, MemoryMap, product, reduced, sum } from "./yul.ts";

const COMPOSITION_COLUMNS = 2;

interface Term {
  /** Exponent of γ, and index of the claimed value. */
  readonly k: number;
  readonly column: number;
}

interface Pole {
  /** Row of the mask; undefined for z², the pole of the composition columns. */
  readonly row: number | undefined;
  readonly terms: readonly Term[];
}

function polesOf({ air, traceColumns, interactionColumns }: VerifierLayout): Pole[] {
  const rows = [...new Set(air.mask.map(({ row }) => row))].sort((a, b) => a - b);
  const columns = traceColumns + interactionColumns;
  return [
    ...rows.map((row) => ({
      row,
      terms: [...air.mask.entries()]
        .filter(([, cell]) => cell.row === row)
        .map(([k, { column }]) => ({ k, column })),
    })),
    {
      row: undefined,
      terms: Array.from({ length: COMPOSITION_COLUMNS }, (_, j) => ({
        k: air.mask.length + j,
        column: columns + j,
      })),
    },
  ];
}

const popcount = (n: number): number => n.toString(2).replaceAll("0", "").length;

/** Σ of γ^k times the words of `terms` at `address`. */
function combination(
  terms: readonly Term[],
  gammas: number,
  address: (term: Term) => number,
): Code {
  return terms
    .map((term) => product(load(gammas + 32 * term.k), load(address(term))))
    .reduce((a, b) => sum(b, a));
}

/** The source of the contract. */
export function deepContract(layout: VerifierLayout): string {
  const { traceColumns, interactionColumns } = layout;
  const memory = new MemoryMap();
  const poles = polesOf(layout);
  const claimedWords = layout.air.mask.length + COMPOSITION_COLUMNS;
  const columns = traceColumns + interactionColumns + COMPOSITION_COLUMNS;

  const logRows = memory.reserve("log2 of the rows", 1);
  const z = memory.reserve("z", 1);
  const gamma = memory.reserve("gamma", 1);
  const claimed = memory.reserve("claimed values", claimedWords);
  const gammas = memory.reserve("powers of gamma", claimedWords);
  const negatedPoles = memory.reserve("P - d for each pole d", poles.length);
  const negatedSums = memory.reserve("-Σ γ^k·v_k for each pole", poles.length);
  const generators = memory.reserve("g^(2^i)", 16);
  const row = memory.reserve("the row of a query", columns);

  // P - z·g^r is multiplied on from a smaller row, by the powers of g that make up the difference.
  const poleLines = poles.flatMap(({ row: offset }, i) => {
    const to = hex(negatedPoles + 32 * i);
    if (offset === undefined)
      return [`mstore(${to}, sub(p, mulmod(mload(${hex(z)}), mload(${hex(z)}), p)))`];
    const from = poles
      .slice(0, i)
      .map(({ row: smaller }, j) => ({ j, difference: offset - smaller! }))
      .sort((a, b) => popcount(a.difference) - popcount(b.difference))[0];
    const difference = from?.difference ?? offset;
    const start: Code = from
      ? load(negatedPoles + 32 * from.j)
      : { text: `sub(p, mload(${hex(z)}))`, bound: 1, depth: 2 };
    const factors = [...difference.toString(2)]
      .reverse()
      .flatMap((bit, e) => (bit === "1" ? [e] : []));
    return [
      `pole := ${start.text}`,
      ...factors.map((e) => `pole := mulmod(pole, mload(${hex(generators + 32 * e)}), p)`),
      `mstore(${to}, pole)`,
    ];
  });
  const sums = poles.map(({ terms }) => combination(terms, gammas, ({ k }) => claimed + 32 * k));
  const sumLines = sums.map((code, i) => {
    const value = reduced(code);
    return `mstore(${hex(negatedSums + 32 * i)}, sub(p, ${value.text}))`;
  });
  const queryLines = poles.flatMap(({ terms, row: offset }, i) => {
    const values = combination(terms, gammas, ({ column }) => row + 32 * column);
    const numerator = sum(load(negatedSums + 32 * i), values);
    if (numerator.bound > 30) throw new RangeError(`too many columns at row ${offset}`);
    return [
      `t := add(x, mload(${hex(negatedPoles + 32 * i)}))`,
      `n := add(mulmod(n, t, p), mulmod(m, ${numerator.text}, p))`,
      "m := mulmod(m, t, p)",
    ];
  });
  const canonicalLines = Array.from(
    { length: columns },
    (_, column) => `excess := or(excess, gt(mload(${hex(row + 32 * column)}), maximum))`,
  );
  const headBytes = 32 * (3 + claimedWords);
  const interactionRow = row + 32 * traceColumns;
  const compositionRow = interactionRow + 32 * interactionColumns;

  return contractSource({
    title: `The DEEP quotient of layout "${layout.name}".`,
    notice: [
      `@notice ${layout.air.mask.length} values of the mask in ${poles.length - 1} rows, each a pole, and z² as another one.`,
      "With A = Σ γ^k·f_k - Σ γ^k·v_k over the values of a pole d, the quotient is Σ A/(x - d).",
      "@dev Memory map:",
      ...memoryNotice(memory),
      "Behind it, for each query: denominator, numerator, y; and the products before each.",
    ],
    imports: [
      'import {Field, PRIME} from "../../Field.sol";',
      'import {IDeep} from "../../ILayout.sol";',
    ],
    declaration: `contract ${typeName(layout.name)}Deep is IDeep`,
    body: `    /// @inheritdoc IDeep
    uint256 public constant layoutCode = ${hex(layoutCode(layout.name))};

    /// @inheritdoc IDeep
    function quotients(bytes calldata words) external view returns (bytes memory) {
        uint256 count = words.length / 32;
        if (count < ${3 + claimedWords + 1 + columns}) revert WrongLength();
        count = (count - ${3 + claimedWords}) / ${1 + columns};
        if (words.length != 32 * (${3 + claimedWords} + ${1 + columns} * count)) revert WrongLength();
        uint256 logRows;
        assembly ("memory-safe") {
            // All of the memory map is allocated, and four words for each query.
            mstore(0x40, add(${hex(memory.end)}, shl(7, count)))
            calldatacopy(0x80, words.offset, ${hex(headBytes)})
            logRows := mload(${hex(logRows)})
        }
        if (logRows > 64) revert WrongLength();
        uint256 generator = Field.rootOfUnity(logRows);
        _prepare(generator);
        if (_evaluate(words, count)) revert NotCanonical();
        uint256 divisor = _multiply(count);
        if (divisor == 0) revert PoleHit();
        divisor = Field.inverse(divisor);
        _divide(count, divisor);
        assembly ("memory-safe") {
            // The triples as bytes, ABI-encoded: offset, length, content.
            mstore(${hex(memory.end - 64)}, 0x20)
            mstore(${hex(memory.end - 32)}, mul(count, 0x60))
            return(${hex(memory.end - 64)}, add(0x40, mul(count, 0x60)))
        }
    }

    /// @dev What is the same for all queries: powers of γ, poles, sums of claimed values.
    function _prepare(uint256 generator) private pure {
        assembly ("memory-safe") {
            let p := PRIME
            let power := 1
            let gamma := mload(${hex(gamma)})
            for { let at := ${hex(gammas)} } lt(at, ${hex(gammas + 32 * claimedWords)}) { at := add(at, 0x20) } {
                mstore(at, power)
                power := mulmod(power, gamma, p)
            }
            for { let at := ${hex(generators)} } lt(at, ${hex(generators + 32 * 16)}) { at := add(at, 0x20) } {
                mstore(at, generator)
                generator := mulmod(generator, generator, p)
            }
            // Poles.
            let pole
${indent(poleLines, 12)}
            // Sums of claimed values.
${indent(sumLines, 12)}
        }
    }

    /// @dev For each query, its quotient as numerator and denominator.
    function _evaluate(bytes calldata words, uint256 count) private pure returns (bool excess) {
        assembly ("memory-safe") {
            let out := ${hex(memory.end)}
            let position := add(words.offset, ${hex(headBytes)})
            let rows := add(position, shl(5, count))
            for { let end := add(out, mul(count, 0x60)) } lt(out, end) { out := add(out, 0x60) } {
                // The row: its parts lie in three tables, one behind the other.
                {
                    let from := rows
                    calldatacopy(${hex(row)}, from, ${hex(32 * traceColumns)})
                    rows := add(from, ${hex(32 * traceColumns)})
                    let query := div(sub(out, ${hex(memory.end)}), 0x60)
                    let tables := add(add(words.offset, ${hex(headBytes)}), shl(5, count))
                    tables := add(tables, mul(count, ${hex(32 * traceColumns)}))
                    calldatacopy(${hex(interactionRow)}, add(tables, mul(query, ${hex(32 * interactionColumns)})), ${hex(32 * interactionColumns)})
                    tables := add(tables, mul(count, ${hex(32 * interactionColumns)}))
                    calldatacopy(${hex(compositionRow)}, add(tables, mul(query, ${hex(32 * COMPOSITION_COLUMNS)})), ${hex(32 * COMPOSITION_COLUMNS)})
                    let maximum := sub(PRIME, 1)
${indent(canonicalLines, 20)}
                }
                let y := calldataload(position)
                position := add(position, 0x20)
                mstore(add(out, 0x40), y)
                {
                    let p := PRIME
                    let x := mulmod(3, y, p)
                    let n := 0
                    let m := 1
                    let t
${indent(queryLines, 20)}
                    mstore(out, m)
                    mstore(add(out, 0x20), n)
                }
            }
        }
    }

    /// @dev The product of denominator and y of all queries; the products before each are kept.
    function _multiply(uint256 count) private pure returns (uint256 total) {
        assembly ("memory-safe") {
            let end := add(${hex(memory.end)}, mul(count, 0x60))
            let prefix := end
            total := 1
            for { let at := ${hex(memory.end)} } lt(at, end) { at := add(at, 0x60) } {
                mstore(prefix, total)
                prefix := add(prefix, 0x20)
                total := mulmod(total, mulmod(mload(at), mload(add(at, 0x40)), PRIME), PRIME)
            }
        }
    }

    /// @dev Makes (0, quotient, 1/y) of (denominator, numerator, y), from the last query on.
    /// @param inverse Of the product of everything.
    function _divide(uint256 count, uint256 inverse) private pure {
        assembly ("memory-safe") {
            let at := add(${hex(memory.end)}, mul(count, 0x60))
            let prefix := add(at, shl(5, count))
            for {} gt(at, ${hex(memory.end)}) {} {
                at := sub(at, 0x60)
                prefix := sub(prefix, 0x20)
                let m := mload(at)
                let y := mload(add(at, 0x40))
                // 1/(m·y)
                let both := mulmod(inverse, mload(prefix), PRIME)
                inverse := mulmod(inverse, mulmod(m, y, PRIME), PRIME)
                mstore(at, 0)
                mstore(add(at, 0x20), mulmod(mload(add(at, 0x20)), mulmod(both, y, PRIME), PRIME))
                mstore(add(at, 0x40), mulmod(both, m, PRIME))
            }
        }
    }`,
  });
}
