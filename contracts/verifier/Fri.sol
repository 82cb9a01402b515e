// SPDX-License-Identifier: MIT
pragma solidity ^0.8.29;

import {PRIME} from "./Field.sol";
import {Merkle, NODE_MASK} from "./Merkle.sol";

/// @title FRI: layers and the last polynomial (protocol spec §5.3).
/// @notice A layer is known at some points: (index, value, 1/y), three words each, in ascending
/// order of distinct indices. Indices are bit-reversed; y is in the subgroup. Values are in
/// Montgomery form throughout, since folding is linear.
library Fri {
    error NotCanonical();
    error WrongOpening();
    error WrongLastLayer();

    struct Layer {
        // The layer has 2^logSize points, its cosets 2^step of them, 2 <= step <= 4.
        uint256 logSize;
        uint256 step;
        // Where it is folded.
        uint256 beta;
        // Of the tree whose leaves are the cosets.
        uint256 root;
    }

    /// @dev Powers of the inverse of h, the root of unity of order 16, 3^((PRIME - 1) / 16).
    uint256 private constant H1 = 0x5c3ed0c6f6ac6dd647c9ba3e4721c1eb14011ea3d174c52d7981c5b8145aa75;
    uint256 private constant H2 = 0x446ed3ce295dda2b5ea677394813e6eab8bfbc55397aacac8e6df6f4bc9ca34;
    uint256 private constant H3 = 0x231c05e93ca34c35ac88ac98a35cd89152dbfa622215d35b83c9a781a5ac730;
    uint256 private constant H4 = 0x1dafdc6d65d66b5accedf99bcd607383ad971a9537cdf25d59e99d90becc81e;
    uint256 private constant H5 = 0x7f4ab8a6173b92fda7237f0f6e190c41c78777feabad31a0f35f63161a8e0af;
    uint256 private constant H6 = 0x1cc9a01f2178b3736f524e1d06398916739deaa1bbed178c525a1e211901146;
    uint256 private constant H7 = 0x213b984777d9556bac89fd2aebbda0c4f420b98440cfdba7cc83ba09fde1ac8;

    /// @dev Values grow by folding; multiples of PRIME keep their differences above 0.
    uint256 private constant PRIME_3 =
        0x1800000000000033000000000000000000000000000000000000000000000003;
    uint256 private constant PRIME_7 =
        0x3800000000000077000000000000000000000000000000000000000000000007;
    uint256 private constant PRIME_15 =
        0x78000000000000ff00000000000000000000000000000000000000000000000f;

    /// @dev Bytes of the table of _rootsOfUnity and of the largest coset.
    uint256 private constant TABLE_BYTES = 0x200;

    /// @notice Opens a layer at the cosets in which its known points lie, and folds them.
    /// @dev The points are overwritten by those of the next layer.
    /// @param points Memory address of the known points.
    /// @param count How many, at least one.
    /// @param position Where the proof goes on in the calldata: values of the cosets that are not
    /// known, in the order of their indices, then nodes of the tree.
    /// @param nodeBytes See `Merkle`.
    /// @return nextCount How many points of the next layer are known.
    /// @return next Position behind the nodes.
    function foldLayer(
        Layer memory layer,
        uint256 points,
        uint256 count,
        uint256 position,
        uint256 nodeBytes
    ) internal pure returns (uint256 nextCount, uint256 next) {
        uint256 leaves;
        (leaves, nextCount, next) = _foldCosets(layer, points, count, position);
        uint256 root;
        uint256 height = layer.logSize - layer.step;
        (root, next) = Merkle.rootOf(leaves, nextCount, height, next, nodeBytes);
        if (root != layer.root) revert WrongOpening();
    }

    /// @dev Folds the cosets and hashes them into leaves, as Merkle.rootOf takes them.
    function _foldCosets(
        Layer memory layer,
        uint256 points,
        uint256 count,
        uint256 position
    ) private pure returns (uint256 leaves, uint256 folded, uint256 next) {
        uint256 scratch;
        uint256 end = points + count * 0x60;
        assembly ("memory-safe") {
            // The table of roots, a coset, a leaf for each point at most, a word behind them.
            scratch := mload(0x40)
            leaves := add(scratch, shl(1, TABLE_BYTES))
            mstore(0x40, add(leaves, add(shl(6, count), 0x20)))
        }
        _rootsOfUnity(scratch);
        next = position;
        for (uint256 read = points; read < end;) {
            uint256 inverse = _firstInverse(scratch, layer.step, read);
            assembly ("memory-safe") {
                // The leaf: index of the coset, and its hash below.
                mstore(add(leaves, shl(6, folded)), shr(mload(add(layer, 0x20)), mload(read)))
            }
            (read, next) = _gather(scratch, layer.step, read, end, next);
            assembly ("memory-safe") {
                let coset := add(scratch, TABLE_BYTES)
                let hash := keccak256(coset, shl(mload(add(layer, 0x20)), 0x20))
                mstore(add(add(leaves, shl(6, folded)), 0x20), and(hash, NODE_MASK))
            }
            uint256 value = _fold(layer, scratch + TABLE_BYTES, inverse);
            assembly ("memory-safe") {
                // The point of the next layer, over points that have been read. Its y is the
                // 2^step-th power of the first y of the coset.
                let point := add(points, mul(folded, 0x60))
                mstore(point, mload(add(leaves, shl(6, folded))))
                mstore(add(point, 0x20), value)
                for {
                    let step := mload(add(layer, 0x20))
                } step {
                    step := sub(step, 1)
                } {
                    inverse := mulmod(inverse, inverse, PRIME)
                }
                mstore(add(point, 0x40), inverse)
                folded := add(folded, 1)
            }
        }
    }

    /// @dev 1/y of the first point of the coset in which a known point lies. The point k of a coset
    /// has y = y_first·h^rev(k).
    function _firstInverse(
        uint256 table,
        uint256 step,
        uint256 point
    ) private pure returns (uint256 inverse) {
        assembly ("memory-safe") {
            let k := and(mload(point), sub(shl(step, 1), 1))
            inverse := mulmod(mload(add(point, 0x40)), mload(add(table, shl(5, k))), PRIME)
        }
    }

    /// @dev Writes the values of the coset of the known point at `read`, each from the known points
    /// or from the proof.
    /// @return nextRead The first known point that lies in another coset.
    /// @return next Position behind the values read from the proof.
    function _gather(
        uint256 scratch,
        uint256 step,
        uint256 read,
        uint256 end,
        uint256 position
    ) private pure returns (uint256 nextRead, uint256 next) {
        uint256 excess;
        assembly ("memory-safe") {
            let write := add(scratch, TABLE_BYTES)
            let index := shl(step, shr(step, mload(read)))
            // The index of the next known point; behind the last one, one that is not met.
            let known := mload(read)
            for {
                let behind := add(index, shl(step, 1))
            } lt(index, behind) {
                index := add(index, 1)
            } {
                switch eq(index, known)
                case 1 {
                    mstore(write, mload(add(read, 0x20)))
                    read := add(read, 0x60)
                    known := not(0)
                    if lt(read, end) {
                        known := mload(read)
                    }
                }
                default {
                    let value := calldataload(position)
                    // A value that is not below the prime leaves its mark.
                    excess := or(excess, gt(value, sub(PRIME, 1)))
                    mstore(write, value)
                    position := add(position, 0x20)
                }
                write := add(write, 0x20)
            }
        }
        if (excess != 0) revert NotCanonical();
        return (read, position);
    }

    /// @dev Folds a coset in place by two, `step` times:
    /// f'(y²) = f(y) + f(-y) + (β/y)·(f(y) - f(-y)). The pair (2j, 2j + 1) of the coset has
    /// y = y_first·h^rev(2j), and h^-rev(2j) is one of the constants. Values are below 1, 3, 7, 15
    /// times PRIME before the rounds of a coset of 16.
    /// @param coset Memory address of 2^step values.
    /// @param inverse 1/y of the first pair.
    function _fold(
        Layer memory layer,
        uint256 coset,
        uint256 inverse
    ) private pure returns (uint256 value) {
        uint256 step = layer.step;
        // β/y of the first pair; its square is that of the next layer.
        uint256 t = mulmod(inverse, layer.beta, PRIME);
        assembly ("memory-safe") {
            let a
            let b
            let c
            if eq(step, 4) {
                a := mload(coset)
                b := mload(add(coset, 0x20))
                c := t
                mstore(coset, add(add(a, b), mulmod(c, sub(add(a, PRIME), b), PRIME)))
                a := mload(add(coset, 0x40))
                b := mload(add(coset, 0x60))
                c := mulmod(t, H4, PRIME)
                mstore(add(coset, 0x20), add(add(a, b), mulmod(c, sub(add(a, PRIME), b), PRIME)))
                a := mload(add(coset, 0x80))
                b := mload(add(coset, 0xa0))
                c := mulmod(t, H2, PRIME)
                mstore(add(coset, 0x40), add(add(a, b), mulmod(c, sub(add(a, PRIME), b), PRIME)))
                a := mload(add(coset, 0xc0))
                b := mload(add(coset, 0xe0))
                c := mulmod(t, H6, PRIME)
                mstore(add(coset, 0x60), add(add(a, b), mulmod(c, sub(add(a, PRIME), b), PRIME)))
                a := mload(add(coset, 0x100))
                b := mload(add(coset, 0x120))
                c := mulmod(t, H1, PRIME)
                mstore(add(coset, 0x80), add(add(a, b), mulmod(c, sub(add(a, PRIME), b), PRIME)))
                a := mload(add(coset, 0x140))
                b := mload(add(coset, 0x160))
                c := mulmod(t, H5, PRIME)
                mstore(add(coset, 0xa0), add(add(a, b), mulmod(c, sub(add(a, PRIME), b), PRIME)))
                a := mload(add(coset, 0x180))
                b := mload(add(coset, 0x1a0))
                c := mulmod(t, H3, PRIME)
                mstore(add(coset, 0xc0), add(add(a, b), mulmod(c, sub(add(a, PRIME), b), PRIME)))
                a := mload(add(coset, 0x1c0))
                b := mload(add(coset, 0x1e0))
                c := mulmod(t, H7, PRIME)
                mstore(add(coset, 0xe0), add(add(a, b), mulmod(c, sub(add(a, PRIME), b), PRIME)))
                t := mulmod(t, t, PRIME)
            }
            if gt(step, 2) {
                a := mload(coset)
                b := mload(add(coset, 0x20))
                c := t
                mstore(coset, add(add(a, b), mulmod(c, sub(add(a, PRIME_3), b), PRIME)))
                a := mload(add(coset, 0x40))
                b := mload(add(coset, 0x60))
                c := mulmod(t, H4, PRIME)
                mstore(add(coset, 0x20), add(add(a, b), mulmod(c, sub(add(a, PRIME_3), b), PRIME)))
                a := mload(add(coset, 0x80))
                b := mload(add(coset, 0xa0))
                c := mulmod(t, H2, PRIME)
                mstore(add(coset, 0x40), add(add(a, b), mulmod(c, sub(add(a, PRIME_3), b), PRIME)))
                a := mload(add(coset, 0xc0))
                b := mload(add(coset, 0xe0))
                c := mulmod(t, H6, PRIME)
                mstore(add(coset, 0x60), add(add(a, b), mulmod(c, sub(add(a, PRIME_3), b), PRIME)))
                t := mulmod(t, t, PRIME)
            }
            a := mload(coset)
            b := mload(add(coset, 0x20))
            c := t
            mstore(coset, add(add(a, b), mulmod(c, sub(add(a, PRIME_7), b), PRIME)))
            a := mload(add(coset, 0x40))
            b := mload(add(coset, 0x60))
            c := mulmod(t, H4, PRIME)
            mstore(add(coset, 0x20), add(add(a, b), mulmod(c, sub(add(a, PRIME_7), b), PRIME)))
            t := mulmod(t, t, PRIME)
            a := mload(coset)
            b := mload(add(coset, 0x20))
            value := addmod(add(a, b), mulmod(t, sub(add(a, PRIME_15), b), PRIME), PRIME)
        }
    }

    /// @dev Writes h^rev(k) for k < 16: the points of a coset of 16, relative to the first one. The
    /// first 2^s of them are those of a coset of 2^s.
    function _rootsOfUnity(uint256 to) private pure {
        assembly ("memory-safe") {
            mstore(to, 1)
            mstore(add(to, 0x20), sub(PRIME, 1))
            mstore(add(to, 0x40), sub(PRIME, H4))
            mstore(add(to, 0x60), H4)
            mstore(add(to, 0x80), sub(PRIME, H6))
            mstore(add(to, 0xa0), H6)
            mstore(add(to, 0xc0), sub(PRIME, H2))
            mstore(add(to, 0xe0), H2)
            mstore(add(to, 0x100), sub(PRIME, H7))
            mstore(add(to, 0x120), H7)
            mstore(add(to, 0x140), sub(PRIME, H3))
            mstore(add(to, 0x160), H3)
            mstore(add(to, 0x180), sub(PRIME, H5))
            mstore(add(to, 0x1a0), H5)
            mstore(add(to, 0x1c0), sub(PRIME, H1))
            mstore(add(to, 0x1e0), H1)
        }
    }

    /// @notice Checks the points of the last layer against its polynomial.
    /// @param points Memory address of the points.
    /// @param coefficients Memory address of the coefficients, constant term first.
    /// @param logLast There are 2^logLast of them.
    function checkLastLayer(
        uint256 points,
        uint256 count,
        uint256 coefficients,
        uint256 logLast
    ) internal pure {
        bool agrees = true;
        assembly ("memory-safe") {
            let behind := add(coefficients, shl(5, shl(logLast, 1)))
            for {
                let end := add(points, mul(count, 0x60))
            } lt(points, end) {
                points := add(points, 0x60)
            } {
                // With n coefficients, f(y)·y^-(n-1) = Σ c_i·(1/y)^(n-1-i), by Horner's rule from
                // the constant term on.
                let inverse := mload(add(points, 0x40))
                let sum := 0
                for {
                    let at := coefficients
                } lt(at, behind) {
                    at := add(at, 0x20)
                } {
                    sum := add(mulmod(sum, inverse, PRIME), mload(at))
                }
                // Both sides of f(y) = value, times y^-n.
                let power := inverse
                for {
                    let i := 0
                } lt(i, logLast) {
                    i := add(i, 1)
                } {
                    power := mulmod(power, power, PRIME)
                }
                let expected := mulmod(mload(add(points, 0x20)), power, PRIME)
                agrees := and(agrees, eq(mulmod(sum, inverse, PRIME), expected))
            }
        }
        if (!agrees) revert WrongLastLayer();
    }
}
