// SPDX-License-Identifier: MIT
pragma solidity ^0.8.29;

import {Merkle} from "../../../contracts/verifier/Merkle.sol";
import {bound} from "../support/Cheats.sol";

/// @dev Reads an opening where it lies in the calldata.
contract MerkleReader {
    function rootOf(
        uint256[] memory indices,
        uint256[] memory hashes,
        uint256 height,
        uint256 nodeBytes,
        bytes calldata nodes
    ) external pure returns (uint256 root, uint256 read) {
        uint256 leaves;
        assembly ("memory-safe") {
            leaves := mload(0x40)
            mstore(0x40, add(leaves, 0x4000))
        }
        for (uint256 i = 0; i < indices.length; i++) {
            (uint256 index, uint256 hash) = (indices[i], hashes[i]);
            assembly ("memory-safe") {
                mstore(add(leaves, shl(6, i)), index)
                mstore(add(leaves, add(shl(6, i), 0x20)), hash)
            }
        }
        uint256 position;
        assembly ("memory-safe") {
            position := nodes.offset
        }
        (root, read) = Merkle.rootOf(leaves, indices.length, height, position, nodeBytes);
        read -= position;
    }
}

/// @notice Openings against a whole tree, made the plain way.
contract MerkleTest {
    uint256 private constant HEIGHT = 5;

    MerkleReader private _reader = new MerkleReader();
    bytes private _nodes;

    function _masked(uint256 left, uint256 right) private pure returns (uint256) {
        uint256 hash = uint256(keccak256(abi.encodePacked(left, right)));
        return (hash >> 96) << 96;
    }

    /// @dev Nodes of the tree by number; the leaves are hashes of the seed.
    function _tree(uint256 seed) private pure returns (uint256[] memory tree) {
        tree = new uint256[](2 << HEIGHT);
        for (uint256 i = (2 << HEIGHT) - 1; i > 0; i--)
            tree[i] =
                i >= 1 << HEIGHT
                    ? (uint256(keccak256(abi.encode(seed, i))) >> 96) << 96
                    : _masked(tree[2 * i], tree[2 * i + 1]);
    }

    /// @dev Appends the nodes that the leaves below `node` need, from left to right: what a leaf's
    /// walk upwards takes comes after what lies below.
    function _collect(uint256[] memory tree, uint256 node, uint256 mask, uint256 size) private {
        if (node >= 1 << HEIGHT) return;
        bool left = _has(2 * node, mask);
        bool right = _has(2 * node + 1, mask);
        if (left) _collect(tree, 2 * node, mask, size);
        if (left && !right) _push(tree[2 * node + 1], size);
        if (right) _collect(tree, 2 * node + 1, mask, size);
        if (right && !left) _push(tree[2 * node], size);
    }

    function _push(uint256 hash, uint256 size) private {
        _nodes =
            size == 20
                ? bytes.concat(_nodes, bytes20(bytes32(hash)))
                : bytes.concat(_nodes, bytes32(hash));
    }

    /// @dev Whether a leaf of the mask is below the node.
    function _has(uint256 node, uint256 mask) private pure returns (bool) {
        uint256 first = node;
        uint256 width = 1;
        while (first < 1 << HEIGHT) (first, width) = (2 * first, 2 * width);
        uint256 below = ((1 << width) - 1) << (first - (1 << HEIGHT));
        return mask & below != 0;
    }

    function testFuzzOpensAnyLeaves(uint256 seed, uint32 mask, bool short) external {
        if (mask == 0) return;
        uint256 size = short ? 20 : 32;
        uint256[] memory tree = _tree(seed);
        (uint256[] memory indices, uint256[] memory hashes) = _leaves(tree, mask);
        _collect(tree, 1, mask, size);
        (uint256 root, uint256 read) = _reader.rootOf(indices, hashes, HEIGHT, size, _nodes);
        require(root == tree[1], "another root");
        require(read == _nodes.length, "not all nodes");
    }

    function testFuzzAnotherLeafIsAnotherRoot(uint256 seed, uint32 mask, uint256 bit) external {
        if (mask == 0) return;
        uint256[] memory tree = _tree(seed);
        (uint256[] memory indices, uint256[] memory hashes) = _leaves(tree, mask);
        _collect(tree, 1, mask, 32);
        hashes[bit % hashes.length] ^= 1 << (bit >> 8) % 256;
        (uint256 root, ) = _reader.rootOf(indices, hashes, HEIGHT, 32, _nodes);
        require(root != tree[1], "the same root");
    }

    function testFuzzAnotherNodeIsAnotherRoot(uint256 seed, uint32 mask, uint256 bit) external {
        if (mask == 0 || mask == type(uint32).max) return;
        uint256[] memory tree = _tree(seed);
        (uint256[] memory indices, uint256[] memory hashes) = _leaves(tree, mask);
        _collect(tree, 1, mask, 32);
        if (_nodes.length == 0) return;
        uint256 spot = bound(bit, 0, _nodes.length - 1);
        _nodes[spot] = bytes1(uint8(_nodes[spot]) ^ uint8(1 << (bit >> 128) % 8));
        (uint256 root, ) = _reader.rootOf(indices, hashes, HEIGHT, 32, _nodes);
        require(root != tree[1], "the same root");
    }

    function _leaves(
        uint256[] memory tree,
        uint256 mask
    ) private pure returns (uint256[] memory indices, uint256[] memory hashes) {
        uint256 count;
        for (uint256 i = 0; i < 32; i++) count += (mask >> i) & 1;
        (indices, hashes) = (new uint256[](count), new uint256[](count));
        count = 0;
        for (uint256 i = 0; i < 32; i++) {
            if ((mask >> i) & 1 == 0) continue;
            (indices[count], hashes[count]) = (i, tree[(1 << HEIGHT) + i]);
            count++;
        }
    }
}
