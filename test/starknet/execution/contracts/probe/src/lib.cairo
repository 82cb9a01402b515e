/// Makes each syscall on demand, and fails in each way: for tests of the execution.
use starknet::{ClassHash, ContractAddress};

#[starknet::interface]
pub trait IProbe<T> {
    fn read(self: @T, key: felt252) -> felt252;
    fn write(ref self: T, key: felt252, value: felt252);
    fn write_then_panic(ref self: T, key: felt252, value: felt252, reason: felt252);
    /// Passes a panic of the inner call on.
    fn call(
        ref self: T, to: ContractAddress, selector: felt252, calldata: Span<felt252>,
    ) -> Span<felt252>;
    /// Answers a panic of the inner call: (true, return data) or (false, panic data).
    fn try_call(
        ref self: T, to: ContractAddress, selector: felt252, calldata: Span<felt252>,
    ) -> (bool, Span<felt252>);
    fn library_call(
        ref self: T, class_hash: ClassHash, selector: felt252, calldata: Span<felt252>,
    ) -> Span<felt252>;
    fn deploy(
        ref self: T, class_hash: ClassHash, salt: felt252, calldata: Span<felt252>, from_zero: bool,
    ) -> (ContractAddress, Span<felt252>);
    fn replace_class(ref self: T, class_hash: ClassHash);
    fn emit(ref self: T, keys: Span<felt252>, data: Span<felt252>);
    fn emit_many(ref self: T, count: u32);
    fn message(ref self: T, to: felt252, payload: Span<felt252>);
    fn block_hash(self: @T, number: u64) -> felt252;
    fn class_hash_at(self: @T, address: ContractAddress) -> ClassHash;
    /// number, timestamp and sequencer of the block; the transaction; caller, contract, selector
    fn info(
        self: @T,
    ) -> (
        (u64, u64, ContractAddress),
        starknet::info::v2::TxInfo,
        (ContractAddress, ContractAddress, felt252),
    );
    fn meta_tx(
        ref self: T,
        to: ContractAddress,
        selector: felt252,
        calldata: Span<felt252>,
        signature: Span<felt252>,
    ) -> Span<felt252>;
    fn keccak(self: @T, words: Span<u64>) -> u256;
    fn sha256(self: @T, text: ByteArray) -> [u32; 8];
    /// x and y of scalar x generator + generator, or of the point with this x.
    fn secp256k1(self: @T, scalar: u256) -> (u256, u256);
    fn secp256r1(self: @T, scalar: u256) -> (u256, u256);
    fn secp256k1_from_x(self: @T, x: u256, odd: bool) -> Option<(u256, u256)>;
    fn secp256r1_from_x(self: @T, x: u256, odd: bool) -> Option<(u256, u256)>;
    fn secp256k1_new(self: @T, x: u256, y: u256) -> Option<(u256, u256)>;
    fn secp256r1_new(self: @T, x: u256, y: u256) -> Option<(u256, u256)>;
    fn fail(self: @T, reasons: Span<felt252>);
    fn fail_with_text(self: @T);
    fn burn(self: @T, rounds: u64) -> u64;
    fn recurse(ref self: T, depth: u64);
    fn builtins(self: @T, value: felt252) -> (felt252, felt252, u128, u64);
}

#[starknet::contract]
mod Probe {
    use core::num::traits::Zero;
    use starknet::secp256_trait::{Secp256PointTrait, Secp256Trait};
    use starknet::secp256k1::Secp256k1Point;
    use starknet::secp256r1::Secp256r1Point;
    use starknet::storage_access::{storage_address_from_base, storage_base_address_from_felt252};
    use starknet::syscalls::{
        call_contract_syscall, deploy_syscall, emit_event_syscall, get_block_hash_syscall,
        get_class_hash_at_syscall, keccak_syscall, library_call_syscall, meta_tx_v0_syscall,
        replace_class_syscall, send_message_to_l1_syscall, storage_read_syscall,
        storage_write_syscall,
    };
    use starknet::{ClassHash, ContractAddress, SyscallResultTrait, get_contract_address};

    #[storage]
    struct Storage {}

    #[constructor]
    fn constructor(ref self: ContractState, key: felt252, value: felt252) -> felt252 {
        assert(key != 'panic', 'Constructor told to panic');
        put(key, value);
        value + 1
    }

    #[l1_handler]
    fn handle(ref self: ContractState, from_address: felt252, key: felt252, value: felt252) {
        assert(key != 'panic', 'Handler told to panic');
        put(key, value);
        put('from', from_address);
    }

    fn get(key: felt252) -> felt252 {
        let address = storage_address_from_base(storage_base_address_from_felt252(key));
        storage_read_syscall(0, address).unwrap_syscall()
    }

    fn put(key: felt252, value: felt252) {
        let address = storage_address_from_base(storage_base_address_from_felt252(key));
        storage_write_syscall(0, address, value).unwrap_syscall();
    }

    fn coordinates<P, +Secp256PointTrait<P>, +Drop<P>>(point: Option<P>) -> Option<(u256, u256)> {
        match point {
            Option::Some(point) => Option::Some(point.get_coordinates().unwrap_syscall()),
            Option::None => Option::None,
        }
    }

    #[abi(embed_v0)]
    impl ProbeImpl of super::IProbe<ContractState> {
        fn read(self: @ContractState, key: felt252) -> felt252 {
            get(key)
        }
        fn write(ref self: ContractState, key: felt252, value: felt252) {
            put(key, value);
        }
        fn write_then_panic(
            ref self: ContractState, key: felt252, value: felt252, reason: felt252,
        ) {
            put(key, value);
            emit_event_syscall(array![key].span(), array![value].span()).unwrap_syscall();
            core::panic_with_felt252(reason);
        }
        fn call(
            ref self: ContractState,
            to: ContractAddress,
            selector: felt252,
            calldata: Span<felt252>,
        ) -> Span<felt252> {
            call_contract_syscall(to, selector, calldata).unwrap_syscall()
        }
        fn try_call(
            ref self: ContractState,
            to: ContractAddress,
            selector: felt252,
            calldata: Span<felt252>,
        ) -> (bool, Span<felt252>) {
            match call_contract_syscall(to, selector, calldata) {
                Result::Ok(data) => (true, data),
                Result::Err(data) => (false, data.span()),
            }
        }
        fn library_call(
            ref self: ContractState,
            class_hash: ClassHash,
            selector: felt252,
            calldata: Span<felt252>,
        ) -> Span<felt252> {
            library_call_syscall(class_hash, selector, calldata).unwrap_syscall()
        }
        fn deploy(
            ref self: ContractState,
            class_hash: ClassHash,
            salt: felt252,
            calldata: Span<felt252>,
            from_zero: bool,
        ) -> (ContractAddress, Span<felt252>) {
            deploy_syscall(class_hash, salt, calldata, from_zero).unwrap_syscall()
        }
        fn replace_class(ref self: ContractState, class_hash: ClassHash) {
            replace_class_syscall(class_hash).unwrap_syscall();
        }
        fn emit(ref self: ContractState, keys: Span<felt252>, data: Span<felt252>) {
            emit_event_syscall(keys, data).unwrap_syscall();
        }
        fn emit_many(ref self: ContractState, mut count: u32) {
            while count != 0 {
                emit_event_syscall(array![count.into()].span(), array![].span()).unwrap_syscall();
                count -= 1;
            };
        }
        fn message(ref self: ContractState, to: felt252, payload: Span<felt252>) {
            send_message_to_l1_syscall(to, payload).unwrap_syscall();
        }
        fn block_hash(self: @ContractState, number: u64) -> felt252 {
            get_block_hash_syscall(number).unwrap_syscall()
        }
        fn class_hash_at(self: @ContractState, address: ContractAddress) -> ClassHash {
            get_class_hash_at_syscall(address).unwrap_syscall()
        }
        fn info(
            self: @ContractState,
        ) -> (
            (u64, u64, ContractAddress),
            starknet::info::v2::TxInfo,
            (ContractAddress, ContractAddress, felt252),
        ) {
            let info = starknet::get_execution_info().unbox();
            let block = info.block_info.unbox();
            (
                (block.block_number, block.block_timestamp, block.sequencer_address),
                info.tx_info.unbox(),
                (info.caller_address, info.contract_address, info.entry_point_selector),
            )
        }
        fn meta_tx(
            ref self: ContractState,
            to: ContractAddress,
            selector: felt252,
            calldata: Span<felt252>,
            signature: Span<felt252>,
        ) -> Span<felt252> {
            meta_tx_v0_syscall(to, selector, calldata, signature).unwrap_syscall()
        }
        fn keccak(self: @ContractState, words: Span<u64>) -> u256 {
            keccak_syscall(words).unwrap_syscall()
        }
        fn sha256(self: @ContractState, text: ByteArray) -> [u32; 8] {
            core::sha256::compute_sha256_byte_array(@text)
        }
        fn secp256k1(self: @ContractState, scalar: u256) -> (u256, u256) {
            let generator: Secp256k1Point = Secp256Trait::get_generator_point();
            let product = generator.mul(scalar).unwrap_syscall();
            product.add(generator).unwrap_syscall().get_coordinates().unwrap_syscall()
        }
        fn secp256r1(self: @ContractState, scalar: u256) -> (u256, u256) {
            let generator: Secp256r1Point = Secp256Trait::get_generator_point();
            let product = generator.mul(scalar).unwrap_syscall();
            product.add(generator).unwrap_syscall().get_coordinates().unwrap_syscall()
        }
        fn secp256k1_from_x(
            self: @ContractState, x: u256, odd: bool,
        ) -> Option<(u256, u256)> {
            coordinates::<
                Secp256k1Point,
            >(Secp256Trait::secp256_ec_get_point_from_x_syscall(x, odd).unwrap_syscall())
        }
        fn secp256r1_from_x(
            self: @ContractState, x: u256, odd: bool,
        ) -> Option<(u256, u256)> {
            coordinates::<
                Secp256r1Point,
            >(Secp256Trait::secp256_ec_get_point_from_x_syscall(x, odd).unwrap_syscall())
        }
        fn secp256k1_new(self: @ContractState, x: u256, y: u256) -> Option<(u256, u256)> {
            coordinates::<
                Secp256k1Point,
            >(Secp256Trait::secp256_ec_new_syscall(x, y).unwrap_syscall())
        }
        fn secp256r1_new(self: @ContractState, x: u256, y: u256) -> Option<(u256, u256)> {
            coordinates::<
                Secp256r1Point,
            >(Secp256Trait::secp256_ec_new_syscall(x, y).unwrap_syscall())
        }
        fn fail(self: @ContractState, mut reasons: Span<felt252>) {
            let mut data = array![];
            while let Option::Some(reason) = reasons.pop_front() {
                data.append(*reason);
            };
            panic(data);
        }
        fn fail_with_text(self: @ContractState) {
            panic!("a text that is longer than {} characters", 31);
        }
        fn burn(self: @ContractState, mut rounds: u64) -> u64 {
            let mut sum: u64 = 0;
            while rounds != 0 {
                sum = (sum + rounds) % 1000003;
                rounds -= 1;
            };
            sum
        }
        fn recurse(ref self: ContractState, depth: u64) {
            if depth == 0 {
                return;
            }
            let calldata = array![depth.into() - 1].span();
            call_contract_syscall(get_contract_address(), selector!("recurse"), calldata)
                .unwrap_syscall();
        }
        fn builtins(self: @ContractState, value: felt252) -> (felt252, felt252, u128, u64) {
            let wide: u256 = value.into();
            let mut counts: Felt252Dict<u64> = Default::default();
            counts.insert(value, 7);
            counts.insert(value, counts.get(value) + 1);
            let point = core::ec::EcPointTrait::new_from_x(1).unwrap();
            let scaled = core::ec::EcPointTrait::mul(point, value);
            let x = core::ec::EcPointTrait::x(scaled.try_into().unwrap());
            (
                core::pedersen::pedersen(value, x),
                core::poseidon::hades_permutation(value, 1, 2).into_first(),
                wide.low & 0xff,
                counts.get(value),
            )
        }
    }

    #[generate_trait]
    impl TripleImpl of TripleTrait {
        fn into_first(self: (felt252, felt252, felt252)) -> felt252 {
            let (first, _, _) = self;
            first
        }
    }
}
