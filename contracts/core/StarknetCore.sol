// SPDX-License-Identifier: MIT
pragma solidity ^0.8.29;

import {IFactRegistry} from "../interfaces/IFactRegistry.sol";
import {IStarknetCore} from "../interfaces/IStarknetCore.sol";
import {OnchainDataFact} from "./OnchainDataFact.sol";
import {Operated} from "./Operated.sol";
import {StarknetMessaging} from "./StarknetMessaging.sol";
import {StarknetOutput} from "./StarknetOutput.sol";
import {StarknetState} from "./StarknetState.sol";

/// @title Core contract of a Starknet L2: its state on L1, settlement, and messages both ways.
/// @notice Functions, events, revert strings and hashes are those of Starknet's core contract on
/// Ethereum (generation of October 2025), without proxy and KZG data availability, and with
/// `updateStateCalldataDA`, which puts the state diff into the calldata, and `publishInitialState`.
/// @dev Storage begins at keccak256("STARKNET_1.0_INIT_STARKNET_STATE_STRUCT"), where the mainnet
/// contract keeps root, number and hash: a storage proof of the state looks the same for both.
/// docs/l1.md lists every slot.
contract StarknetCore
    is StarknetState, Operated, StarknetMessaging
    layout at 0x71a8ef1b1265359d77973c3524afac225c0a0d829a0d4da5cac3b34532019fec
{
    struct InitialState {
        uint256 globalRoot;
        int256 blockNumber;
        uint256 blockHash;
    }

    event ProgramHashChanged(
        address indexed changedBy,
        uint256 oldProgramHash,
        uint256 newProgramHash
    );
    event AggregatorProgramHashChanged(
        address indexed changedBy,
        uint256 oldAggregatorProgramHash,
        uint256 newAggregatorProgramHash
    );
    event ConfigHashChanged(
        address indexed changedBy,
        uint256 oldConfigHash,
        uint256 newConfigHash
    );

    /// @notice Hash of the Starknet OS program whose runs settle.
    uint256 public programHash;

    /// @notice Hash of the program that joins runs of the OS, for outputs that name an OS program.
    uint256 public aggregatorProgramHash;

    /// @notice Hash of the L2's configuration (chain id, fee token), which the OS writes into its
    /// output.
    uint256 public configHash;

    /// @notice Receiver of the messages' fees; if none is set, the operator that settles.
    address payable public feeCollector;

    /// @notice The fact registry that decides which state transitions are true. Fixed at
    /// deployment.
    IFactRegistry public immutable verifier;

    constructor(
        uint256 programHash_,
        uint256 aggregatorProgramHash_,
        IFactRegistry verifier_,
        uint256 configHash_,
        InitialState memory initial
    ) StarknetState(initial.globalRoot, initial.blockNumber, initial.blockHash) {
        require(programHash_ != 0, "BAD_INITIALIZATION");
        programHash = programHash_;
        aggregatorProgramHash = aggregatorProgramHash_;
        verifier = verifier_;
        configHash = configHash_;
    }

    /// @notice Name and version of this contract.
    function identify() external pure returns (string memory) {
        return "hardhat-starknet_StarknetCore_2026_11";
    }

    function setProgramHash(uint256 newProgramHash) external notFinalized onlyGovernance {
        emit ProgramHashChanged(msg.sender, programHash, newProgramHash);
        programHash = newProgramHash;
    }

    function setAggregatorProgramHash(
        uint256 newAggregatorProgramHash
    ) external notFinalized onlyGovernance {
        emit AggregatorProgramHashChanged(
            msg.sender,
            aggregatorProgramHash,
            newAggregatorProgramHash
        );
        aggregatorProgramHash = newAggregatorProgramHash;
    }

    function setConfigHash(uint256 newConfigHash) external notFinalized onlyGovernance {
        emit ConfigHashChanged(msg.sender, configHash, newConfigHash);
        configHash = newConfigHash;
    }

    /// @notice Sets how many seconds lie between asking for a message's cancellation and cancelling
    /// it.
    function setMessageCancellationDelay(
        uint256 delayInSeconds
    ) external notFinalized onlyGovernance {
        messageCancellationDelay = delayInSeconds;
    }

    /// @notice Sets who receives the messages' fees. A receiver that refuses ether would stop every
    /// update: it is asked first.
    function setFeeCollectionAddress(address payable collector) external onlyGovernance {
        (bool accepted, ) = collector.call("");
        require(accepted, "ADDRESS_DOES_NOT_ACCEPT_ETH");
        feeCollector = collector;
    }

    /// @inheritdoc IStarknetCore
    function updateState(
        uint256[] calldata programOutput,
        uint256 onchainDataHash,
        uint256 onchainDataSize
    ) external override onlyOperator {
        _updateState(programOutput, onchainDataHash, onchainDataSize, false);
    }

    /// @inheritdoc IStarknetCore
    function updateStateCalldataDA(
        uint256[] calldata programOutput,
        uint256[] calldata stateDiff
    ) external override onlyOperator {
        uint256 dataHash = OnchainDataFact.hashData(stateDiff, programOutput.length);
        _updateState(programOutput, dataHash, stateDiff.length, true);
    }

    /// @inheritdoc IStarknetCore
    function publishInitialState(
        uint256 offset,
        uint256 size,
        uint256[] calldata words
    ) external override onlyOperator {
        emit LogInitialStateDiff(offset, size, words);
    }

    /// @dev Checks, then effects, then the one call that can reach a stranger (the fees), then the
    /// check that the stranger has not settled anything meanwhile.
    function _updateState(
        uint256[] calldata programOutput,
        uint256 dataHash,
        uint256 dataSize,
        bool inCalldata
    ) private {
        require(programOutput.length > StarknetOutput.HEADER_SIZE, "STARKNET_OUTPUT_TOO_SHORT");
        _checkPrevBlockNumber(programOutput);
        require(programOutput[StarknetOutput.USE_KZG_DA] == 0, "UNEXPECTED_KZG_DA_FLAG");
        _checkFact(programOutput, OnchainDataFact.encode(programOutput, dataHash, dataSize));
        _advance(programOutput);
        uint256 fees = _processMessages(programOutput[StarknetOutput.HEADER_SIZE:]);
        _logState();
        _logData(programOutput, dataHash, dataSize, inCalldata);
        _payFees(fees);
        _checkNewBlockNumber(programOutput);
    }

    /// @dev Refuses an output that is not an established result of the OS (or of the aggregator)
    /// for this L2.
    function _checkFact(uint256[] calldata programOutput, bytes32 stateTransitionFact) private {
        StarknetOutput.validate(programOutput);
        require(programOutput[StarknetOutput.CONFIG_HASH] == configHash, "INVALID_CONFIG_HASH");
        require(programOutput[StarknetOutput.FULL_OUTPUT] == 0, "FULL_OUTPUT_NOT_SUPPORTED");
        uint256 osProgramHash = programOutput[StarknetOutput.OS_PROGRAM_HASH];
        uint256 factProgramHash = programHash;
        if (osProgramHash != 0) {
            require(osProgramHash == factProgramHash, "AGGREGATOR_MODE_INVALID_OS_PROGRAM_HASH");
            factProgramHash = aggregatorProgramHash;
        }
        bytes32 sharpFact = keccak256(abi.encode(factProgramHash, stateTransitionFact));
        require(verifier.isValid(sharpFact), "NO_STATE_TRANSITION_PROOF");
        emit LogStateTransitionFact(stateTransitionFact);
    }

    /// @param words The output after its header.
    /// @return fees Fees of the messages that were handled on L2.
    function _processMessages(uint256[] calldata words) private returns (uint256 fees) {
        uint256 end = _addMessagesToL1(words);
        uint256 size;
        (size, fees) = _consumeMessagesToL2(words[end:]);
        require(end + size == words.length, "STARKNET_OUTPUT_TOO_LONG");
    }

    function _logData(
        uint256[] calldata programOutput,
        uint256 dataHash,
        uint256 dataSize,
        bool inCalldata
    ) private {
        uint256 previous = programOutput[StarknetOutput.PREV_BLOCK_NUMBER];
        emit LogStateUpdateData(
            previous == StarknetOutput.FIELD_PRIME - 1 ? 0 : previous + 1,
            programOutput[StarknetOutput.NEW_BLOCK_NUMBER],
            programOutput[StarknetOutput.NEW_ROOT],
            dataHash,
            dataSize,
            inCalldata
        );
    }

    function _payFees(uint256 fees) private {
        if (fees == 0) return;
        address payable receiver = feeCollector == address(0) ? payable(msg.sender) : feeCollector;
        (bool paid, ) = receiver.call{value: fees}("");
        require(paid, "ETH_TRANSFER_FAILED");
    }
}
