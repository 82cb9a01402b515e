%builtins output poseidon
from starkware.cairo.common.alloc import alloc
from starkware.cairo.common.builtin_poseidon.poseidon import (
    poseidon_hash,
    poseidon_hash_many,
    poseidon_hash_single,
)
from starkware.cairo.common.cairo_builtins import PoseidonBuiltin

func main{output_ptr: felt*, poseidon_ptr: PoseidonBuiltin*}() {
    alloc_locals;
    let (a) = poseidon_hash(1, -1);
    let (b) = poseidon_hash_single(a);
    let (local values: felt*) = alloc();
    fill(values, 25);
    let (c) = poseidon_hash_many(25, values);
    let (d) = poseidon_hash_many(0, values);
    assert output_ptr[0] = a;
    assert output_ptr[1] = b;
    assert output_ptr[2] = c;
    assert output_ptr[3] = d;
    let output_ptr = output_ptr + 4;
    return ();
}

func fill(values: felt*, n) {
    if (n == 0) {
        return ();
    }
    assert [values] = n * n * n;
    return fill(values + 1, n - 1);
}
