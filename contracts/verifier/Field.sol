// SPDX-License-Identifier: MIT
pragma solidity ^0.8.29;

/// @dev The Stark prime, 2^251 + 17·2^192 + 1 (Cairo paper §3).
uint256 constant PRIME = 0x800000000000011000000000000000000000000000000000000000000000001;

/// @dev R^-1 mod PRIME for R = 2^256: brings Montgomery form back, a = mulmod(a·R, R^-1, PRIME).
uint256 constant MONTGOMERY_INVERSE =
    0x40000000000001100000000000012100000000000000000000000000000000;

/// @title The Stark field, as far as it needs more than `mulmod`.
library Field {
    /// @notice base^exponent mod PRIME, by the precompile at address 5 (EIP-198).
    function pow(uint256 base, uint256 exponent) internal view returns (uint256 result) {
        assembly ("memory-safe") {
            // Free memory: three lengths, base, exponent, modulus.
            let input := mload(0x40)
            mstore(input, 0x20)
            mstore(add(input, 0x20), 0x20)
            mstore(add(input, 0x40), 0x20)
            mstore(add(input, 0x60), base)
            mstore(add(input, 0x80), exponent)
            mstore(add(input, 0xa0), PRIME)
            // The result goes to scratch space. The call fails only for want of gas.
            if iszero(staticcall(gas(), 5, input, 0xc0, 0x00, 0x20)) {
                revert(0, 0)
            }
            result := mload(0x00)
        }
    }

    /// @notice 1/a; of 0 it is 0, which callers rule out.
    function inverse(uint256 a) internal view returns (uint256) {
        return pow(a, PRIME - 2);
    }

    /// @dev 3^((PRIME - 1)/2^64), of order 2^64, and its inverse.
    uint256 private constant ROOT_64 =
        0x114a27896d1fe4c5be965ba8dd54dbe7d3eef8ba72b1f03b0a6628d72fb8b0d;
    uint256 private constant INVERSE_ROOT_64 =
        0xb4d83180fd13191966471f1d457b209f453ccc9a6ca270418a2b86c1dbb4f6;

    /// @notice Generator of the subgroup of order 2^log, 3^((PRIME - 1)/2^log), log <= 64.
    function rootOfUnity(uint256 log) internal pure returns (uint256) {
        return _square(ROOT_64, 64 - log);
    }

    /// @notice 1/rootOfUnity(log).
    function inverseRootOfUnity(uint256 log) internal pure returns (uint256) {
        return _square(INVERSE_ROOT_64, 64 - log);
    }

    /// @dev a^(2^times), by squaring.
    function _square(uint256 a, uint256 times) private pure returns (uint256) {
        assembly ("memory-safe") {
            for {} times {
                times := sub(times, 1)
            } {
                a := mulmod(a, a, PRIME)
            }
        }
        return a;
    }
}
