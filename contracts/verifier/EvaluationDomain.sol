// SPDX-License-Identifier: MIT
pragma solidity ^0.8.29;

import {Field, PRIME} from "./Field.sol";

/// @title Points of the evaluation domain by their bit-reversed index.
library EvaluationDomain {
    /// @dev Bits of an index that one table covers.
    uint256 private constant WINDOW = 4;

    /// @notice Writes y = w^rev(index) for each index to `to`, one word each; w has order 2^log.
    /// @dev Bit i of an index contributes w^(2^(log - 1 - i)), a root of order 2^(i + 1). A table of
    /// 16 products serves 4 bits at a time.
    /// @param to Memory address.
    /// @param log At most 64.
    function writePoints(uint256 to, uint256[] memory indices, uint256 log) internal pure {
        uint256 count = indices.length;
        assembly ("memory-safe") {
            for {
                let i := 0
            } lt(i, count) {
                i := add(i, 1)
            } {
                mstore(add(to, shl(5, i)), 1)
            }
        }
        uint256 table;
        uint256 roots;
        // The roots of order 2^1, …, 2^(log rounded up to whole windows), the first one in front.
        uint256 windows = (log + WINDOW - 1) / WINDOW;
        uint256 top = Field.rootOfUnity(WINDOW * windows);
        assembly ("memory-safe") {
            // Not kept: the table, then the roots.
            table := mload(0x40)
            roots := add(table, 0x200)
            for {
                let i := shl(2, windows)
            } i {} {
                i := sub(i, 1)
                mstore(add(roots, shl(5, i)), top)
                top := mulmod(top, top, PRIME)
            }
        }
        for (uint256 window = 0; window < windows; window++) {
            assembly ("memory-safe") {
                // table[v] = Π over the bits of v: an entry is one with fewer bits, times a root.
                mstore(table, 1)
                for {
                    let bit := 0
                } lt(bit, WINDOW) {
                    bit := add(bit, 1)
                } {
                    let root := mload(add(roots, shl(5, add(shl(2, window), bit))))
                    let size := shl(add(bit, 5), 1)
                    for {
                        let v := 0
                    } lt(v, size) {
                        v := add(v, 0x20)
                    } {
                        let entry := mulmod(mload(add(table, v)), root, PRIME)
                        mstore(add(add(table, size), v), entry)
                    }
                }
                let shift := shl(2, window)
                for {
                    let i := 0
                } lt(i, count) {
                    i := add(i, 1)
                } {
                    let index := mload(add(add(indices, 0x20), shl(5, i)))
                    let entry := mload(add(table, shl(5, and(shr(shift, index), 0xf))))
                    let at := add(to, shl(5, i))
                    mstore(at, mulmod(mload(at), entry, PRIME))
                }
            }
        }
    }
}
