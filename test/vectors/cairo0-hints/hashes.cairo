// Poseidon over many elements, and Keccak by the builtin, in Cairo, and unsafely in hints.
%builtins output range_check bitwise keccak poseidon

from starkware.cairo.common.alloc import alloc
from starkware.cairo.common.builtin_keccak.keccak import keccak, keccak_felts_bigend
from starkware.cairo.common.builtin_poseidon.poseidon import poseidon_hash_many
from starkware.cairo.common.cairo_builtins import BitwiseBuiltin, KeccakBuiltin, PoseidonBuiltin
from starkware.cairo.common.cairo_keccak.keccak import cairo_keccak_felts, finalize_keccak
from starkware.cairo.common.keccak import (
    unsafe_keccak,
    unsafe_keccak_add_felt,
    unsafe_keccak_finalize,
    unsafe_keccak_init,
)
from starkware.cairo.common.simulate_builtin_keccak_with_cairo.simulate_keccak import (
    keccak_builtin_state_to_felts,
)
from starkware.cairo.common.keccak_state import KeccakBuiltinState
from starkware.cairo.common.uint256 import Uint256

func fill(to: felt*, value: felt, n: felt) {
    if (n == 0) {
        return ();
    }
    assert [to] = value;
    return fill(to + 1, value + 2 ** 30 + 1, n - 1);
}

func put{output_ptr: felt*}(value: Uint256) {
    assert [cast(output_ptr, Uint256*)] = value;
    let output_ptr = output_ptr + Uint256.SIZE;
    return ();
}

func main{
    output_ptr: felt*,
    range_check_ptr,
    bitwise_ptr: BitwiseBuiltin*,
    keccak_ptr: KeccakBuiltin*,
    poseidon_ptr: PoseidonBuiltin*,
}() {
    alloc_locals;
    let (local words: felt*) = alloc();
    fill(words, 5, 40);
    let (even) = poseidon_hash_many(24, words);
    let (odd) = poseidon_hash_many(3, words);
    assert output_ptr[0] = even;
    assert output_ptr[1] = odd;
    let output_ptr = output_ptr + 2;

    let (short) = keccak(words, 19);
    put(short);
    let (long) = keccak(words, 300);
    put(long);
    let (of_felts) = keccak_felts_bigend(7, words);
    put(of_felts);

    let (local cairo_keccak_ptr: felt*) = alloc();
    let keccak_start = cairo_keccak_ptr;
    let (in_cairo) = cairo_keccak_felts{keccak_ptr=cairo_keccak_ptr}(7, words);
    put(in_cairo);
    finalize_keccak(keccak_start, cairo_keccak_ptr);

    let (low, high) = unsafe_keccak(words, 37);
    put(Uint256(low, high));
    let (state) = unsafe_keccak_init();
    unsafe_keccak_add_felt{keccak_state=state}(123456789);
    let (finalized) = unsafe_keccak_finalize(state);
    put(finalized);

    let (local lanes: felt*) = alloc();
    keccak_builtin_state_to_felts(
        KeccakBuiltinState(s0=2 ** 199 + 1, s1=2, s2=3, s3=4, s4=5, s5=6, s6=7, s7=2 ** 190), lanes
    );
    assert output_ptr[0] = lanes[3];
    assert output_ptr[1] = lanes[24];
    let output_ptr = output_ptr + 2;
    return ();
}
