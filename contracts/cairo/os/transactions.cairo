// Transactions: hashes, nonces, validation, execution, fee.
from os.calls import execute_call
from os.constants import (
    CLASS_HASHES,
    CLASSES,
    CONSTRUCTOR_SELECTOR,
    DEFAULT_INITIAL_GAS,
    EXECUTE_MAX_GAS,
    EXECUTE_SELECTOR,
    L1_HANDLER_MAX_GAS,
    NONCES,
    TRANSFER_SELECTOR,
    VALIDATE_DECLARE_SELECTOR,
    VALIDATE_DEPLOY_SELECTOR,
    VALIDATE_MAX_GAS,
    VALIDATE_SELECTOR,
    VALIDATED,
)
from os.contract_address import contract_address, pedersen_array
from os.poseidon import HASH_OF_NOTHING, poseidon_array
from os.state_log import read, write
from os.syscalls import deploy_contract
from os.transaction_hash import check_account_transaction
from os.types import (
    Access,
    Block,
    BlockInfo,
    Builtins,
    Call,
    CompiledClass,
    Environment,
    ResourceBounds,
    TxInfo,
)
from starkware.cairo.common.alloc import alloc
from starkware.cairo.common.cairo_builtins import HashBuiltin
from starkware.cairo.common.memcpy import memcpy
from starkware.cairo.common.registers import get_fp_and_pc

const INVOKE = 0;
const DECLARE = 1;
const DEPLOY_ACCOUNT = 2;
const L1_HANDLER = 3;

func execute_transactions{
    range_check_ptr, builtins: Builtins*, log: Access*, messages: felt*, consumed: felt*
}(count: felt, block: Block*) {
    if (count == 0) {
        return ();
    }
    tempvar kind = nondet %{ tx.kind %};
    if (kind == INVOKE) {
        execute_invoke(block);
        return execute_transactions(count=count - 1, block=block);
    }
    if (kind == DECLARE) {
        execute_declare(block);
        return execute_transactions(count=count - 1, block=block);
    }
    if (kind == DEPLOY_ACCOUNT) {
        execute_deploy_account(block);
        return execute_transactions(count=count - 1, block=block);
    }
    assert kind = L1_HANDLER;
    execute_l1_handler(block);
    return execute_transactions(count=count - 1, block=block);
}

func take_nonce{log: Access*}(tx_info: TxInfo*) {
    let (nonce) = write(address=NONCES, key=tx_info.account, value=tx_info.nonce + 1);
    // Otherwise a transaction could be played again.
    assert nonce = tx_info.nonce;
    return ();
}

func minimum{range_check_ptr}(a: felt, b: felt) -> (minimum: felt) {
    tempvar first = nondet %{ minimum.is_first %};
    if (first != 0) {
        assert [range_check_ptr] = b - a;
        let range_check_ptr = range_check_ptr + 1;
        return (minimum=a);
    }
    assert [range_check_ptr] = a - b;
    let range_check_ptr = range_check_ptr + 1;
    return (minimum=b);
}

// A call of the protocol itself, without a caller, in the account's name.
func call_account{range_check_ptr, builtins: Builtins*, log: Access*, messages: felt*}(
    block_info: BlockInfo*,
    tx_info: TxInfo*,
    selector: felt,
    calldata: felt*,
    calldata_end: felt*,
    gas: felt,
    block: Block*,
) -> (gas: felt, failed: felt, retdata: felt*, retdata_end: felt*) {
    alloc_locals;
    let (__fp__, _) = get_fp_and_pc();
    let (class_hash) = read(address=CLASS_HASHES, key=tx_info.account);
    local call_: Call = Call(
        block_info=block_info,
        tx_info=tx_info,
        caller=0,
        contract=tx_info.account,
        selector=selector,
        class_hash=class_hash,
        kind=CompiledClass.external,
        calldata=calldata,
        calldata_end=calldata_end,
        by_steps=0,
        block=block,
    );
    return execute_call(call_=&call_, gas=gas);
}

// Validates, and answers the gas that is left of `gas`.
func validate{range_check_ptr, builtins: Builtins*, log: Access*, messages: felt*}(
    tx_info: TxInfo*,
    selector: felt,
    calldata: felt*,
    calldata_end: felt*,
    gas: felt,
    block: Block*,
) -> (gas: felt) {
    alloc_locals;
    let (limit) = minimum(gas, VALIDATE_MAX_GAS);
    local limit = limit;
    let (left, failed, retdata, retdata_end) = call_account(
        block_info=block.validate,
        tx_info=tx_info,
        selector=selector,
        calldata=calldata,
        calldata_end=calldata_end,
        gas=limit,
        block=block,
    );
    // The account must have agreed: nobody's transaction runs without that.
    assert failed = 0;
    assert retdata_end = retdata + 1;
    assert [retdata] = VALIDATED;
    return (gas=gas - limit + left);
}

// Transfers the fee to the sequencer. How much is the sequencer's word, up to what the bounds allow.
func charge_fee{range_check_ptr, builtins: Builtins*, log: Access*, messages: felt*}(
    tx_info: TxInfo*, block: Block*
) {
    alloc_locals;
    let (__fp__, _) = get_fp_and_pc();
    local calldata: (felt, felt, felt);
    local fee;
    %{ tx.fee %}
    let bounds = tx_info.bounds;
    tempvar maximum = bounds[0].max_amount * bounds[0].max_price + bounds[1].max_amount * (
        bounds[1].max_price + tx_info.tip
    ) + bounds[2].max_amount * bounds[2].max_price;
    // maximum - fee is not negative: it has two limbs, of which the upper one is small.
    assert [range_check_ptr] = fee;
    let above = maximum - fee;
    %{ tx.below_maximum %}
    tempvar high = [range_check_ptr + 2];
    assert above = [range_check_ptr + 1] + 2 ** 128 * high;
    assert [range_check_ptr + 3] = high + 2 ** 128 - 2 ** 67;
    let range_check_ptr = range_check_ptr + 4;
    if (fee == 0) {
        return ();
    }
    assert calldata[0] = block.sequencer;
    assert calldata[1] = fee;
    assert calldata[2] = 0;
    tempvar token = block.environment.fee_token;
    let (class_hash) = read(address=CLASS_HASHES, key=token);
    local call_: Call = Call(
        block_info=block.execute,
        tx_info=tx_info,
        caller=tx_info.account,
        contract=block.environment.fee_token,
        selector=TRANSFER_SELECTOR,
        class_hash=class_hash,
        kind=CompiledClass.external,
        calldata=cast(&calldata, felt*),
        calldata_end=cast(&calldata, felt*) + 3,
        by_steps=0,
        block=block,
    );
    let (_, failed, _, _) = execute_call(call_=&call_, gas=DEFAULT_INITIAL_GAS);
    assert failed = 0;
    return ();
}

func execute_invoke{range_check_ptr, builtins: Builtins*, log: Access*, messages: felt*}(
    block: Block*
) {
    alloc_locals;
    let (__fp__, _) = get_fp_and_pc();
    local tx_info: TxInfo*;
    local calldata: felt*;
    local calldata_size;
    local reverted;
    %{ tx.invoke %}
    let poseidon = builtins.poseidon;
    let (calldata_hash) = poseidon_array{poseidon=poseidon}(size=calldata_size, data=calldata);
    with poseidon {
        check_account_transaction(
            tx_info=tx_info,
            chain_id=block.environment.chain_id,
            prefix='invoke',
            first=HASH_OF_NOTHING,
            second=calldata_hash,
            third=0,
            size=10,
        );
    }
    local updated: Builtins = Builtins(
        pedersen=builtins.pedersen,
        bitwise=builtins.bitwise,
        ec_op=builtins.ec_op,
        poseidon=poseidon,
        keccak=builtins.keccak,
    );
    let builtins = &updated;
    take_nonce(tx_info);
    let (gas) = validate(
        tx_info=tx_info,
        selector=VALIDATE_SELECTOR,
        calldata=calldata,
        calldata_end=calldata + calldata_size,
        gas=tx_info.bounds[1].max_amount,
        block=block,
    );
    if (reverted == 0) {
        let (gas) = minimum(gas, EXECUTE_MAX_GAS);
        let (_, failed, _, _) = call_account(
            block_info=block.execute,
            tx_info=tx_info,
            selector=EXECUTE_SELECTOR,
            calldata=calldata,
            calldata_end=calldata + calldata_size,
            gas=gas,
            block=block,
        );
        assert failed = 0;
        charge_fee(tx_info=tx_info, block=block);
        return ();
    }
    charge_fee(tx_info=tx_info, block=block);
    return ();
}

func execute_declare{range_check_ptr, builtins: Builtins*, log: Access*, messages: felt*}(
    block: Block*
) {
    alloc_locals;
    let (__fp__, _) = get_fp_and_pc();
    local tx_info: TxInfo*;
    local class_hash;
    local compiled_class_hash;
    %{ tx.declare %}
    let poseidon = builtins.poseidon;
    with poseidon {
        check_account_transaction(
            tx_info=tx_info,
            chain_id=block.environment.chain_id,
            prefix='declare',
            first=HASH_OF_NOTHING,
            second=class_hash,
            third=compiled_class_hash,
            size=11,
        );
    }
    local updated: Builtins = Builtins(
        pedersen=builtins.pedersen,
        bitwise=builtins.bitwise,
        ec_op=builtins.ec_op,
        poseidon=poseidon,
        keccak=builtins.keccak,
    );
    let builtins = &updated;
    take_nonce(tx_info);
    validate(
        tx_info=tx_info,
        selector=VALIDATE_DECLARE_SELECTOR,
        calldata=&class_hash,
        calldata_end=&class_hash + 1,
        gas=tx_info.bounds[1].max_amount,
        block=block,
    );
    let (before) = write(address=CLASSES, key=class_hash, value=compiled_class_hash);
    // A class is declared once: its code never changes.
    assert before = 0;
    charge_fee(tx_info=tx_info, block=block);
    return ();
}

// The calldata of __validate_deploy__ starts with class and salt, that of the constructor behind them.
func execute_deploy_account{
    range_check_ptr, builtins: Builtins*, log: Access*, messages: felt*
}(block: Block*) {
    alloc_locals;
    let (__fp__, _) = get_fp_and_pc();
    local tx_info: TxInfo*;
    local calldata: felt*;
    local calldata_size;
    %{ tx.deploy_account %}
    local class_hash = calldata[0];
    local salt = calldata[1];
    let pedersen = builtins.pedersen;
    let (address) = contract_address{pedersen=pedersen}(
        deployer=0,
        salt=salt,
        class_hash=class_hash,
        size=calldata_size - 2,
        calldata=calldata + 2,
    );
    local pedersen: HashBuiltin* = pedersen;
    assert tx_info.account = address;
    let poseidon = builtins.poseidon;
    let (calldata_hash) = poseidon_array{poseidon=poseidon}(
        size=calldata_size - 2, data=calldata + 2
    );
    with poseidon {
        check_account_transaction(
            tx_info=tx_info,
            chain_id=block.environment.chain_id,
            prefix='deploy_account',
            first=calldata_hash,
            second=class_hash,
            third=salt,
            size=11,
        );
    }
    local updated: Builtins = Builtins(
        pedersen=pedersen,
        bitwise=builtins.bitwise,
        ec_op=builtins.ec_op,
        poseidon=poseidon,
        keccak=builtins.keccak,
    );
    let builtins = &updated;
    take_nonce(tx_info);
    local constructor: Call = Call(
        block_info=block.validate,
        tx_info=tx_info,
        caller=0,
        contract=tx_info.account,
        selector=CONSTRUCTOR_SELECTOR,
        class_hash=class_hash,
        kind=CompiledClass.constructor,
        calldata=calldata + 2,
        calldata_end=calldata + calldata_size,
        by_steps=0,
        block=block,
    );
    local amount = tx_info.bounds[1].max_amount;
    let (limit) = minimum(amount, VALIDATE_MAX_GAS);
    local limit = limit;
    let (left, _, _) = deploy_contract(constructor=&constructor, gas=limit);
    validate(
        tx_info=tx_info,
        selector=VALIDATE_DEPLOY_SELECTOR,
        calldata=calldata,
        calldata_end=calldata + calldata_size,
        gas=amount - limit + left,
        block=block,
    );
    charge_fee(tx_info=tx_info, block=block);
    return ();
}

// A message from L1 is consumed, unless its handler reverts: sender, receiver, nonce, selector, size,
// payload.
func execute_l1_handler{
    range_check_ptr, builtins: Builtins*, log: Access*, messages: felt*, consumed: felt*
}(block: Block*) {
    alloc_locals;
    let (__fp__, _) = get_fp_and_pc();
    local tx_info: TxInfo*;
    local calldata: felt*;
    local calldata_size;
    local selector;
    local reverted;
    %{ tx.l1_handler %}
    if (reverted != 0) {
        return ();
    }
    local environment: Environment* = block.environment;
    let pedersen = builtins.pedersen;
    let (calldata_hash) = pedersen_array{pedersen=pedersen}(size=calldata_size, data=calldata);
    local fields: (felt, felt, felt, felt, felt, felt, felt, felt) = (
        'l1_handler',
        0,
        tx_info.account,
        selector,
        calldata_hash,
        0,
        environment.chain_id,
        tx_info.nonce,
    );
    let (hash) = pedersen_array{pedersen=pedersen}(size=8, data=cast(&fields, felt*));
    local updated: Builtins = Builtins(
        pedersen=pedersen,
        bitwise=builtins.bitwise,
        ec_op=builtins.ec_op,
        poseidon=builtins.poseidon,
        keccak=builtins.keccak,
    );
    let builtins = &updated;
    assert [tx_info] = TxInfo(
        version=0,
        account=tx_info.account,
        max_fee=0,
        signature=tx_info.signature,
        signature_end=tx_info.signature,
        hash=hash,
        chain_id=environment.chain_id,
        nonce=tx_info.nonce,
        bounds=cast(0, ResourceBounds*),
        bounds_end=cast(0, ResourceBounds*),
        tip=0,
        paymaster=cast(0, felt*),
        paymaster_end=cast(0, felt*),
        nonce_da_mode=0,
        fee_da_mode=0,
        deployment=cast(0, felt*),
        deployment_end=cast(0, felt*),
    );

    local size = calldata_size - 1;
    assert [range_check_ptr] = size;
    let range_check_ptr = range_check_ptr + 1;
    assert consumed[0] = calldata[0];
    assert consumed[1] = tx_info.account;
    assert consumed[2] = tx_info.nonce;
    assert consumed[3] = selector;
    assert consumed[4] = size;
    memcpy(dst=consumed + 5, src=calldata + 1, len=size);
    let consumed = consumed + 5 + size;
    let (class_hash) = read(address=CLASS_HASHES, key=tx_info.account);
    local call_: Call = Call(
        block_info=block.execute,
        tx_info=tx_info,
        caller=0,
        contract=tx_info.account,
        selector=selector,
        class_hash=class_hash,
        kind=CompiledClass.l1_handler,
        calldata=calldata,
        calldata_end=calldata + calldata_size,
        by_steps=0,
        block=block,
    );
    let (_, failed, _, _) = execute_call(call_=&call_, gas=L1_HANDLER_MAX_GAS);
    assert failed = 0;
    return ();
}
