// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {IStarknetMessaging} from "./IStarknetMessaging.sol";

/// @title State of a Starknet L2 as L1 knows it.
interface IStarknetCore is IStarknetMessaging {
    /// @notice The state after an update.
    event LogStateUpdate(uint256 globalRoot, int256 blockNumber, uint256 blockHash);

    /// @notice Fact of the program output that an update used.
    event LogStateTransitionFact(bytes32 stateTransitionFact);

    /// @notice What a watcher needs to follow the L2 from L1: the blocks that an update settled,
    /// the root after them, and where their state diff is. Not an event of Starknet's core
    /// contract.
    /// @param firstBlockNumber First block of the update.
    /// @param lastBlockNumber Last block of the update.
    /// @param globalRoot State root after the last block.
    /// @param onchainDataHash Fact of the words of the state diff, see `updateState`.
    /// @param onchainDataSize How many words the state diff has.
    /// @param inCalldata Whether the words are in the calldata of this very transaction
    /// (`updateStateCalldataDA`). Otherwise the core contract knows nothing but their hash.
    event LogStateUpdateData(
        uint256 indexed firstBlockNumber,
        uint256 indexed lastBlockNumber,
        uint256 globalRoot,
        uint256 onchainDataHash,
        uint256 onchainDataSize,
        bool inCalldata
    );

    /// @notice The state with which the contract began, once, at its deployment. Not an event of
    /// Starknet's core contract.
    event LogInitialState(uint256 globalRoot, int256 blockNumber, uint256 blockHash);

    /// @notice Words of the state diff from nothing to the initial state, see
    /// `publishInitialState`. Not an event of Starknet's core contract.
    event LogInitialStateDiff(uint256 offset, uint256 size, uint256[] words);

    /// @return State root after the last settled block.
    function stateRoot() external view returns (uint256);

    /// @return Number of the last settled block, -1 before the first.
    function stateBlockNumber() external view returns (int256);

    /// @return Hash of the last settled block.
    function stateBlockHash() external view returns (uint256);

    /// @notice Settles blocks whose state transition is an established fact. For operators only.
    /// @param programOutput Output of the Starknet OS without the state diff: header of 10 words,
    /// messages to L1, messages to L2.
    /// @param onchainDataHash Fact of the words of the state diff: 1 + keccak256 of
    /// (keccak256(page), end of page in the output) for each of its pages of 3800 words.
    /// @param onchainDataSize How many words the state diff has.
    function updateState(
        uint256[] calldata programOutput,
        uint256 onchainDataHash,
        uint256 onchainDataSize
    ) external;

    /// @notice `updateState` with the state diff itself, so that everybody can read it in the
    /// transaction's calldata. Not a function of Starknet's core contract.
    /// @param programOutput As for `updateState`.
    /// @param stateDiff The words of the state diff, which end the output of the Starknet OS.
    function updateStateCalldataDA(
        uint256[] calldata programOutput,
        uint256[] calldata stateDiff
    ) external;

    /// @notice Tells what the initial state is, so that everybody can follow the L2 from there by
    /// what L1 has. For operators only; whoever reads it computes the root of what was told, and
    /// compares it with the initial one. Not a function of Starknet's core contract.
    /// @param offset How many words were told before, by earlier calls.
    /// @param size How many words there are in all: they need not fit into one transaction.
    /// @param words The next words of the state diff from nothing to the initial state, in the
    /// form in which the output of the Starknet OS ends with it.
    function publishInitialState(uint256 offset, uint256 size, uint256[] calldata words) external;
}
