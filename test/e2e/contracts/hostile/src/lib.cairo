//! What a node must survive: endless loops and recursions, floods of events, storage, messages and data, and an
//! account whose own entry points misbehave.

use starknet::account::Call;
use starknet::ClassHash;

#[starknet::interface]
pub trait IHostile<T> {
    fn loop_for_ever(self: @T);
    /// Recursion inside one call: an endless stack.
    fn recurse_for_ever(self: @T) -> felt252;
    /// Calls itself for ever; `width` times in each call.
    fn call_itself(ref self: T, width: u32);
    fn library_call_itself(ref self: T, class_hash: ClassHash);
    /// Deploys its own class, whose constructor does the same.
    fn deploy_itself(ref self: T, class_hash: ClassHash);
    fn array(self: @T, length: u32) -> u32;
    fn dictionary(self: @T, entries: u32) -> felt252;
    fn events(ref self: T, count: u32, length: u32);
    fn messages(ref self: T, count: u32, length: u32);
    fn storage(ref self: T, count: u32);
    fn give(self: @T, length: u32) -> Span<felt252>;
    fn take(self: @T, data: Span<felt252>);
    /// Inner calls with `length` felts of calldata.
    fn pass(ref self: T, count: u32, length: u32);
    /// Inner calls that answer `length` felts.
    fn ask(ref self: T, count: u32, length: u32);
    fn panic(self: @T, length: u32);
    /// Inner calls that panic with `length` felts, each caught.
    fn catch(ref self: T, count: u32, length: u32) -> u32;
    /// One catch inside the other, `depth` of them.
    fn catch_deep(ref self: T, depth: u32) -> felt252;
    fn keccak(self: @T, words: u32) -> u256;
    fn secp(self: @T, count: u32);
    fn replace(ref self: T, class_hash: ClassHash);
    /// Writes, and then loops for ever: nothing of it may stay.
    fn write_and_loop(ref self: T, key: felt252);
    fn written(self: @T, key: felt252) -> felt252;
}

#[starknet::interface]
pub trait IAccount<T> {
    fn __validate__(ref self: T, calls: Array<Call>) -> felt252;
    fn __execute__(ref self: T, calls: Array<Call>) -> Span<felt252>;
    fn __validate_declare__(self: @T, class_hash: felt252) -> felt252;
}

#[starknet::contract(account)]
mod Hostile {
    use core::dict::Felt252Dict;
    use core::num::traits::Zero;
    use starknet::account::Call;
    use starknet::secp256_trait::{Secp256PointTrait, Secp256Trait};
    use starknet::secp256k1::Secp256k1Point;
    use starknet::storage::{Map, StorageMapReadAccess, StorageMapWriteAccess};
    use starknet::syscalls::{
        call_contract_syscall, deploy_syscall, emit_event_syscall, keccak_syscall,
        library_call_syscall, replace_class_syscall, send_message_to_l1_syscall,
    };
    use starknet::{ClassHash, SyscallResultTrait, get_contract_address, get_tx_info};

    #[storage]
    struct Storage {
        values: Map<felt252, felt252>,
    }

    #[constructor]
    fn constructor(ref self: ContractState, class_hash: ClassHash) {
        if class_hash.is_non_zero() {
            again(class_hash);
        }
    }

    fn again(class_hash: ClassHash) {
        deploy_syscall(class_hash, 0, array![class_hash.into()].span(), false).unwrap_syscall();
    }

    fn filled(length: u32) -> Span<felt252> {
        let mut data = array![];
        let mut i = 0;
        while i != length {
            data.append(i.into());
            i += 1;
        }
        data.span()
    }

    fn endless() {
        let mut x: felt252 = 1;
        while x != 0 {
            x = x * 3;
        }
    }

    fn deeper(n: felt252) -> felt252 {
        deeper(n + 1) + 1
    }

    #[abi(embed_v0)]
    impl HostileImpl of super::IHostile<ContractState> {
        fn loop_for_ever(self: @ContractState) {
            endless();
        }

        fn recurse_for_ever(self: @ContractState) -> felt252 {
            deeper(0)
        }

        fn call_itself(ref self: ContractState, width: u32) {
            let this = get_contract_address();
            let mut i = 0;
            while i != width {
                let _ = call_contract_syscall(
                    this, selector!("call_itself"), array![width.into()].span(),
                );
                i += 1;
            }
        }

        fn library_call_itself(ref self: ContractState, class_hash: ClassHash) {
            library_call_syscall(
                class_hash, selector!("library_call_itself"), array![class_hash.into()].span(),
            )
                .unwrap_syscall();
        }

        fn deploy_itself(ref self: ContractState, class_hash: ClassHash) {
            again(class_hash);
        }

        fn array(self: @ContractState, length: u32) -> u32 {
            filled(length).len()
        }

        fn dictionary(self: @ContractState, entries: u32) -> felt252 {
            let mut dict: Felt252Dict<felt252> = Default::default();
            let mut key: felt252 = 1;
            let mut i = 0;
            while i != entries {
                dict.insert(key, key);
                key = key * 0x123456789abcdef;
                i += 1;
            }
            dict.get(1)
        }

        fn events(ref self: ContractState, count: u32, length: u32) {
            let data = filled(length);
            let mut i = 0;
            while i != count {
                emit_event_syscall(array![1].span(), data).unwrap_syscall();
                i += 1;
            }
        }

        fn messages(ref self: ContractState, count: u32, length: u32) {
            let data = filled(length);
            let mut i = 0;
            while i != count {
                send_message_to_l1_syscall(1, data).unwrap_syscall();
                i += 1;
            }
        }

        fn storage(ref self: ContractState, count: u32) {
            let mut key: felt252 = 0;
            while key != count.into() {
                self.values.write(key, key + 1);
                key += 1;
            }
        }

        fn give(self: @ContractState, length: u32) -> Span<felt252> {
            filled(length)
        }

        fn take(self: @ContractState, data: Span<felt252>) {}

        fn pass(ref self: ContractState, count: u32, length: u32) {
            let mut calldata = array![length.into()];
            for felt in filled(length) {
                calldata.append(*felt);
            }
            let this = get_contract_address();
            let mut i = 0;
            while i != count {
                call_contract_syscall(this, selector!("take"), calldata.span()).unwrap_syscall();
                i += 1;
            }
        }

        fn ask(ref self: ContractState, count: u32, length: u32) {
            let this = get_contract_address();
            let mut i = 0;
            while i != count {
                call_contract_syscall(this, selector!("give"), array![length.into()].span())
                    .unwrap_syscall();
                i += 1;
            }
        }

        fn panic(self: @ContractState, length: u32) {
            let mut data = array![];
            for felt in filled(length) {
                data.append(*felt);
            }
            core::panics::panic(data);
        }

        fn catch(ref self: ContractState, count: u32, length: u32) -> u32 {
            let this = get_contract_address();
            let mut caught = 0;
            let mut i = 0;
            while i != count {
                if call_contract_syscall(this, selector!("panic"), array![length.into()].span())
                    .is_err() {
                    caught += 1;
                }
                i += 1;
            }
            caught
        }

        fn catch_deep(ref self: ContractState, depth: u32) -> felt252 {
            self.values.write('depth', depth.into());
            if depth != 0 {
                let _ = call_contract_syscall(
                    get_contract_address(),
                    selector!("catch_deep"),
                    array![(depth - 1).into()].span(),
                );
            }
            core::panic_with_felt252('deep')
        }

        fn keccak(self: @ContractState, words: u32) -> u256 {
            let mut data: Array<u64> = array![];
            let mut i = 0;
            while i != words {
                data.append(i.into());
                i += 1;
            }
            keccak_syscall(data.span()).unwrap_syscall()
        }

        fn secp(self: @ContractState, count: u32) {
            let generator: Secp256k1Point = Secp256Trait::<Secp256k1Point>::get_generator_point();
            let scalar: u256 = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364140;
            let mut i = 0;
            while i != count {
                generator.mul(scalar)
                    .unwrap_syscall();
                i += 1;
            }
        }

        fn replace(ref self: ContractState, class_hash: ClassHash) {
            replace_class_syscall(class_hash).unwrap_syscall();
        }

        fn write_and_loop(ref self: ContractState, key: felt252) {
            self.values.write(key, 1);
            endless();
        }

        fn written(self: @ContractState, key: felt252) -> felt252 {
            self.values.read(key)
        }
    }

    /// What a transaction asks of the account's own entry points is in its signature: the entry point
    /// (1 `__validate__`, 2 `__execute__`) and what it does.
    fn misbehave(ref self: ContractState, place: felt252) {
        let signature = get_tx_info().unbox().signature;
        if signature.len() < 2 || *signature[0] != place {
            return;
        }
        let way = *signature[1];
        if way == 1 {
            endless();
        } else if way == 2 {
            HostileImpl::panic(@self, 50000);
        } else if way == 3 {
            HostileImpl::call_itself(ref self, 2);
        } else if way == 4 {
            HostileImpl::storage(ref self, 100000);
        } else if way == 5 {
            deeper(0);
        } else if way == 6 {
            HostileImpl::events(ref self, 100000, 10);
        }
    }

    #[abi(embed_v0)]
    impl AccountImpl of super::IAccount<ContractState> {
        fn __validate__(ref self: ContractState, calls: Array<Call>) -> felt252 {
            misbehave(ref self, 1);
            starknet::VALIDATED
        }

        fn __execute__(ref self: ContractState, calls: Array<Call>) -> Span<felt252> {
            misbehave(ref self, 2);
            array![].span()
        }

        fn __validate_declare__(self: @ContractState, class_hash: felt252) -> felt252 {
            starknet::VALIDATED
        }
    }
}
