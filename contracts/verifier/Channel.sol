// SPDX-License-Identifier: MIT
pragma solidity ^0.8.29;

import {MONTGOMERY_INVERSE, PRIME} from "./Field.sol";

/// @title The Fiat-Shamir channel (protocol spec §3).
/// @notice What the prover sends goes into a digest; what the verifier draws is hashed out of it.
library Channel {
    error NotEnoughWork();

    /// @dev Two adjacent words of memory, so that a draw is one keccak256 over the struct.
    struct State {
        uint256 digest;
        uint256 counter;
    }

    /// @dev 31·PRIME, the largest multiple below 2^256: words above it would not be uniform.
    uint256 private constant DRAW_BOUND = 31 * PRIME;

    /// @dev Leads the preimage of the proof of work: 8 bytes, then 32 of the digest, then one.
    uint256 private constant WORK_MAGIC = 0x0123456789abcded << 192;

    /// @notice digest = K((digest + 1) || word).
    function absorb(State memory state, uint256 word) internal pure {
        assembly ("memory-safe") {
            mstore(0x00, add(mload(state), 1))
            mstore(0x20, word)
            mstore(state, keccak256(0x00, 0x40))
            mstore(add(state, 0x20), 0)
        }
    }

    /// @notice Absorbs `count` words of calldata from `position` on, one after the other.
    function absorbEach(State memory state, uint256 position, uint256 count) internal pure {
        assembly ("memory-safe") {
            let digest := mload(state)
            let end := add(position, shl(5, count))
            for {} lt(position, end) {
                position := add(position, 0x20)
            } {
                mstore(0x00, add(digest, 1))
                mstore(0x20, calldataload(position))
                digest := keccak256(0x00, 0x40)
            }
            mstore(state, digest)
            mstore(add(state, 0x20), 0)
        }
    }

    /// @notice Absorbs `length` bytes of calldata from `position` on as one string.
    function absorbBytes(State memory state, uint256 position, uint256 length) internal pure {
        assembly ("memory-safe") {
            let input := mload(0x40)
            mstore(input, add(mload(state), 1))
            calldatacopy(add(input, 0x20), position, length)
            mstore(state, keccak256(input, add(length, 0x20)))
            mstore(add(state, 0x20), 0)
        }
    }

    /// @notice K(digest || counter), a new one each time.
    function drawWord(State memory state) internal pure returns (uint256 word) {
        assembly ("memory-safe") {
            word := keccak256(state, 0x40)
            let counter := add(state, 0x20)
            mstore(counter, add(mload(counter), 1))
        }
    }

    /// @notice A uniform field element: the first word below 31·p, taken as Montgomery form.
    function drawFelt(State memory state) internal pure returns (uint256) {
        uint256 word = drawWord(state);
        while (word >= DRAW_BOUND) word = drawWord(state);
        return mulmod(word, MONTGOMERY_INVERSE, PRIME);
    }

    /// @notice Draws `count` indices below 2^log, four from each word.
    /// @return queries The distinct ones among them in ascending order.
    function drawQueries(
        State memory state,
        uint256 count,
        uint256 log
    ) internal pure returns (uint256[] memory queries) {
        queries = new uint256[](count);
        uint256 mask = (1 << log) - 1;
        uint256 word;
        uint256 distinct;
        for (uint256 i = 0; i < count; i++) {
            // The most significant of the four numbers comes first.
            word = i % 4 == 0 ? drawWord(state) : word << 64;
            uint256 query = (word >> 192) & mask;
            assembly ("memory-safe") {
                // `at` walks down from the end of the sorted list to where the query belongs.
                let first := add(queries, 0x20)
                let end := add(first, shl(5, distinct))
                let at := end
                for {} gt(at, first) {
                    at := sub(at, 0x20)
                } {
                    if iszero(gt(mload(sub(at, 0x20)), query)) {
                        break
                    }
                }
                // A query that was drawn before is dropped.
                let known := 0
                if gt(at, first) {
                    known := eq(mload(sub(at, 0x20)), query)
                }
                if iszero(known) {
                    mcopy(add(at, 0x20), at, sub(end, at))
                    mstore(at, query)
                    distinct := add(distinct, 1)
                }
            }
        }
        assembly ("memory-safe") {
            mstore(queries, distinct)
        }
    }

    /// @notice Checks the work in an 8-byte nonce at `position` of the calldata, and absorbs it.
    /// @param bits How many leading bits of the hash must be 0.
    function absorbWork(State memory state, uint256 bits, uint256 position) internal pure {
        bytes32 challenge = keccak256(
            abi.encodePacked(bytes8(bytes32(WORK_MAGIC)), state.digest, uint8(bits))
        );
        uint256 work;
        assembly ("memory-safe") {
            // K(challenge || nonce): 40 bytes, of which the nonce is the top of the second word.
            mstore(0x00, challenge)
            mstore(0x20, calldataload(position))
            work := keccak256(0x00, 0x28)
        }
        if (work >> (256 - bits) != 0) revert NotEnoughWork();
        absorbBytes(state, position, 8);
    }
}
