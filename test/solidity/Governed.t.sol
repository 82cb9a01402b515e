// SPDX-License-Identifier: MIT
pragma solidity ^0.8.29;

import {UnprovenFactRegistry} from "../../contracts/core/UnprovenFactRegistry.sol";
import {vm} from "./support/Cheats.sol";
import {CoreTest} from "./support/CoreTest.sol";

/// @dev Governors own the settings; nobody else does, and after `finalize` not even they.
contract GovernedTest is CoreTest {
    function settings() private pure returns (bytes[4] memory) {
        return
            [
                abi.encodeWithSignature("setProgramHash(uint256)", 1),
                abi.encodeWithSignature("setAggregatorProgramHash(uint256)", 2),
                abi.encodeWithSignature("setConfigHash(uint256)", 3),
                abi.encodeWithSignature("setMessageCancellationDelay(uint256)", 4)
            ];
    }

    function refused(bytes memory call, string memory reason) private {
        (bool done, bytes memory data) = address(core).call(call);
        assert(!done && keccak256(data) == keccak256(revertData(reason)));
    }

    function testFuzz_OnlyGovernorsGovern(address caller) public {
        if (caller == address(this)) return;
        bytes[4] memory calls = settings();
        for (uint256 i = 0; i < 4; i++) {
            vm.prank(caller);
            refused(calls[i], "ONLY_GOVERNANCE");
        }
        string[7] memory others = [
            "registerOperator(address)",
            "unregisterOperator(address)",
            "setFeeCollectionAddress(address)",
            "starknetNominateNewGovernor(address)",
            "starknetRemoveGovernor(address)",
            "starknetCancelNomination()",
            "finalize()"
        ];
        for (uint256 i = 0; i < 7; i++) {
            vm.prank(caller);
            refused(abi.encodeWithSignature(others[i], caller), "ONLY_GOVERNANCE");
        }
    }

    function test_GovernorsChangeSettings() public {
        bytes[4] memory calls = settings();
        for (uint256 i = 0; i < 4; i++) {
            (bool done, ) = address(core).call(calls[i]);
            assert(done);
        }
        assert(core.programHash() == 1 && core.aggregatorProgramHash() == 2);
        assert(core.configHash() == 3 && core.messageCancellationDelay() == 4);
    }

    function test_FinalizedSettingsStay() public {
        core.finalize();
        bytes[4] memory calls = settings();
        for (uint256 i = 0; i < 4; i++) refused(calls[i], "FINALIZED");
        refused(abi.encodeWithSignature("finalize()"), "FINALIZED");
        core.registerOperator(STRANGER);
        assert(core.isFinalized() && core.isOperator(STRANGER));
    }

    function testFuzz_GovernorsPassOnTheirOffice(address successor) public {
        if (successor == address(this) || successor == address(0)) return;
        core.starknetNominateNewGovernor(successor);
        assert(!core.starknetIsGovernor(successor));
        vm.expectRevert(revertData("OTHER_CANDIDATE_PENDING"));
        core.starknetNominateNewGovernor(STRANGER == successor ? address(1) : STRANGER);
        vm.expectRevert(revertData("ONLY_CANDIDATE_GOVERNOR"));
        core.starknetAcceptGovernance();
        vm.prank(successor);
        core.starknetAcceptGovernance();
        assert(core.starknetIsGovernor(successor));
        // A nomination is good for one acceptance: who is removed later cannot come back by it.
        vm.prank(successor);
        vm.expectRevert(revertData("ONLY_CANDIDATE_GOVERNOR"));
        core.starknetAcceptGovernance();
        vm.expectRevert(revertData("ALREADY_GOVERNOR"));
        core.starknetNominateNewGovernor(successor);
        vm.expectRevert(revertData("GOVERNOR_SELF_REMOVE"));
        core.starknetRemoveGovernor(address(this));
        vm.prank(successor);
        core.starknetRemoveGovernor(address(this));
        assert(!core.starknetIsGovernor(address(this)));
    }

    function test_NominationIsCancelled() public {
        core.starknetNominateNewGovernor(STRANGER);
        core.starknetCancelNomination();
        core.starknetCancelNomination();
        vm.prank(STRANGER);
        vm.expectRevert(revertData("ONLY_CANDIDATE_GOVERNOR"));
        core.starknetAcceptGovernance();
        vm.expectRevert(revertData("BAD_ADDRESS"));
        core.starknetNominateNewGovernor(address(0));
        vm.expectRevert(revertData("NOT_GOVERNOR"));
        core.starknetRemoveGovernor(STRANGER);
    }
}

contract UnprovenFactRegistryTest {
    function testFuzz_OnlyTheOwnerRegisters(address owner, address caller, bytes32 fact) public {
        UnprovenFactRegistry registry = new UnprovenFactRegistry(owner);
        assert(!registry.isValid(fact));
        if (caller != owner) {
            vm.prank(caller);
            vm.expectRevert(
                abi.encodeWithSelector(UnprovenFactRegistry.OnlyOwner.selector, caller)
            );
            registry.registerFact(fact);
            assert(!registry.isValid(fact));
        }
        vm.prank(owner);
        registry.registerFact(fact);
        assert(registry.isValid(fact));
        assert(!registry.isValid(keccak256(abi.encode(fact))));
    }
}
