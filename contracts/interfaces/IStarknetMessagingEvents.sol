// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

/// @title Events of messages between L1 and L2, as Starknet's core contract emits them.
interface IStarknetMessagingEvents {
    /// @notice A state update brought a message of L2; `toAddress` may consume it from now on.
    event LogMessageToL1(uint256 indexed fromAddress, address indexed toAddress, uint256[] payload);

    /// @notice A contract of L1 sent a message to L2 and paid `fee` wei for it.
    event LogMessageToL2(
        address indexed fromAddress,
        uint256 indexed toAddress,
        uint256 indexed selector,
        uint256[] payload,
        uint256 nonce,
        uint256 fee
    );

    /// @notice Its receiver on L1 consumed a message of L2.
    event ConsumedMessageToL1(
        uint256 indexed fromAddress,
        address indexed toAddress,
        uint256[] payload
    );

    /// @notice A state update told that L2 has handled a message of L1.
    event ConsumedMessageToL2(
        address indexed fromAddress,
        uint256 indexed toAddress,
        uint256 indexed selector,
        uint256[] payload,
        uint256 nonce
    );

    /// @notice The sender of a message to L2 asked for its cancellation; the delay begins.
    event MessageToL2CancellationStarted(
        address indexed fromAddress,
        uint256 indexed toAddress,
        uint256 indexed selector,
        uint256[] payload,
        uint256 nonce
    );

    /// @notice A message to L2 is cancelled: L2 can no longer consume it.
    event MessageToL2Canceled(
        address indexed fromAddress,
        uint256 indexed toAddress,
        uint256 indexed selector,
        uint256[] payload,
        uint256 nonce
    );
}
