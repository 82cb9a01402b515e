// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {IStarknetMessagingEvents} from "./IStarknetMessagingEvents.sol";

/// @title Messages between contracts of L1 and contracts of L2.
/// @notice The messaging half of Starknet's core contract. Addresses, selectors and payload words
/// of L2 are field elements, smaller than 2**251 + 17 * 2**192 + 1; a message to L2 with a word
/// beyond that can never be handled.
interface IStarknetMessaging is IStarknetMessagingEvents {
    /// @return The highest fee of a message to L2, in wei.
    function getMaxL1MsgFee() external pure returns (uint256);

    /// @param msgHash Hash of a message to L2, see `l1ToL2MsgHash`.
    /// @return The fee (wei) plus one while the message is pending, else 0.
    function l1ToL2Messages(bytes32 msgHash) external view returns (uint256);

    /// @param msgHash Hash of a message to L1, see `l2ToL1MsgHash`.
    /// @return How many messages of that hash may be consumed.
    function l2ToL1Messages(bytes32 msgHash) external view returns (uint256);

    /// @return keccak256 of the words fromAddress, toAddress, nonce, selector, payload.length,
    /// payload.
    function l1ToL2MsgHash(
        address fromAddress,
        uint256 toAddress,
        uint256 selector,
        uint256[] calldata payload,
        uint256 nonce
    ) external pure returns (bytes32);

    /// @return keccak256 of the words fromAddress, toAddress, payload.length, payload.
    function l2ToL1MsgHash(
        uint256 fromAddress,
        address toAddress,
        uint256[] calldata payload
    ) external pure returns (bytes32);

    /// @notice Sends a message from the caller to the L1 handler `selector` of the L2 contract
    /// `toAddress`. The value paid is the fee of the message: more than 0, at most
    /// `getMaxL1MsgFee()`.
    /// @return Hash and nonce of the message.
    function sendMessageToL2(
        uint256 toAddress,
        uint256 selector,
        uint256[] calldata payload
    ) external payable returns (bytes32, uint256);

    /// @notice Consumes a message that the L2 contract `fromAddress` sent to the caller. Each
    /// message can be consumed once, after the state update that brought it.
    /// @return Hash of the message.
    function consumeMessageFromL2(
        uint256 fromAddress,
        uint256[] calldata payload
    ) external returns (bytes32);

    /// @notice Asks for the cancellation of a pending message of the caller; asking again starts
    /// the delay anew.
    /// @return Hash of the message.
    function startL1ToL2MessageCancellation(
        uint256 toAddress,
        uint256 selector,
        uint256[] calldata payload,
        uint256 nonce
    ) external returns (bytes32);

    /// @notice Cancels a pending message of the caller `messageCancellationDelay()` seconds after
    /// the cancellation was asked for. The fee is not paid back.
    /// @return Hash of the message.
    function cancelL1ToL2Message(
        uint256 toAddress,
        uint256 selector,
        uint256[] calldata payload,
        uint256 nonce
    ) external returns (bytes32);
}
