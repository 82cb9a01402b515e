// SPDX-License-Identifier: MIT
pragma solidity ^0.8.29;

/// @title The statement of a proof (protocol spec §6.1).
/// @notice Words: 0 log2(steps), 1, 2 range-check limits, 3 layout code, then (begin, stop) of
/// program, execution, output and of each builtin, address and value of the padding cell, number
/// of pages; size and hash of page 0; first address, size and hash of each other page.
library PublicInput {
    error WrongPublicInput(string what);

    /// @dev What of a layout shapes its public input.
    struct Shape {
        uint256 layoutCode;
        uint256 logRowsPerStep;
        // A range-checked word is below 2^rangeCheckBits.
        uint256 rangeCheckBits;
        uint256 logPublicMemoryStep;
        uint256 builtinCount;
        // Two bytes for each builtin, the first one lowest: cells of an instance, then log2 of the
        // rows of an instance.
        uint256 builtins;
    }

    uint256 internal constant LOG_STEPS = 0;
    uint256 internal constant RANGE_CHECK_MIN = 1;
    uint256 internal constant RANGE_CHECK_MAX = 2;
    uint256 internal constant LAYOUT_CODE = 3;
    uint256 internal constant PROGRAM = 4;
    uint256 internal constant EXECUTION = 6;
    uint256 internal constant OUTPUT = 8;
    uint256 internal constant BUILTINS = 10;

    uint256 private constant INITIAL_PC = 1;
    uint256 private constant FINAL_PC = 5;
    uint256 private constant ADDRESS_LIMIT = 2 ** 64;
    uint256 private constant PRIME = 2 ** 251 + 17 * 2 ** 192 + 1;

    /// @notice Checks everything but the pages; see `pageHeaders`.
    /// @return logRows log2 of the length of the trace.
    function check(
        uint256[] calldata words,
        Shape memory shape
    ) internal pure returns (uint256 logRows) {
        uint256 padding = BUILTINS + 2 * shape.builtinCount;
        if (words.length < padding + 5) revert WrongPublicInput("length");
        if (words[LAYOUT_CODE] != shape.layoutCode) revert WrongPublicInput("layout");
        if (words[LOG_STEPS] >= 50) revert WrongPublicInput("steps");
        logRows = words[LOG_STEPS] + shape.logRowsPerStep;
        if (words[RANGE_CHECK_MIN] > words[RANGE_CHECK_MAX]) revert WrongPublicInput("range check");
        if (words[RANGE_CHECK_MAX] >> shape.rangeCheckBits != 0)
            revert WrongPublicInput("range check");
        if (words[PROGRAM] != INITIAL_PC || words[PROGRAM + 1] != FINAL_PC)
            revert WrongPublicInput("pc");
        if (words[EXECUTION] >= ADDRESS_LIMIT || words[EXECUTION + 1] >= ADDRESS_LIMIT)
            revert WrongPublicInput("execution");
        if (words[OUTPUT] > words[OUTPUT + 1] || words[OUTPUT + 1] >= ADDRESS_LIMIT)
            revert WrongPublicInput("output");
        if (words[padding] >= ADDRESS_LIMIT || words[padding + 1] >= PRIME)
            revert WrongPublicInput("padding");
        _checkBuiltins(words, shape, logRows);
    }

    /// @dev Each builtin stays within the instances that the trace has for it.
    function _checkBuiltins(
        uint256[] calldata words,
        Shape memory shape,
        uint256 logRows
    ) private pure {
        uint256 rest = shape.builtins;
        for (uint256 i = 0; i < shape.builtinCount; i++) {
            uint256 cells = rest & 0xff;
            uint256 logInstance = (rest >> 8) & 0xff;
            rest >>= 16;
            uint256 begin = words[BUILTINS + 2 * i];
            uint256 stop = words[BUILTINS + 2 * i + 1];
            if (logInstance > logRows || begin >= ADDRESS_LIMIT || begin > stop)
                revert WrongPublicInput("builtin");
            if (stop - begin > cells << (logRows - logInstance)) revert WrongPublicInput("builtin");
        }
    }

    /// @notice Checks the headers of the pages.
    /// @return first Index of the word of page 0's size.
    /// @return count How many pages.
    /// @return cells How many cells of public memory.
    function pageHeaders(
        uint256[] calldata words,
        Shape memory shape,
        uint256 logRows
    ) internal pure returns (uint256 first, uint256 count, uint256 cells) {
        first = BUILTINS + 2 * shape.builtinCount + 3;
        count = words[first - 1];
        // Checked arithmetic: a number of pages for which the product wraps is refused, too.
        if (count == 0 || count >= 100000 || words.length != first + 3 * count - 1)
            revert WrongPublicInput("pages");
        for (uint256 page = 0; page < count; page++) {
            uint256 size = words[first + 3 * page];
            if (size >= 2 ** 30) revert WrongPublicInput("page size");
            if (page > 0 && words[first + 3 * page - 1] >= ADDRESS_LIMIT)
                revert WrongPublicInput("page start");
            cells += size;
        }
        if (cells >= 2 ** 24 || cells > uint256(1) << (logRows - shape.logPublicMemoryStep))
            revert WrongPublicInput("public memory");
    }
}
