// Dictionaries with and without a default, their squashing with small and with big keys.
%builtins output range_check

from starkware.cairo.common.default_dict import default_dict_finalize, default_dict_new
from starkware.cairo.common.dict import dict_new, dict_read, dict_squash, dict_update, dict_write
from starkware.cairo.common.dict_access import DictAccess
from starkware.cairo.common.squash_dict import squash_dict

func write_accesses(log: DictAccess*, step: felt, n: felt) -> DictAccess* {
    if (n == 0) {
        return log;
    }
    assert [log] = DictAccess(key=n * step, prev_value=n, new_value=n + 1);
    assert log[1] = DictAccess(key=n * step, prev_value=n + 1, new_value=n + 7);
    return write_accesses(log + 2 * DictAccess.SIZE, step, n - 1);
}

func peek{dict_ptr: DictAccess*}(key: felt) -> (val: felt) {
    alloc_locals;
    local val;
    %{ ids.val = __dict_manager.get_dict(ids.dict_ptr)[ids.key] %}
    dict_update(key, val, val);
    return (val=val);
}

func main{output_ptr: felt*, range_check_ptr}() {
    alloc_locals;
    %{ initial_dict = {1: 10, 2: 20, 3: 30} %}
    let (local start) = dict_new();
    let dict_ptr = start;
    with dict_ptr {
        dict_write(2, 21);
        let (local two) = dict_read(2);
        dict_update(1, 10, 11);
        dict_update(1, 11, 12);
        let (local three) = dict_read(3);
        let (local one) = peek(1);
    }
    let (local squashed_start, local squashed_end) = dict_squash(start, dict_ptr);
    assert output_ptr[0] = two;
    assert output_ptr[1] = three;
    assert output_ptr[2] = one;
    assert output_ptr[3] = squashed_end - squashed_start;
    let output_ptr = output_ptr + 4;

    let (local default_start) = default_dict_new(7);
    let dict_ptr = default_start;
    with dict_ptr {
        let (local seven) = dict_read(1000);
        dict_write(-1, 5);
        dict_write(1000, 8);
        dict_write(-1, 6);
    }
    let (local final_start, local final_end) = default_dict_finalize(default_start, dict_ptr, 7);
    assert output_ptr[0] = seven;
    assert output_ptr[1] = final_start.key;
    assert output_ptr[2] = final_end[-1].new_value;
    let output_ptr = output_ptr + 3;

    local log: DictAccess*;
    %{ ids.log = segments.add() %}
    let log_end = write_accesses(log, 5, 6);
    local squashed: DictAccess*;
    %{ ids.squashed = segments.add() %}
    let (squashed_to) = squash_dict(log, log_end, squashed);
    assert output_ptr[0] = squashed_to - squashed;
    let output_ptr = output_ptr + 1;

    let (empty_to) = squash_dict(log, log, squashed_to);
    assert empty_to = squashed_to;
    return ();
}
