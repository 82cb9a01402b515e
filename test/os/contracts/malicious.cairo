// Entry points that break the rules which the OS must see to itself, as no compiler would make them. Each
// takes its builtins, gas, syscalls and calldata, and returns builtins, gas, syscalls, failure and data.

func honest(
    pedersen: felt*, range_check: felt*, gas: felt, syscalls: felt*, data: felt*, data_end: felt*
) -> (
    pedersen: felt*, range_check: felt*, gas: felt, syscalls: felt*, failed: felt, start: felt*,
    end: felt*,
) {
    return (pedersen, range_check, gas, syscalls, 0, data, data);
}

// Half an instance of Pedersen.
func half_instance(
    pedersen: felt*, range_check: felt*, gas: felt, syscalls: felt*, data: felt*, data_end: felt*
) -> (
    pedersen: felt*, range_check: felt*, gas: felt, syscalls: felt*, failed: felt, start: felt*,
    end: felt*,
) {
    return (pedersen + 1, range_check, gas, syscalls, 0, data, data);
}

// Pedersen's pointer goes back, so that an instance can be used again.
func backwards(
    pedersen: felt*, range_check: felt*, gas: felt, syscalls: felt*, data: felt*, data_end: felt*
) -> (
    pedersen: felt*, range_check: felt*, gas: felt, syscalls: felt*, failed: felt, start: felt*,
    end: felt*,
) {
    return (pedersen - 3, range_check, gas, syscalls, 0, data, data);
}

// The range checks' pointer goes back.
func range_check_backwards(
    pedersen: felt*, range_check: felt*, gas: felt, syscalls: felt*, data: felt*, data_end: felt*
) -> (
    pedersen: felt*, range_check: felt*, gas: felt, syscalls: felt*, failed: felt, start: felt*,
    end: felt*,
) {
    return (pedersen, range_check - 1, gas, syscalls, 0, data, data);
}

// A "Pedersen" of the code's own, in the calldata.
func own_builtin(
    pedersen: felt*, range_check: felt*, gas: felt, syscalls: felt*, data: felt*, data_end: felt*
) -> (
    pedersen: felt*, range_check: felt*, gas: felt, syscalls: felt*, failed: felt, start: felt*,
    end: felt*,
) {
    return (data, range_check, gas, syscalls, 0, data, data);
}

func more_gas(
    pedersen: felt*, range_check: felt*, gas: felt, syscalls: felt*, data: felt*, data_end: felt*
) -> (
    pedersen: felt*, range_check: felt*, gas: felt, syscalls: felt*, failed: felt, start: felt*,
    end: felt*,
) {
    return (pedersen, range_check, gas + 20000, syscalls, 0, data, data);
}

func negative_gas(
    pedersen: felt*, range_check: felt*, gas: felt, syscalls: felt*, data: felt*, data_end: felt*
) -> (
    pedersen: felt*, range_check: felt*, gas: felt, syscalls: felt*, failed: felt, start: felt*,
    end: felt*,
) {
    return (pedersen, range_check, -1, syscalls, 0, data, data);
}

func negative_array(
    pedersen: felt*, range_check: felt*, gas: felt, syscalls: felt*, data: felt*, data_end: felt*
) -> (
    pedersen: felt*, range_check: felt*, gas: felt, syscalls: felt*, failed: felt, start: felt*,
    end: felt*,
) {
    return (pedersen, range_check, gas, syscalls, 0, data + 1, data);
}

func failing(
    pedersen: felt*, range_check: felt*, gas: felt, syscalls: felt*, data: felt*, data_end: felt*
) -> (
    pedersen: felt*, range_check: felt*, gas: felt, syscalls: felt*, failed: felt, start: felt*,
    end: felt*,
) {
    return (pedersen, range_check, gas, syscalls, 1, data, data);
}

// A syscall that does not exist.
func unknown_syscall(
    pedersen: felt*, range_check: felt*, gas: felt, syscalls: felt*, data: felt*, data_end: felt*
) -> (
    pedersen: felt*, range_check: felt*, gas: felt, syscalls: felt*, failed: felt, start: felt*,
    end: felt*,
) {
    assert syscalls[0] = 'Unknown';
    assert syscalls[1] = gas;
    assert syscalls[2] = gas;
    assert syscalls[3] = 0;
    return (pedersen, range_check, gas, syscalls + 4, 0, data, data);
}

// A read of another storage domain.
func other_domain(
    pedersen: felt*, range_check: felt*, gas: felt, syscalls: felt*, data: felt*, data_end: felt*
) -> (
    pedersen: felt*, range_check: felt*, gas: felt, syscalls: felt*, failed: felt, start: felt*,
    end: felt*,
) {
    assert syscalls[0] = 'StorageRead';
    assert syscalls[1] = gas;
    assert syscalls[2] = 1;
    assert syscalls[3] = 5;
    assert syscalls[4] = gas;
    assert syscalls[5] = 0;
    assert syscalls[6] = 0;
    return (pedersen, range_check, gas, syscalls + 7, 0, data, data);
}

// A key that is no storage key.
func key_beyond_the_trie(
    pedersen: felt*, range_check: felt*, gas: felt, syscalls: felt*, data: felt*, data_end: felt*
) -> (
    pedersen: felt*, range_check: felt*, gas: felt, syscalls: felt*, failed: felt, start: felt*,
    end: felt*,
) {
    assert syscalls[0] = 'StorageRead';
    assert syscalls[1] = gas;
    assert syscalls[2] = 0;
    assert syscalls[3] = 2 ** 251;
    assert syscalls[4] = gas;
    assert syscalls[5] = 0;
    assert syscalls[6] = 0;
    return (pedersen, range_check, gas, syscalls + 7, 0, data, data);
}

// A dictionary that is never squashed: its reads were answered with anything.
func unsquashed(
    range_check: felt*,
    arena: felt*,
    gas: felt,
    syscalls: felt*,
    data: felt*,
    data_end: felt*,
) -> (
    range_check: felt*, arena: felt*, gas: felt, syscalls: felt*, failed: felt, start: felt*,
    end: felt*,
) {
    assert arena[0] = arena[-3];
    assert arena[1] = 1;
    assert arena[2] = 0;
    return (range_check, arena + 3, gas, syscalls, 0, data, data);
}

// Two dictionaries with one log.
func overlapping(
    range_check: felt*,
    arena: felt*,
    gas: felt,
    syscalls: felt*,
    data: felt*,
    data_end: felt*,
) -> (
    range_check: felt*, arena: felt*, gas: felt, syscalls: felt*, failed: felt, start: felt*,
    end: felt*,
) {
    let infos = cast(arena[-3], felt*);
    assert infos[0] = cast(data, felt);
    assert infos[1] = cast(data + 3, felt);
    assert infos[2] = 0;
    assert infos[3] = cast(data, felt);
    assert infos[4] = cast(data + 3, felt);
    assert infos[5] = 1;
    assert arena[0] = arena[-3];
    assert arena[1] = 2;
    assert arena[2] = 2;
    return (range_check, arena + 3, gas, syscalls, 0, data, data);
}

// Records of dictionaries that are not those of the call.
func other_records(
    range_check: felt*,
    arena: felt*,
    gas: felt,
    syscalls: felt*,
    data: felt*,
    data_end: felt*,
) -> (
    range_check: felt*, arena: felt*, gas: felt, syscalls: felt*, failed: felt, start: felt*,
    end: felt*,
) {
    assert arena[0] = cast(data, felt);
    assert arena[1] = 1;
    assert arena[2] = 1;
    return (range_check, arena + 3, gas, syscalls, 0, data, data);
}
