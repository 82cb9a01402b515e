// SPDX-License-Identifier: MIT
pragma solidity ^0.8.29;

import {TokenBridge} from "../../contracts/examples/TokenBridge.sol";
import {bound, concat, FIELD_PRIME, vm} from "./support/Cheats.sol";
import {CoreTest} from "./support/CoreTest.sol";

/// @dev Ether that was deposited leaves the bridge once: to whom L2 burnt tokens for, or back to
/// the depositor of a message that was cancelled. The core contract is the real one.
contract TokenBridgeTest is CoreTest {
    uint256 private constant L2_BRIDGE = 0xb21d6e;
    uint256 private constant ADDRESS_BOUND = 2 ** 251 - 256;
    /// starknet_keccak("handle_deposit"), as the Cairo compiler writes it into bridge.sierra.json.
    uint256 private constant DEPOSIT_SELECTOR =
        0x2d757788a8d8d6f21d1cd40bce38a8222d70654214e96ff95d8086e684fbee5;
    address private constant ALICE = address(0xa11ce);

    TokenBridge private bridge;

    function setUp() public override {
        super.setUp();
        bridge = new TokenBridge(core);
        bridge.setL2Bridge(L2_BRIDGE);
    }

    function payload(
        uint256 recipient,
        uint256 amount
    ) private pure returns (uint256[] memory words) {
        words = new uint256[](3);
        words[0] = recipient;
        words[1] = amount & type(uint128).max;
        words[2] = amount >> 128;
    }

    function depositMessage(
        uint256 to,
        uint256 amount,
        uint256 nonce
    ) private view returns (uint256[] memory) {
        uint256[] memory words = payload(to, amount);
        return messageToL2(address(bridge), L2_BRIDGE, nonce, DEPOSIT_SELECTOR, words);
    }

    function withdrawal(address to, uint256 amount) private view returns (uint256[] memory) {
        return messageToL1(L2_BRIDGE, address(bridge), payload(uint160(to), amount));
    }

    /// @dev A deposit of ALICE's.
    function deposit(uint256 to, uint256 amount, uint256 fee) private returns (uint256) {
        vm.deal(ALICE, amount + fee);
        vm.prank(ALICE);
        return bridge.deposit{value: amount + fee}(to, amount);
    }

    function testFuzz_DepositLocksTheAmountAndSendsItsMessage(
        uint256 to,
        uint256 amount,
        uint256 fee
    ) public {
        to = bound(to, 1, ADDRESS_BOUND - 1);
        amount = bound(amount, 0, type(uint200).max);
        fee = bound(fee, 1, 1 ether);
        uint256 nonce = deposit(to, amount, fee);
        assert(address(bridge).balance == amount && address(core).balance == fee);
        assert(bridge.depositorOf(nonce) == ALICE);
        bytes32 hash = keccak256(abi.encodePacked(depositMessage(to, amount, nonce)));
        assert(core.l1ToL2Messages(hash) == fee + 1);
        settle(nothing, depositMessage(to, amount, nonce));
        assert(core.l1ToL2Messages(hash) == 0 && address(bridge).balance == amount);
    }

    function testFuzz_NoDepositToWhatIsNoAddress(uint256 to) public {
        to = to % 2 == 0 ? 0 : bound(to, ADDRESS_BOUND, type(uint256).max);
        vm.expectRevert(abi.encodeWithSelector(TokenBridge.InvalidL2Address.selector, to));
        bridge.deposit{value: 2}(to, 1);
    }

    function testFuzz_NoDepositWithoutFee(uint256 value, uint256 amount) public {
        value = bound(value, 0, 1 ether);
        amount = bound(amount, value, type(uint256).max);
        vm.deal(address(this), value);
        vm.expectRevert(abi.encodeWithSelector(TokenBridge.NoMessageFee.selector, value, amount));
        bridge.deposit{value: value}(1, amount);
    }

    function testFuzz_FeeAboveTheCoresLimitIsRefused(uint256 fee) public {
        fee = bound(fee, 1 ether + 1, type(uint128).max);
        vm.deal(address(this), fee + 1);
        vm.expectRevert(revertData("MAX_L1_MSG_FEE_EXCEEDED"));
        bridge.deposit{value: fee + 1}(1, 1);
    }

    function testFuzz_WithdrawalPaysOnce(uint160 to, uint256 amount, uint256 rest) public {
        address recipient = address(uint160(bound(to, 0x10000, type(uint160).max)));
        amount = bound(amount, 0, type(uint200).max);
        rest = bound(rest, 0, type(uint200).max);
        if (recipient.code.length > 0 || uint160(recipient) == uint160(address(vm))) return;
        deposit(1, amount + rest, 1);
        vm.expectRevert(revertData("INVALID_MESSAGE_TO_CONSUME"));
        bridge.withdraw(recipient, amount);
        settle(withdrawal(recipient, amount), nothing);
        uint256 before = recipient.balance;
        vm.prank(STRANGER);
        bridge.withdraw(recipient, amount);
        assert(recipient.balance - before == amount && address(bridge).balance == rest);
        vm.expectRevert(revertData("INVALID_MESSAGE_TO_CONSUME"));
        bridge.withdraw(recipient, amount);
    }

    function testFuzz_ForgedWithdrawalIsRefused(uint256 amount, uint256 asked, uint160 to) public {
        amount = bound(amount, 0, type(uint128).max);
        deposit(1, amount, 1);
        settle(withdrawal(ALICE, amount), nothing);
        if (amount == asked && to == uint160(ALICE)) return;
        vm.expectRevert(revertData("INVALID_MESSAGE_TO_CONSUME"));
        bridge.withdraw(address(to), asked);
    }

    function testFuzz_WithdrawalOfAnotherContractIsRefused(uint256 from) public {
        from %= FIELD_PRIME;
        if (from == L2_BRIDGE) return;
        deposit(1, 1 ether, 1);
        settle(messageToL1(from, address(bridge), payload(uint160(ALICE), 1 ether)), nothing);
        vm.expectRevert(revertData("INVALID_MESSAGE_TO_CONSUME"));
        bridge.withdraw(ALICE, 1 ether);
    }

    function test_RecipientThatRefusesEtherLosesNothing() public {
        deposit(1, 5, 1);
        settle(withdrawal(address(registry), 5), nothing);
        vm.expectRevert(abi.encodeWithSelector(TokenBridge.TransferFailed.selector));
        bridge.withdraw(address(registry), 5);
        assert(
            core.l2ToL1Messages(keccak256(abi.encodePacked(withdrawal(address(registry), 5)))) == 1
        );
    }

    function testFuzz_CancelledDepositIsPaidBackOnce(uint256 to, uint256 amount) public {
        to = bound(to, 1, ADDRESS_BOUND - 1);
        amount = bound(amount, 0, type(uint200).max);
        uint256 nonce = deposit(to, amount, 3);
        startCancellation(to, amount, nonce);
        vm.warp(block.timestamp + core.messageCancellationDelay());
        cancel(to, amount, nonce);
        // The fee stays with the core contract.
        assert(ALICE.balance == amount && address(bridge).balance == 0);
        vm.expectRevert(revertData("NO_MESSAGE_TO_CANCEL"));
        cancel(to, amount, nonce);
        refuse(
            nextOutput(nothing, depositMessage(to, amount, nonce)),
            "INVALID_MESSAGE_TO_CONSUME"
        );
    }

    function testFuzz_CancellationWaits(uint256 passed) public {
        uint256 nonce = deposit(1, 1 ether, 1);
        startCancellation(1, 1 ether, nonce);
        vm.warp(block.timestamp + bound(passed, 0, core.messageCancellationDelay() - 1));
        vm.expectRevert(revertData("MESSAGE_CANCELLATION_NOT_ALLOWED_YET"));
        cancel(1, 1 ether, nonce);
    }

    function test_HandledDepositIsNotPaidBack() public {
        uint256 nonce = deposit(1, 1 ether, 1);
        startCancellation(1, 1 ether, nonce);
        settle(nothing, depositMessage(1, 1 ether, nonce));
        vm.warp(block.timestamp + core.messageCancellationDelay());
        vm.expectRevert(revertData("NO_MESSAGE_TO_CANCEL"));
        cancel(1, 1 ether, nonce);
    }

    function testFuzz_DepositIsNotPaidBackAsAnother(
        uint256 to,
        uint256 amount,
        uint256 nonce
    ) public {
        uint256 first = deposit(1, 1 ether, 1);
        uint256 second = deposit(1, 2 ether, 1);
        startCancellation(1, 1 ether, first);
        vm.warp(block.timestamp + core.messageCancellationDelay());
        nonce = bound(nonce, first, second);
        if (nonce == first && amount == 1 ether && to == 1) return;
        try this.tryCancel(to, amount, nonce) {
            assert(false);
        } catch {}
        assert(address(bridge).balance == 3 ether);
    }

    function tryCancel(uint256 to, uint256 amount, uint256 nonce) external {
        cancel(to, amount, nonce);
    }

    function testFuzz_OnlyTheDepositorCancels(address caller) public {
        if (caller == ALICE) return;
        uint256 nonce = deposit(1, 1, 1);
        vm.prank(caller);
        vm.expectRevert(abi.encodeWithSelector(TokenBridge.OnlyDepositor.selector));
        bridge.startDepositCancellation(1, 1, nonce);
        startCancellation(1, 1, nonce);
        vm.warp(block.timestamp + core.messageCancellationDelay());
        vm.prank(caller);
        vm.expectRevert(abi.encodeWithSelector(TokenBridge.OnlyDepositor.selector));
        bridge.cancelDeposit(1, 1, nonce);
    }

    /// @dev A withdrawal's recipient, and a cancelling depositor, that come back for more.
    function test_ReentrancyPaysOnce() public {
        Greedy greedy = new Greedy(bridge);
        deposit(1, 10, 1);
        settle(withdrawal(address(greedy), 4), nothing);
        vm.expectRevert(abi.encodeWithSelector(TokenBridge.TransferFailed.selector));
        bridge.withdraw(address(greedy), 4);
        settle(withdrawal(address(greedy), 4), nothing);
        // Two withdrawals are there now: it gets both, and no third.
        vm.expectRevert(abi.encodeWithSelector(TokenBridge.TransferFailed.selector));
        bridge.withdraw(address(greedy), 4);
        greedy.calm();
        bridge.withdraw(address(greedy), 4);
        bridge.withdraw(address(greedy), 4);
        assert(address(greedy).balance == 8 && address(bridge).balance == 2);
    }

    function test_TheOtherSideIsNamedOnceByTheOwner() public {
        vm.expectRevert(abi.encodeWithSelector(TokenBridge.L2BridgeAlreadySet.selector));
        bridge.setL2Bridge(1);
        TokenBridge fresh = new TokenBridge(core);
        vm.expectRevert(abi.encodeWithSelector(TokenBridge.L2BridgeNotSet.selector));
        fresh.deposit{value: 2}(1, 1);
        vm.expectRevert(abi.encodeWithSelector(TokenBridge.InvalidL2Address.selector, uint256(0)));
        fresh.setL2Bridge(0);
        vm.prank(STRANGER);
        vm.expectRevert(abi.encodeWithSelector(TokenBridge.OnlyOwner.selector));
        fresh.setL2Bridge(1);
    }

    function startCancellation(uint256 to, uint256 amount, uint256 nonce) private {
        vm.prank(ALICE);
        bridge.startDepositCancellation(to, amount, nonce);
    }

    function cancel(uint256 to, uint256 amount, uint256 nonce) private {
        vm.prank(ALICE);
        bridge.cancelDeposit(to, amount, nonce);
    }
}

/// @dev Asks for every withdrawal again while it is being paid.
contract Greedy {
    TokenBridge private immutable bridge;
    bool private isCalm;

    constructor(TokenBridge bridge_) {
        bridge = bridge_;
    }

    function calm() external {
        isCalm = true;
    }

    receive() external payable {
        if (!isCalm) bridge.withdraw(address(this), msg.value);
    }
}
