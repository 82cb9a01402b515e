// Dictionaries: temporary segments, relocation, squashing with repeated, small and large keys.
%builtins output range_check
from starkware.cairo.common.default_dict import default_dict_finalize, default_dict_new
from starkware.cairo.common.dict import dict_new, dict_read, dict_squash, dict_update, dict_write
from starkware.cairo.common.dict_access import DictAccess

func main{output_ptr: felt*, range_check_ptr}() {
    alloc_locals;
    let (local small_start) = default_dict_new(default_value=5);
    let small = small_start;
    let (first) = dict_read{dict_ptr=small}(key=3);
    dict_write{dict_ptr=small}(key=3, new_value=30);
    dict_write{dict_ptr=small}(key=1, new_value=10);
    dict_update{dict_ptr=small}(key=3, prev_value=30, new_value=31);
    let (second) = dict_read{dict_ptr=small}(key=3);
    let (small_squashed_start, small_squashed) = default_dict_finalize(small_start, small, 5);

    let (local big_start) = default_dict_new(default_value=0);
    let big = big_start;
    dict_write{dict_ptr=big}(key=-7, new_value=1);
    dict_write{dict_ptr=big}(key=2 ** 200, new_value=2);
    dict_write{dict_ptr=big}(key=4, new_value=3);
    dict_write{dict_ptr=big}(key=-7, new_value=4);
    let (big_squashed_start, big_squashed) = default_dict_finalize(big_start, big, 0);

    assert output_ptr[0] = first;
    assert output_ptr[1] = second;
    assert output_ptr[2] = (small_squashed - small_squashed_start) / DictAccess.SIZE;
    assert output_ptr[3] = (big_squashed - big_squashed_start) / DictAccess.SIZE;
    assert output_ptr[4] = big_squashed_start.key;
    let output_ptr = output_ptr + 5;
    return ();
}
