// SPDX-License-Identifier: MIT
pragma solidity ^0.8.29;

/// @dev Keeps the 20 most significant bytes of a hash: what a node of a tree is (spec §2, K160).
uint256 constant NODE_MASK = 0xffffffffffffffffffffffffffffffffffffffff000000000000000000000000;

/// @dev What a node takes in a proof on L1. Trees whose leaves are single words have leaves among their
/// nodes, and take 32.
uint256 constant NODE_BYTES = 20;

/// @title Batch openings of masked Keccak trees (protocol spec §2).
/// @notice Authentication nodes come in the order in which a walk from each leaf upwards, leaf by
/// leaf, needs them. In proofs they come level by level; src/l1/verifier/node-order.ts turns one into
/// the other. This way hash and index stay on the stack, at half the gas.
library Merkle {
    /// @notice The root to which leaves lead.
    /// @dev Nodes are numbered from the root, 1; the children of i are 2i and 2i + 1. A node that
    /// has to wait for its right sibling is put on a stack of (number, hash).
    /// @param leaves Memory address of (index, hash) pairs, two words each, in ascending order of
    /// distinct indices. The word behind them and what follows it are written to.
    /// @param count How many pairs, at least one.
    /// @param height The tree has 2^height leaves.
    /// @param position Where the authentication nodes are in the calldata.
    /// @param nodeBytes How many bytes a node takes there: 20 without its zeros, or 32.
    /// @return root The root.
    /// @return next Position behind the nodes.
    function rootOf(
        uint256 leaves,
        uint256 count,
        uint256 height,
        uint256 position,
        uint256 nodeBytes
    ) internal pure returns (uint256 root, uint256 next) {
        next = position;
        assembly ("memory-safe") {
            // The part of a loaded word that is the node. What a node of 32 bytes has in its low
            // 96 bits is hashed as it stands.
            let nodeMask := NODE_MASK
            if eq(nodeBytes, 32) {
                nodeMask := not(0)
            }
            // From here on, `count` is the end of the leaves, and `height` the first leaf's number.
            count := add(leaves, shl(6, count))
            height := shl(height, 1)
            // Behind the last leaf one that would meet it in the root.
            mstore(count, sub(0, height))
            // The stack; at its bottom, as it were, the left sibling of the root.
            let stack := add(count, 0x20)
            mstore(stack, 0)
            for {} lt(leaves, count) {
                leaves := add(leaves, 0x40)
            } {
                let node := add(mload(leaves), height)
                root := mload(add(leaves, 0x20))
                // Its ancestor that is a sibling of one of the next leaf's. 255 - clz is the
                // position of the highest bit in which the two differ.
                let meeting := add(mload(add(leaves, 0x40)), height)
                meeting := shr(sub(255, clz(xor(node, meeting))), node)
                for {} 1 {} {
                    // Up to there, or up to the sibling of the node that waits, if that is lower.
                    let target := xor(mload(stack), 1)
                    if lt(target, meeting) {
                        target := meeting
                    }
                    // So many levels; with each, the left child's hash belongs at 0x00, the right
                    // one's at 0x20: a left child has an even number.
                    let levels := sub(clz(target), clz(node))
                    let side
                    for {} gt(levels, 3) {
                        levels := sub(levels, 4)
                    } {
                        side := and(shl(5, node), 0x20)
                        mstore(side, root)
                        mstore(xor(side, 0x20), and(calldataload(next), nodeMask))
                        root := and(keccak256(0x00, 0x40), NODE_MASK)
                        next := add(next, nodeBytes)
                        side := and(shl(4, node), 0x20)
                        mstore(side, root)
                        mstore(xor(side, 0x20), and(calldataload(next), nodeMask))
                        root := and(keccak256(0x00, 0x40), NODE_MASK)
                        next := add(next, nodeBytes)
                        side := and(shl(3, node), 0x20)
                        mstore(side, root)
                        mstore(xor(side, 0x20), and(calldataload(next), nodeMask))
                        root := and(keccak256(0x00, 0x40), NODE_MASK)
                        next := add(next, nodeBytes)
                        side := and(shl(2, node), 0x20)
                        mstore(side, root)
                        mstore(xor(side, 0x20), and(calldataload(next), nodeMask))
                        root := and(keccak256(0x00, 0x40), NODE_MASK)
                        next := add(next, nodeBytes)
                        node := shr(4, node)
                    }
                    for {} levels {
                        levels := sub(levels, 1)
                    } {
                        side := and(shl(5, node), 0x20)
                        mstore(side, root)
                        mstore(xor(side, 0x20), and(calldataload(next), nodeMask))
                        root := and(keccak256(0x00, 0x40), NODE_MASK)
                        next := add(next, nodeBytes)
                        node := shr(1, node)
                    }
                    if eq(node, meeting) {
                        break
                    }
                    // The node that waits is the left sibling.
                    mstore(0x00, mload(add(stack, 0x20)))
                    mstore(0x20, root)
                    root := and(keccak256(0x00, 0x40), NODE_MASK)
                    node := shr(1, node)
                    stack := sub(stack, 0x40)
                }
                stack := add(stack, 0x40)
                mstore(stack, node)
                mstore(add(stack, 0x20), root)
            }
        }
    }
}
