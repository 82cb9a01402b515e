// Hashes, elliptic curve operations and bitwise operations.
%builtins pedersen bitwise ec_op poseidon
from starkware.cairo.common.bitwise import bitwise_operations
from starkware.cairo.common.builtin_poseidon.poseidon import poseidon_hash
from starkware.cairo.common.cairo_builtins import (
    BitwiseBuiltin,
    EcOpBuiltin,
    HashBuiltin,
    PoseidonBuiltin,
)
from starkware.cairo.common.ec import StarkCurve
from starkware.cairo.common.ec_point import EcPoint
from starkware.cairo.common.hash import hash2

func main{
    pedersen_ptr: HashBuiltin*,
    bitwise_ptr: BitwiseBuiltin*,
    ec_op_ptr: EcOpBuiltin*,
    poseidon_ptr: PoseidonBuiltin*,
}() {
    alloc_locals;
    mix(1000, 1);
    curve(50);
    return ();
}

func mix{pedersen_ptr: HashBuiltin*, bitwise_ptr: BitwiseBuiltin*, poseidon_ptr: PoseidonBuiltin*}(
    n, state
) {
    if (n == 0) {
        return ();
    }
    let (a) = hash2{hash_ptr=pedersen_ptr}(state, n);
    let (b) = poseidon_hash(a, n);
    let (c, d, e) = bitwise_operations(n, n * n);
    return mix(n - 1, b + c + d + e);
}

func curve{ec_op_ptr: EcOpBuiltin*}(n) {
    if (n == 0) {
        return ();
    }
    assert ec_op_ptr.p = EcPoint(
        x=0x234287dcbaffe7f969c748655fca9e58fa8120b6d56eb0c1080d17957ebe47b,
        y=0x3b056f100f96fb21e889527d41f4e39940135dd7a6c94cc6ed0268ee89e5615,
    );
    assert ec_op_ptr.q = EcPoint(x=StarkCurve.GEN_X, y=StarkCurve.GEN_Y);
    assert ec_op_ptr.m = 2 ** 250 + n;
    tempvar x = ec_op_ptr.r.x;
    let ec_op_ptr = ec_op_ptr + EcOpBuiltin.SIZE;
    return curve(n - 1);
}
