//! L2 side of contracts/examples/TokenBridge.sol: a token that stands for the ether which that bridge
//! holds on L1. Deposits come by message and mint; withdrawals burn and go by message.

use starknet::{ContractAddress, EthAddress};

#[starknet::interface]
pub trait IBridge<T> {
    /// The only contract on L1 whose messages count.
    fn l1_bridge(self: @T) -> EthAddress;
    fn total_supply(self: @T) -> u256;
    fn balance_of(self: @T, account: ContractAddress) -> u256;
    fn transfer(ref self: T, recipient: ContractAddress, amount: u256) -> bool;
    /// Burns the caller's tokens; once the block has settled, `l1_recipient` gets the ether on L1.
    fn withdraw(ref self: T, l1_recipient: EthAddress, amount: u256);
}

#[starknet::contract]
mod Bridge {
    use core::num::traits::Zero;
    use starknet::storage::{
        Map, StorageMapReadAccess, StorageMapWriteAccess, StoragePointerReadAccess,
        StoragePointerWriteAccess,
    };
    use starknet::syscalls::send_message_to_l1_syscall;
    use starknet::{ContractAddress, EthAddress, SyscallResultTrait, get_caller_address};

    #[storage]
    struct Storage {
        l1_bridge: EthAddress,
        total_supply: u256,
        balances: Map<ContractAddress, u256>,
    }

    #[event]
    #[derive(Drop, starknet::Event)]
    enum Event {
        Transfer: Transfer,
    }

    /// As ERC-20 has it: deposits come from address 0, withdrawals go there.
    #[derive(Drop, starknet::Event)]
    struct Transfer {
        #[key]
        from: ContractAddress,
        #[key]
        to: ContractAddress,
        value: u256,
    }

    #[constructor]
    fn constructor(ref self: ContractState, l1_bridge: EthAddress) {
        self.l1_bridge.write(l1_bridge);
    }

    /// Payload as TokenBridge.sol writes it. The sequencer vouches for `from_address`: without the
    /// first line, any contract on L1 could mint.
    #[l1_handler]
    fn handle_deposit(
        ref self: ContractState, from_address: felt252, recipient: ContractAddress, amount: u256,
    ) {
        assert(from_address == self.l1_bridge.read().into(), 'ONLY_L1_BRIDGE');
        self.total_supply.write(self.total_supply.read() + amount);
        give(ref self, recipient, amount);
        self.emit(Transfer { from: Zero::zero(), to: recipient, value: amount });
    }

    #[abi(embed_v0)]
    impl BridgeImpl of super::IBridge<ContractState> {
        fn l1_bridge(self: @ContractState) -> EthAddress {
            self.l1_bridge.read()
        }

        fn total_supply(self: @ContractState) -> u256 {
            self.total_supply.read()
        }

        fn balance_of(self: @ContractState, account: ContractAddress) -> u256 {
            self.balances.read(account)
        }

        fn transfer(ref self: ContractState, recipient: ContractAddress, amount: u256) -> bool {
            assert(recipient.is_non_zero(), 'INVALID_RECIPIENT');
            let caller = get_caller_address();
            take(ref self, caller, amount);
            give(ref self, recipient, amount);
            self.emit(Transfer { from: caller, to: recipient, value: amount });
            true
        }

        fn withdraw(ref self: ContractState, l1_recipient: EthAddress, amount: u256) {
            assert(l1_recipient.is_non_zero(), 'INVALID_L1_RECIPIENT');
            let caller = get_caller_address();
            take(ref self, caller, amount);
            self.total_supply.write(self.total_supply.read() - amount);
            self.emit(Transfer { from: caller, to: Zero::zero(), value: amount });
            let payload = array![l1_recipient.into(), amount.low.into(), amount.high.into()];
            send_message_to_l1_syscall(self.l1_bridge.read().into(), payload.span())
                .unwrap_syscall();
        }
    }

    fn take(ref self: ContractState, from: ContractAddress, amount: u256) {
        let balance = self.balances.read(from);
        assert(balance >= amount, 'INSUFFICIENT_BALANCE');
        self.balances.write(from, balance - amount);
    }

    fn give(ref self: ContractState, to: ContractAddress, amount: u256) {
        self.balances.write(to, self.balances.read(to) + amount);
    }
}
