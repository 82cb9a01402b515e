// SPDX-License-Identifier: MIT
pragma solidity ^0.8.29;

import {Field, PRIME} from "./Field.sol";

/// @title Points of the evaluation domain by their bit-reversed index.
library EvaluationDomain {
    /// @dev Bits of an index that one table covers.
    uint256 private constant WINDOW = 4;
    uint256 private constant TABLE_BYTES = 0x200;

    /// @notice Writes y = w^rev(index) for each index to `to`, one word each; w has order 2^log.
    /// @dev Bit i of an index contributes w^(2^(log - 1 - i)), the root of order 2^(i + 1). A table of
    /// 16 products serves 4 bits at a time.
    /// @param to Memory address.
    /// @param log At most 64.
    function writePoints(uint256 to, uint256[] memory indices, uint256 log) internal pure {
        uint256 count = indices.length;
        uint256 windows = (log + WINDOW - 1) / WINDOW;
        // The root that belongs to the highest bit of the last window.
        uint256 root = Field.rootOfUnity(WINDOW * windows);
        assembly ("memory-safe") {
            // Not kept: the tables of the windows, lowest bits first.
            let tables := mload(0x40)
            let behind := add(tables, shl(9, windows))
            for {
                let table := behind
            } gt(table, tables) {} {
                table := sub(table, TABLE_BYTES)
                // The roots of the four bits, each the square of the next one's; table[2^bit].
                for {
                    let entry := 0x100
                } gt(entry, 0x10) {
                    entry := shr(1, entry)
                } {
                    mstore(add(table, entry), root)
                    root := mulmod(root, root, PRIME)
                }
                // table[v] is the product over the bits of v: of its highest bit, and of the rest.
                mstore(table, 1)
                for {
                    let size := 0x20
                } lt(size, TABLE_BYTES) {
                    size := shl(1, size)
                } {
                    let high := mload(add(table, size))
                    for {
                        let rest := 0x20
                    } lt(rest, size) {
                        rest := add(rest, 0x20)
                    } {
                        let product := mulmod(mload(add(table, rest)), high, PRIME)
                        mstore(add(add(table, size), rest), product)
                    }
                }
            }
            let from := add(indices, 0x20)
            for {
                let end := add(to, shl(5, count))
            } lt(to, end) {
                to := add(to, 0x20)
            } {
                // Four bits, in the position of a word's address.
                let index := shl(5, mload(from))
                from := add(from, 0x20)
                let y := 1
                for {
                    let table := tables
                } lt(table, behind) {
                    table := add(table, TABLE_BYTES)
                } {
                    y := mulmod(y, mload(add(table, and(index, 0x1e0))), PRIME)
                    index := shr(WINDOW, index)
                }
                mstore(to, y)
            }
        }
    }
}
