%builtins output range_check
from starkware.cairo.common.alloc import alloc
from starkware.cairo.common.math import (
    assert_250_bit,
    assert_in_range,
    assert_le,
    assert_le_felt,
    assert_lt,
    assert_lt_felt,
    assert_nn,
    assert_not_equal,
    assert_not_zero,
    signed_div_rem,
    split_felt,
    split_int,
    sqrt,
    unsigned_div_rem,
)
from starkware.cairo.common.math_cmp import is_in_range, is_le, is_le_felt, is_nn, is_not_zero

func main{output_ptr: felt*, range_check_ptr}() {
    alloc_locals;
    assert_nn(2 ** 127);
    assert_le(5, 5);
    assert_lt(5, 6);
    assert_in_range(7, 0, 8);
    assert_le_felt(2 ** 200, -1);
    assert_lt_felt(1, -2);
    assert_250_bit(2 ** 250 - 1);
    assert_not_equal(1, -1);
    assert_not_zero(-5);
    let (q, r) = unsigned_div_rem(10 ** 20 + 7, 10 ** 10);
    let (sq, sr) = signed_div_rem(-17, 5, 100);
    let (high, low) = split_felt(-1);
    let root = sqrt(10 ** 30 + 1);
    let (local words: felt*) = alloc();
    split_int(value=2 ** 40 + 12345, n=3, base=2 ** 16, bound=2 ** 16, output=words);
    let a = is_nn(-1);
    let b = is_le(3, 4);
    let c = is_le_felt(-1, 4);
    let d = is_in_range(3, 3, 4);
    let e = is_not_zero(0);
    assert output_ptr[0] = q;
    assert output_ptr[1] = r;
    assert output_ptr[2] = sq;
    assert output_ptr[3] = sr;
    assert output_ptr[4] = high;
    assert output_ptr[5] = low;
    assert output_ptr[6] = root;
    assert output_ptr[7] = words[0] + words[1] + words[2];
    assert output_ptr[8] = a + 2 * b + 4 * c + 8 * d + 16 * e;
    let output_ptr = output_ptr + 9;
    return ();
}

