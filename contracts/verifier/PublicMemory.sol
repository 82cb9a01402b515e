// SPDX-License-Identifier: MIT
pragma solidity ^0.8.29;

import {Field, PRIME} from "./Field.sol";

/// @title Public memory: hashes and products of its pages (protocol spec §6.2).
/// @notice The product of a page is Π (z - (address + α·value)) over its cells.
library PublicMemory {
    error CellOutOfRange();

    /// @dev The largest field element, PRIME - 1.
    uint256 private constant MAXIMUM =
        0x800000000000011000000000000000000000000000000000000000000000000;
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
            let end := add(pairs, shl(6, count))
            let word
            let value
            product := 1
            // Anything out of range leaves a bit in `wide`.
            for {} iszero(lt(sub(end, pairs), 0x100)) {
                pairs := add(pairs, 0x100)
            } {
                word := mload(pairs)
                value := mload(add(pairs, 0x20))
                wide := or(wide, or(shr(64, word), gt(value, MAXIMUM)))
                word := sub(shifted, add(word, mulmod(alpha, value, PRIME)))
                product := mulmod(product, word, PRIME)
                word := mload(add(pairs, 0x40))
                value := mload(add(pairs, 0x60))
                wide := or(wide, or(shr(64, word), gt(value, MAXIMUM)))
                word := sub(shifted, add(word, mulmod(alpha, value, PRIME)))
                product := mulmod(product, word, PRIME)
                word := mload(add(pairs, 0x80))
                value := mload(add(pairs, 0xa0))
                wide := or(wide, or(shr(64, word), gt(value, MAXIMUM)))
                word := sub(shifted, add(word, mulmod(alpha, value, PRIME)))
                product := mulmod(product, word, PRIME)
                word := mload(add(pairs, 0xc0))
                value := mload(add(pairs, 0xe0))
                wide := or(wide, or(shr(64, word), gt(value, MAXIMUM)))
                word := sub(shifted, add(word, mulmod(alpha, value, PRIME)))
                product := mulmod(product, word, PRIME)
            }
            for {} lt(pairs, end) {
                pairs := add(pairs, 0x40)
            } {
                word := mload(pairs)
                value := mload(add(pairs, 0x20))
                wide := or(wide, or(shr(64, word), gt(value, MAXIMUM)))
                word := sub(shifted, add(word, mulmod(alpha, value, PRIME)))
                product := mulmod(product, word, PRIME)
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
            let end := add(values, shl(5, count))
            let value
            product := 1
            for {} iszero(lt(sub(end, values), 0x100)) {
                values := add(values, 0x100)
            } {
                value := mload(values)
                wide := or(wide, gt(value, MAXIMUM))
                value := sub(shifted, mulmod(alpha, value, PRIME))
                product := mulmod(product, value, PRIME)
                value := mload(add(values, 0x20))
                wide := or(wide, gt(value, MAXIMUM))
                value := sub(sub(shifted, 1), mulmod(alpha, value, PRIME))
                product := mulmod(product, value, PRIME)
                value := mload(add(values, 0x40))
                wide := or(wide, gt(value, MAXIMUM))
                value := sub(sub(shifted, 2), mulmod(alpha, value, PRIME))
                product := mulmod(product, value, PRIME)
                value := mload(add(values, 0x60))
                wide := or(wide, gt(value, MAXIMUM))
                value := sub(sub(shifted, 3), mulmod(alpha, value, PRIME))
                product := mulmod(product, value, PRIME)
                value := mload(add(values, 0x80))
                wide := or(wide, gt(value, MAXIMUM))
                value := sub(sub(shifted, 4), mulmod(alpha, value, PRIME))
                product := mulmod(product, value, PRIME)
                value := mload(add(values, 0xa0))
                wide := or(wide, gt(value, MAXIMUM))
                value := sub(sub(shifted, 5), mulmod(alpha, value, PRIME))
                product := mulmod(product, value, PRIME)
                value := mload(add(values, 0xc0))
                wide := or(wide, gt(value, MAXIMUM))
                value := sub(sub(shifted, 6), mulmod(alpha, value, PRIME))
                product := mulmod(product, value, PRIME)
                value := mload(add(values, 0xe0))
                wide := or(wide, gt(value, MAXIMUM))
                value := sub(sub(shifted, 7), mulmod(alpha, value, PRIME))
                product := mulmod(product, value, PRIME)
                shifted := sub(shifted, 8)
            }
            for {} lt(values, end) {
                values := add(values, 0x20)
            } {
                value := mload(values)
                wide := or(wide, gt(value, MAXIMUM))
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
