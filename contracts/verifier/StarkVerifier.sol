// SPDX-License-Identifier: MIT
pragma solidity ^0.8.29;

import {IComposition, IDeep} from "./ILayout.sol";
import {ProofVerification} from "./ProofVerification.sol";

/// @title Verifier of STARK proofs of Cairo runs in one layout.
/// @notice A claim is keccak256 of the words of the public input: a Cairo program with that public
/// memory has run as it says, from pc 1 to pc 5. Which program that is, is for others to ask; see
/// `CairoFactRegistry`.
contract StarkVerifier is ProofVerification {
    constructor(
        IComposition composition_,
        IDeep deep_,
        uint256 securityBits_,
        uint256 minPowBits_,
        uint256 nodeBytes_
    ) ProofVerification(composition_, deep_, securityBits_, minPowBits_, nodeBytes_) {}

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
}
