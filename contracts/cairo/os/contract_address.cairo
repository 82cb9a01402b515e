// Addresses of contracts (starknet-formulas §2).
from os.constants import ADDRESS_BOUND
from starkware.cairo.common.cairo_builtins import HashBuiltin
from starkware.cairo.common.registers import get_fp_and_pc

const PREFIX = 'STARKNET_CONTRACT_ADDRESS';

// The hash chain of an array: h(...h(h(0, x1), x2)..., xn), without the length at the end.
func pedersen_chain{pedersen: HashBuiltin*}(hash: felt, size: felt, data: felt*) -> (hash: felt) {
    if (size == 0) {
        return (hash=hash);
    }
    assert pedersen.x = hash;
    assert pedersen.y = [data];
    let hash = pedersen.result;
    let pedersen = pedersen + HashBuiltin.SIZE;
    return pedersen_chain(hash=hash, size=size - 1, data=data + 1);
}

func pedersen_array{pedersen: HashBuiltin*}(size: felt, data: felt*) -> (hash: felt) {
    alloc_locals;
    let (hash) = pedersen_chain(hash=0, size=size, data=data);
    assert pedersen.x = hash;
    assert pedersen.y = size;
    let hash = pedersen.result;
    let pedersen = pedersen + HashBuiltin.SIZE;
    return (hash=hash);
}

// The address of a contract: the chain of prefix, deployer, salt, class and calldata, below
// ADDRESS_BOUND.
func contract_address{range_check_ptr, pedersen: HashBuiltin*}(
    deployer: felt, salt: felt, class_hash: felt, size: felt, calldata: felt*
) -> (address: felt) {
    alloc_locals;
    let (calldata_hash) = pedersen_array(size=size, data=calldata);
    let (__fp__, _) = get_fp_and_pc();
    local fields: (felt, felt, felt, felt, felt) = (
        PREFIX, deployer, salt, class_hash, calldata_hash
    );
    let (hash) = pedersen_array(size=5, data=cast(&fields, felt*));
    let (address) = below_address_bound(hash);
    return (address=address);
}

// The remainder of a felt by ADDRESS_BOUND. P is less than twice the bound, so the quotient is 0 or 1.
func below_address_bound{range_check_ptr}(value: felt) -> (address: felt) {
    alloc_locals;
    local quotient;
    %{ address.quotient %}
    assert quotient * quotient = quotient;
    local remainder = value - quotient * ADDRESS_BOUND;
    // Without the limit for quotient 1 small values had a second remainder: (value - bound) mod P.
    tempvar limit = (1 - quotient) * (ADDRESS_BOUND - 1) + quotient * (-1 - ADDRESS_BOUND);
    assert_251_bits(limit - remainder);
    assert_251_bits(remainder);
    return (address=remainder);
}

// That a felt is below 2^251: low + 2^128 high, low < 2^128 and high < 2^123.
func assert_251_bits{range_check_ptr}(value: felt) {
    %{ felt.halves %}
    tempvar low = [range_check_ptr];
    tempvar high = [range_check_ptr + 1];
    assert value = low + 2 ** 128 * high;
    assert [range_check_ptr + 2] = high + 2 ** 128 - 2 ** 123;
    let range_check_ptr = range_check_ptr + 3;
    return ();
}
