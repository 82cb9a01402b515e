// SPDX-License-Identifier: MIT
pragma solidity ^0.8.29;

import {DilutedCheck} from "../../../contracts/verifier/DilutedCheck.sol";
import {Field, PRIME} from "../../../contracts/verifier/Field.sol";
import {Parameters} from "../../../contracts/verifier/Parameters.sol";
import {PublicInput} from "../../../contracts/verifier/PublicInput.sol";
import {PublicMemory} from "../../../contracts/verifier/PublicMemory.sol";
import {bound} from "../support/Cheats.sol";

/// @notice Public memory, public input, parameters and the diluted check against plain twins.
contract StatementTest {
    function _felt(uint256 seed, uint256 i) private pure returns (uint256) {
        return uint256(keccak256(abi.encode(seed, i))) % PRIME;
    }

    function _factor(
        uint256 z,
        uint256 alpha,
        uint256 a,
        uint256 v
    ) private pure returns (uint256) {
        return addmod(z, PRIME - addmod(a, mulmod(alpha, v, PRIME), PRIME), PRIME);
    }

    function pairs(uint256[] memory cells, uint256 z, uint256 alpha) public view returns (uint256) {
        uint256 spot;
        assembly ("memory-safe") {
            spot := add(cells, 0x20)
        }
        (uint256 scaled, uint256 step) = PublicMemory.scale(z, alpha);
        return PublicMemory.pairsProduct(spot, cells.length / 2, scaled, step);
    }

    function values(
        uint256 start,
        uint256[] memory words,
        uint256 z,
        uint256 alpha
    ) public view returns (uint256) {
        uint256 spot;
        assembly ("memory-safe") {
            spot := add(words, 0x20)
        }
        (uint256 scaled, uint256 step) = PublicMemory.scale(z, alpha);
        PublicMemory.checkValues(spot, words.length);
        return PublicMemory.valuesProduct(start, spot, words.length, scaled, step);
    }

    function testFuzzProducts(uint256 seed, uint8 count, uint64 start) external view {
        uint256 n = count % 40;
        (uint256 z, uint256 alpha) = (_felt(seed, 1), _felt(seed, 2));
        uint256[] memory cells = new uint256[](2 * n);
        uint256[] memory words = new uint256[](n);
        // The library divides each factor by α.
        uint256 ofPairs = 1;
        uint256 ofValues = 1;
        uint256 power = 1;
        for (uint256 i = 0; i < n; i++) {
            uint256 value = _felt(seed, 10 + i);
            (cells[2 * i], cells[2 * i + 1], words[i]) = (_felt(seed, 99 + i) >> 188, value, value);
            ofPairs = mulmod(ofPairs, _factor(z, alpha, cells[2 * i], value), PRIME);
            ofValues = mulmod(ofValues, _factor(z, alpha, uint256(start) + i, value), PRIME);
            power = mulmod(power, alpha, PRIME);
        }
        require(mulmod(pairs(cells, z, alpha), power, PRIME) == ofPairs, "pairs");
        require(mulmod(values(start, words, z, alpha), power, PRIME) == ofValues, "values");
    }

    function testFuzzRefusesCellsOutOfRange(uint256 seed, uint8 count, uint8 spot) external view {
        uint256 n = 1 + (count % 40);
        uint256[] memory cells = new uint256[](2 * n);
        uint256[] memory words = new uint256[](n);
        for (uint256 i = 0; i < n; i++) {
            words[i] = _felt(seed, i);
            (cells[2 * i], cells[2 * i + 1]) = (i, words[i]);
        }
        cells[2 * (spot % n)] += 2 ** 64;
        _expectOutOfRange(cells, words, 0);
        cells[2 * (spot % n)] -= 2 ** 64;
        cells[2 * (spot % n) + 1] += PRIME;
        words[spot % n] += PRIME;
        _expectOutOfRange(cells, words, 1);
    }

    function _expectOutOfRange(
        uint256[] memory cells,
        uint256[] memory words,
        uint256 start
    ) private view {
        try this.pairs(cells, 1, 2) {
            revert("accepted");
        } catch (bytes memory reason) {
            require(bytes4(reason) == PublicMemory.CellOutOfRange.selector, "another error");
        }
        try this.values(start == 0 ? 2 ** 64 : start, words, 1, 2) {
            revert("accepted");
        } catch (bytes memory reason) {
            require(bytes4(reason) == PublicMemory.CellOutOfRange.selector, "another error");
        }
    }

    function testFuzzQuotient(uint256 seed, uint8 log_, uint32 cells_) external view {
        uint256 log = bound(log_, 3, 8);
        uint256 cells = cells_ % (1 << log);
        (uint256 z, uint256 padding, uint256 product) = (
            _felt(seed, 0),
            _felt(seed, 1),
            _felt(seed, 2)
        );
        uint256 quotient = PublicMemory.quotient(z, log, cells, padding, product);
        // quotient · padding^(S - n) · product = z^S, the plain way.
        uint256 left = mulmod(quotient, product, PRIME);
        uint256 right = 1;
        for (uint256 i = 0; i < 1 << log; i++) {
            if (i >= cells) left = mulmod(left, padding, PRIME);
            right = mulmod(right, z, PRIME);
        }
        require(left == right, "quotient");
    }

    function testFuzzDilutedCheck(uint256 seed, uint8 bits_, uint8 spacing_) external pure {
        uint256 bits = bound(bits_, 1, 9);
        uint256 spacing = bound(spacing_, 1, 4);
        (uint256 z, uint256 alpha) = (_felt(seed, 0), _felt(seed, 1));
        uint256 r = 1;
        uint256 before;
        for (uint256 j = 1; j < 1 << bits; j++) {
            uint256 diluted;
            for (uint256 i = 0; i < bits; i++) diluted |= ((j >> i) & 1) << (i * spacing);
            uint256 u = diluted - before;
            before = diluted;
            uint256 grown = mulmod(r, 1 + mulmod(z, u, PRIME), PRIME);
            r = addmod(grown, mulmod(alpha, mulmod(u, u, PRIME), PRIME), PRIME);
        }
        require(DilutedCheck.cumulativeValue(z, alpha, bits, spacing) == r, "cumulative value");
    }

    function read(uint256[] calldata words, uint256 logRows) external pure returns (uint256) {
        return Parameters.read(words, logRows, 96, 10).friSteps.length;
    }

    /// @dev Whatever passes is in the ranges of protocol spec §5.4.
    function testFuzzParameters(
        uint8 queries,
        uint8 blowup,
        uint8 work,
        uint8 last,
        uint8[] memory steps,
        uint8 logRows
    ) external view {
        uint256[] memory words = new uint256[](6 + steps.length);
        (words[0], words[1], words[2], words[3]) = (
            queries % 60,
            blowup % 20,
            work % 60,
            last % 14
        );
        words[4] = steps.length + 1;
        uint256 covered = words[3];
        bool inRange = steps.length >= 1 && steps.length <= 9;
        for (uint256 i = 0; i < steps.length; i++) {
            words[6 + i] = steps[i] % 6;
            covered += words[6 + i];
            if (words[6 + i] < 2 || words[6 + i] > 4) inRange = false;
        }
        uint256 rows = logRows % 2 == 0 ? covered : logRows;
        bool good =
            inRange &&
                covered == rows &&
                words[0] >= 1 &&
                words[0] <= 48 &&
                words[1] >= 1 &&
                words[1] <= 16 &&
                words[2] >= 10 &&
                words[2] <= 50 &&
                words[3] >= 3 &&
                words[3] <= 10 &&
                words[0] * words[1] + words[2] >= 96;
        bool taken = true;
        try this.read(words, rows) returns (uint256 count) {
            require(count == steps.length, "steps");
        } catch {
            taken = false;
        }
        require(taken == good, "parameters");
    }

    function check(uint256[] calldata words) external pure returns (uint256 logRows) {
        PublicInput.Shape memory shape = PublicInput.Shape(7, 4, 8, 3, 2, 0x0a010b03);
        logRows = PublicInput.check(words, shape);
        PublicInput.pageHeaders(words, shape, logRows);
    }

    /// @dev Two builtins: one of 3 cells every 2^11 rows, one of 1 cell every 2^10. One page.
    function _input() private pure returns (uint256[] memory words) {
        words = new uint256[](19);
        (words[0], words[1], words[2], words[3]) = (10, 3, 200, 7);
        (words[4], words[5], words[6], words[7]) = (1, 5, 100, 300);
        (words[8], words[9]) = (400, 410);
        (words[10], words[11], words[12], words[13]) = (500, 500 + 3 * 8, 600, 600 + 16);
        (words[14], words[15], words[16], words[17], words[18]) = (1, 9, 1, 50, 12345);
    }

    function testFuzzPublicInput(uint8 spot, uint8 kind) external view {
        uint256[] memory words = _input();
        require(this.check(words) == 14, "rows");
        uint256 i = spot % 19;
        uint256[4] memory changes = [words[i] + 1, 2 ** 70, words[i] ^ (1 << 255), 0];
        words[i] = changes[kind % 4];
        bool good = true;
        if (i == 0) good = words[i] == 11;
        else if (i == 1) good = words[i] <= 200;
        else if (i == 2) good = words[i] >= 3 && words[i] < 256;
        else if (i == 3) good = words[i] == 7;
        else if (i == 4) good = words[i] == 1;
        else if (i == 5) good = words[i] == 5;
        else if (i < 8) good = words[i] < 2 ** 64;
        else if (i == 8) good = words[i] <= 410;
        else if (i == 9)
            good = words[i] >= 400 && words[i] < 2 ** 64;
            // Builtins: an end that moves past the last instance; a begin that leaves it behind.
        else if (i == 10) good = words[i] > 500 && words[i] <= 524;
        else if (i == 11) good = words[i] >= 500 && words[i] <= 524;
        else if (i == 12) good = words[i] > 600 && words[i] <= 616;
        else if (i == 13) good = words[i] >= 600 && words[i] <= 616;
        else if (i == 14) good = words[i] < 2 ** 64;
        else if (i == 15) good = words[i] < PRIME;
        else if (i == 16) good = words[i] == 1;
        else if (i == 17) good = words[i] <= 2 ** 11;
        bool taken = true;
        try this.check(words) {} catch {
            taken = false;
        }
        require(taken == good, "public input");
    }
}
