// SPDX-License-Identifier: MIT
pragma solidity ^0.8.29;

import {Field, PRIME} from "./Field.sol";

/// @title Public memory: hashes and products of its pages (protocol spec §6.2).
/// @notice The product of a page is Π (z - (address + α·value)) over its cells.
library PublicMemory {
    error CellOutOfRange();

    uint256 private constant TWICE_PRIME =
        0x1000000000000022000000000000000000000000000000000000000000000002;

    /// @notice The product of (address, value) pairs, two words each, in memory.
    /// @dev Reverts for an address from 2^64 on or a value that is not below the prime.
    function pairsProduct(
        uint256 pairs,
        uint256 count,
        uint256 z,
        uint256 alpha
    ) internal pure returns (uint256 product) {
        uint256 wide;
        assembly ("memory-safe") {
            // address + α·value is below 2·PRIME.
            let shifted := add(z, TWICE_PRIME)
            product := 1
            for {
                let end := add(pairs, shl(6, count))
            } lt(pairs, end) {
                pairs := add(pairs, 0x40)
            } {
                let address_ := mload(pairs)
                let value := mload(add(pairs, 0x20))
                // Anything out of range leaves a bit in `wide`.
                wide := or(wide, or(shr(64, address_), gt(value, sub(PRIME, 1))))
                product := mulmod(
                    product,
                    sub(shifted, add(address_, mulmod(alpha, value, PRIME))),
                    PRIME
                )
            }
        }
        if (wide != 0) revert CellOutOfRange();
    }

    /// @notice The product of values in memory that stand at consecutive addresses.
    /// @param start First address, below 2^64.
    function valuesProduct(
        uint256 start,
        uint256 values,
        uint256 count,
        uint256 z,
        uint256 alpha
    ) internal pure returns (uint256 product) {
        if (start >= 2 ** 64 || count >= 2 ** 30) revert CellOutOfRange();
        uint256 wide;
        assembly ("memory-safe") {
            // z + 2·PRIME - address, one less at each step.
            let shifted := sub(add(z, TWICE_PRIME), start)
            product := 1
            for {
                let end := add(values, shl(5, count))
            } lt(values, end) {
                values := add(values, 0x20)
            } {
                let value := mload(values)
                wide := or(wide, gt(value, sub(PRIME, 1)))
                product := mulmod(product, sub(shifted, mulmod(alpha, value, PRIME)), PRIME)
                shifted := sub(shifted, 1)
            }
        }
        if (wide != 0) revert CellOutOfRange();
    }

    /// @notice z^S / ((z - (a + α·v))^(S - n) · product): what the running product of the memory
    /// argument must come to (protocol spec §5.1).
    /// @param logSlots S = 2^logSlots slots of public memory.
    /// @param cells n, how many of them are used.
    /// @param padding The factor z - (a + α·v) of the padding cell.
    /// @param product The product of all pages. A product of 0 gives 0, which the memory argument
    /// cannot meet: its running product has no zero denominators.
    function quotient(
        uint256 z,
        uint256 logSlots,
        uint256 cells,
        uint256 padding,
        uint256 product
    ) internal view returns (uint256) {
        uint256 filler = Field.pow(padding, (1 << logSlots) - cells);
        uint256 divisor = mulmod(filler, product, PRIME);
        if (divisor == 0) revert CellOutOfRange();
        return mulmod(Field.pow(z, 1 << logSlots), Field.inverse(divisor), PRIME);
    }
}
