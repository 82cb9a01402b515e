// SPDX-License-Identifier: MIT
pragma solidity ^0.8.29;

/// @dev The cheatcodes of Hardhat's Solidity test runner that these tests use.
interface Vm {
    function prank(address caller) external;

    function warp(uint256 timestamp) external;

    function deal(address account, uint256 balance) external;

    function expectRevert(bytes calldata reason) external;

    function expectRevert() external;
}

Vm constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));

uint256 constant FIELD_PRIME = 2 ** 251 + 17 * 2 ** 192 + 1;

/// @dev Maps any value into [low, high].
function bound(uint256 value, uint256 low, uint256 high) pure returns (uint256) {
    return high - low == type(uint256).max ? value : low + (value % (high - low + 1));
}

/// @dev Makes field elements of the values, and at most `maxLength` of them.
function felts(uint256[] memory values, uint256 maxLength) pure returns (uint256[] memory) {
    if (values.length > maxLength) {
        assembly ("memory-safe") {
            mstore(values, maxLength)
        }
    }
    for (uint256 i = 0; i < values.length; i++) values[i] %= FIELD_PRIME;
    return values;
}

function concat(
    uint256[] memory head,
    uint256[] memory tail
) pure returns (uint256[] memory joined) {
    joined = new uint256[](head.length + tail.length);
    for (uint256 i = 0; i < head.length; i++) joined[i] = head[i];
    for (uint256 i = 0; i < tail.length; i++) joined[head.length + i] = tail[i];
}
