// SPDX-License-Identifier: MIT
pragma solidity ^0.8.29;

import {PRIME} from "./Field.sol";

/// @title Where the aggregate of the diluted check ends (protocol spec §5.1).
library DilutedCheck {
    /// @notice The last of r_1 = 1, r_{j+1} = r_j·(1 + z·u_j) + α·u_j², 1 <= j < 2^bits, where
    /// u_j = dilute(j) - dilute(j - 1) and dilute spreads the bits of a number `spacing` places apart.
    /// @dev u_j depends on the trailing zeros of j alone. So the affine map r → slope·r + offset over
    /// all j < 2^(k+1) is the one over j < 2^k, the step at 2^k, and the one over j < 2^k again.
    /// @param bits times `spacing` is at most 64.
    function cumulativeValue(
        uint256 z,
        uint256 alpha,
        uint256 bits,
        uint256 spacing
    ) internal pure returns (uint256) {
        uint256 slope = 1;
        uint256 offset = 0;
        // dilute(2^k - 1)
        uint256 below = 0;
        for (uint256 k = 0; k < bits; k++) {
            uint256 diluted = 1 << (spacing * k);
            uint256 u = diluted - below;
            below += diluted;
            uint256 stepSlope = 1 + mulmod(z, u, PRIME);
            uint256 stepOffset = mulmod(alpha, mulmod(u, u, PRIME), PRIME);
            uint256 middle = mulmod(offset, stepSlope, PRIME) + stepOffset;
            offset = addmod(mulmod(middle, slope, PRIME), offset, PRIME);
            slope = mulmod(mulmod(slope, stepSlope, PRIME), slope, PRIME);
        }
        return addmod(slope, offset, PRIME);
    }
}
