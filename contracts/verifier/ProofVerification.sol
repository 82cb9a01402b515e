// SPDX-License-Identifier: MIT
pragma solidity ^0.8.29;

import {Channel} from "./Channel.sol";
import {EvaluationDomain} from "./EvaluationDomain.sol";
import {MONTGOMERY_INVERSE, PRIME} from "./Field.sol";
import {Fri} from "./Fri.sol";
import {IComposition, IDeep} from "./ILayout.sol";
import {Merkle, NODE_BYTES, NODE_MASK} from "./Merkle.sol";
import {Parameters} from "./Parameters.sol";
import {PublicInput} from "./PublicInput.sol";
import {PublicMemory} from "./PublicMemory.sol";

/// @title The steps by which STARK proofs of Cairo runs in one layout are verified.
/// @notice The protocol is that of StarkWare's EVM verifiers; src/prover/verifier is its twin in
/// TypeScript, with the same parts. A proof is one byte string, read where it lies in the calldata.
///
/// A proof that does not fit into a transaction is checked in several: the first one checks
/// everything but FRI's layers and leaves a checkpoint, the hash of what is still to be shown;
/// `resume` takes it on by some layers, until none is left and the claim is proven.
abstract contract ProofVerification {
    using Channel for Channel.State;

    error WrongLayout();
    error WrongPage(uint256 page);
    error WrongComposition();
    error WrongOpening(uint256 tree);
    error NotCanonical();
    error WrongLength();
    error UnknownCheckpoint();

    event Registered(bytes32 indexed claim);

    /// @dev A verification under way.
    struct Run {
        Channel.State channel;
        Parameters.Values parameters;
        uint256 logRows;
        // Where the proof goes on, and where it ends, in the calldata.
        uint256 position;
        uint256 end;
        // Roots of trace, interaction and composition.
        uint256[3] roots;
        // Interaction elements; the first two are z and α of the memory argument.
        uint256[] interaction;
        // z/α and 1/α; see `PublicMemory`.
        uint256 memoryZ;
        uint256 memoryStep;
        // Coefficient of the composition, out-of-domain point, coefficient of the DEEP quotient.
        uint256 alpha;
        uint256 z;
        uint256 gamma;
        // Where the claimed values at z are in the calldata.
        uint256 claimed;
        uint256[] queries;
        Fri.Layer[] layers;
        uint256[] lastLayer;
        // Three words for each point of the present layer.
        uint256[] points;
    }

    uint256 private constant COMPOSITION_COLUMNS = 2;
    uint256 private constant NONCE_BYTES = 8;

    /// @notice Generated contracts of the layout.
    IComposition public immutable composition;
    IDeep public immutable deep;

    /// @notice Bits of security that a proof must have, and how many of them by proof of work.
    uint256 public immutable securityBits;
    uint256 public immutable minPowBits;

    uint256 private immutable _layoutCode;
    uint256 private immutable _logRowsPerStep;
    uint256 private immutable _rangeCheckBits;
    uint256 private immutable _logPublicMemoryStep;
    uint256 private immutable _builtinCount;
    uint256 private immutable _builtins;
    uint256 private immutable _traceColumns;
    uint256 private immutable _interactionColumns;
    uint256 private immutable _interactionElements;
    uint256 private immutable _maskCells;

    /// @notice Whether a claim has been proven.
    mapping(bytes32 claim => bool) public isProven;

    /// @dev Hashes of the states that `resume` takes.
    mapping(bytes32 state => bool) private _checkpoints;

    constructor(
        IComposition composition_,
        IDeep deep_,
        uint256 securityBits_,
        uint256 minPowBits_
    ) {
        (PublicInput.Shape memory shape, IComposition.Size memory size) = composition_.shape();
        if (deep_.layoutCode() != shape.layoutCode) revert WrongLayout();
        composition = composition_;
        deep = deep_;
        securityBits = securityBits_;
        minPowBits = minPowBits_;
        _layoutCode = shape.layoutCode;
        _logRowsPerStep = shape.logRowsPerStep;
        _rangeCheckBits = shape.rangeCheckBits;
        _logPublicMemoryStep = shape.logPublicMemoryStep;
        _builtinCount = shape.builtinCount;
        _builtins = shape.builtins;
        _traceColumns = size.traceColumns;
        _interactionColumns = size.interactionColumns;
        _interactionElements = size.interactionElements;
        _maskCells = size.maskCells;
    }

    /// @notice Goes on from a checkpoint.
    /// @param state As the transaction before returned it.
    /// @param layerCount How many layers of FRI are checked now.
    /// @param proof The values and nodes of these layers.
    /// @return next What `resume` goes on with; empty if nothing is left, and the claim is proven.
    function resume(
        bytes calldata state,
        uint256 layerCount,
        bytes calldata proof
    ) external returns (bytes memory next) {
        if (!_checkpoints[keccak256(state)]) revert UnknownCheckpoint();
        Run memory run;
        bytes32 claim;
        (claim, run.layers, run.lastLayer, run.points) = abi.decode(
            state,
            (bytes32, Fri.Layer[], uint256[], uint256[])
        );
        _setProof(run, proof);
        if (layerCount > run.layers.length) revert WrongLength();
        _checkLayers(run, layerCount);
        if (run.layers.length > 0) return _suspend(claim, run);
        _accept(claim);
    }

    /// @dev Remembers what is still to be shown for `claim`.
    function _suspend(bytes32 claim, Run memory run) internal returns (bytes memory state) {
        _checkEnd(run);
        state = abi.encode(claim, run.layers, run.lastLayer, run.points);
        _checkpoints[keccak256(state)] = true;
    }

    function _accept(bytes32 claim) internal {
        isProven[claim] = true;
        emit Registered(claim);
    }

    function _setProof(Run memory run, bytes calldata proof) internal pure {
        uint256 position;
        assembly ("memory-safe") {
            position := proof.offset
        }
        run.position = position;
        run.end = position + proof.length;
    }

    function _checkEnd(Run memory run) internal pure {
        if (run.position != run.end) revert WrongLength();
    }

    // The statement.

    /// @dev Checks parameters and public input, and seeds the channel. The claim is the seed.
    function _openStatement(
        Run memory run,
        uint256[] calldata parameters,
        uint256[] calldata publicInput,
        bytes calldata proof
    ) internal view returns (bytes32 claim) {
        run.logRows = PublicInput.check(publicInput, _shape());
        run.parameters = Parameters.read(parameters, run.logRows, securityBits, minPowBits);
        _setProof(run, proof);
        claim = keccak256(abi.encodePacked(publicInput));
        run.channel.digest = uint256(claim);
    }

    function _shape() internal view returns (PublicInput.Shape memory) {
        return
            PublicInput.Shape(
                _layoutCode,
                _logRowsPerStep,
                _rangeCheckBits,
                _logPublicMemoryStep,
                _builtinCount,
                _builtins
            );
    }

    // The prover's messages, in the order of protocol spec §4.

    function _readRoot(Run memory run) private pure returns (uint256 root) {
        uint256 position = run.position;
        assembly ("memory-safe") {
            root := calldataload(position)
        }
        run.channel.absorb(root);
        run.position = position + 32;
    }

    /// @dev Up to the claimed values at the out-of-domain point.
    function _readCommitments(Run memory run) internal view {
        run.roots[0] = _readRoot(run);
        uint256[] memory interaction = new uint256[](_interactionElements);
        for (uint256 i = 0; i < interaction.length; i++) interaction[i] = run.channel.drawFelt();
        run.interaction = interaction;
        (run.memoryZ, run.memoryStep) = PublicMemory.scale(interaction[0], interaction[1]);
        run.roots[1] = _readRoot(run);
        run.alpha = run.channel.drawFelt();
        run.roots[2] = _readRoot(run);
        run.z = run.channel.drawFelt();
        run.claimed = run.position;
        uint256 count = _maskCells + COMPOSITION_COLUMNS;
        run.channel.absorbEach(run.claimed, count);
        run.position += 32 * count;
        run.gamma = run.channel.drawFelt();
    }

    /// @dev Everything that comes before the layers of FRI.
    /// @param product Of the pages of public memory, which the caller has bound to their hashes.
    function _checkUpToFri(
        Run memory run,
        uint256[] calldata publicInput,
        uint256 product
    ) internal view {
        _checkComposition(run, publicInput, product);
        _readFriCommitments(run);
        _checkOpenings(run);
    }

    /// @dev The constraints at the claimed mask must give the claimed H0(z²) + z·H1(z²).
    function _checkComposition(
        Run memory run,
        uint256[] calldata publicInput,
        uint256 product
    ) internal view {
        bytes memory words = _compositionInput(run, publicInput, product);
        if (composition.compositionAt(words) != _claimedComposition(run)) revert WrongComposition();
    }

    function _claimedComposition(Run memory run) private view returns (uint256) {
        uint256 position = run.claimed + 32 * _maskCells;
        uint256 even;
        uint256 odd;
        assembly ("memory-safe") {
            even := calldataload(position)
            odd := calldataload(add(position, 0x20))
        }
        if (even >= PRIME || odd >= PRIME) revert NotCanonical();
        return mulmod(even + mulmod(odd, run.z, PRIME), MONTGOMERY_INVERSE, PRIME);
    }

    /// @dev What `compositionAt` takes.
    function _compositionInput(
        Run memory run,
        uint256[] calldata publicInput,
        uint256 product
    ) private view returns (bytes memory words) {
        uint256 maskBytes = 32 * _maskCells;
        words = new bytes(32 * (8 + _interactionElements + _builtinCount) + maskBytes);
        uint256 cursor;
        assembly ("memory-safe") {
            cursor := add(words, 0x20)
        }
        cursor = _write(cursor, run.logRows);
        cursor = _write(cursor, run.z);
        cursor = _write(cursor, run.alpha);
        for (uint256 i = 0; i < run.interaction.length; i++)
            cursor = _write(cursor, run.interaction[i]);
        cursor = _write(cursor, _memoryQuotient(run, publicInput, product));
        cursor = _write(cursor, publicInput[PublicInput.RANGE_CHECK_MIN]);
        cursor = _write(cursor, publicInput[PublicInput.RANGE_CHECK_MAX]);
        cursor = _write(cursor, publicInput[PublicInput.EXECUTION]);
        cursor = _write(cursor, publicInput[PublicInput.EXECUTION + 1]);
        for (uint256 i = 0; i < _builtinCount; i++)
            cursor = _write(cursor, publicInput[PublicInput.BUILTINS + 2 * i]);
        uint256 claimed = run.claimed;
        assembly ("memory-safe") {
            calldatacopy(cursor, claimed, maskBytes)
        }
    }

    function _write(uint256 cursor, uint256 word) private pure returns (uint256) {
        assembly ("memory-safe") {
            mstore(cursor, word)
        }
        return cursor + 32;
    }

    function _memoryQuotient(
        Run memory run,
        uint256[] calldata publicInput,
        uint256 product
    ) private view returns (uint256) {
        (uint256 header, , uint256 cells) = PublicInput.pageHeaders(
            publicInput,
            _shape(),
            run.logRows
        );
        // The padding cell's address/α + value.
        uint256 padding = addmod(
            mulmod(publicInput[header - 3], run.memoryStep, PRIME),
            publicInput[header - 2],
            PRIME
        );
        return
            PublicMemory.quotient(
                run.memoryZ,
                run.logRows - _logPublicMemoryStep,
                cells,
                addmod(run.memoryZ, PRIME - padding, PRIME),
                product
            );
    }

    /// @dev FRI's roots and last layer, the work, the queries.
    function _readFriCommitments(Run memory run) internal pure {
        Parameters.Values memory parameters = run.parameters;
        uint256 logSize = run.logRows + parameters.logBlowup;
        uint256 logDomain = logSize;
        Fri.Layer[] memory layers = new Fri.Layer[](parameters.friSteps.length);
        for (uint256 i = 0; i < layers.length; i++) {
            uint256 step = parameters.friSteps[i];
            uint256 root = _readRoot(run);
            layers[i] = Fri.Layer(logSize, step, run.channel.drawFelt(), root);
            logSize -= step;
        }
        run.layers = layers;
        uint256[] memory lastLayer = new uint256[](1 << parameters.logLast);
        uint256 position = run.position;
        uint256 length = 32 * lastLayer.length;
        assembly ("memory-safe") {
            calldatacopy(add(lastLayer, 0x20), position, length)
        }
        for (uint256 i = 0; i < lastLayer.length; i++)
            if (lastLayer[i] >= PRIME) revert NotCanonical();
        run.lastLayer = lastLayer;
        run.channel.absorbBytes(position, length);
        run.position = position + length;
        if (parameters.powBits > 0) {
            run.channel.absorbWork(parameters.powBits, run.position);
            run.position += NONCE_BYTES;
        }
        run.queries = run.channel.drawQueries(parameters.queries, logDomain);
    }

    // The answers to the queries.

    /// @dev Opens the three trees at the queries, and computes the DEEP quotient of the rows.
    function _checkOpenings(Run memory run) internal view {
        uint256 count = run.queries.length;
        uint256 logDomain = run.logRows + run.parameters.logBlowup;
        uint256 headBytes = 32 * (3 + _maskCells + COMPOSITION_COLUMNS);
        uint256 columns = _traceColumns + _interactionColumns + COMPOSITION_COLUMNS;
        bytes memory words = new bytes(headBytes + 32 * count * (1 + columns));
        uint256 cursor;
        assembly ("memory-safe") {
            cursor := add(words, 0x20)
        }
        cursor = _write(cursor, run.logRows);
        cursor = _write(cursor, run.z);
        cursor = _write(cursor, run.gamma);
        uint256 claimed = run.claimed;
        assembly ("memory-safe") {
            let length := sub(headBytes, 0x60)
            calldatacopy(cursor, claimed, length)
            cursor := add(cursor, length)
        }
        EvaluationDomain.writePoints(cursor, run.queries, logDomain);
        cursor += 32 * count;
        cursor = _openRows(run, 0, _traceColumns, cursor);
        cursor = _openRows(run, 1, _interactionColumns, cursor);
        cursor = _openRows(run, 2, COMPOSITION_COLUMNS, cursor);
        bytes memory quotients = deep.quotients(words);
        if (quotients.length != 96 * count) revert WrongLength();
        uint256[] memory queries = run.queries;
        uint256[] memory points;
        assembly ("memory-safe") {
            // The same memory, its length in words; the queries go to their places.
            points := quotients
            mstore(points, mul(count, 3))
            let point := add(points, 0x20)
            for {
                let i := 0
            } lt(i, count) {
                i := add(i, 1)
            } {
                mstore(point, mload(add(add(queries, 0x20), shl(5, i))))
                point := add(point, 0x60)
            }
        }
        run.points = points;
    }

    /// @dev Copies the rows of one tree to `to`, and opens the tree at them.
    /// @return after_ Address behind the rows.
    function _openRows(
        Run memory run,
        uint256 tree,
        uint256 columns,
        uint256 to
    ) private pure returns (uint256 after_) {
        uint256[] memory queries = run.queries;
        uint256 count = queries.length;
        uint256 position = run.position;
        uint256 queue;
        assembly ("memory-safe") {
            // The rows, and a queue of (index, leaf) for Merkle.rootOf, not kept.
            let rowBytes := shl(5, columns)
            let length := mul(count, rowBytes)
            calldatacopy(to, position, length)
            position := add(position, length)
            after_ := add(to, length)
            queue := mload(0x40)
            let write := queue
            let index := add(queries, 0x20)
            for {} lt(to, after_) {
                to := add(to, rowBytes)
            } {
                mstore(write, mload(index))
                // A single word is its own leaf.
                let leaf := mload(to)
                if gt(columns, 1) {
                    leaf := and(keccak256(to, rowBytes), NODE_MASK)
                }
                mstore(add(write, 0x20), leaf)
                write := add(write, 0x40)
                index := add(index, 0x20)
            }
        }
        uint256 logDomain = run.logRows + run.parameters.logBlowup;
        uint256 nodeBytes = columns > 1 ? NODE_BYTES : 32;
        (uint256 root, uint256 next) = Merkle.rootOf(queue, count, logDomain, position, nodeBytes);
        if (root != run.roots[tree]) revert WrongOpening(tree);
        run.position = next;
    }

    /// @dev Folds `layerCount` layers of FRI; after the last one, checks the last polynomial and
    /// that the proof ends there.
    function _checkLayers(Run memory run, uint256 layerCount) internal pure {
        uint256[] memory points = run.points;
        uint256 cursor;
        assembly ("memory-safe") {
            cursor := add(points, 0x20)
        }
        uint256 count = points.length / 3;
        uint256 position = run.position;
        Fri.Layer[] memory layers = run.layers;
        for (uint256 i = 0; i < layerCount; i++)
            (count, position) = Fri.foldLayer(layers[i], cursor, count, position);
        run.position = position;
        assembly ("memory-safe") {
            // What is left of the points; and of the layers, those behind the ones checked.
            mstore(points, mul(count, 3))
            let left := sub(mload(layers), layerCount)
            layers := add(layers, shl(5, layerCount))
            mstore(layers, left)
        }
        run.layers = layers;
        if (layers.length > 0) return;
        uint256[] memory lastLayer = run.lastLayer;
        uint256 coefficients;
        uint256 logLast;
        assembly ("memory-safe") {
            coefficients := add(lastLayer, 0x20)
            for {} lt(shl(logLast, 1), mload(lastLayer)) {
                logLast := add(logLast, 1)
            } {}
        }
        Fri.checkLastLayer(cursor, count, coefficients, logLast);
        _checkEnd(run);
    }
}
