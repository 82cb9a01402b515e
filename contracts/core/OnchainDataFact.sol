// SPDX-License-Identifier: MIT
pragma solidity ^0.8.29;

/// @title The fact of an output part of which is data that lies on L1.
/// @notice The output is a Merkle tree (cairo-lang, cairo/bootloaders/compute_fact.py). A leaf is
/// the keccak256 of a page of words. An inner node is 1 + keccak256 of (hash of child, end of
/// child) for each child, where ends are offsets in the whole output. Pages of the output are its
/// main part and, from there on, every 3800 words of data:
/// ```
///          root
///         /    \
///     main      data
///              /  |  \
///         page 1 ... page n
/// ```
library OnchainDataFact {
    /// @dev MAX_PAGE_SIZE of cairo-lang, cairo/bootloaders/fact_topology.py.
    uint256 internal constant PAGE_SIZE = 3800;

    /// @notice Root of the tree.
    /// @param main Output without the data.
    /// @param dataHash Node of the data.
    /// @param dataSize How many words the data has.
    function encode(
        uint256[] calldata main,
        uint256 dataHash,
        uint256 dataSize
    ) internal pure returns (bytes32) {
        bytes32 mainHash = keccak256(abi.encodePacked(main));
        bytes32 node = keccak256(
            abi.encode(mainHash, main.length, dataHash, main.length + dataSize)
        );
        return bytes32(uint256(node) + 1);
    }

    /// @notice Node of the data.
    /// @param data The words, any number of them.
    /// @param offset Where they begin in the output.
    function hashData(uint256[] calldata data, uint256 offset) internal pure returns (uint256) {
        uint256 pageCount = (data.length + PAGE_SIZE - 1) / PAGE_SIZE;
        uint256[] memory children = new uint256[](2 * pageCount);
        for (uint256 i = 0; i < pageCount; i++) {
            uint256 start = i * PAGE_SIZE;
            uint256 end = start + PAGE_SIZE < data.length ? start + PAGE_SIZE : data.length;
            children[2 * i] = uint256(keccak256(abi.encodePacked(data[start:end])));
            children[2 * i + 1] = offset + end;
        }
        return uint256(keccak256(abi.encodePacked(children))) + 1;
    }
}
