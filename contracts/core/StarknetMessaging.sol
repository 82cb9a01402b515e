// SPDX-License-Identifier: MIT
pragma solidity ^0.8.29;

import {IStarknetMessaging} from "../interfaces/IStarknetMessaging.sol";
import {StarknetOutput} from "./StarknetOutput.sol";

/// @title Messages between L1 and L2: those that wait for L2, and those that wait for their
/// receiver on L1.
/// @dev A message to L2 is pending from `sendMessageToL2` until a state update consumes it or its
/// sender cancels it, whichever comes first. Its nonce makes its hash unique, so it is consumed or
/// cancelled once at most. Messages to L1 are counted, since L2 may send the same one many times.
abstract contract StarknetMessaging is IStarknetMessaging {
    uint256 private constant MAX_L1_MSG_FEE = 1 ether;

    /// @inheritdoc IStarknetMessaging
    mapping(bytes32 msgHash => uint256 feePlusOne) public override l1ToL2Messages;

    /// @inheritdoc IStarknetMessaging
    mapping(bytes32 msgHash => uint256 count) public override l2ToL1Messages;

    /// @notice When (block timestamp) the cancellation of a message was last asked for; 0 if never.
    mapping(bytes32 msgHash => uint256 timestamp) public l1ToL2MessageCancellations;

    /// @notice Nonce of the next message to L2.
    uint256 public l1ToL2MessageNonce;

    /// @notice Seconds between asking for a cancellation and cancelling.
    uint256 public messageCancellationDelay = 5 days;

    /// @inheritdoc IStarknetMessaging
    function getMaxL1MsgFee() external pure override returns (uint256) {
        return MAX_L1_MSG_FEE;
    }

    /// @inheritdoc IStarknetMessaging
    function l1ToL2MsgHash(
        address fromAddress,
        uint256 toAddress,
        uint256 selector,
        uint256[] calldata payload,
        uint256 nonce
    ) public pure override returns (bytes32) {
        return
            keccak256(
                abi.encodePacked(
                    uint256(uint160(fromAddress)),
                    toAddress,
                    nonce,
                    selector,
                    payload.length,
                    payload
                )
            );
    }

    /// @inheritdoc IStarknetMessaging
    function l2ToL1MsgHash(
        uint256 fromAddress,
        address toAddress,
        uint256[] calldata payload
    ) public pure override returns (bytes32) {
        return
            keccak256(
                abi.encodePacked(fromAddress, uint256(uint160(toAddress)), payload.length, payload)
            );
    }

    /// @inheritdoc IStarknetMessaging
    function sendMessageToL2(
        uint256 toAddress,
        uint256 selector,
        uint256[] calldata payload
    ) external payable override returns (bytes32 msgHash, uint256 nonce) {
        require(msg.value > 0, "L1_MSG_FEE_MUST_BE_GREATER_THAN_0");
        require(msg.value <= MAX_L1_MSG_FEE, "MAX_L1_MSG_FEE_EXCEEDED");
        nonce = l1ToL2MessageNonce++;
        msgHash = l1ToL2MsgHash(msg.sender, toAddress, selector, payload, nonce);
        l1ToL2Messages[msgHash] = msg.value + 1;
        emit LogMessageToL2(msg.sender, toAddress, selector, payload, nonce, msg.value);
    }

    /// @inheritdoc IStarknetMessaging
    function consumeMessageFromL2(
        uint256 fromAddress,
        uint256[] calldata payload
    ) external override returns (bytes32 msgHash) {
        msgHash = l2ToL1MsgHash(fromAddress, msg.sender, payload);
        require(l2ToL1Messages[msgHash] > 0, "INVALID_MESSAGE_TO_CONSUME");
        l2ToL1Messages[msgHash] -= 1;
        emit ConsumedMessageToL1(fromAddress, msg.sender, payload);
    }

    /// @inheritdoc IStarknetMessaging
    /// @dev Hashes contain the sender: others find no message to cancel.
    function startL1ToL2MessageCancellation(
        uint256 toAddress,
        uint256 selector,
        uint256[] calldata payload,
        uint256 nonce
    ) external override returns (bytes32 msgHash) {
        msgHash = l1ToL2MsgHash(msg.sender, toAddress, selector, payload, nonce);
        require(l1ToL2Messages[msgHash] > 0, "NO_MESSAGE_TO_CANCEL");
        l1ToL2MessageCancellations[msgHash] = block.timestamp;
        emit MessageToL2CancellationStarted(msg.sender, toAddress, selector, payload, nonce);
    }

    /// @inheritdoc IStarknetMessaging
    function cancelL1ToL2Message(
        uint256 toAddress,
        uint256 selector,
        uint256[] calldata payload,
        uint256 nonce
    ) external override returns (bytes32 msgHash) {
        msgHash = l1ToL2MsgHash(msg.sender, toAddress, selector, payload, nonce);
        require(l1ToL2Messages[msgHash] > 0, "NO_MESSAGE_TO_CANCEL");
        _checkCancellationTime(l1ToL2MessageCancellations[msgHash]);
        l1ToL2Messages[msgHash] = 0;
        emit MessageToL2Canceled(msg.sender, toAddress, selector, payload, nonce);
    }

    function _checkCancellationTime(uint256 requestTime) private view {
        require(requestTime != 0, "MESSAGE_CANCELLATION_NOT_REQUESTED");
        uint256 allowedTime;
        unchecked {
            allowedTime = requestTime + messageCancellationDelay;
        }
        require(allowedTime >= requestTime, "CANCEL_ALLOWED_TIME_OVERFLOW");
        require(block.timestamp >= allowedTime, "MESSAGE_CANCELLATION_NOT_ALLOWED_YET");
    }

    /// @dev Makes the messages to L1 of an update consumable.
    /// @param words What is left of the output, beginning with the segment of messages to L1.
    /// @return end Offset of the first word after the segment.
    function _addMessagesToL1(uint256[] calldata words) internal returns (uint256 end) {
        end = StarknetOutput.segmentEnd(words);
        uint256 start = 1;
        while (start < end) {
            uint256 next = StarknetOutput.messageEnd(
                words,
                start,
                StarknetOutput.MESSAGE_TO_L1_PREFIX
            );
            uint256[] calldata message = words[start:next];
            l2ToL1Messages[keccak256(abi.encodePacked(message))] += 1;
            // The hash has the whole word of the receiver, the event its last 20 bytes, as on
            // mainnet: a message to what is no address is logged and never consumed.
            emit LogMessageToL1(
                message[0],
                address(uint160(message[1])),
                message[StarknetOutput.MESSAGE_TO_L1_PREFIX:]
            );
            start = next;
        }
        require(start == end, "INVALID_MESSAGE_SEGMENT_SIZE");
    }

    /// @dev Takes the messages that an update handled on L2 from the pending ones.
    /// @param words What is left of the output, beginning with the segment of messages to L2.
    /// @return end Offset of the first word after the segment.
    /// @return fees Sum of the messages' fees, in wei.
    function _consumeMessagesToL2(
        uint256[] calldata words
    ) internal returns (uint256 end, uint256 fees) {
        end = StarknetOutput.segmentEnd(words);
        uint256 start = 1;
        while (start < end) {
            uint256 next = StarknetOutput.messageEnd(
                words,
                start,
                StarknetOutput.MESSAGE_TO_L2_PREFIX
            );
            fees += _consumeMessageToL2(words[start:next]);
            start = next;
        }
        require(start == end, "INVALID_MESSAGE_SEGMENT_SIZE");
    }

    function _consumeMessageToL2(uint256[] calldata message) private returns (uint256 fee) {
        bytes32 msgHash = keccak256(abi.encodePacked(message));
        uint256 feePlusOne = l1ToL2Messages[msgHash];
        require(feePlusOne > 0, "INVALID_MESSAGE_TO_CONSUME");
        l1ToL2Messages[msgHash] = 0;
        emit ConsumedMessageToL2(
            address(uint160(message[0])),
            message[1],
            message[3],
            message[StarknetOutput.MESSAGE_TO_L2_PREFIX:],
            message[2]
        );
        return feePlusOne - 1;
    }
}
