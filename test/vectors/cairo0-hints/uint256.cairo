// Integers of 256 bits.
%builtins output range_check bitwise

from starkware.cairo.common.cairo_builtins import BitwiseBuiltin
from starkware.cairo.common.uint256 import (
    Uint256,
    split_64,
    uint256_add,
    uint256_mul,
    uint256_mul_div_mod,
    uint256_signed_div_rem,
    uint256_signed_nn,
    uint256_sqrt,
    uint256_sub,
    uint256_unsigned_div_rem,
    uint256_xor,
)

func put{output_ptr: felt*}(value: Uint256) {
    assert [cast(output_ptr, Uint256*)] = value;
    let output_ptr = output_ptr + Uint256.SIZE;
    return ();
}

func main{output_ptr: felt*, range_check_ptr, bitwise_ptr: BitwiseBuiltin*}() {
    alloc_locals;
    local a: Uint256 = Uint256(low=2 ** 128 - 5, high=2 ** 127 + 99);
    local b: Uint256 = Uint256(low=77, high=2 ** 100);
    let (sum, carry) = uint256_add(a, a);
    put(sum);
    assert output_ptr[0] = carry;
    let output_ptr = output_ptr + 1;
    let (difference) = uint256_sub(b, a);
    put(difference);
    let (low, high) = uint256_mul(a, b);
    put(low);
    put(high);
    let (quotient, remainder) = uint256_unsigned_div_rem(a, b);
    put(quotient);
    put(remainder);
    let (signed_quotient, signed_remainder) = uint256_signed_div_rem(a, b);
    put(signed_quotient);
    put(signed_remainder);
    let (q_low, q_high, r) = uint256_mul_div_mod(a, a, b);
    put(q_low);
    put(q_high);
    put(r);
    let (root) = uint256_sqrt(a);
    put(root);
    let (mixed) = uint256_xor(a, b);
    put(mixed);
    let (nn) = uint256_signed_nn(a);
    assert output_ptr[0] = nn;
    let (low64, high64) = split_64(2 ** 130 + 3);
    assert output_ptr[1] = low64;
    assert output_ptr[2] = high64;
    let output_ptr = output_ptr + 3;
    return ();
}
