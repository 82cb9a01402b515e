// SPDX-License-Identifier: MIT
pragma solidity ^0.8.29;

import {StarknetCore} from "../../../contracts/core/StarknetCore.sol";
import {UnprovenFactRegistry} from "../../../contracts/core/UnprovenFactRegistry.sol";
import {concat, FIELD_PRIME, vm} from "./Cheats.sol";

/// @dev A core contract before its first block, and updates that fit to it. The test is its
/// governor, its operator and the owner of its fact registry.
abstract contract CoreTest {
    uint256 internal constant PROGRAM_HASH = 0x05;
    uint256 internal constant AGGREGATOR_PROGRAM_HASH = 0xa6;
    uint256 internal constant CONFIG_HASH = 0xc0;
    address internal constant STRANGER = address(0x57a);

    UnprovenFactRegistry internal registry;
    StarknetCore internal core;
    uint256[] internal nothing;

    function setUp() public virtual {
        registry = new UnprovenFactRegistry(address(this));
        core = new StarknetCore(
            PROGRAM_HASH,
            AGGREGATOR_PROGRAM_HASH,
            registry,
            CONFIG_HASH,
            StarknetCore.InitialState({globalRoot: 0, blockNumber: -1, blockHash: 0})
        );
        core.registerOperator(address(this));
    }

    /// @dev Fees of messages come here.
    receive() external payable virtual {}

    /// @dev Output of the block after the settled one; `toL1` and `toL2` are words of messages.
    function nextOutput(
        uint256[] memory toL1,
        uint256[] memory toL2
    ) internal view returns (uint256[] memory) {
        int256 number = core.stateBlockNumber();
        uint256[] memory header = new uint256[](11);
        header[0] = core.stateRoot();
        header[1] = uint256(keccak256(abi.encode("root", number))) % FIELD_PRIME;
        header[2] = number == -1 ? FIELD_PRIME - 1 : uint256(number);
        header[3] = uint256(number + 1);
        header[4] = core.stateBlockHash();
        header[5] = uint256(keccak256(abi.encode("hash", number))) % FIELD_PRIME;
        header[7] = CONFIG_HASH;
        header[10] = toL1.length;
        uint256[] memory toL2Size = new uint256[](1);
        toL2Size[0] = toL2.length;
        return concat(concat(header, toL1), concat(toL2Size, toL2));
    }

    /// @dev Root of the output's tree for data of one page.
    function outputFact(
        uint256[] memory main,
        uint256[] memory data
    ) internal pure returns (bytes32) {
        uint256 size = main.length + data.length;
        bytes32 page = keccak256(abi.encodePacked(data));
        uint256 dataNode = uint256(keccak256(abi.encode(page, size))) + 1;
        bytes32 mainPage = keccak256(abi.encodePacked(main));
        return bytes32(uint256(keccak256(abi.encode(mainPage, main.length, dataNode, size))) + 1);
    }

    /// @dev Makes the output true in the eyes of the core contract.
    function establish(uint256[] memory main, uint256[] memory data) internal {
        registry.registerFact(keccak256(abi.encode(PROGRAM_HASH, outputFact(main, data))));
    }

    function noDiff() internal pure returns (uint256[] memory) {
        return new uint256[](2);
    }

    /// @dev Settles one block with these messages.
    function settle(uint256[] memory toL1, uint256[] memory toL2) internal {
        uint256[] memory output = nextOutput(toL1, toL2);
        establish(output, noDiff());
        core.updateStateCalldataDA(output, noDiff());
    }

    /// @dev Establishes the output, but the update must fail.
    function refuse(uint256[] memory output, string memory reason) internal {
        establish(output, noDiff());
        vm.expectRevert(revertData(reason));
        core.updateStateCalldataDA(output, noDiff());
    }

    function revertData(string memory reason) internal pure returns (bytes memory) {
        return abi.encodeWithSignature("Error(string)", reason);
    }

    function messageToL1(
        uint256 from,
        address to,
        uint256[] memory payload
    ) internal pure returns (uint256[] memory) {
        uint256[] memory prefix = new uint256[](3);
        prefix[0] = from;
        prefix[1] = uint256(uint160(to));
        prefix[2] = payload.length;
        return concat(prefix, payload);
    }

    function messageToL2(
        address from,
        uint256 to,
        uint256 nonce,
        uint256 selector,
        uint256[] memory payload
    ) internal pure returns (uint256[] memory) {
        uint256[] memory prefix = new uint256[](5);
        prefix[0] = uint256(uint160(from));
        prefix[1] = to;
        prefix[2] = nonce;
        prefix[3] = selector;
        prefix[4] = payload.length;
        return concat(prefix, payload);
    }
}
