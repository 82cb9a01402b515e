// SPDX-License-Identifier: MIT
pragma solidity ^0.8.29;

import {Field, PRIME} from "./Field.sol";

/// @title Public memory: hashes and products of its pages (protocol spec §6.2).
/// @notice The memory argument takes Π (z - (address + α·value)) over the cells. Here every factor is
/// divided by α, so that a cell costs one product instead of two: a page's product is
/// Π (z' - address/α - value) with z' = z/α.
library PublicMemory {
    error CellOutOfRange();

    /// @dev The largest field element, PRIME - 1.
    uint256 private constant MAXIMUM =
        0x800000000000011000000000000000000000000000000000000000000000000;

    /// @notice z/α and 1/α, which the products take.
    function scale(uint256 z, uint256 alpha) internal view returns (uint256 scaled, uint256 step) {
        if (alpha == 0) revert CellOutOfRange();
        step = Field.inverse(alpha);
        scaled = mulmod(z, step, PRIME);
    }

    /// @notice The product of (address, value) pairs, two words each, in memory.
    /// @dev Reverts for an address from 2^64 on or a value that is not below the prime.
    function pairsProduct(
        uint256 pairs,
        uint256 count,
        uint256 scaled,
        uint256 step
    ) internal pure returns (uint256 product) {
        uint256 wide;
        assembly ("memory-safe") {
            let p := PRIME
            // address/α + value is below 2·PRIME.
            scaled := add(scaled, shl(1, p))
            product := 1
            for {
                let end := add(pairs, shl(6, count))
            } lt(pairs, end) {
                pairs := add(pairs, 0x40)
            } {
                let cell := mload(pairs)
                let value := mload(add(pairs, 0x20))
                // Anything out of range leaves a bit in `wide`.
                wide := or(wide, or(shr(64, cell), gt(value, MAXIMUM)))
                cell := sub(scaled, add(mulmod(step, cell, p), value))
                product := mulmod(product, cell, p)
            }
        }
        if (wide != 0) revert CellOutOfRange();
    }

    /// @notice Reverts if a value in memory is not below the prime, as those of `valuesProduct` must be.
    function checkValues(uint256 values, uint256 count) internal pure {
        uint256 wide;
        assembly ("memory-safe") {
            for {
                let end := add(values, shl(5, count))
            } lt(values, end) {
                values := add(values, 0x20)
            } {
                wide := or(wide, gt(mload(values), MAXIMUM))
            }
        }
        if (wide != 0) revert CellOutOfRange();
    }

    /// @notice The product of values in memory that stand at consecutive addresses.
    /// @param start First address, below 2^64.
    /// @param values Memory address of the values, each below the prime.
    function valuesProduct(
        uint256 start,
        uint256 values,
        uint256 count,
        uint256 scaled,
        uint256 step
    ) internal pure returns (uint256 product) {
        if (start >= 2 ** 64 || count >= 2 ** 30) revert CellOutOfRange();
        assembly ("memory-safe") {
            let p := PRIME
            // z' - address/α of the next value; what eight addresses and one take off it.
            let next := addmod(scaled, sub(p, mulmod(start, step, p)), p)
            let back := sub(p, mulmod(8, step, p))
            let step2 := shl(1, step)
            let step3 := add(step2, step)
            product := 1
            count := add(values, shl(5, count))
            for {} iszero(lt(sub(count, values), 0x100)) {
                values := add(values, 0x100)
            } {
                // Eight times PRIME keep seven steps and a value above 0.
                let at := add(next, shl(3, p))
                product := mulmod(sub(at, mload(values)), product, p)
                product := mulmod(sub(sub(at, step), mload(add(values, 0x20))), product, p)
                product := mulmod(sub(sub(at, step2), mload(add(values, 0x40))), product, p)
                product := mulmod(sub(sub(at, step3), mload(add(values, 0x60))), product, p)
                at := sub(at, shl(1, step2))
                product := mulmod(sub(at, mload(add(values, 0x80))), product, p)
                product := mulmod(sub(sub(at, step), mload(add(values, 0xa0))), product, p)
                product := mulmod(sub(sub(at, step2), mload(add(values, 0xc0))), product, p)
                product := mulmod(sub(sub(at, step3), mload(add(values, 0xe0))), product, p)
                next := addmod(next, back, p)
            }
            for {} lt(values, count) {
                values := add(values, 0x20)
            } {
                product := mulmod(product, sub(add(next, p), mload(values)), p)
                next := addmod(next, sub(p, step), p)
            }
        }
    }

    /// @notice z'^S / (padding^(S - n) · product): what the running product of the memory argument must
    /// come to (protocol spec §5.1). Numerator and denominator have S factors each, so that it does not
    /// matter that they are divided by α.
    /// @param scaled z' = z/α.
    /// @param logSlots S = 2^logSlots slots of public memory.
    /// @param cells n, how many of them are used.
    /// @param padding The factor z' - address/α - value of the padding cell.
    /// @param product The product of all pages.
    function quotient(
        uint256 scaled,
        uint256 logSlots,
        uint256 cells,
        uint256 padding,
        uint256 product
    ) internal view returns (uint256) {
        uint256 filler = Field.pow(padding, (1 << logSlots) - cells);
        uint256 divisor = mulmod(filler, product, PRIME);
        if (divisor == 0) revert CellOutOfRange();
        return mulmod(Field.pow(scaled, 1 << logSlots), Field.inverse(divisor), PRIME);
    }
}
