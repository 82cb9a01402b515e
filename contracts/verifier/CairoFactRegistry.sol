// SPDX-License-Identifier: MIT
pragma solidity ^0.8.29;

import {OnchainDataFact} from "../core/OnchainDataFact.sol";
import {IFactRegistry} from "../interfaces/IFactRegistry.sol";
import {CairoProgram} from "./CairoProgram.sol";
import {PRIME} from "./Field.sol";
import {IComposition, IDeep} from "./ILayout.sol";
import {ProofVerification} from "./ProofVerification.sol";
import {PublicInput} from "./PublicInput.sol";
import {PublicMemory} from "./PublicMemory.sol";

/// @title Facts about one Cairo program: which outputs its runs have given.
/// @notice A fact is keccak256(program hash, output hash), as a core contract asks for it. The
/// program lies in public memory, and here as code; its hash is computed from that code when the
/// registry is deployed, so that nobody has to be believed that the two belong together.
///
/// Public memory is, in pages:
/// ```
/// 0       what __start__ gets and returns: [fp - 2] = fp, [fp - 1] = 0, first addresses of the
///         program's builtins from fp on, and the addresses behind them before the last ap
/// 1 .. n  the program, from address 1 on, a page for each contract
/// n + 1   the output
/// ```
contract CairoFactRegistry is ProofVerification, IFactRegistry {
    error NoOutputBuiltin();
    error WrongStack();
    error WrongOutput();

    /// @notice Hash of the program and of its list of builtins; see `CairoProgram`.
    uint256 public immutable programHash;

    /// @notice Contracts whose code is the program.
    address[] public programPages;

    /// @notice The program's builtins in its order: 0 is output, i is the layout's i-th one.
    bytes public builtins;

    constructor(
        IComposition composition_,
        IDeep deep_,
        uint256 securityBits_,
        uint256 minPowBits_,
        address[] memory programPages_,
        bytes memory builtins_
    ) ProofVerification(composition_, deep_, securityBits_, minPowBits_) {
        // Without the output builtin, nothing ties the output's cells to the program.
        if (builtins_.length == 0 || builtins_[0] != 0) revert NoOutputBuiltin();
        for (uint256 i = 0; i < builtins_.length; i++)
            if (uint8(builtins_[i]) > _shape().builtinCount) revert WrongLayout();
        programHash = CairoProgram.hash(programPages_, builtins_);
        programPages = programPages_;
        builtins = builtins_;
    }

    /// @inheritdoc IFactRegistry
    function isValid(bytes32 fact) external view returns (bool) {
        return isProven[fact];
    }

    /// @notice Checks a proof that the program has given an output, and keeps the fact.
    /// @param parameters See `Parameters`.
    /// @param publicInput See `PublicInput`.
    /// @param output The words of the output.
    /// @param mainSize With 0, the output hash is keccak256 of all words. Otherwise it is that of
    /// an output whose words from `mainSize` on are data on chain; see `OnchainDataFact`.
    function proveFact(
        uint256[] calldata parameters,
        uint256[] calldata publicInput,
        uint256[] calldata output,
        uint256 mainSize,
        bytes calldata proof
    ) external returns (bytes32 fact) {
        Run memory run;
        fact = _checkFact(run, parameters, publicInput, output, mainSize, proof);
        _checkLayers(run, run.layers.length);
        _accept(fact);
    }

    /// @notice The same for a proof that does not fit into a transaction: `proof` ends before the
    /// layers of FRI.
    /// @return state What `resume` goes on with.
    function beginFact(
        uint256[] calldata parameters,
        uint256[] calldata publicInput,
        uint256[] calldata output,
        uint256 mainSize,
        bytes calldata proof
    ) external returns (bytes memory state) {
        Run memory run;
        bytes32 fact = _checkFact(run, parameters, publicInput, output, mainSize, proof);
        return _suspend(fact, run);
    }

    function _checkFact(
        Run memory run,
        uint256[] calldata parameters,
        uint256[] calldata publicInput,
        uint256[] calldata output,
        uint256 mainSize,
        bytes calldata proof
    ) private view returns (bytes32) {
        _openStatement(run, parameters, publicInput, proof);
        _readCommitments(run);
        _checkUpToFri(run, publicInput, _memoryProduct(run, publicInput, output));
        return keccak256(abi.encode(programHash, _outputHash(output, mainSize)));
    }

    function _outputHash(
        uint256[] calldata output,
        uint256 mainSize
    ) internal pure returns (bytes32) {
        if (mainSize == 0) return keccak256(abi.encodePacked(output));
        uint256 dataHash = OnchainDataFact.hashData(output[mainSize:], mainSize);
        return OnchainDataFact.encode(output[:mainSize], dataHash, output.length - mainSize);
    }

    /// @dev Checks that public memory is stack, program and output; its product.
    function _memoryProduct(
        Run memory run,
        uint256[] calldata publicInput,
        uint256[] calldata output
    ) internal view returns (uint256 product) {
        (uint256 header, uint256 count, ) = PublicInput.pageHeaders(
            publicInput,
            _shape(),
            run.logRows
        );
        if (count != programPages.length + 2) revert WrongPage(count);
        product = _stackProduct(run, publicInput, header);
        uint256 length;
        for (uint256 i = 1; i + 1 < count; i++) {
            (uint256 words, uint256 size) = CairoProgram.load(programPages[i - 1]);
            uint256[] calldata page = publicInput[header + 3 * i - 1:];
            product = mulmod(product, _valuesProduct(run, i, page, length + 1, words, size), PRIME);
            length += size;
        }
        // The program and the stack of its run do not overlap.
        if (publicInput[PublicInput.EXECUTION] < length + 3) revert WrongStack();
        product = mulmod(product, _outputProduct(run, publicInput, count - 1, output), PRIME);
    }

    /// @dev The pairs of page 0.
    function _stackProduct(
        Run memory run,
        uint256[] calldata publicInput,
        uint256 header
    ) private view returns (uint256) {
        bytes memory used = builtins;
        uint256 fp = publicInput[PublicInput.EXECUTION];
        // Checked arithmetic: an ap that is too low is refused.
        uint256 returned = publicInput[PublicInput.EXECUTION + 1] - used.length;
        uint256[] memory pairs = new uint256[](4 + 4 * used.length);
        (pairs[0], pairs[1]) = (fp - 2, fp);
        (pairs[2], pairs[3]) = (fp - 1, 0);
        for (uint256 i = 0; i < used.length; i++) {
            uint256 segment = PublicInput.OUTPUT + 2 * uint8(used[i]);
            (pairs[4 + 2 * i], pairs[5 + 2 * i]) = (fp + i, publicInput[segment]);
            uint256 end = 4 + 2 * (used.length + i);
            (pairs[end], pairs[end + 1]) = (returned + i, publicInput[segment + 1]);
        }
        if (publicInput[header] != pairs.length / 2) revert WrongPage(0);
        if (publicInput[header + 1] != uint256(keccak256(abi.encodePacked(pairs))))
            revert WrongPage(0);
        uint256 cells;
        assembly ("memory-safe") {
            cells := add(pairs, 0x20)
        }
        return PublicMemory.pairsProduct(cells, pairs.length / 2, run.memoryZ, run.memoryStep);
    }

    /// @dev The words of the output builtin's segment.
    function _outputProduct(
        Run memory run,
        uint256[] calldata publicInput,
        uint256 page,
        uint256[] calldata output
    ) private view returns (uint256) {
        uint256 start = publicInput[PublicInput.OUTPUT];
        if (publicInput[PublicInput.OUTPUT + 1] - start != output.length) revert WrongOutput();
        uint256 header = PublicInput.BUILTINS + 2 * _shape().builtinCount + 3 + 3 * page - 1;
        uint256 words;
        assembly ("memory-safe") {
            // Not kept.
            words := mload(0x40)
            calldatacopy(words, output.offset, shl(5, output.length))
        }
        PublicMemory.checkValues(words, output.length);
        return _valuesProduct(run, page, publicInput[header:], start, words, output.length);
    }

    /// @param header First address, size and hash of the page.
    /// @param words Memory address of its values.
    function _valuesProduct(
        Run memory run,
        uint256 page,
        uint256[] calldata header,
        uint256 start,
        uint256 words,
        uint256 size
    ) private pure returns (uint256) {
        bytes32 hash;
        assembly ("memory-safe") {
            hash := keccak256(words, shl(5, size))
        }
        if (header[0] != start || header[1] != size || header[2] != uint256(hash))
            revert WrongPage(page);
        return PublicMemory.valuesProduct(start, words, size, run.memoryZ, run.memoryStep);
    }
}
