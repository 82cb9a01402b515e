// SPDX-License-Identifier: MIT
pragma solidity ^0.8.29;

/// @dev Keeps the 20 most significant bytes of a hash: what a node of a tree is (spec §2, K160).
uint256 constant NODE_MASK = 0xffffffffffffffffffffffffffffffffffffffff000000000000000000000000;

/// @title Batch openings of masked Keccak trees (protocol spec §2).
library Merkle {
    /// @notice The root to which leaves lead.
    /// @dev The queue is overwritten: a level's parents replace it from its beginning on, which
    /// is safe because a parent is written after its children are read.
    /// @param queue Memory address of (index, hash) pairs, two words each, in ascending order of
    /// distinct indices; one word more is written behind them.
    /// @param count How many pairs, at least one.
    /// @param height The tree has 2^height leaves.
    /// @param position Where the authentication nodes lie in the calldata: level by level, left
    /// to right.
    /// @param nodeBytes How many bytes a node takes there: 32, or 20 without the zeros.
    /// @return root The root.
    /// @return next Position behind the nodes.
    function rootOf(
        uint256 queue,
        uint256 count,
        uint256 height,
        uint256 position,
        uint256 nodeBytes
    ) internal pure returns (uint256 root, uint256 next) {
        assembly ("memory-safe") {
            let end := add(queue, shl(6, count))
            // The bytes of a node that a load of 32 bytes takes in. What a node of 32 bytes has
            // in its low 96 bits is hashed as it stands.
            let nodeMask := shl(sub(256, shl(3, nodeBytes)), sub(shl(shl(3, nodeBytes), 1), 1))
            if eq(nodeBytes, 32) {
                nodeMask := not(0)
            }
            for {} height {
                height := sub(height, 1)
            } {
                // No index is this large: the last node finds no sibling behind it.
                mstore(end, not(0))
                let write := queue
                for {
                    let read := queue
                } lt(read, end) {} {
                    let index := mload(read)
                    // The left child's hash belongs at 0x00, the right one's at 0x20.
                    let side := shl(5, and(index, 1))
                    mstore(side, mload(add(read, 0x20)))
                    read := add(read, 0x40)
                    // The sibling is the next in the queue, or in the proof. The next index is
                    // larger: it is index ^ 1 only if this one is even.
                    switch eq(mload(read), xor(index, 1))
                    case 1 {
                        mstore(0x20, mload(add(read, 0x20)))
                        read := add(read, 0x40)
                    }
                    default {
                        mstore(xor(side, 0x20), and(calldataload(position), nodeMask))
                        position := add(position, nodeBytes)
                    }
                    mstore(write, shr(1, index))
                    mstore(add(write, 0x20), and(keccak256(0x00, 0x40), NODE_MASK))
                    write := add(write, 0x40)
                }
                end := write
            }
            root := mload(add(queue, 0x20))
            next := position
        }
    }
}
