// SPDX-License-Identifier: MIT
pragma solidity ^0.8.29;

import {bound, concat, felts, FIELD_PRIME, vm} from "./support/Cheats.sol";
import {CoreTest} from "./support/CoreTest.sol";

/// @dev A message to L2 ends once: consumed or cancelled. A message to L1 is consumed as often as
/// L2 sent it. Fees that come in are in the contract or with the operator.
contract StarknetMessagingTest is CoreTest {
    uint256 private constant TO = 0x7a9;
    uint256 private constant SELECTOR = 0x5e1;

    function send(uint256[] memory payload, uint256 fee) private returns (bytes32 hash) {
        vm.deal(address(this), address(this).balance + fee);
        (hash, ) = core.sendMessageToL2{value: fee}(TO, SELECTOR, payload);
    }

    function sent(uint256[] memory payload, uint256 nonce) private view returns (uint256[] memory) {
        return messageToL2(address(this), TO, nonce, SELECTOR, payload);
    }

    function testFuzz_SentMessageIsPending(
        address sender,
        uint256 to,
        uint256 selector,
        uint256[] memory payload,
        uint256 fee
    ) public {
        fee = bound(fee, 1, 1 ether);
        vm.deal(sender, fee);
        vm.prank(sender);
        (bytes32 hash, uint256 nonce) = core.sendMessageToL2{value: fee}(to, selector, payload);
        assert(nonce == 0 && core.l1ToL2MessageNonce() == 1);
        assert(core.l1ToL2Messages(hash) == fee + 1);
        assert(address(core).balance == fee);
        assert(
            hash == keccak256(abi.encodePacked(messageToL2(sender, to, nonce, selector, payload)))
        );
        assert(hash == core.l1ToL2MsgHash(sender, to, selector, payload, nonce));
    }

    function testFuzz_EqualMessagesDiffer(uint256[] memory payload) public {
        assert(send(payload, 1) != send(payload, 1));
    }

    function test_FeeOfNothingIsRefused() public {
        vm.expectRevert(revertData("L1_MSG_FEE_MUST_BE_GREATER_THAN_0"));
        core.sendMessageToL2(TO, SELECTOR, nothing);
    }

    function testFuzz_FeeAboveOneEtherIsRefused(uint256 fee) public {
        fee = bound(fee, 1 ether + 1, type(uint128).max);
        vm.deal(address(this), fee);
        vm.expectRevert(revertData("MAX_L1_MSG_FEE_EXCEEDED"));
        core.sendMessageToL2{value: fee}(TO, SELECTOR, nothing);
    }

    function testFuzz_MessageToL2IsConsumedOnce(uint256[] memory payload, uint256 fee) public {
        payload = felts(payload, 20);
        bytes32 hash = send(payload, bound(fee, 1, 1 ether));
        settle(nothing, sent(payload, 0));
        assert(core.l1ToL2Messages(hash) == 0);
        refuse(nextOutput(nothing, sent(payload, 0)), "INVALID_MESSAGE_TO_CONSUME");
        vm.expectRevert(revertData("NO_MESSAGE_TO_CANCEL"));
        core.startL1ToL2MessageCancellation(TO, SELECTOR, payload, 0);
        vm.expectRevert(revertData("NO_MESSAGE_TO_CANCEL"));
        core.cancelL1ToL2Message(TO, SELECTOR, payload, 0);
    }

    function testFuzz_MessageToL2IsConsumedOnceWithinAnUpdate(uint256[] memory payload) public {
        payload = felts(payload, 20);
        send(payload, 1);
        uint256[] memory twice = concat(sent(payload, 0), sent(payload, 0));
        refuse(nextOutput(nothing, twice), "INVALID_MESSAGE_TO_CONSUME");
    }

    function testFuzz_UnsentMessageIsNotConsumed(
        uint256[] memory payload,
        uint256 index,
        uint256 word
    ) public {
        payload = felts(payload, 20);
        send(payload, 1);
        uint256[] memory message = sent(payload, 0);
        index = bound(index, 0, message.length - 1);
        word %= FIELD_PRIME;
        // Another length is no other message but a broken segment.
        if (index == 4 || message[index] == word) return;
        message[index] = word;
        refuse(nextOutput(nothing, message), "INVALID_MESSAGE_TO_CONSUME");
    }

    function testFuzz_FeesGoToTheOperator(uint256[5] memory fees, uint8 consumed) public {
        uint256 count = bound(consumed, 0, 5);
        uint256[] memory words = nothing;
        uint256 paid;
        uint256 total;
        for (uint256 i = 0; i < 5; i++) {
            uint256 fee = bound(fees[i], 1, 1 ether);
            send(nothing, fee);
            total += fee;
            if (i >= count) continue;
            words = concat(words, sent(nothing, i));
            paid += fee;
        }
        uint256 before = address(this).balance;
        settle(nothing, words);
        assert(address(this).balance - before == paid);
        assert(address(core).balance == total - paid);
    }

    function testFuzz_FeesGoToTheCollector(uint256 fee) public {
        fee = bound(fee, 1, 1 ether);
        core.setFeeCollectionAddress(payable(STRANGER));
        send(nothing, fee);
        settle(nothing, sent(nothing, 0));
        assert(STRANGER.balance == fee && address(core).balance == 0);
    }

    function testFuzz_CancelledMessageIsNeverConsumed(
        uint256[] memory payload,
        uint256 fee
    ) public {
        payload = felts(payload, 20);
        fee = bound(fee, 1, 1 ether);
        bytes32 hash = send(payload, fee);
        uint256 start = block.timestamp;
        core.startL1ToL2MessageCancellation(TO, SELECTOR, payload, 0);
        assert(core.l1ToL2MessageCancellations(hash) == start);
        vm.warp(start + 5 days);
        core.cancelL1ToL2Message(TO, SELECTOR, payload, 0);
        assert(core.l1ToL2Messages(hash) == 0);
        refuse(nextOutput(nothing, sent(payload, 0)), "INVALID_MESSAGE_TO_CONSUME");
        vm.expectRevert(revertData("NO_MESSAGE_TO_CANCEL"));
        core.cancelL1ToL2Message(TO, SELECTOR, payload, 0);
        // As on mainnet, a cancelled message's fee is lost.
        assert(address(core).balance == fee);
    }

    function testFuzz_MessageBeingCancelledCanStillBeConsumed(uint256[] memory payload) public {
        payload = felts(payload, 20);
        send(payload, 1);
        core.startL1ToL2MessageCancellation(TO, SELECTOR, payload, 0);
        vm.warp(block.timestamp + 5 days);
        settle(nothing, sent(payload, 0));
        vm.expectRevert(revertData("NO_MESSAGE_TO_CANCEL"));
        core.cancelL1ToL2Message(TO, SELECTOR, payload, 0);
    }

    function testFuzz_CancellationWaits(uint256 delay, uint256 passed) public {
        delay = bound(delay, 1, 365 days);
        passed = bound(passed, 0, delay - 1);
        core.setMessageCancellationDelay(delay);
        send(nothing, 1);
        vm.expectRevert(revertData("MESSAGE_CANCELLATION_NOT_REQUESTED"));
        core.cancelL1ToL2Message(TO, SELECTOR, nothing, 0);
        uint256 start = block.timestamp;
        core.startL1ToL2MessageCancellation(TO, SELECTOR, nothing, 0);
        vm.warp(start + passed);
        vm.expectRevert(revertData("MESSAGE_CANCELLATION_NOT_ALLOWED_YET"));
        core.cancelL1ToL2Message(TO, SELECTOR, nothing, 0);
        vm.warp(start + delay);
        core.cancelL1ToL2Message(TO, SELECTOR, nothing, 0);
    }

    function test_CancellationDelayOverflows() public {
        core.setMessageCancellationDelay(type(uint256).max);
        vm.warp(1);
        send(nothing, 1);
        core.startL1ToL2MessageCancellation(TO, SELECTOR, nothing, 0);
        vm.expectRevert(revertData("CANCEL_ALLOWED_TIME_OVERFLOW"));
        core.cancelL1ToL2Message(TO, SELECTOR, nothing, 0);
    }

    function testFuzz_OnlyTheSenderCancels(address other, uint256[] memory payload) public {
        if (other == address(this)) return;
        send(payload, 1);
        vm.prank(other);
        vm.expectRevert(revertData("NO_MESSAGE_TO_CANCEL"));
        core.startL1ToL2MessageCancellation(TO, SELECTOR, payload, 0);
        core.startL1ToL2MessageCancellation(TO, SELECTOR, payload, 0);
        vm.warp(block.timestamp + 5 days);
        vm.prank(other);
        vm.expectRevert(revertData("NO_MESSAGE_TO_CANCEL"));
        core.cancelL1ToL2Message(TO, SELECTOR, payload, 0);
    }

    function testFuzz_MessageToL1IsConsumedAsOftenAsSent(
        uint256 from,
        uint256[] memory payload,
        uint8 count
    ) public {
        from %= FIELD_PRIME;
        payload = felts(payload, 20);
        uint256 copies = bound(count, 0, 4);
        uint256[] memory words = nothing;
        for (uint256 i = 0; i < copies; i++) {
            words = concat(words, messageToL1(from, address(this), payload));
        }
        settle(words, nothing);
        bytes32 hash = core.l2ToL1MsgHash(from, address(this), payload);
        for (uint256 left = copies; left > 0; left--) {
            assert(core.l2ToL1Messages(hash) == left);
            assert(core.consumeMessageFromL2(from, payload) == hash);
        }
        vm.expectRevert(revertData("INVALID_MESSAGE_TO_CONSUME"));
        core.consumeMessageFromL2(from, payload);
    }

    function testFuzz_OnlyTheReceiverConsumes(address other, uint256[] memory payload) public {
        if (other == address(this)) return;
        payload = felts(payload, 20);
        settle(messageToL1(1, address(this), payload), nothing);
        vm.prank(other);
        vm.expectRevert(revertData("INVALID_MESSAGE_TO_CONSUME"));
        core.consumeMessageFromL2(1, payload);
    }

    function testFuzz_ForgedMessageToL1IsRefused(
        uint256[] memory payload,
        uint256 index,
        uint256 word
    ) public {
        payload = felts(payload, 20);
        settle(messageToL1(1, address(this), payload), nothing);
        if (payload.length == 0) payload = new uint256[](1);
        else {
            index = bound(index, 0, payload.length - 1);
            if (payload[index] == word) return;
            payload[index] = word;
        }
        vm.expectRevert(revertData("INVALID_MESSAGE_TO_CONSUME"));
        core.consumeMessageFromL2(1, payload);
    }
}
