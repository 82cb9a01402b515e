// SPDX-License-Identifier: MIT
pragma solidity ^0.8.29;

import {PublicInput} from "./PublicInput.sol";

/// @title The constraints of a layout; generated from its AIR.
interface IComposition {
    /// @dev Columns of the two trace commitments, interaction elements, and cells of the mask.
    struct Size {
        uint256 traceColumns;
        uint256 interactionColumns;
        uint256 interactionElements;
        uint256 maskCells;
    }

    error NotCanonical();
    error PoleHit();
    error WrongLength();

    /// @notice What of the layout shapes statement and proof.
    function shape() external view returns (PublicInput.Shape memory, Size memory);

    /// @notice The composition Σ αⁱ·Cᵢ(z)·numeratorᵢ(z)/denominatorᵢ(z) (protocol spec §5.1).
    /// @param words log2 of the rows; z; α; the interaction elements; the quotient of public memory;
    /// the limits of the range check; first and last ap; the first address of each builtin; and
    /// the claimed values of the mask in Montgomery form, which must be canonical.
    function compositionAt(bytes calldata words) external view returns (uint256);
}

/// @title The DEEP quotient of a layout; generated from its mask.
interface IDeep {
    error NotCanonical();
    error PoleHit();
    error WrongLength();

    /// @notice ASCII name of the layout, as a number.
    function layoutCode() external view returns (uint256);

    /// @notice The quotient at the queries (protocol spec §5.2).
    /// @param words log2 of the rows; z; γ; the claimed values, mask first, in Montgomery form; for
    /// each query its y = x/3; then the rows of the queries, in Montgomery form: of the trace
    /// columns for all queries, of the interaction columns, of the composition columns.
    /// @return points For each query three words: 0 where its index belongs, the value in Montgomery
    /// form, 1/y.
    function quotients(bytes calldata words) external view returns (bytes memory points);
}
