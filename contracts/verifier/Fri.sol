// SPDX-License-Identifier: MIT
pragma solidity ^0.8.29;

import {PRIME} from "./Field.sol";
import {Merkle, NODE_BYTES, NODE_MASK} from "./Merkle.sol";

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

    /// @dev The largest field element, PRIME - 1.
    uint256 private constant MAXIMUM =
        0x800000000000011000000000000000000000000000000000000000000000000;

    /// @dev Scratch memory: the table of _rootsOfUnity, a coset of at most 16, step and β.
    uint256 private constant TABLE_BYTES = 0x200;
    uint256 private constant STEP = 0x400;
    uint256 private constant BETA = 0x420;
    uint256 private constant SCRATCH_BYTES = 0x440;

    /// @notice Opens a layer at the cosets in which its known points lie, and folds them.
    /// @dev The points are overwritten by those of the next layer.
    /// @param points Memory address of the known points.
    /// @param count How many, at least one.
    /// @param position Where the proof goes on in the calldata: values of the cosets that are not
    /// known, in the order of their indices, then nodes of the tree.
    /// @return nextCount How many points of the next layer are known.
    /// @return next Position behind the nodes.
    function foldLayer(
        Layer memory layer,
        uint256 points,
        uint256 count,
        uint256 position
    ) internal pure returns (uint256 nextCount, uint256 next) {
        uint256 leaves;
        (leaves, nextCount, next) = _foldCosets(layer, points, count, position);
        uint256 root;
        uint256 height = layer.logSize - layer.step;
        (root, next) = Merkle.rootOf(leaves, nextCount, height, next, NODE_BYTES);
        if (root != layer.root) revert WrongOpening();
    }

    /// @dev Folds the cosets and hashes them into leaves, as Merkle.rootOf takes them.
    ///
    /// A coset is folded by two, `step` times: f'(y²) = f(y) + f(-y) + (β/y)·(f(y) - f(-y)). Its
    /// pair (2j, 2j + 1) has y = y_first·h^rev(2j), and h^-rev(2j) is one of the constants; squared,
    /// β/y of the first pair is that of the next layer. Values are below 1, 3, 7 and 15 times PRIME
    /// before the rounds of a coset of 16.
    function _foldCosets(
        Layer memory layer,
        uint256 points,
        uint256 count,
        uint256 position
    ) private pure returns (uint256 leaves, uint256 folded, uint256 next) {
        uint256 scratch;
        uint256 excess;
        assembly ("memory-safe") {
            // The table of roots, a coset, step and β; then a leaf for each point at most, and a
            // word behind them. Only the leaves are kept.
            scratch := mload(0x40)
            mstore(add(scratch, STEP), mload(add(layer, 0x20)))
            mstore(add(scratch, BETA), mload(add(layer, 0x40)))
            leaves := add(scratch, SCRATCH_BYTES)
            mstore(0x40, add(leaves, add(shl(6, count), 0x20)))
        }
        _rootsOfUnity(scratch);
        next = position;
        assembly ("memory-safe") {
            // `points` is where the next layer is written, over points that have been read;
            // `folded` is where the next leaf is; `count` is the end of the points.
            let read := points
            count := add(points, mul(count, 0x60))
            folded := leaves
            for {} lt(read, count) {} {
                let inverse
                {
                    // The index of the coset goes into its leaf and its point of the next layer.
                    let step := mload(add(scratch, STEP))
                    let index := mload(read)
                    let first := shl(step, shr(step, index))
                    mstore(folded, shr(step, index))
                    // 1/y of the first point: the point k of a coset has y = y_first·h^rev(k).
                    inverse := mload(add(scratch, shl(5, sub(index, first))))
                    inverse := mulmod(mload(add(read, 0x40)), inverse, PRIME)
                    // The values: known ones in their places, the others from the proof, in runs.
                    let to := add(scratch, TABLE_BYTES)
                    for {} 1 {} {
                        let run := add(scratch, add(TABLE_BYTES, shl(5, sub(mload(read), first))))
                        run := sub(run, to)
                        calldatacopy(to, next, run)
                        next := add(next, run)
                        to := add(to, run)
                        mstore(to, mload(add(read, 0x20)))
                        to := add(to, 0x20)
                        read := add(read, 0x60)
                        // The point behind the last one is none; a larger index is in another coset.
                        if iszero(lt(read, count)) {
                            break
                        }
                        if gt(shr(step, mload(read)), mload(folded)) {
                            break
                        }
                    }
                    let rest := add(scratch, add(TABLE_BYTES, shl(step, 0x20)))
                    rest := sub(rest, to)
                    calldatacopy(to, next, rest)
                    next := add(next, rest)
                }
                let coset := add(scratch, TABLE_BYTES)
                let step := mload(add(scratch, STEP))
                let hash := keccak256(coset, shl(step, 0x20))
                mstore(add(folded, 0x20), and(hash, NODE_MASK))
                mstore(points, mload(folded))
                folded := add(folded, 0x40)
                // What follows is the folding; a value that is not below PRIME leaves its mark.
                {
                    let t := mulmod(inverse, mload(add(scratch, BETA)), PRIME)
                    let a
                    let b
                    excess := or(
                        excess,
                        or(
                            gt(mload(coset), MAXIMUM),
                            or(
                                gt(mload(add(coset, 0x20)), MAXIMUM),
                                or(
                                    gt(mload(add(coset, 0x40)), MAXIMUM),
                                    gt(mload(add(coset, 0x60)), MAXIMUM)
                                )
                            )
                        )
                    )
                    if eq(step, 4) {
                        excess := or(
                            excess,
                            or(
                                gt(mload(add(coset, 0x100)), MAXIMUM),
                                or(
                                    gt(mload(add(coset, 0x120)), MAXIMUM),
                                    or(
                                        gt(mload(add(coset, 0x140)), MAXIMUM),
                                        or(
                                            gt(mload(add(coset, 0x160)), MAXIMUM),
                                            or(
                                                gt(mload(add(coset, 0x180)), MAXIMUM),
                                                or(
                                                    gt(mload(add(coset, 0x1a0)), MAXIMUM),
                                                    or(
                                                        gt(mload(add(coset, 0x1c0)), MAXIMUM),
                                                        gt(mload(add(coset, 0x1e0)), MAXIMUM)
                                                    )
                                                )
                                            )
                                        )
                                    )
                                )
                            )
                        )
                        excess := or(
                            excess,
                            or(
                                gt(mload(add(coset, 0x80)), MAXIMUM),
                                or(
                                    gt(mload(add(coset, 0xa0)), MAXIMUM),
                                    or(
                                        gt(mload(add(coset, 0xc0)), MAXIMUM),
                                        gt(mload(add(coset, 0xe0)), MAXIMUM)
                                    )
                                )
                            )
                        )
                        a := mload(coset)
                        b := mload(add(coset, 0x20))
                        mstore(coset, add(add(a, b), mulmod(t, sub(add(a, PRIME), b), PRIME)))
                        a := mload(add(coset, 0x40))
                        b := mload(add(coset, 0x60))
                        mstore(
                            add(coset, 0x20),
                            add(
                                add(a, b),
                                mulmod(mulmod(t, H4, PRIME), sub(add(a, PRIME), b), PRIME)
                            )
                        )
                        a := mload(add(coset, 0x80))
                        b := mload(add(coset, 0xa0))
                        mstore(
                            add(coset, 0x40),
                            add(
                                add(a, b),
                                mulmod(mulmod(t, H2, PRIME), sub(add(a, PRIME), b), PRIME)
                            )
                        )
                        a := mload(add(coset, 0xc0))
                        b := mload(add(coset, 0xe0))
                        mstore(
                            add(coset, 0x60),
                            add(
                                add(a, b),
                                mulmod(mulmod(t, H6, PRIME), sub(add(a, PRIME), b), PRIME)
                            )
                        )
                        a := mload(add(coset, 0x100))
                        b := mload(add(coset, 0x120))
                        mstore(
                            add(coset, 0x80),
                            add(
                                add(a, b),
                                mulmod(mulmod(t, H1, PRIME), sub(add(a, PRIME), b), PRIME)
                            )
                        )
                        a := mload(add(coset, 0x140))
                        b := mload(add(coset, 0x160))
                        mstore(
                            add(coset, 0xa0),
                            add(
                                add(a, b),
                                mulmod(mulmod(t, H5, PRIME), sub(add(a, PRIME), b), PRIME)
                            )
                        )
                        a := mload(add(coset, 0x180))
                        b := mload(add(coset, 0x1a0))
                        mstore(
                            add(coset, 0xc0),
                            add(
                                add(a, b),
                                mulmod(mulmod(t, H3, PRIME), sub(add(a, PRIME), b), PRIME)
                            )
                        )
                        a := mload(add(coset, 0x1c0))
                        b := mload(add(coset, 0x1e0))
                        mstore(
                            add(coset, 0xe0),
                            add(
                                add(a, b),
                                mulmod(mulmod(t, H7, PRIME), sub(add(a, PRIME), b), PRIME)
                            )
                        )
                        t := mulmod(t, t, PRIME)
                        inverse := mulmod(inverse, inverse, PRIME)
                    }
                    if gt(step, 2) {
                        if eq(step, 3) {
                            excess := or(
                                excess,
                                or(
                                    gt(mload(add(coset, 0x80)), MAXIMUM),
                                    or(
                                        gt(mload(add(coset, 0xa0)), MAXIMUM),
                                        or(
                                            gt(mload(add(coset, 0xc0)), MAXIMUM),
                                            gt(mload(add(coset, 0xe0)), MAXIMUM)
                                        )
                                    )
                                )
                            )
                        }
                        a := mload(coset)
                        b := mload(add(coset, 0x20))
                        mstore(coset, add(add(a, b), mulmod(t, sub(add(a, PRIME_3), b), PRIME)))
                        a := mload(add(coset, 0x40))
                        b := mload(add(coset, 0x60))
                        mstore(
                            add(coset, 0x20),
                            add(
                                add(a, b),
                                mulmod(mulmod(t, H4, PRIME), sub(add(a, PRIME_3), b), PRIME)
                            )
                        )
                        a := mload(add(coset, 0x80))
                        b := mload(add(coset, 0xa0))
                        mstore(
                            add(coset, 0x40),
                            add(
                                add(a, b),
                                mulmod(mulmod(t, H2, PRIME), sub(add(a, PRIME_3), b), PRIME)
                            )
                        )
                        a := mload(add(coset, 0xc0))
                        b := mload(add(coset, 0xe0))
                        mstore(
                            add(coset, 0x60),
                            add(
                                add(a, b),
                                mulmod(mulmod(t, H6, PRIME), sub(add(a, PRIME_3), b), PRIME)
                            )
                        )
                        t := mulmod(t, t, PRIME)
                        inverse := mulmod(inverse, inverse, PRIME)
                    }
                    a := mload(coset)
                    b := mload(add(coset, 0x20))
                    mstore(coset, add(add(a, b), mulmod(t, sub(add(a, PRIME_7), b), PRIME)))
                    a := mload(add(coset, 0x40))
                    b := mload(add(coset, 0x60))
                    mstore(
                        add(coset, 0x20),
                        add(add(a, b), mulmod(mulmod(t, H4, PRIME), sub(add(a, PRIME_7), b), PRIME))
                    )
                    t := mulmod(t, t, PRIME)
                    a := mload(coset)
                    b := mload(add(coset, 0x20))
                    a := addmod(add(a, b), mulmod(t, sub(add(a, PRIME_15), b), PRIME), PRIME)
                    mstore(add(points, 0x20), a)
                    // 1/y of the next layer is the 2^step-th power of that of the first point.
                    inverse := mulmod(inverse, inverse, PRIME)
                    mstore(add(points, 0x40), mulmod(inverse, inverse, PRIME))
                }
                points := add(points, 0x60)
            }
            folded := shr(6, sub(folded, leaves))
        }
        if (excess != 0) revert NotCanonical();
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
    /// @param logLast There are 2^logLast of them, 3 <= logLast.
    function checkLastLayer(
        uint256 points,
        uint256 count,
        uint256 coefficients,
        uint256 logLast
    ) internal pure {
        bool agrees = true;
        assembly ("memory-safe") {
            let p := PRIME
            let behind := add(coefficients, shl(5, shl(logLast, 1)))
            count := add(points, mul(count, 0x60))
            for {} lt(points, count) {
                points := add(points, 0x60)
            } {
                // With n coefficients, f(y)·y^-(n-1) = Σ c_i·(1/y)^(n-1-i), by Horner's rule from
                // the constant term on, eight at a time.
                let inverse := mload(add(points, 0x40))
                let sum := 0
                for {
                    let from := coefficients
                } lt(from, behind) {
                    from := add(from, 0x100)
                } {
                    sum := add(mulmod(sum, inverse, p), mload(from))
                    sum := add(mulmod(sum, inverse, p), mload(add(from, 0x20)))
                    sum := add(mulmod(sum, inverse, p), mload(add(from, 0x40)))
                    sum := add(mulmod(sum, inverse, p), mload(add(from, 0x60)))
                    sum := add(mulmod(sum, inverse, p), mload(add(from, 0x80)))
                    sum := add(mulmod(sum, inverse, p), mload(add(from, 0xa0)))
                    sum := add(mulmod(sum, inverse, p), mload(add(from, 0xc0)))
                    sum := add(mulmod(sum, inverse, p), mload(add(from, 0xe0)))
                }
                // Both sides of f(y) = value, times y^-n.
                let power := inverse
                for {
                    let i := 0
                } lt(i, logLast) {
                    i := add(i, 1)
                } {
                    power := mulmod(power, power, p)
                }
                let expected := mulmod(mload(add(points, 0x20)), power, p)
                agrees := and(agrees, eq(mulmod(sum, inverse, p), expected))
            }
        }
        if (!agrees) revert WrongLastLayer();
    }
}
