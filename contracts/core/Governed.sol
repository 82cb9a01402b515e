// SPDX-License-Identifier: MIT
pragma solidity ^0.8.29;

/// @title Governors: the owners of the contract, who choose operators and settings.
/// @notice The deployer is the first governor. A governor is nominated by another one and has to
/// accept. `finalize` ends the governors' power over the settings for good.
abstract contract Governed {
    event LogNominatedGovernor(address nominatedGovernor);
    event LogNominationCancelled();
    event LogNewGovernorAccepted(address acceptedGovernor);
    event LogRemovedGovernor(address removedGovernor);
    event Finalized();

    mapping(address user => bool) private _governors;
    address private _candidate;
    /// @notice Whether the settings are fixed for ever.
    bool public isFinalized;

    modifier onlyGovernance() {
        require(_governors[msg.sender], "ONLY_GOVERNANCE");
        _;
    }

    modifier notFinalized() {
        require(!isFinalized, "FINALIZED");
        _;
    }

    constructor() {
        _governors[msg.sender] = true;
        emit LogNewGovernorAccepted(msg.sender);
    }

    function starknetIsGovernor(address user) external view returns (bool) {
        return _governors[user];
    }

    function starknetNominateNewGovernor(address newGovernor) external onlyGovernance {
        require(newGovernor != address(0), "BAD_ADDRESS");
        require(!_governors[newGovernor], "ALREADY_GOVERNOR");
        require(_candidate == address(0), "OTHER_CANDIDATE_PENDING");
        _candidate = newGovernor;
        emit LogNominatedGovernor(newGovernor);
    }

    /// @notice Takes back a nomination, if there is one.
    function starknetCancelNomination() external onlyGovernance {
        if (_candidate == address(0)) return;
        _candidate = address(0);
        emit LogNominationCancelled();
    }

    function starknetAcceptGovernance() external {
        require(msg.sender == _candidate, "ONLY_CANDIDATE_GOVERNOR");
        _candidate = address(0);
        _governors[msg.sender] = true;
        emit LogNewGovernorAccepted(msg.sender);
    }

    /// @notice A governor cannot remove itself: there is always one left.
    function starknetRemoveGovernor(address governorForRemoval) external onlyGovernance {
        require(msg.sender != governorForRemoval, "GOVERNOR_SELF_REMOVE");
        require(_governors[governorForRemoval], "NOT_GOVERNOR");
        _governors[governorForRemoval] = false;
        emit LogRemovedGovernor(governorForRemoval);
    }

    function finalize() external onlyGovernance notFinalized {
        isFinalized = true;
        emit Finalized();
    }
}
