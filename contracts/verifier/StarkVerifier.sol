// SPDX-License-Identifier: MIT
pragma solidity ^0.8.29;

import {PRIME} from "./Field.sol";
import {IComposition, IDeep} from "./ILayout.sol";
import {ProofVerification} from "./ProofVerification.sol";
import {PublicInput} from "./PublicInput.sol";
import {PublicMemory} from "./PublicMemory.sol";

/// @title Verifier of STARK proofs of Cairo runs in one layout.
/// @notice A claim is keccak256 of the words of the public input: a Cairo program with that public
/// memory has run as it says, from pc 1 to pc 5. Which program that is, is for others to ask; see
/// `CairoFactRegistry`.
contract StarkVerifier is ProofVerification {
    constructor(
        IComposition composition_,
        IDeep deep_,
        uint256 securityBits_,
        uint256 minPowBits_
    ) ProofVerification(composition_, deep_, securityBits_, minPowBits_) {}

    /// @notice Checks a whole proof; reverts if it is none.
    /// @param parameters Queries, log2 of the blowup, bits of work, log2 of the last layer, number
    /// of FRI steps, 0, the steps (protocol spec §6.3).
    /// @param publicInput See `PublicInput`.
    /// @param pages Public memory: (address, value) pairs as page 0, then values.
    /// @return claim What has been proven.
    function verify(
        uint256[] calldata parameters,
        uint256[] calldata publicInput,
        uint256[][] calldata pages,
        bytes calldata proof
    ) external view returns (bytes32 claim) {
        Run memory run;
        claim = _openStatement(run, parameters, publicInput, proof);
        _readCommitments(run);
        uint256 product = _pagesProduct(run, publicInput, pages);
        _checkUpToFri(run, publicInput, product);
        _checkLayers(run, run.layers.length);
    }

    /// @notice Checks a whole proof and keeps its claim.
    function register(
        uint256[] calldata parameters,
        uint256[] calldata publicInput,
        uint256[][] calldata pages,
        bytes calldata proof
    ) external returns (bytes32 claim) {
        Run memory run;
        claim = _openStatement(run, parameters, publicInput, proof);
        _readCommitments(run);
        uint256 product = _pagesProduct(run, publicInput, pages);
        _checkUpToFri(run, publicInput, product);
        _checkLayers(run, run.layers.length);
        _accept(claim);
    }

    /// @notice Checks a proof up to the layers of FRI, where `proof` ends.
    /// @return state What `resume` goes on with.
    function begin(
        uint256[] calldata parameters,
        uint256[] calldata publicInput,
        uint256[][] calldata pages,
        bytes calldata proof
    ) external returns (bytes memory state) {
        Run memory run;
        bytes32 claim = _openStatement(run, parameters, publicInput, proof);
        _readCommitments(run);
        uint256 product = _pagesProduct(run, publicInput, pages);
        _checkUpToFri(run, publicInput, product);
        return _suspend(claim, run);
    }

    /// @dev Checks the pages against their headers. Their products take z and α of the memory
    /// argument, which are drawn after the trace was committed to.
    function _pagesProduct(
        Run memory run,
        uint256[] calldata publicInput,
        uint256[][] calldata pages
    ) internal view returns (uint256 product) {
        (uint256 header, uint256 count, ) = PublicInput.pageHeaders(
            publicInput,
            _shape(),
            run.logRows
        );
        if (pages.length != count) revert WrongPage(count);
        product = 1;
        for (uint256 page = 0; page < count; page++) {
            uint256 factor = _pageProduct(
                run,
                page,
                publicInput[header + 3 * page - 1:],
                pages[page]
            );
            product = mulmod(product, factor, PRIME);
        }
    }

    /// @param header First address (unless it is page 0), size and hash of the page.
    function _pageProduct(
        Run memory run,
        uint256 page,
        uint256[] calldata header,
        uint256[] calldata words
    ) private pure returns (uint256) {
        uint256 size = header[1];
        if (words.length != (page == 0 ? 2 * size : size)) revert WrongPage(page);
        uint256 copy;
        bytes32 hash;
        assembly ("memory-safe") {
            // Beyond the free pointer: the copy is not kept.
            copy := mload(0x40)
            let length := shl(5, words.length)
            calldatacopy(copy, words.offset, length)
            hash := keccak256(copy, length)
        }
        if (uint256(hash) != header[2]) revert WrongPage(page);
        if (page == 0) return PublicMemory.pairsProduct(copy, size, run.memoryZ, run.memoryStep);
        PublicMemory.checkValues(copy, size);
        return PublicMemory.valuesProduct(header[0], copy, size, run.memoryZ, run.memoryStep);
    }
}
