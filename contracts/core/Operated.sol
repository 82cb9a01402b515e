// SPDX-License-Identifier: MIT
pragma solidity ^0.8.29;

import {Governed} from "./Governed.sol";

/// @title Operators: the accounts that may settle blocks.
abstract contract Operated is Governed {
    event LogOperatorAdded(address operator);
    event LogOperatorRemoved(address operator);

    /// @notice Whether `user` may settle blocks.
    mapping(address user => bool) public isOperator;

    modifier onlyOperator() {
        require(isOperator[msg.sender], "ONLY_OPERATOR");
        _;
    }

    function registerOperator(address newOperator) external onlyGovernance {
        if (isOperator[newOperator]) return;
        isOperator[newOperator] = true;
        emit LogOperatorAdded(newOperator);
    }

    function unregisterOperator(address removedOperator) external onlyGovernance {
        if (!isOperator[removedOperator]) return;
        isOperator[removedOperator] = false;
        emit LogOperatorRemoved(removedOperator);
    }
}
