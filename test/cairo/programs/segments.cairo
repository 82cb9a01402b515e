// Memory: copies, temporary segments joined to real ones, pointers into them, holes, pointers as output.
%builtins output
from starkware.cairo.common.alloc import alloc
from starkware.cairo.common.memcpy import memcpy
from starkware.cairo.common.memset import memset
from starkware.cairo.common.segments import relocate_segment

func main{output_ptr: felt*}() {
    alloc_locals;
    let (local source: felt*) = alloc();
    assert source[0] = 1;
    assert source[1] = 2;
    assert source[2] = cast(source, felt);
    let (local copy: felt*) = alloc();
    memcpy(copy, source, 3);
    memset(copy + 5, 9, 4);

    local temporary_array: felt*;
    %{ ids.temporary_array = segments.add_temp_segment() %}
    assert temporary_array[0] = 100;
    assert temporary_array[1] = cast(temporary_array, felt) + 4;
    assert temporary_array[4] = 104;
    let (local target: felt*) = alloc();
    assert target[0] = 99;
    relocate_segment(temporary_array, target + 1);
    assert target[5] = 104;

    assert output_ptr[0] = copy[1];
    assert output_ptr[1] = cast(output_ptr, felt);
    assert output_ptr[3] = target[5];
    // Pointers into the temporary segment lead into the real one now.
    assert temporary_array - target = 1;
    let output_ptr = output_ptr + 4;
    return ();
}
