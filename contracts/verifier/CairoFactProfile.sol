// SPDX-License-Identifier: MIT
pragma solidity ^0.8.29;

import {CairoFactRegistry} from "./CairoFactRegistry.sol";
import {IComposition, IDeep} from "./ILayout.sol";

/// @title A registry that says what each phase of `proveFact` costs; for reports of gas.
/// @notice It is never deployed: its code takes the place of a registry's for the time of a call.
contract CairoFactProfile is CairoFactRegistry {
    constructor(
        IComposition composition_,
        IDeep deep_,
        uint256 securityBits_,
        uint256 minPowBits_,
        address[] memory programPages_,
        bytes memory builtins_
    )
        CairoFactRegistry(composition_, deep_, securityBits_, minPowBits_, programPages_, builtins_)
    {}

    /// @notice What `proveFact` does, phase by phase.
    /// @return gasUsed Statement, commitments, public memory and the output's hash, constraints, FRI
    /// commitments, openings of the trees and DEEP quotient, then each FRI layer, the last layer as
    /// part of the last one, keeping the fact, and nothing at all: what it costs to measure.
    function profile(
        uint256[] calldata parameters,
        uint256[] calldata publicInput,
        uint256[] calldata output,
        uint256 mainSize,
        bytes calldata proof
    ) external returns (uint256[] memory gasUsed) {
        Run memory run;
        gasUsed = new uint256[](7 + parameters[4]);
        gasUsed[0] = gasleft();
        _openStatement(run, parameters, publicInput, proof);
        _next(gasUsed, 0);
        _readCommitments(run);
        _next(gasUsed, 1);
        uint256 product = _memoryProduct(run, publicInput, output);
        bytes32 outputHash = _outputHash(output, mainSize);
        _next(gasUsed, 2);
        _checkComposition(run, publicInput, product);
        _next(gasUsed, 3);
        _readFriCommitments(run);
        _next(gasUsed, 4);
        _checkOpenings(run);
        _next(gasUsed, 5);
        uint256 layers = run.layers.length;
        for (uint256 i = 0; i < layers; i++) {
            _checkLayers(run, 1);
            _next(gasUsed, 6 + i);
        }
        // Of no program: a fact that is known already would be cheaper to keep.
        _accept(keccak256(abi.encode(address(this), outputHash)));
        _next(gasUsed, 6 + layers);
        _next(gasUsed, 7 + layers);
    }

    /// @dev The start of a phase in `gasUsed[phase]` gives way to its cost.
    function _next(uint256[] memory gasUsed, uint256 phase) private view {
        gasUsed[phase] -= gasleft();
        if (phase + 1 < gasUsed.length) gasUsed[phase + 1] = gasleft();
    }
}
