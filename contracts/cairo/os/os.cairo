%builtins output pedersen range_check bitwise ec_op poseidon

// The operating system of the L2: executes blocks and outputs what they make of the state.
//
// What no word of the output tells and nothing here checks is listed in docs/os.md.
from os.classes import check_builtin_sets, check_classes, read_old_classes
from os.commit import commit
from os.constants import BLOCK_HASH_CONTRACT, STORED_BLOCK_HASH_BUFFER
from os.contract_address import pedersen_array
from os.state_log import write
from os.syscalls import execute_syscalls
from os.transactions import execute_transactions
from os.types import (
    Access,
    Block,
    BlockInfo,
    BuiltinCosts,
    Builtins,
    BuiltinSet,
    CompiledClass,
    Environment,
)
from starkware.cairo.common.alloc import alloc
from starkware.cairo.common.cairo_keccak.keccak import finalize_keccak
from starkware.cairo.common.cairo_builtins import (
    BitwiseBuiltin,
    EcOpBuiltin,
    HashBuiltin,
    PoseidonBuiltin,
)
from starkware.cairo.common.memcpy import memcpy
from starkware.cairo.common.registers import get_fp_and_pc, get_label_location

func main{
    output_ptr: felt*,
    pedersen_ptr: HashBuiltin*,
    range_check_ptr,
    bitwise_ptr: BitwiseBuiltin*,
    ec_op_ptr: EcOpBuiltin*,
    poseidon_ptr: PoseidonBuiltin*,
}() {
    alloc_locals;
    let (__fp__, _) = get_fp_and_pc();
    local costs: BuiltinCosts = BuiltinCosts(
        pedersen=4050, bitwise=583, ec_op=4085, poseidon=491, add_mod=230, mul_mod=604
    );
    local environment: Environment;
    local block_count;
    local prev_number;
    local prev_hash;
    local new_hash;
    %{ os.enter %}
    let (label) = get_label_location(execute_syscalls);
    assert environment.execute_syscalls = label;
    let (keccak) = alloc();
    local keccak: felt* = keccak;
    local builtins_at_start: Builtins = Builtins(
        pedersen=pedersen_ptr,
        bitwise=bitwise_ptr,
        ec_op=ec_op_ptr,
        poseidon=cast(poseidon_ptr, felt*),
        keccak=keccak,
    );
    let builtins = &builtins_at_start;
    // One block at least: none would let the output name another block hash for the same state.
    assert [range_check_ptr] = block_count - 1;
    let range_check_ptr = range_check_ptr + 1;
    let (log: Access*) = alloc();
    local log_start: Access* = log;
    let (messages) = alloc();
    local messages_start: felt* = messages;
    let (consumed) = alloc();
    local consumed_start: felt* = consumed;
    let log = log_start;
    let messages = messages_start;
    with range_check_ptr, builtins, log, messages, consumed {
        read_old_classes(class=environment.classes, count=environment.last_class + 1);
        execute_blocks(count=block_count, number=prev_number + 1, environment=&environment);
    }
    local log_end: Access* = log;
    local pedersen: HashBuiltin* = builtins.pedersen;
    local ec_op_ptr: EcOpBuiltin* = builtins.ec_op;
    local poseidon: felt* = builtins.poseidon;
    let bitwise_ptr = builtins.bitwise;
    // Until here what keccak answered was anybody's guess.
    finalize_keccak(keccak_ptr_start=keccak, keccak_ptr_end=builtins.keccak);
    local bitwise_ptr: BitwiseBuiltin* = bitwise_ptr;
    local range_check_ptr = range_check_ptr;
    let poseidon = poseidon;
    let (config_hash, pedersen) = os_config_hash(pedersen, &environment);
    local pedersen: HashBuiltin* = pedersen;
    local config_hash = config_hash;
    local to_l1 = messages - messages_start;
    local to_l2 = consumed - consumed_start;

    with poseidon {
        check_builtin_sets(set=environment.builtin_sets, count=environment.last_builtin_set + 1);
        check_classes(
            class=environment.classes,
            count=environment.last_class + 1,
            costs=cast(&costs, felt*),
        );
    }
    local poseidon: felt* = poseidon;

    // The output: header, messages, state diff (src/starknet/output).
    local out: felt* = output_ptr;
    assert out[10] = to_l1;
    memcpy(dst=out + 11, src=messages_start, len=to_l1);
    assert out[11 + to_l1] = to_l2;
    memcpy(dst=out + 12 + to_l1, src=consumed_start, len=to_l2);
    let output_ptr = out + 12 + to_l1 + to_l2;
    with pedersen, poseidon {
        let (old_root, new_root) = commit{out=output_ptr}(log_start=log_start, log_end=log_end);
    }
    assert out[0] = old_root;
    assert out[1] = new_root;
    assert out[2] = prev_number;
    assert out[3] = prev_number + block_count;
    assert out[4] = prev_hash;
    assert out[5] = new_hash;
    // No aggregator, no KZG commitment, no full output.
    assert out[6] = 0;
    assert out[7] = config_hash;
    assert out[8] = 0;
    assert out[9] = 0;
    let pedersen_ptr = pedersen;
    let poseidon_ptr = cast(poseidon, PoseidonBuiltin*);
    return ();
}

// What the output says of the chain: its id and the token of fees.
func os_config_hash(pedersen: HashBuiltin*, environment: Environment*) -> (
    hash: felt, pedersen: HashBuiltin*
) {
    alloc_locals;
    let (__fp__, _) = get_fp_and_pc();
    local fields: (felt, felt, felt) = (
        'StarknetOsConfig3', environment.chain_id, environment.fee_token
    );
    let (hash) = pedersen_array{pedersen=pedersen}(size=3, data=cast(&fields, felt*));
    return (hash=hash, pedersen=pedersen);
}

func execute_blocks{
    range_check_ptr, builtins: Builtins*, log: Access*, messages: felt*, consumed: felt*
}(count: felt, number: felt, environment: Environment*) {
    alloc_locals;
    let (__fp__, _) = get_fp_and_pc();
    if (count == 0) {
        return ();
    }
    local timestamp;
    local sequencer;
    local transactions;
    local aged_hash;
    %{ block.enter %}
    // Validation sees number and time only roughly, and not the sequencer.
    let (rough_number) = round_down(value=number, unit=100);
    local rough_number = rough_number;
    let (rough_time) = round_down(value=timestamp, unit=3600);
    local validate_info: BlockInfo = BlockInfo(
        number=rough_number, timestamp=rough_time, sequencer=0
    );
    local execute_info: BlockInfo = BlockInfo(
        number=number, timestamp=timestamp, sequencer=sequencer
    );
    local block: Block = Block(
        number=number,
        sequencer=sequencer,
        execute=&execute_info,
        validate=&validate_info,
        environment=environment,
    );
    store_aged_hash(number=number, hash=aged_hash);
    execute_transactions(count=transactions, block=&block);
    return execute_blocks(count=count - 1, number=number + 1, environment=environment);
}

// Makes the hash of the block ten blocks ago readable (starknet-formulas §1); what it is, is a guess.
func store_aged_hash{range_check_ptr, log: Access*}(number: felt, hash: felt) {
    alloc_locals;
    tempvar is_young = nondet %{ block.is_young %};
    if (is_young != 0) {
        assert [range_check_ptr] = STORED_BLOCK_HASH_BUFFER - 1 - number;
        let range_check_ptr = range_check_ptr + 1;
        return ();
    }
    local aged_number = number - STORED_BLOCK_HASH_BUFFER;
    assert [range_check_ptr] = aged_number;
    let range_check_ptr = range_check_ptr + 1;
    write(address=BLOCK_HASH_CONTRACT, key=aged_number, value=hash);
    return ();
}

func round_down{range_check_ptr}(value: felt, unit: felt) -> (rounded: felt) {
    %{ block.round_down %}
    tempvar quotient = [range_check_ptr];
    tempvar rounded = quotient * unit;
    tempvar remainder = value - rounded;
    assert [range_check_ptr + 1] = remainder;
    assert [range_check_ptr + 2] = unit - 1 - remainder;
    let range_check_ptr = range_check_ptr + 3;
    return (rounded=rounded);
}
