%builtins output keccak
from starkware.cairo.common.cairo_builtins import KeccakBuiltin
from starkware.cairo.common.keccak_state import KeccakBuiltinState

func main{output_ptr: felt*, keccak_ptr: KeccakBuiltin*}() {
    assert keccak_ptr[0].input = KeccakBuiltinState(1, 2, 3, 4, 5, 6, 7, 2 ** 200 - 1);
    let first = keccak_ptr[0].output;
    // Only some words of the second output are read.
    assert keccak_ptr[1].input = keccak_ptr[0].output;
    assert output_ptr[0] = keccak_ptr[0].output.s0;
    assert output_ptr[1] = keccak_ptr[1].output.s3;
    assert output_ptr[2] = keccak_ptr[1].output.s7;
    let keccak_ptr = keccak_ptr + 2 * KeccakBuiltin.SIZE;
    let output_ptr = output_ptr + 3;
    return ();
}
