// SPDX-License-Identifier: MIT
pragma solidity ^0.8.29;

/// @title Layout of the Starknet OS's output.
/// @notice ```
/// header     10 words, offsets below
/// n          words of the messages to L1
///            each [fromAddress, toAddress, payload.length, ...payload]
/// m          words of the messages to L2
///            each [fromAddress, toAddress, nonce, selector, payload.length, ...payload]
/// state diff not part of `programOutput`, see OnchainDataFact
/// ```
library StarknetOutput {
    uint256 internal constant PREV_ROOT = 0;
    uint256 internal constant NEW_ROOT = 1;
    uint256 internal constant PREV_BLOCK_NUMBER = 2;
    uint256 internal constant NEW_BLOCK_NUMBER = 3;
    uint256 internal constant PREV_BLOCK_HASH = 4;
    uint256 internal constant NEW_BLOCK_HASH = 5;
    uint256 internal constant OS_PROGRAM_HASH = 6;
    uint256 internal constant CONFIG_HASH = 7;
    uint256 internal constant USE_KZG_DA = 8;
    uint256 internal constant FULL_OUTPUT = 9;
    uint256 internal constant HEADER_SIZE = 10;

    /// @dev Words before the payload, the last of which is the payload's length.
    uint256 internal constant MESSAGE_TO_L1_PREFIX = 3;
    uint256 internal constant MESSAGE_TO_L2_PREFIX = 5;

    uint256 internal constant FIELD_PRIME = 2 ** 251 + 17 * 2 ** 192 + 1;
    uint256 private constant SIZE_BOUND = 2 ** 30;

    /// @notice Refuses words that are not field elements: the OS cannot have written them.
    function validate(uint256[] calldata words) internal pure {
        bool valid = true;
        assembly ("memory-safe") {
            let end := add(words.offset, shl(5, words.length))
            for {
                let word := words.offset
            } lt(word, end) {
                word := add(word, 0x20)
            } {
                valid := and(valid, lt(calldataload(word), FIELD_PRIME))
            }
        }
        require(valid, "PROGRAM_OUTPUT_VALUE_OUT_OF_RANGE");
    }

    /// @param words What is left of the output, beginning with a segment of messages.
    /// @return end Offset of the first word after the segment; the segment's messages begin at 1.
    /// It may lie beyond the words: then `messageEnd` refuses the message that does.
    function segmentEnd(uint256[] calldata words) internal pure returns (uint256 end) {
        uint256 size = words[0];
        require(size < SIZE_BOUND, "INVALID_MESSAGE_SEGMENT_SIZE");
        end = 1 + size;
    }

    /// @param words As for `segmentEnd`.
    /// @param start Offset of a message.
    /// @param prefix Words before the message's payload.
    /// @return end Offset of the first word after the message.
    function messageEnd(
        uint256[] calldata words,
        uint256 start,
        uint256 prefix
    ) internal pure returns (uint256 end) {
        require(start + prefix <= words.length, "MESSAGE_TOO_SHORT");
        uint256 payloadLength = words[start + prefix - 1];
        require(payloadLength < SIZE_BOUND, "INVALID_PAYLOAD_LENGTH");
        end = start + prefix + payloadLength;
        require(end <= words.length, "TRUNCATED_MESSAGE_PAYLOAD");
    }
}
