// SPDX-License-Identifier: MIT
pragma solidity ^0.8.29;

import {EvaluationDomain} from "../../../contracts/verifier/EvaluationDomain.sol";
import {Field, PRIME} from "../../../contracts/verifier/Field.sol";
import {Fri} from "../../../contracts/verifier/Fri.sol";
import {bound} from "../support/Cheats.sol";

/// @dev Folds a layer that is a single coset: its tree is its leaf, and the proof are its values.
contract FriReader {
    function foldCoset(
        Fri.Layer memory layer,
        uint256[] memory points,
        bytes calldata proof
    ) external pure returns (uint256[] memory, uint256 read) {
        uint256 spot;
        uint256 position;
        assembly ("memory-safe") {
            spot := add(points, 0x20)
            position := proof.offset
        }
        uint256 count;
        (count, read) = Fri.foldLayer(layer, spot, points.length / 3, position);
        assembly ("memory-safe") {
            mstore(points, mul(3, count))
        }
        return (points, read - position);
    }

    function checkLastLayer(
        uint256[] memory points,
        uint256[] memory coefficients,
        uint256 logLast
    ) external pure {
        uint256 spot;
        uint256 from;
        assembly ("memory-safe") {
            spot := add(points, 0x20)
            from := add(coefficients, 0x20)
        }
        Fri.checkLastLayer(spot, points.length / 3, from, logLast);
    }
}

/// @notice Layers of polynomials that are known, against folding in the coefficients.
contract FriTest {
    FriReader private _reader = new FriReader();

    function _felt(uint256 seed, uint256 i) private pure returns (uint256) {
        return uint256(keccak256(abi.encode(seed, i))) % PRIME;
    }

    function _reverse(uint256 index, uint256 bits) private pure returns (uint256 reversed) {
        for (uint256 i = 0; i < bits; i++) reversed |= ((index >> i) & 1) << (bits - 1 - i);
    }

    function _evaluate(
        uint256[] memory coefficients,
        uint256 y
    ) private pure returns (uint256 sum) {
        for (uint256 i = coefficients.length; i > 0; i--)
            sum = addmod(mulmod(sum, y, PRIME), coefficients[i - 1], PRIME);
    }

    /// @dev One layer of 2^step points, known at those of the mask; all others come in the proof.
    struct Case {
        uint256 step;
        uint256 beta;
        uint256[] coefficients;
        uint256[] values;
        uint256[] points;
        bytes proof;
        uint256 root;
    }

    function _case(uint256 seed, uint256 step, uint256 mask) private view returns (Case memory c) {
        c.step = step;
        c.beta = _felt(seed, 1000);
        uint256 size = 1 << step;
        c.coefficients = new uint256[](size);
        for (uint256 i = 0; i < size; i++) c.coefficients[i] = _felt(seed, i);
        c.values = new uint256[](size);
        uint256 known;
        for (uint256 i = 0; i < size; i++) known += (mask >> i) & 1;
        c.points = new uint256[](3 * known);
        known = 0;
        for (uint256 i = 0; i < size; i++) {
            uint256 y = Field.pow(Field.rootOfUnity(step), _reverse(i, step));
            c.values[i] = _evaluate(c.coefficients, y);
            if ((mask >> i) & 1 == 1) {
                (c.points[known], c.points[known + 1]) = (i, c.values[i]);
                c.points[known + 2] = Field.inverse(y);
                known += 3;
            } else {
                c.proof = abi.encodePacked(c.proof, c.values[i]);
            }
        }
        c.root = (uint256(keccak256(abi.encodePacked(c.values))) >> 96) << 96;
    }

    /// @dev f'(y²) = f(y) + f(-y) + β·(f(y) - f(-y))/y is 2·(even + β·odd) in the coefficients.
    function _folded(Case memory c) private pure returns (uint256) {
        uint256[] memory f = c.coefficients;
        uint256 beta = c.beta;
        while (f.length > 1) {
            uint256[] memory half = new uint256[](f.length / 2);
            for (uint256 i = 0; i < half.length; i++)
                half[i] = mulmod(2, f[2 * i] + mulmod(beta, f[2 * i + 1], PRIME), PRIME);
            f = half;
            beta = mulmod(beta, beta, PRIME);
        }
        return f[0];
    }

    function testFuzzFoldsLikeTheCoefficients(
        uint256 seed,
        uint8 step_,
        uint16 mask_
    ) external view {
        uint256 step = bound(step_, 2, 4);
        uint256 mask = mask_ & ((1 << (1 << step)) - 1);
        if (mask == 0) return;
        Case memory c = _case(seed, step, mask);
        Fri.Layer memory layer = Fri.Layer(step, step, c.beta, c.root);
        (uint256[] memory next, uint256 read) = _reader.foldCoset(layer, c.points, c.proof);
        require(next.length == 3 && next[0] == 0, "one point");
        require(next[1] == _folded(c), "value");
        require(next[2] == 1, "1/y");
        require(read == c.proof.length, "not all of the proof");
    }

    function testFuzzRefusesAnotherValue(uint256 seed, uint8 step_, uint256 change) external view {
        uint256 step = bound(step_, 2, 4);
        uint256 size = 1 << step;
        Case memory c = _case(seed, step, 1 << (change % size));
        uint256 spot = 32 * ((change >> 8) % (size - 1)) + 31;
        c.proof[spot] = bytes1(uint8(c.proof[spot]) ^ uint8(1 << (change >> 16) % 8));
        _expectRefused(Fri.Layer(step, step, c.beta, c.root), c);
    }

    function testFuzzRefusesValuesPastThePrime(
        uint256 seed,
        uint8 step_,
        uint256 change
    ) external view {
        uint256 step = bound(step_, 2, 4);
        uint256 size = 1 << step;
        uint256 known = change % size;
        Case memory c = _case(seed, step, 1 << known);
        // The same field element, and the root of the tree that has it so.
        uint256 raised = (known + 1 + ((change >> 8) % (size - 1))) % size;
        c.values[raised] += PRIME;
        bytes memory proof;
        for (uint256 i = 0; i < size; i++)
            if (i != known) proof = abi.encodePacked(proof, c.values[i]);
        c.proof = proof;
        c.root = (uint256(keccak256(abi.encodePacked(c.values))) >> 96) << 96;
        _expectRefused(Fri.Layer(step, step, c.beta, c.root), c);
    }

    function _expectRefused(Fri.Layer memory layer, Case memory c) private view {
        try _reader.foldCoset(layer, c.points, c.proof) {
            revert("accepted");
        } catch (bytes memory reason) {
            bytes4 selector = bytes4(reason);
            require(
                selector == Fri.WrongOpening.selector || selector == Fri.NotCanonical.selector,
                "another error"
            );
        }
    }

    function testFuzzLastLayer(
        uint256 seed,
        uint8 logLast_,
        uint8 index,
        uint256 change
    ) external view {
        uint256 logLast = bound(logLast_, 3, 6);
        uint256[] memory coefficients = new uint256[](1 << logLast);
        for (uint256 i = 0; i < coefficients.length; i++) coefficients[i] = _felt(seed, i);
        uint256 y = Field.pow(Field.rootOfUnity(10), index);
        uint256[] memory points = new uint256[](3);
        points[1] = _evaluate(coefficients, y);
        points[2] = Field.inverse(y);
        _reader.checkLastLayer(points, coefficients, logLast);
        points[1] = addmod(points[1], 1 + (change % (PRIME - 1)), PRIME);
        try _reader.checkLastLayer(points, coefficients, logLast) {
            revert("accepted");
        } catch (bytes memory reason) {
            require(bytes4(reason) == Fri.WrongLastLayer.selector, "another error");
        }
    }

    function testFuzzPointsOfTheDomain(uint256 seed, uint8 log_) external view {
        uint256 log = bound(log_, 1, 40);
        uint256[] memory indices = new uint256[](5);
        for (uint256 i = 0; i < 5; i++) indices[i] = _felt(seed, i) % (1 << log);
        uint256[] memory points = new uint256[](5);
        uint256 to;
        assembly ("memory-safe") {
            to := add(points, 0x20)
        }
        EvaluationDomain.writePoints(to, indices, log);
        uint256 root = Field.rootOfUnity(log);
        for (uint256 i = 0; i < 5; i++)
            require(points[i] == Field.pow(root, _reverse(indices[i], log)), "point");
    }

    function testRootsOfUnity() external view {
        for (uint256 log = 0; log <= 64; log++) {
            uint256 root = Field.rootOfUnity(log);
            require(root == Field.pow(3, (PRIME - 1) >> log), "root");
            require(mulmod(root, Field.inverseRootOfUnity(log), PRIME) == 1, "inverse");
        }
    }
}
