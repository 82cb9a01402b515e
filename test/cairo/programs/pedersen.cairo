%builtins output pedersen
from starkware.cairo.common.cairo_builtins import HashBuiltin
from starkware.cairo.common.hash import hash2

func main{output_ptr: felt*, pedersen_ptr: HashBuiltin*}() {
    let (a) = hash2{hash_ptr=pedersen_ptr}(1, 2);
    let (b) = hash2{hash_ptr=pedersen_ptr}(a, -1);
    // An instance whose output is written before the builtin could tell it, and one whose output nobody reads.
    assert pedersen_ptr.x = b;
    assert pedersen_ptr.y = 2 ** 251;
    let pedersen_ptr = pedersen_ptr + HashBuiltin.SIZE;
    let (c) = hash2{hash_ptr=pedersen_ptr}(b, 0);
    assert output_ptr[0] = a;
    assert output_ptr[1] = b;
    assert output_ptr[2] = c;
    let output_ptr = output_ptr + 3;
    return ();
}
