%builtins output bitwise
from starkware.cairo.common.bitwise import bitwise_and, bitwise_operations, bitwise_or, bitwise_xor
from starkware.cairo.common.cairo_builtins import BitwiseBuiltin

func main{output_ptr: felt*, bitwise_ptr: BitwiseBuiltin*}() {
    let (a, b, c) = bitwise_operations(2 ** 250 + 0xff00ff, 0x0ff00ff0);
    let (d) = bitwise_and(2 ** 251 - 1, 0xffffffffffffffffffffffffffffffff);
    let (e) = bitwise_xor(0, 5);
    let (f) = bitwise_or(2 ** 64, 2 ** 128);
    assert output_ptr[0] = a;
    assert output_ptr[1] = b;
    assert output_ptr[2] = c;
    assert output_ptr[3] = d;
    assert output_ptr[4] = e;
    assert output_ptr[5] = f;
    let output_ptr = output_ptr + 6;
    return ();
}
