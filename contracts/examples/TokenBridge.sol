// SPDX-License-Identifier: MIT
pragma solidity ^0.8.27;

import {IStarknetMessaging} from "../interfaces/IStarknetMessaging.sol";

/// @title A bridge for ether: locked here, it is a token on L2.
/// @notice Example of a contract that talks to L2. Its other side is
/// contracts/cairo/examples/bridge, which mints for this contract's messages and for no others.
/// Ether comes out again in two ways: by a withdrawal that L2 has burnt the tokens for, or by
/// cancelling a deposit that L2 did not handle.
contract TokenBridge {
    event Deposit(
        address indexed depositor,
        uint256 indexed l2Recipient,
        uint256 amount,
        uint256 fee,
        uint256 nonce
    );
    event Withdrawal(address indexed recipient, uint256 amount);
    event DepositCancellationStarted(uint256 indexed nonce);
    event DepositCancelled(address indexed depositor, uint256 indexed nonce, uint256 amount);

    error OnlyOwner();
    error L2BridgeAlreadySet();
    error L2BridgeNotSet();
    error InvalidL2Address(uint256 l2Address);
    /// @dev The value has to pay for the amount and for the message.
    error NoMessageFee(uint256 value, uint256 amount);
    error OnlyDepositor();
    error TransferFailed();

    /// @notice Starknet's selector of an entry point: the name's keccak256, cut to 250 bits.
    uint256 public constant DEPOSIT_SELECTOR =
        uint256(keccak256("handle_deposit")) & (2 ** 250 - 1);

    /// @dev Addresses of contracts on L2 are smaller.
    uint256 private constant L2_ADDRESS_BOUND = 2 ** 251 - 256;

    IStarknetMessaging public immutable core;
    address public immutable owner;

    /// @notice Address of the other side on L2; 0 until the owner sets it.
    uint256 public l2Bridge;

    /// @notice Who made the deposit that travels as the message of that nonce.
    mapping(uint256 nonce => address) public depositorOf;

    /// @param core_ The core contract of the L2.
    constructor(IStarknetMessaging core_) {
        core = core_;
        owner = msg.sender;
    }

    /// @notice Names the other side, once: it can only be deployed when this address is known.
    function setL2Bridge(uint256 l2Bridge_) external {
        require(msg.sender == owner, OnlyOwner());
        require(l2Bridge == 0, L2BridgeAlreadySet());
        _checkL2Address(l2Bridge_);
        l2Bridge = l2Bridge_;
    }

    /// @notice Locks `amount` wei, for which L2 mints as many tokens. What the value has beyond
    /// that is the fee of the message: more than nothing, at most `core.getMaxL1MsgFee()`.
    /// @param l2Recipient Address on L2 that gets the tokens.
    /// @return nonce Nonce of the message, which names the deposit if it has to be cancelled.
    function deposit(uint256 l2Recipient, uint256 amount) external payable returns (uint256 nonce) {
        require(l2Bridge != 0, L2BridgeNotSet());
        _checkL2Address(l2Recipient);
        require(msg.value > amount, NoMessageFee(msg.value, amount));
        uint256 fee = msg.value - amount;
        (, nonce) = core.sendMessageToL2{value: fee}(
            l2Bridge,
            DEPOSIT_SELECTOR,
            _payload(l2Recipient, amount)
        );
        depositorOf[nonce] = msg.sender;
        emit Deposit(msg.sender, l2Recipient, amount, fee, nonce);
    }

    /// @notice Pays out a withdrawal that was made on L2 and whose block has settled. Anybody may
    /// ask for it; the ether goes to the recipient.
    function withdraw(address recipient, uint256 amount) external {
        core.consumeMessageFromL2(l2Bridge, _payload(uint160(recipient), amount));
        emit Withdrawal(recipient, amount);
        _pay(recipient, amount);
    }

    /// @notice Asks for the cancellation of a deposit that L2 has not handled. Until it is
    /// cancelled, L2 may still do so.
    function startDepositCancellation(uint256 l2Recipient, uint256 amount, uint256 nonce) external {
        require(msg.sender == depositorOf[nonce], OnlyDepositor());
        core.startL1ToL2MessageCancellation(
            l2Bridge,
            DEPOSIT_SELECTOR,
            _payload(l2Recipient, amount),
            nonce
        );
        emit DepositCancellationStarted(nonce);
    }

    /// @notice Cancels a deposit, the core contract's delay after asking for it, and pays it back
    /// without the fee of the message.
    function cancelDeposit(uint256 l2Recipient, uint256 amount, uint256 nonce) external {
        require(msg.sender == depositorOf[nonce], OnlyDepositor());
        core.cancelL1ToL2Message(l2Bridge, DEPOSIT_SELECTOR, _payload(l2Recipient, amount), nonce);
        emit DepositCancelled(msg.sender, nonce, amount);
        _pay(msg.sender, amount);
    }

    function _checkL2Address(uint256 l2Address) private pure {
        require(l2Address != 0 && l2Address < L2_ADDRESS_BOUND, InvalidL2Address(l2Address));
    }

    /// @dev Both directions have the same form: recipient, and the amount as Cairo writes a u256,
    /// its low 128 bits first.
    function _payload(
        uint256 recipient,
        uint256 amount
    ) private pure returns (uint256[] memory payload) {
        payload = new uint256[](3);
        payload[0] = recipient;
        payload[1] = uint128(amount);
        payload[2] = amount >> 128;
    }

    /// @dev After everything else: the recipient may be a contract that calls back.
    function _pay(address recipient, uint256 amount) private {
        (bool paid, ) = recipient.call{value: amount}("");
        require(paid, TransferFailed());
    }
}
