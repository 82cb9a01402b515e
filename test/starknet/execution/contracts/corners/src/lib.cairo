/// What contracts seldom do, for tests of the OS.
#[starknet::interface]
pub trait ICorners<T> {
    /// The sum of the values that `count` dictionaries hold in the end.
    fn sum(self: @T, count: felt252, key: felt252) -> felt252;
    /// The same, and a panic while they are open.
    fn sum_and_panic(self: @T, key: felt252);
    /// Whether the gas does not suffice for a deployment with `size` felts of calldata.
    fn deploy_in_vain(ref self: T, size: u32) -> bool;
}

#[starknet::contract]
mod Corners {
    use starknet::syscalls::deploy_syscall;

    #[storage]
    struct Storage {}

    fn add(count: felt252, key: felt252) -> felt252 {
        if count == 0 {
            return 0;
        }
        let mut dict: Felt252Dict<felt252> = Default::default();
        dict.insert(key, count);
        dict.insert(count, dict.get(key) + 1);
        let rest = add(count - 1, key);
        dict.insert(key, dict.get(key) + rest);
        dict.get(key) + dict.get(count)
    }

    #[abi(embed_v0)]
    impl CornersImpl of super::ICorners<ContractState> {
        fn sum(self: @ContractState, count: felt252, key: felt252) -> felt252 {
            add(count, key)
        }
        fn sum_and_panic(self: @ContractState, key: felt252) {
            let mut first: Felt252Dict<felt252> = Default::default();
            let mut second: Felt252Dict<felt252> = Default::default();
            first.insert(key, 1);
            second.insert(key, first.get(key) + 1);
            assert(second.get(key) == 0, 'dictionaries are open');
        }
        fn deploy_in_vain(ref self: ContractState, mut size: u32) -> bool {
            let mut calldata = array![];
            while size != 0 {
                calldata.append(1);
                size -= 1;
            };
            match deploy_syscall(1.try_into().unwrap(), 1, calldata.span(), false) {
                Result::Ok(_) => false,
                Result::Err(_) => true,
            }
        }
    }
}
