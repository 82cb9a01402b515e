// SPDX-License-Identifier: MIT
pragma solidity ^0.8.29;

/// @title Parameters of a proof and the security that they give (protocol spec §5.3, 5.4, 6.3).
library Parameters {
    error WrongParameters(string what);

    struct Values {
        uint256 queries;
        uint256 logBlowup;
        uint256 powBits;
        uint256 logLast;
        uint256[] friSteps;
    }

    /// @dev Words before the list of FRI steps: its length is the last of them, 0 its first entry.
    uint256 private constant FIXED_WORDS = 5;

    /// @notice Checks the words and takes them apart.
    /// @param logRows FRI's steps and the last layer must cover 2^logRows rows.
    /// @param securityBits queries · log2(blowup) + work, at least.
    function read(
        uint256[] calldata words,
        uint256 logRows,
        uint256 securityBits,
        uint256 minPowBits
    ) internal pure returns (Values memory values) {
        if (words.length < FIXED_WORDS + 2 || words[4] != words.length - FIXED_WORDS)
            revert WrongParameters("length");
        values.queries = words[0];
        values.logBlowup = words[1];
        values.powBits = words[2];
        values.logLast = words[3];
        if (values.queries == 0 || values.queries > 48) revert WrongParameters("queries");
        if (values.logBlowup == 0 || values.logBlowup > 16) revert WrongParameters("blowup");
        if (values.powBits > 50) revert WrongParameters("proof of work");
        if (values.logLast < 3 || values.logLast > 10) revert WrongParameters("last layer");
        if (words[4] > 10 || words[FIXED_WORDS] != 0) revert WrongParameters("FRI steps");

        uint256[] memory steps = new uint256[](words[4] - 1);
        uint256 covered = values.logLast;
        for (uint256 i = 0; i < steps.length; i++) {
            steps[i] = words[FIXED_WORDS + 1 + i];
            if (steps[i] < 2 || steps[i] > 4) revert WrongParameters("FRI steps");
            covered += steps[i];
        }
        if (covered != logRows) revert WrongParameters("FRI steps");
        values.friSteps = steps;

        uint256 bits = values.queries * values.logBlowup + values.powBits;
        if (values.powBits < minPowBits || values.powBits >= securityBits || bits < securityBits)
            revert WrongParameters("security");
    }
}
