// SPDX-License-Identifier: MIT
pragma solidity ^0.8.29;

import {IComposition, IDeep} from "./ILayout.sol";
import {StarkVerifier} from "./StarkVerifier.sol";

/// @title A verifier that says what each of its phases costs; for development.
contract VerifierProfile is StarkVerifier {
    constructor(
        IComposition composition_,
        IDeep deep_,
        uint256 securityBits_,
        uint256 minPowBits_
    ) StarkVerifier(composition_, deep_, securityBits_, minPowBits_) {}

    /// @notice `verify`, phase by phase, whatever the size of the proof.
    /// @return gasUsed Statement, commitments, public memory, constraints, FRI commitments, openings
    /// of the trees and DEEP quotient, then each FRI layer; the last layer is part of the last one.
    /// @return digests The channel's digest when the commitments, and when all messages have been
    /// read.
    /// @return queries The distinct queries.
    function profile(
        uint256[] calldata parameters,
        uint256[] calldata publicInput,
        uint256[][] calldata pages,
        bytes calldata proof
    )
        external
        view
        returns (uint256[] memory gasUsed, uint256[2] memory digests, uint256[] memory queries)
    {
        Run memory run;
        gasUsed = new uint256[](6 + parameters[4] - 1);
        gasUsed[0] = gasleft();
        _openStatement(run, parameters, publicInput, proof);
        _next(gasUsed, 0);
        _readCommitments(run);
        _next(gasUsed, 1);
        digests[0] = run.channel.digest;
        uint256 product = _pagesProduct(run, publicInput, pages);
        _next(gasUsed, 2);
        _checkComposition(run, publicInput, product);
        _next(gasUsed, 3);
        _readFriCommitments(run);
        _next(gasUsed, 4);
        digests[1] = run.channel.digest;
        queries = run.queries;
        _checkOpenings(run);
        _next(gasUsed, 5);
        uint256 layers = run.layers.length;
        for (uint256 i = 0; i < layers; i++) {
            _checkLayers(run, 1);
            _next(gasUsed, 6 + i);
        }
    }

    /// @dev The start of a phase in `gasUsed[phase]` gives way to its cost.
    function _next(uint256[] memory gasUsed, uint256 phase) private view {
        gasUsed[phase] -= gasleft();
        if (phase + 1 < gasUsed.length) gasUsed[phase + 1] = gasleft();
    }
}
