// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

/// @title A registry of facts that somebody has established.
/// @notice The core contract settles a state transition only if its fact is in the registry; how
/// facts come in there (a proof that was verified, or nothing but an owner's word) is the
/// registry's business.
interface IFactRegistry {
    /// @param fact keccak256(abi.encode(programHash, outputFact)): a program of that hash has run
    /// and given that output.
    /// @return Whether the fact is established.
    function isValid(bytes32 fact) external view returns (bool);
}
