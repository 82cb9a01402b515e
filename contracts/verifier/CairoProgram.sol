// SPDX-License-Identifier: MIT
pragma solidity ^0.8.29;

import {PRIME} from "./Field.sol";

/// @title A Cairo program that lies on L1 as the code of contracts.
/// @notice Each contract's code is a zero byte (STOP, so that nobody can run it) and up to 767 words
/// of the program, and is one page of public memory.
library CairoProgram {
    error NotAProgram(uint256 page);

    /// @notice Copies a page to free memory, not kept.
    /// @return words Memory address of the words.
    /// @return count How many.
    function load(address page) internal view returns (uint256 words, uint256 count) {
        assembly ("memory-safe") {
            words := mload(0x40)
            count := shr(5, extcodesize(page))
            extcodecopy(page, words, 1, shl(5, count))
        }
    }

    /// @notice Checks that the pages are a program, and hashes it.
    /// @dev keccak256 of the builtins and the pages' hashes, cut to 250 bits so that it is a field
    /// element.
    function hash(address[] memory pages, bytes memory builtins) internal view returns (uint256) {
        bytes32[] memory hashes = new bytes32[](pages.length);
        for (uint256 i = 0; i < pages.length; i++) {
            bytes memory code = pages[i].code;
            if (code.length < 33 || code.length % 32 != 1 || code[0] != 0) revert NotAProgram(i);
            (uint256 words, uint256 count) = load(pages[i]);
            bytes32 pageHash;
            uint256 wide;
            assembly ("memory-safe") {
                pageHash := keccak256(words, shl(5, count))
                for {
                    let end := add(words, shl(5, count))
                } lt(words, end) {
                    words := add(words, 0x20)
                } {
                    wide := or(wide, gt(mload(words), sub(PRIME, 1)))
                }
            }
            if (wide != 0) revert NotAProgram(i);
            hashes[i] = pageHash;
        }
        return uint256(keccak256(abi.encode(builtins, hashes))) & (2 ** 250 - 1);
    }
}
