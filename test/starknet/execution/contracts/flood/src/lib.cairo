/// Makes the node work for little gas: for tests of its bounds.
#[starknet::interface]
pub trait IFlood<T> {
    /// Passes `size` felts to an entry point that does not exist, `times` times.
    fn call_nothing(ref self: T, size: u32, times: u32);
    /// Asks for the keccak of `size` words, `times` times.
    fn hash(ref self: T, size: u32, times: u32);
    /// Emits `count` events of `size` felts in a call that then panics, `times` times.
    fn emit_in_vain(ref self: T, size: u32, count: u32, times: u32);
    fn emit_and_panic(ref self: T, size: u32, count: u32);
    /// Sends `times` messages of `size` felts.
    fn send(ref self: T, size: u32, times: u32);
    /// Writes `count` storage cells.
    fn write(ref self: T, count: u32);
    /// Makes `count` calls that do nothing.
    fn call_often(ref self: T, count: u32);
    fn nothing(ref self: T);
}

#[starknet::contract]
mod Flood {
    use starknet::storage_access::{storage_address_from_base, storage_base_address_from_felt252};
    use starknet::syscalls::{
        call_contract_syscall, emit_event_syscall, keccak_syscall, send_message_to_l1_syscall,
        storage_write_syscall,
    };
    use starknet::{SyscallResultTrait, get_contract_address};

    #[storage]
    struct Storage {}

    fn felts(size: u32) -> Span<felt252> {
        let mut array = array![];
        let mut left = size;
        while left != 0 {
            array.append(1);
            left -= 1;
        };
        array.span()
    }

    fn words(size: u32) -> Span<u64> {
        let mut array = array![];
        let mut left = size;
        while left != 0 {
            array.append(1_u64);
            left -= 1;
        };
        array.span()
    }

    #[abi(embed_v0)]
    impl FloodImpl of super::IFlood<ContractState> {
        fn call_nothing(ref self: ContractState, size: u32, mut times: u32) {
            let data = felts(size);
            while times != 0 {
                let _ = call_contract_syscall(get_contract_address(), 'nothing', data);
                times -= 1;
            };
        }
        fn hash(ref self: ContractState, size: u32, mut times: u32) {
            let data = words(size);
            while times != 0 {
                let _ = keccak_syscall(data);
                times -= 1;
            };
        }
        fn emit_in_vain(ref self: ContractState, size: u32, count: u32, mut times: u32) {
            let calldata = array![size.into(), count.into()].span();
            while times != 0 {
                let _ = call_contract_syscall(
                    get_contract_address(), selector!("emit_and_panic"), calldata,
                );
                times -= 1;
            };
        }
        fn emit_and_panic(ref self: ContractState, size: u32, mut count: u32) {
            let data = felts(size);
            while count != 0 {
                emit_event_syscall(array![].span(), data).unwrap_syscall();
                count -= 1;
            };
            core::panic_with_felt252('in vain');
        }
        fn send(ref self: ContractState, size: u32, mut times: u32) {
            let payload = felts(size);
            while times != 0 {
                send_message_to_l1_syscall(1, payload).unwrap_syscall();
                times -= 1;
            };
        }
        fn write(ref self: ContractState, mut count: u32) {
            while count != 0 {
                let address = storage_address_from_base(
                    storage_base_address_from_felt252(count.into() * 0x123456789abcdef),
                );
                storage_write_syscall(0, address, 1).unwrap_syscall();
                count -= 1;
            };
        }
        fn call_often(ref self: ContractState, mut count: u32) {
            let selector = selector!("nothing");
            while count != 0 {
                call_contract_syscall(get_contract_address(), selector, array![].span())
                    .unwrap_syscall();
                count -= 1;
            };
        }
        fn nothing(ref self: ContractState) {}
    }
}
