// SPDX-License-Identifier: MIT
pragma solidity ^0.8.29;

import {IFactRegistry} from "../interfaces/IFactRegistry.sol";

/// @title A fact registry that proves nothing: a fact is what its owner says.
/// @notice For development and fast tests. A core contract with this registry is as trustworthy as
/// the owner's key.
contract UnprovenFactRegistry is IFactRegistry {
    event LogUnprovenFactRegistered(bytes32 indexed fact);

    error OnlyOwner(address caller);

    /// @notice The only account whose word counts.
    address public immutable owner;

    /// @inheritdoc IFactRegistry
    mapping(bytes32 fact => bool) public override isValid;

    constructor(address owner_) {
        owner = owner_;
    }

    /// @notice Makes `fact` valid without any proof.
    function registerFact(bytes32 fact) external {
        require(msg.sender == owner, OnlyOwner(msg.sender));
        isValid[fact] = true;
        emit LogUnprovenFactRegistered(fact);
    }
}
