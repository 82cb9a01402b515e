// SPDX-License-Identifier: MIT
pragma solidity ^0.8.29;

import {concat, vm} from "./support/Cheats.sol";
import {CoreTest} from "./support/CoreTest.sol";

/// @dev Random histories of messages to L2, beside a model of what has to happen.
contract MessageHistoriesTest is CoreTest {
    struct Message {
        uint256 fee;
        bool pending;
        uint256 cancellationRequest;
    }

    uint256 private constant TO = 0x7a9;
    uint256 private constant SELECTOR = 0x5e1;
    uint256 private constant MAX_STEPS = 30;

    Message[] private messages;
    uint256 private held;
    uint256 private paid;
    int256 private lastBlock = -1;

    function setUp() public override {
        super.setUp();
        vm.deal(address(this), 0);
    }

    function testFuzz_HistoriesKeepTheAccounts(uint256[] memory steps) public {
        for (uint256 i = 0; i < steps.length && i < MAX_STEPS; i++) {
            step(steps[i] % 6, steps[i] / 6);
            check();
        }
    }

    function step(uint256 kind, uint256 choice) private {
        if (kind == 0 || messages.length == 0) return send(1 + (choice % 1 ether));
        uint256 nonce = choice % messages.length;
        if (kind == 1) requestCancellation(nonce);
        else if (kind == 2) cancel(nonce);
        else if (kind == 3) consume(nonce, 1);
        else if (kind == 4) consume(nonce, 2);
        else vm.warp(block.timestamp + (choice % 6 days));
    }

    function send(uint256 fee) private {
        vm.deal(address(this), address(this).balance + fee);
        core.sendMessageToL2{value: fee}(TO, SELECTOR, nothing);
        messages.push(Message(fee, true, 0));
        held += fee;
    }

    function requestCancellation(uint256 nonce) private {
        Message storage message = messages[nonce];
        try core.startL1ToL2MessageCancellation(TO, SELECTOR, nothing, nonce) {
            assert(message.pending);
            message.cancellationRequest = block.timestamp;
        } catch {
            assert(!message.pending);
        }
    }

    function cancel(uint256 nonce) private {
        Message storage message = messages[nonce];
        uint256 request = message.cancellationRequest;
        bool allowed = message.pending && request != 0 && block.timestamp >= request + 5 days;
        try core.cancelL1ToL2Message(TO, SELECTOR, nothing, nonce) {
            assert(allowed);
            message.pending = false;
        } catch {
            assert(!allowed);
        }
    }

    /// @dev An update that lists the message `times` times.
    function consume(uint256 nonce, uint256 times) private {
        Message storage message = messages[nonce];
        uint256[] memory words = messageToL2(address(this), TO, nonce, SELECTOR, nothing);
        uint256[] memory output = nextOutput(nothing, times == 1 ? words : concat(words, words));
        establish(output, noDiff());
        try core.updateStateCalldataDA(output, noDiff()) {
            assert(message.pending && times == 1);
            message.pending = false;
            held -= message.fee;
            paid += message.fee;
            lastBlock += 1;
        } catch {
            assert(!message.pending || times == 2);
        }
    }

    /// @dev `held` has the fees of cancelled messages, too: they stay in the contract.
    function check() private view {
        assert(address(core).balance == held);
        assert(address(this).balance == paid);
        assert(core.stateBlockNumber() == lastBlock);
        for (uint256 nonce = 0; nonce < messages.length; nonce++) {
            Message storage message = messages[nonce];
            bytes32 hash = core.l1ToL2MsgHash(address(this), TO, SELECTOR, nothing, nonce);
            assert(core.l1ToL2Messages(hash) == (message.pending ? message.fee + 1 : 0));
        }
    }
}
