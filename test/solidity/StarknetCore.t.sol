// SPDX-License-Identifier: MIT
pragma solidity ^0.8.29;

import {StarknetCore} from "../../contracts/core/StarknetCore.sol";
import {bound, felts, FIELD_PRIME, vm} from "./support/Cheats.sol";
import {CoreTest} from "./support/CoreTest.sol";

/// @dev Blocks settle one after the other, with an established fact, and by operators only.
contract StarknetCoreTest is CoreTest {
    function testFuzz_BlocksFollowEachOther(uint8 count) public {
        for (uint256 i = 0; i < bound(count, 1, 4); i++) {
            uint256[] memory output = nextOutput(nothing, nothing);
            establish(output, noDiff());
            core.updateStateCalldataDA(output, noDiff());
            assert(core.stateBlockNumber() == int256(i));
            assert(core.stateRoot() == output[1] && core.stateBlockHash() == output[5]);
        }
    }

    function testFuzz_MainnetsEntrySettles(uint256[] memory diff) public {
        if (diff.length == 0) return;
        uint256[] memory output = nextOutput(nothing, nothing);
        establish(output, diff);
        bytes32 page = keccak256(abi.encodePacked(diff));
        uint256 node = uint256(keccak256(abi.encode(page, output.length + diff.length))) + 1;
        vm.expectRevert(revertData("NO_STATE_TRANSITION_PROOF"));
        core.updateState(output, node, diff.length + 1);
        core.updateState(output, node, diff.length);
        assert(core.stateBlockNumber() == 0);
    }

    function testFuzz_OnlyOperatorsSettle(address caller) public {
        if (caller == address(this)) return;
        uint256[] memory output = nextOutput(nothing, nothing);
        establish(output, noDiff());
        vm.prank(caller);
        vm.expectRevert(revertData("ONLY_OPERATOR"));
        core.updateStateCalldataDA(output, noDiff());
        vm.prank(caller);
        vm.expectRevert(revertData("ONLY_OPERATOR"));
        core.updateState(output, 1, 2);
        core.unregisterOperator(address(this));
        vm.expectRevert(revertData("ONLY_OPERATOR"));
        core.updateStateCalldataDA(output, noDiff());
    }

    function testFuzz_ChangedOutputIsRefused(uint256 index, uint256 word) public {
        uint256[] memory output = nextOutput(messageToL1(1, STRANGER, noDiff()), nothing);
        establish(output, noDiff());
        index = bound(index, 0, output.length - 1);
        if (output[index] == word) return;
        output[index] = word;
        vm.expectRevert();
        core.updateStateCalldataDA(output, noDiff());
        assert(core.stateBlockNumber() == -1);
    }

    function testFuzz_ChangedDiffIsRefused(
        uint256[] memory diff,
        uint256 index,
        uint256 word
    ) public {
        if (diff.length == 0) return;
        uint256[] memory output = nextOutput(nothing, nothing);
        establish(output, diff);
        index = bound(index, 0, diff.length - 1);
        if (diff[index] == word) return;
        diff[index] = word;
        vm.expectRevert(revertData("NO_STATE_TRANSITION_PROOF"));
        core.updateStateCalldataDA(output, diff);
    }

    function testFuzz_WrongPreviousStateIsRefused(uint256 word) public {
        settle(nothing, nothing);
        word %= FIELD_PRIME;
        uint256[] memory output = nextOutput(nothing, nothing);
        if (word == output[0] || word == output[2] || word == output[4]) return;
        uint256 root = output[0];
        output[0] = word;
        refuse(output, "INVALID_PREVIOUS_ROOT");
        output[0] = root;
        uint256 hash = output[4];
        output[4] = word;
        refuse(output, "INVALID_PREV_BLOCK_HASH");
        output[4] = hash;
        output[2] = word;
        refuse(output, "INVALID_PREV_BLOCK_NUMBER");
    }

    function test_ReplayIsRefused() public {
        uint256[] memory output = nextOutput(nothing, nothing);
        establish(output, noDiff());
        core.updateStateCalldataDA(output, noDiff());
        vm.expectRevert(revertData("INVALID_PREV_BLOCK_NUMBER"));
        core.updateStateCalldataDA(output, noDiff());
    }

    function testFuzz_NewBlockMustBeLater(uint256 number) public {
        settle(nothing, nothing);
        settle(nothing, nothing);
        uint256[] memory output = nextOutput(nothing, nothing);
        output[3] = bound(number, 0, 1);
        refuse(output, "INVALID_NEW_BLOCK_NUMBER");
    }

    function testFuzz_RangesOfBlocksSettle(uint256 last) public {
        uint256[] memory output = nextOutput(nothing, nothing);
        output[3] = last % FIELD_PRIME;
        establish(output, noDiff());
        core.updateStateCalldataDA(output, noDiff());
        assert(core.stateBlockNumber() == int256(output[3]));
    }

    function testFuzz_HeaderFlags(uint256 word) public {
        word = bound(word, 1, FIELD_PRIME - 1);
        uint256[] memory output = nextOutput(nothing, nothing);
        output[8] = word;
        refuse(output, "UNEXPECTED_KZG_DA_FLAG");
        output[8] = 0;
        output[9] = word;
        refuse(output, "FULL_OUTPUT_NOT_SUPPORTED");
        output[9] = 0;
        output[6] = word;
        if (word != PROGRAM_HASH) refuse(output, "AGGREGATOR_MODE_INVALID_OS_PROGRAM_HASH");
        output[6] = 0;
        output[7] = word;
        if (word != CONFIG_HASH) refuse(output, "INVALID_CONFIG_HASH");
    }

    function test_AggregatedOutputNeedsTheAggregatorsFact() public {
        uint256[] memory output = nextOutput(nothing, nothing);
        output[6] = PROGRAM_HASH;
        refuse(output, "NO_STATE_TRANSITION_PROOF");
        bytes32 fact = outputFact(output, noDiff());
        registry.registerFact(keccak256(abi.encode(AGGREGATOR_PROGRAM_HASH, fact)));
        core.updateStateCalldataDA(output, noDiff());
        assert(core.stateBlockNumber() == 0);
    }

    function testFuzz_WordsBeyondTheFieldAreRefused(uint256 index, uint256 word) public {
        uint256[] memory output = nextOutput(messageToL1(1, STRANGER, noDiff()), nothing);
        index = bound(index, 0, output.length - 1);
        // Earlier checks name these two.
        if (index == 2 || index == 8) return;
        output[index] = bound(word, FIELD_PRIME, type(uint256).max);
        refuse(output, "PROGRAM_OUTPUT_VALUE_OUT_OF_RANGE");
    }

    function testFuzz_TruncatedOutputIsRefused(uint256[] memory payload, uint256 length) public {
        payload = felts(payload, 10);
        uint256[] memory output = nextOutput(messageToL1(1, STRANGER, payload), nothing);
        length = bound(length, 0, output.length - 1);
        assembly ("memory-safe") {
            mstore(output, length)
        }
        establish(output, noDiff());
        vm.expectRevert();
        core.updateStateCalldataDA(output, noDiff());
        assert(core.stateBlockNumber() == -1);
    }

    function test_BrokenMessageSegmentsAreRefused() public {
        uint256[] memory message = messageToL1(1, STRANGER, noDiff());
        uint256[] memory output = nextOutput(message, nothing);
        output[10] = 2 ** 30;
        refuse(output, "INVALID_MESSAGE_SEGMENT_SIZE");
        output[10] = message.length - 1;
        refuse(output, "INVALID_MESSAGE_SEGMENT_SIZE");
        output[10] = message.length;
        output[13] = 2 ** 30;
        refuse(output, "INVALID_PAYLOAD_LENGTH");
        output[13] = 4;
        refuse(output, "TRUNCATED_MESSAGE_PAYLOAD");
        output[13] = 2;
        output[10] = message.length + 1;
        refuse(output, "MESSAGE_TOO_SHORT");
        refuse(new uint256[](10), "STARKNET_OUTPUT_TOO_SHORT");
    }

    function test_BrokenSegmentOfMessagesToL2IsRefused() public {
        vm.deal(address(this), 1);
        core.sendMessageToL2{value: 1}(1, 2, noDiff());
        uint256[] memory message = messageToL2(address(this), 1, 0, 2, noDiff());
        uint256[] memory output = nextOutput(nothing, message);
        output[11] = message.length - 1;
        refuse(output, "INVALID_MESSAGE_SEGMENT_SIZE");
        output[11] = message.length + 1;
        refuse(output, "MESSAGE_TOO_SHORT");
        output[11] = message.length;
        output[16] = 3;
        refuse(output, "TRUNCATED_MESSAGE_PAYLOAD");
    }

    function test_ExcessWordsAreRefused() public {
        uint256[] memory output = nextOutput(nothing, messageToL1(0, address(0), nothing));
        output[11] = 0;
        refuse(output, "STARKNET_OUTPUT_TOO_LONG");
    }

    function test_BadInitialization() public {
        vm.expectRevert(revertData("BAD_INITIALIZATION"));
        new StarknetCore(0, 0, registry, 0, StarknetCore.InitialState(0, -1, 0));
    }

    function test_CollectorMustAcceptEther() public {
        vm.expectRevert(revertData("ADDRESS_DOES_NOT_ACCEPT_ETH"));
        core.setFeeCollectionAddress(payable(address(registry)));
    }
}

/// @dev An operator that settles the next block while it is paid for this one.
contract ReentrantOperatorTest is CoreTest {
    bool private reenter;
    bytes32 private nestedOutcome;

    receive() external payable override {
        if (!reenter) return;
        reenter = false;
        uint256[] memory output = nextOutput(nothing, nothing);
        establish(output, noDiff());
        core.updateStateCalldataDA(output, noDiff());
    }

    function test_NestedUpdateIsUndone() public {
        vm.deal(address(this), 1);
        core.sendMessageToL2{value: 1}(1, 2, nothing);
        uint256[] memory output = nextOutput(nothing, messageToL2(address(this), 1, 0, 2, nothing));
        establish(output, noDiff());
        reenter = true;
        vm.expectRevert(revertData("REENTRANCY_FAILURE"));
        core.updateStateCalldataDA(output, noDiff());
        assert(core.stateBlockNumber() == -1);
        reenter = false;
        core.updateStateCalldataDA(output, noDiff());
        assert(core.stateBlockNumber() == 0);
    }
}

/// @dev An operator that takes no ether.
contract RefusingOperatorTest is CoreTest {
    receive() external payable override {
        revert("no, thanks");
    }

    function test_UpdateFailsIfFeesCannotBePaid() public {
        vm.deal(address(this), 1);
        core.sendMessageToL2{value: 1}(1, 2, nothing);
        uint256[] memory message = messageToL2(address(this), 1, 0, 2, nothing);
        refuse(nextOutput(nothing, message), "ETH_TRANSFER_FAILED");
    }
}

/// @dev An operator that uses the contract while it is paid: the update's messages are done by then.
contract BusyOperatorTest is CoreTest {
    bool private busy;
    bool private cancelled;

    receive() external payable override {
        if (!busy) return;
        busy = false;
        try core.cancelL1ToL2Message(1, 2, nothing, 0) {
            cancelled = true;
        } catch {}
        core.consumeMessageFromL2(7, nothing);
        core.sendMessageToL2{value: msg.value}(1, 2, nothing);
    }

    function testFuzz_FeesArePaidAfterTheMessagesAreDone(uint256 fee) public {
        fee = bound(fee, 1, 1 ether);
        vm.deal(address(this), fee);
        (bytes32 hash, ) = core.sendMessageToL2{value: fee}(1, 2, nothing);
        core.startL1ToL2MessageCancellation(1, 2, nothing, 0);
        vm.warp(block.timestamp + core.messageCancellationDelay());
        busy = true;
        settle(
            messageToL1(7, address(this), nothing),
            messageToL2(address(this), 1, 0, 2, nothing)
        );
        assert(!busy && !cancelled);
        assert(core.l1ToL2Messages(hash) == 0);
        assert(core.l1ToL2Messages(core.l1ToL2MsgHash(address(this), 1, 2, nothing, 1)) == fee + 1);
        assert(address(core).balance == fee && address(this).balance == 0);
        vm.expectRevert(revertData("INVALID_MESSAGE_TO_CONSUME"));
        core.consumeMessageFromL2(7, nothing);
    }
}
