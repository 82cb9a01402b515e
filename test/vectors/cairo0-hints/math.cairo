// The checked arithmetic of math, math_cmp, pow and log2_ceil.
%builtins output range_check

from starkware.cairo.common.log2_ceil import log2_ceil
from starkware.cairo.common.math import (
    abs_value,
    assert_250_bit,
    assert_in_range,
    assert_le_felt,
    assert_lt_felt,
    assert_nn_le,
    assert_not_equal,
    assert_not_zero,
    is_quad_residue,
    sign,
    signed_div_rem,
    split_felt,
    split_int,
    sqrt,
    unsigned_div_rem,
)
from starkware.cairo.common.math_cmp import is_in_range, is_le, is_le_felt, is_nn
from starkware.cairo.common.pow import pow, signed_pow

func main{output_ptr: felt*, range_check_ptr}() {
    alloc_locals;
    assert_not_zero(5);
    assert_not_equal(5, -5);
    assert_nn_le(3, 4);
    assert_in_range(7, 5, 9);
    assert_250_bit(2 ** 249 + 1);
    assert_le_felt(3, -3);
    assert_le_felt(-3, -2);
    assert_le_felt(2 ** 250, 2 ** 250 + 1);
    assert_lt_felt(0, -1);

    let (high, low) = split_felt(-1);
    assert output_ptr[0] = high;
    assert output_ptr[1] = low;
    let (q, r) = unsigned_div_rem(1000000007, 123);
    assert output_ptr[2] = q;
    assert output_ptr[3] = r;
    let (signed_q, signed_r) = signed_div_rem(-17, 5, 2 ** 64);
    assert output_ptr[4] = signed_q;
    assert output_ptr[5] = signed_r;
    split_int(0x123456, 4, 256, 256, output_ptr + 6);
    assert output_ptr[10] = sqrt(10 ** 40 + 3);
    assert output_ptr[11] = abs_value(-8);
    assert output_ptr[12] = sign(-8);
    assert output_ptr[13] = sign(8);
    assert output_ptr[14] = is_quad_residue(4);
    assert output_ptr[15] = is_quad_residue(3);
    let output_ptr = output_ptr + 16;

    assert output_ptr[0] = is_nn(-1);
    assert output_ptr[1] = is_nn(2 ** 128);
    assert output_ptr[2] = is_nn(2 ** 200);
    assert output_ptr[3] = is_nn(5);
    assert output_ptr[4] = is_le(9, 8);
    assert output_ptr[5] = is_le_felt(-1, 1);
    assert output_ptr[6] = is_le_felt(1, -1);
    assert output_ptr[7] = is_in_range(5, 5, 6);
    let (power) = pow(3, 77);
    assert output_ptr[8] = power;
    let inverse = signed_pow(3, -2);
    assert output_ptr[9] = inverse;
    let log_of_1 = log2_ceil(1);
    assert output_ptr[10] = log_of_1;
    let log_of_1025 = log2_ceil(1025);
    assert output_ptr[11] = log_of_1025;
    let output_ptr = output_ptr + 12;
    return ();
}
