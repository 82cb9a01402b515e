// Searching and sorting arrays.
%builtins output range_check

from starkware.cairo.common.alloc import alloc
from starkware.cairo.common.find_element import (
    find_element,
    search_sorted,
    search_sorted_lower,
    search_sorted_optimistic,
)
from starkware.cairo.common.set import set_add
from starkware.cairo.common.usort import usort

func main{output_ptr: felt*, range_check_ptr}() {
    alloc_locals;
    let (local pairs: felt*) = alloc();
    assert pairs[0] = 10;
    assert pairs[1] = 100;
    assert pairs[2] = 20;
    assert pairs[3] = 200;
    assert pairs[4] = 30;
    assert pairs[5] = 300;
    let (found) = find_element(pairs, 2, 3, 20);
    assert output_ptr[0] = found[1];
    %{ __find_element_index = 2 %}
    let (hinted) = find_element(pairs, 2, 3, 30);
    assert output_ptr[1] = hinted[1];
    let (lower) = search_sorted_lower(pairs, 2, 3, 11);
    assert output_ptr[2] = lower[0];
    let (past) = search_sorted_lower(pairs, 2, 3, 31);
    assert output_ptr[3] = past - pairs;
    let (at, success) = search_sorted(pairs, 2, 3, 25);
    assert output_ptr[4] = success;
    let (index, exists) = search_sorted_optimistic(pairs, 2, 3, 30);
    assert output_ptr[5] = index - pairs;
    assert output_ptr[6] = exists;
    let output_ptr = output_ptr + 7;

    let (local set: felt*) = alloc();
    let set_end_ptr = set;
    with set_end_ptr {
        set_add(set, 2, pairs);
        set_add(set, 2, pairs + 2);
        set_add(set, 2, pairs);
    }
    assert output_ptr[0] = set_end_ptr - set;
    let output_ptr = output_ptr + 1;

    let (local unsorted: felt*) = alloc();
    assert unsorted[0] = 5;
    assert unsorted[1] = 2 ** 100;
    assert unsorted[2] = 5;
    assert unsorted[3] = 1;
    assert unsorted[4] = 5;
    let (n, sorted, multiplicities) = usort(5, unsorted);
    assert output_ptr[0] = n;
    assert output_ptr[1] = sorted[0];
    assert output_ptr[2] = multiplicities[1];
    let output_ptr = output_ptr + 3;
    return ();
}
