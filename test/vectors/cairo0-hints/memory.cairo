// Copying, filling and relocating memory, and a reference that depends on ap.
%builtins output

from starkware.cairo.common.alloc import alloc
from starkware.cairo.common.copy_indices import copy_indices
from starkware.cairo.common.memcpy import memcpy
from starkware.cairo.common.memset import memset
from starkware.cairo.common.segments import relocate_segment

func sum(values: felt*, n: felt) -> felt {
    if (n == 0) {
        return 0;
    }
    let rest = sum(values + 1, n - 1);
    return values[0] + rest;
}

func main{output_ptr: felt*}() {
    alloc_locals;
    let (local source: felt*) = alloc();
    assert source[0] = 3;
    assert source[1] = 1;
    assert source[2] = 2;
    assert source[3] = 0;
    let (local copy: felt*) = alloc();
    memcpy(copy, source, 4);
    memset(copy + 4, 9, 3);
    let (local picked: felt*) = alloc();
    copy_indices(picked, copy, source, 4);

    local pending: felt*;
    %{ ids.pending = segments.add_temp_segment() %}
    assert pending[0] = 11;
    assert pending[1] = 12;
    relocate_segment(pending, copy + 7);

    let total = sum(copy, 7);
    assert output_ptr[0] = total;
    assert output_ptr[1] = picked[0];
    tempvar doubled = output_ptr[0] * 2;
    tempvar quadrupled = doubled * 2;
    let ahead = quadrupled - doubled + 5;
    local mirrored;
    %{ ids.mirrored = ids.ahead + ids.doubled %}
    assert mirrored = ahead + doubled;
    assert output_ptr[2] = mirrored;
    let output_ptr = output_ptr + 3;
    return ();
}
