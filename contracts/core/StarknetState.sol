// SPDX-License-Identifier: MIT
pragma solidity ^0.8.29;

import {IStarknetCore} from "../interfaces/IStarknetCore.sol";
import {StarknetOutput} from "./StarknetOutput.sol";

/// @title What L1 keeps of the L2's state: a root, a block number and a block hash.
/// @dev First of the bases with storage: its three slots are the first ones of StarknetCore's
/// layout.
abstract contract StarknetState is IStarknetCore {
    uint256 private _globalRoot;
    int256 private _blockNumber;
    uint256 private _blockHash;

    constructor(uint256 globalRoot, int256 blockNumber, uint256 blockHash) {
        _globalRoot = globalRoot;
        _blockNumber = blockNumber;
        _blockHash = blockHash;
        emit LogInitialState(globalRoot, blockNumber, blockHash);
    }

    /// @inheritdoc IStarknetCore
    function stateRoot() external view override returns (uint256) {
        return _globalRoot;
    }

    /// @inheritdoc IStarknetCore
    function stateBlockNumber() external view override returns (int256) {
        return _blockNumber;
    }

    /// @inheritdoc IStarknetCore
    function stateBlockHash() external view override returns (uint256) {
        return _blockHash;
    }

    /// @dev Before anything else in an update. The L2 calls the block before its first one number
    /// -1, which is FIELD_PRIME - 1 in the output.
    function _checkPrevBlockNumber(uint256[] calldata programOutput) internal view {
        uint256 expected =
            _blockNumber == -1 ? StarknetOutput.FIELD_PRIME - 1 : uint256(_blockNumber);
        require(
            programOutput[StarknetOutput.PREV_BLOCK_NUMBER] == expected,
            "INVALID_PREV_BLOCK_NUMBER"
        );
    }

    /// @dev After everything else in an update: paying the fees calls a stranger, who may have run
    /// an update inside of this one.
    function _checkNewBlockNumber(uint256[] calldata programOutput) internal view {
        require(
            uint256(_blockNumber) == programOutput[StarknetOutput.NEW_BLOCK_NUMBER],
            "REENTRANCY_FAILURE"
        );
    }

    /// @dev Moves to the state that the output ends with, if it begins with this one. The caller
    /// has checked the previous block number.
    function _advance(uint256[] calldata programOutput) internal {
        // Words of the output are below 2**252: the cast keeps them.
        int256 newBlockNumber = int256(programOutput[StarknetOutput.NEW_BLOCK_NUMBER]);
        require(newBlockNumber > _blockNumber, "INVALID_NEW_BLOCK_NUMBER");
        require(
            programOutput[StarknetOutput.PREV_BLOCK_HASH] == _blockHash,
            "INVALID_PREV_BLOCK_HASH"
        );
        require(programOutput[StarknetOutput.PREV_ROOT] == _globalRoot, "INVALID_PREVIOUS_ROOT");
        _blockNumber = newBlockNumber;
        _blockHash = programOutput[StarknetOutput.NEW_BLOCK_HASH];
        _globalRoot = programOutput[StarknetOutput.NEW_ROOT];
    }

    function _logState() internal {
        emit LogStateUpdate(_globalRoot, _blockNumber, _blockHash);
    }
}
