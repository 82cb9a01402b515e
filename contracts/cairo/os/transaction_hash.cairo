// Hashes of account transactions (SNIP-8), and what contracts are told of them.
from os.poseidon import HASH_OF_NOTHING, poseidon_array
from os.types import ResourceBounds, TxInfo
from starkware.cairo.common.registers import get_fp_and_pc

// The members of a transaction's hash that all kinds share, then up to three of its own (SNIP-8).
struct HashedFields {
    prefix: felt,
    version: felt,
    sender: felt,
    fee_fields: felt,
    paymaster: felt,
    chain_id: felt,
    nonce: felt,
    da_modes: felt,
    first: felt,
    second: felt,
    third: felt,
}

// Checks what an account transaction tells contracts of itself, and that its hash is that of the rest.
// `size` is the number of hashed fields: 10 or 11.
func check_account_transaction{range_check_ptr, poseidon: felt*}(
    tx_info: TxInfo*,
    chain_id: felt,
    prefix: felt,
    first: felt,
    second: felt,
    third: felt,
    size: felt,
) {
    alloc_locals;
    let (__fp__, _) = get_fp_and_pc();
    assert tx_info.version = 3;
    assert tx_info.max_fee = 0;
    assert tx_info.chain_id = chain_id;
    assert tx_info.paymaster_end = tx_info.paymaster;
    assert tx_info.nonce_da_mode = 0;
    assert tx_info.fee_da_mode = 0;
    assert tx_info.deployment_end = tx_info.deployment;
    local bounds: ResourceBounds* = tx_info.bounds;
    assert tx_info.bounds_end = bounds + 3 * ResourceBounds.SIZE;
    assert bounds[0].name = 'L1_GAS';
    assert bounds[1].name = 'L2_GAS';
    assert bounds[2].name = 'L1_DATA';
    // Amounts have 64 bits, prices 128: else others than the signed ones would have the same packed word.
    assert [range_check_ptr] = bounds[0].max_price;
    assert [range_check_ptr + 1] = bounds[1].max_price;
    assert [range_check_ptr + 2] = bounds[2].max_price;
    assert [range_check_ptr + 3] = bounds[0].max_amount;
    assert [range_check_ptr + 4] = bounds[1].max_amount;
    assert [range_check_ptr + 5] = bounds[2].max_amount;
    assert [range_check_ptr + 6] = bounds[0].max_amount + 2 ** 128 - 2 ** 64;
    assert [range_check_ptr + 7] = bounds[1].max_amount + 2 ** 128 - 2 ** 64;
    assert [range_check_ptr + 8] = bounds[2].max_amount + 2 ** 128 - 2 ** 64;
    assert [range_check_ptr + 9] = tx_info.tip;
    let range_check_ptr = range_check_ptr + 10;
    local fee_fields: (felt, felt, felt, felt) = (
        tx_info.tip,
        'L1_GAS' * 2 ** 192 + bounds[0].max_amount * 2 ** 128 + bounds[0].max_price,
        'L2_GAS' * 2 ** 192 + bounds[1].max_amount * 2 ** 128 + bounds[1].max_price,
        'L1_DATA' * 2 ** 192 + bounds[2].max_amount * 2 ** 128 + bounds[2].max_price,
    );
    let (fee_fields_hash) = poseidon_array(size=4, data=cast(&fee_fields, felt*));
    local fields: HashedFields = HashedFields(
        prefix=prefix,
        version=3,
        sender=tx_info.account,
        fee_fields=fee_fields_hash,
        paymaster=HASH_OF_NOTHING,
        chain_id=chain_id,
        nonce=tx_info.nonce,
        da_modes=0,
        first=first,
        second=second,
        third=third,
    );
    let (hash) = poseidon_array(size=size, data=cast(&fields, felt*));
    assert tx_info.hash = hash;
    return ();
}
