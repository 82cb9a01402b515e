// SPDX-License-Identifier: MIT
pragma solidity ^0.8.29;

import {TokenBridge} from "../../contracts/examples/TokenBridge.sol";
import {vm} from "./support/Cheats.sol";
import {CoreTest} from "./support/CoreTest.sol";

/// @dev Random histories of the bridge, beside a model of its L2 side: the bridge always holds what
/// is on its way there, what is there, and what is on its way back.
contract BridgeHistoriesTest is CoreTest {
    enum Stage {
        Pending,
        Cancelling,
        Minted,
        Cancelled
    }

    struct Deposit {
        uint256 amount;
        Stage stage;
        uint256 cancellationRequest;
    }

    uint256 private constant L2_BRIDGE = 0xb21d6e;
    uint256 private constant L2_USER = 0x05e2;
    address private constant RECIPIENT = address(0xa11ce);
    uint256 private constant MAX_STEPS = 30;

    TokenBridge private bridge;
    Deposit[] private deposits;
    /// Withdrawals that have settled and were not paid out.
    uint256[] private withdrawals;
    uint256 private pending;
    uint256 private supply;
    uint256 private returning;
    uint256 private paidOut;

    function setUp() public override {
        super.setUp();
        bridge = new TokenBridge(core);
        bridge.setL2Bridge(L2_BRIDGE);
    }

    function testFuzz_HistoriesKeepTheEther(uint256[] memory steps) public {
        for (uint256 i = 0; i < steps.length && i < MAX_STEPS; i++) {
            step(steps[i] % 7, steps[i] / 7);
            assert(address(bridge).balance == pending + supply + returning);
            assert(RECIPIENT.balance == paidOut);
        }
    }

    function step(uint256 kind, uint256 choice) private {
        if (kind == 0 || deposits.length == 0) return deposit(choice % 10 ether);
        uint256 nonce = choice % deposits.length;
        if (kind == 1) startCancellation(nonce);
        else if (kind == 2) cancel(nonce);
        else if (kind == 3) handle(nonce);
        else if (kind == 4) burn(choice);
        else if (kind == 5) payOut(choice);
        else vm.warp(block.timestamp + (choice % 6 days));
    }

    function deposit(uint256 amount) private {
        vm.deal(address(this), amount + 1);
        uint256 nonce = bridge.deposit{value: amount + 1}(L2_USER, amount);
        assert(nonce == deposits.length);
        deposits.push(Deposit(amount, Stage.Pending, 0));
        pending += amount;
    }

    function isPending(uint256 nonce) private view returns (bool) {
        Stage stage = deposits[nonce].stage;
        return stage == Stage.Pending || stage == Stage.Cancelling;
    }

    function startCancellation(uint256 nonce) private {
        Deposit storage it = deposits[nonce];
        try bridge.startDepositCancellation(L2_USER, it.amount, nonce) {
            assert(isPending(nonce));
            it.stage = Stage.Cancelling;
            it.cancellationRequest = block.timestamp;
        } catch {
            assert(!isPending(nonce));
        }
    }

    function cancel(uint256 nonce) private {
        Deposit storage it = deposits[nonce];
        bool allowed =
            it.stage == Stage.Cancelling && block.timestamp >= it.cancellationRequest + 5 days;
        uint256 before = address(this).balance;
        try bridge.cancelDeposit(L2_USER, it.amount, nonce) {
            assert(allowed && address(this).balance - before == it.amount);
            it.stage = Stage.Cancelled;
            pending -= it.amount;
        } catch {
            assert(!allowed);
        }
    }

    /// @dev An update that says that L2 has minted the deposit.
    function handle(uint256 nonce) private {
        Deposit storage it = deposits[nonce];
        uint256[] memory message = messageToL2(
            address(bridge),
            L2_BRIDGE,
            nonce,
            bridge.DEPOSIT_SELECTOR(),
            payload(L2_USER, it.amount)
        );
        uint256[] memory output = nextOutput(nothing, message);
        establish(output, noDiff());
        try core.updateStateCalldataDA(output, noDiff()) {
            assert(isPending(nonce));
            it.stage = Stage.Minted;
            pending -= it.amount;
            supply += it.amount;
        } catch {
            assert(!isPending(nonce));
        }
    }

    /// @dev A withdrawal on L2 of what is there, and its block's update.
    function burn(uint256 choice) private {
        uint256 amount = choice % (supply + 1);
        uint256[] memory words = payload(uint160(RECIPIENT), amount);
        settle(messageToL1(L2_BRIDGE, address(bridge), words), nothing);
        withdrawals.push(amount);
        supply -= amount;
        returning += amount;
    }

    function payOut(uint256 choice) private {
        if (withdrawals.length == 0) return;
        uint256 index = choice % withdrawals.length;
        uint256 amount = withdrawals[index];
        bridge.withdraw(RECIPIENT, amount);
        withdrawals[index] = withdrawals[withdrawals.length - 1];
        withdrawals.pop();
        returning -= amount;
        paidOut += amount;
    }

    function payload(
        uint256 recipient,
        uint256 amount
    ) private pure returns (uint256[] memory words) {
        words = new uint256[](3);
        words[0] = recipient;
        words[1] = amount;
    }
}
