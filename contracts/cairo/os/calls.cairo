// Calls of entry points.
//
// A contract's code runs as it is, in memory that classes.cairo hashes; its syscalls' answers are guesses
// while it runs. When it has returned, execute_syscalls goes through what it asked and was answered, in
// order, and proves the answers right; inner calls are made then.
from os.builtins import settle_arena, validate_builtins
from os.constants import (
    CLASSES,
    DEFAULT_INITIAL_GAS,
    ENTRY_POINT_INITIAL_BUDGET,
    ERROR_ENTRY_POINT_NOT_FOUND,
    ERROR_OUT_OF_GAS,
)
from os.state_log import read, undo
from os.types import (
    Access,
    Builtins,
    BuiltinSet,
    Call,
    CompiledClass,
    EntryPoint,
    Environment,
)
from starkware.cairo.common.alloc import alloc
from starkware.cairo.common.registers import get_ap, get_fp_and_pc

// What a call can come to without its code being run.
const RUNS = 0;
const NOT_FOUND = 1;
const OUT_OF_GAS = 2;
const NO_CONSTRUCTOR = 3;

// What an entry point leaves on the stack above its builtins.
struct EntryPointResult {
    gas: felt,
    syscalls_end: felt*,
    failed: felt,
    retdata: felt*,
    retdata_end: felt*,
}

// Makes a call. `failed` tells a panic, whose changes of the state are undone; retdata is then the
// panic's data.
func execute_call{range_check_ptr, builtins: Builtins*, log: Access*, messages: felt*}(
    call_: Call*, gas: felt
) -> (gas: felt, failed: felt, retdata: felt*, retdata_end: felt*) {
    alloc_locals;
    let (__fp__, _) = get_fp_and_pc();
    local log_start: Access* = log;
    local class_index;
    local entry_point_index;
    local set_index;
    local by_steps;
    local outcome;
    %{ call.enter %}
    local environment: Environment* = call_.block.environment;

    // The index is in the table. Beyond it lies memory that nobody has hashed: a class of the prover's.
    assert [range_check_ptr] = class_index;
    assert [range_check_ptr + 1] = environment.last_class - class_index;
    let range_check_ptr = range_check_ptr + 2;
    local class: CompiledClass* = environment.classes + class_index * CompiledClass.SIZE;
    assert class.class_hash = call_.class_hash;
    if (class.is_old == 0) {
        // The class must be declared by now.
        let (compiled_class_hash) = read(address=CLASSES, key=call_.class_hash);
        assert class.hash = compiled_class_hash;
        tempvar range_check_ptr = range_check_ptr;
        tempvar log = log;
    } else {
        tempvar range_check_ptr = range_check_ptr;
        tempvar log = log;
    }
    local range_check_ptr = range_check_ptr;
    local log: Access* = log;

    tempvar entry_points = [cast(class, felt*) + call_.kind];
    tempvar n_entry_points = [cast(class, felt*) + call_.kind + 1];
    if (outcome != RUNS) {
        return run_nothing(
            call_=call_,
            gas=gas,
            entry_points=cast(entry_points, EntryPoint*),
            count=n_entry_points,
            outcome=outcome,
            index=entry_point_index,
            by_steps=by_steps,
        );
    }

    // As with the classes: the index must not lead beyond the class's own entry points.
    assert [range_check_ptr] = entry_point_index;
    assert [range_check_ptr + 1] = n_entry_points - 1 - entry_point_index;
    let range_check_ptr = range_check_ptr + 2;
    local entry_point: EntryPoint* = cast(
        entry_points + entry_point_index * EntryPoint.SIZE, EntryPoint*
    );
    assert entry_point.selector = call_.selector;

    // Below a call by Cairo steps everything is by steps. Which classes are is a guess: Sierra's version
    // is no part of a compiled class's hash.
    local initial_gas;
    if (by_steps == 0) {
        assert call_.by_steps = 0;
        assert initial_gas = gas;
    } else {
        assert initial_gas = DEFAULT_INITIAL_GAS;
    }
    local run_gas = initial_gas - ENTRY_POINT_INITIAL_BUDGET;
    assert [range_check_ptr] = run_gas;
    // A calldata array that "ends" before it starts would have a length of some 2^251.
    assert [range_check_ptr + 1] = call_.calldata_end - call_.calldata;

    assert [range_check_ptr + 2] = set_index;
    assert [range_check_ptr + 3] = environment.last_builtin_set - set_index;
    let range_check_ptr = range_check_ptr + 4;
    local set: BuiltinSet* = environment.builtin_sets + set_index * BuiltinSet.SIZE;
    assert set.hash = entry_point.builtins_hash;

    local no_pedersen = set.no_pedersen;
    local no_range_check = set.no_range_check;
    local no_bitwise = set.no_bitwise;
    local no_ec_op = set.no_ec_op;
    local no_poseidon = set.no_poseidon;
    local no_segment_arena = set.no_segment_arena;
    local run_range_check = range_check_ptr;
    local code: felt* = class.bytecode + entry_point.offset;
    // Where the arena of the code's dictionaries ends, if it wants one.
    local arena: felt*;
    local syscalls: felt*;
    local calldata: felt* = call_.calldata;
    local calldata_end: felt* = call_.calldata_end;
    %{ call.run %}

    // The arguments: pointers of the entry point's builtins, then gas, syscalls and calldata.
    jmp range_check if no_pedersen != 0;
    tempvar argument = cast(builtins.pedersen, felt);

    range_check:
    jmp bitwise if no_range_check != 0;
    tempvar argument = run_range_check;

    bitwise:
    jmp ec_op if no_bitwise != 0;
    tempvar argument = cast(builtins.bitwise, felt);

    ec_op:
    jmp poseidon if no_ec_op != 0;
    tempvar argument = cast(builtins.ec_op, felt);

    poseidon:
    jmp segment_arena if no_poseidon != 0;
    tempvar argument = cast(builtins.poseidon, felt);

    segment_arena:
    jmp others if no_segment_arena != 0;
    tempvar argument = cast(arena, felt);

    others:
    tempvar argument = run_gas;
    tempvar argument = cast(syscalls, felt);
    tempvar argument = cast(calldata, felt);
    tempvar argument = cast(calldata_end, felt);
    call abs code;
    %{ call.leave %}

    let (top) = get_ap();
    local result: EntryPointResult* = cast(top - EntryPointResult.SIZE, EntryPointResult*);

    // Pointers of builtins as the code returned them, in reverse order of the arguments. They are read
    // from the stack, not guessed: with others a run's instances could be claimed again, unseen.
    local after: Builtins;
    assert after.keccak = builtins.keccak;
    local after_range_check;
    jmp arena_left if no_segment_arena != 0;
    settle_arena(before=arena, after=cast([cast(result, felt*) - 1], felt*));
    tempvar at = cast(result, felt*) - 1;
    jmp poseidon_returned;

    arena_left:
    tempvar at = cast(result, felt*);

    poseidon_returned:
    let at = cast([ap - 1], felt*);
    jmp poseidon_left if no_poseidon != 0;
    assert after.poseidon = cast(at[-1], felt*);
    tempvar at = at - 1;
    jmp ec_op_returned;

    poseidon_left:
    assert after.poseidon = builtins.poseidon;
    tempvar at = at;

    ec_op_returned:
    let at = cast([ap - 1], felt*);
    jmp ec_op_left if no_ec_op != 0;
    assert cast(after.ec_op, felt) = at[-1];
    tempvar at = at - 1;
    jmp bitwise_returned;

    ec_op_left:
    assert after.ec_op = builtins.ec_op;
    tempvar at = at;

    bitwise_returned:
    let at = cast([ap - 1], felt*);
    jmp bitwise_left if no_bitwise != 0;
    assert cast(after.bitwise, felt) = at[-1];
    tempvar at = at - 1;
    jmp range_check_returned;

    bitwise_left:
    assert after.bitwise = builtins.bitwise;
    tempvar at = at;

    range_check_returned:
    let at = cast([ap - 1], felt*);
    jmp range_check_left if no_range_check != 0;
    assert after_range_check = at[-1];
    tempvar at = at - 1;
    jmp pedersen_returned;

    range_check_left:
    assert after_range_check = run_range_check;
    tempvar at = at;

    pedersen_returned:
    let at = cast([ap - 1], felt*);
    jmp pedersen_left if no_pedersen != 0;
    assert cast(after.pedersen, felt) = at[-1];
    jmp returned;

    pedersen_left:
    assert after.pedersen = builtins.pedersen;

    returned:
    validate_builtins(
        before=builtins,
        after=&after,
        range_check_before=run_range_check,
        range_check_after=after_range_check,
    );
    // validate_builtins puts its own range checks behind those of the code.
    let range_check_ptr = after_range_check + 5;
    let builtins = &after;

    // Gas only gets less: a call cannot make some. Code may give back of what it was charged up front.
    local gas_left = result.gas;
    assert [range_check_ptr] = gas_left;
    assert [range_check_ptr + 1] = initial_gas - gas_left;
    // And the answer is an array.
    assert [range_check_ptr + 2] = result.retdata_end - result.retdata;
    let range_check_ptr = range_check_ptr + 3;
    local charged_gas;
    if (by_steps == 0) {
        assert charged_gas = gas_left;
    } else {
        assert charged_gas = gas;
    }

    local failed = result.failed;
    if (failed == 0) {
        jump_to_execute_syscalls(
            syscalls=syscalls, end=result.syscalls_end, call_=call_, by_steps=by_steps
        );
        return (
            gas=charged_gas, failed=0, retdata=result.retdata, retdata_end=result.retdata_end
        );
    }
    // Messages of a call that failed go where nobody reads them.
    local messages_start: felt* = messages;
    let (messages) = alloc();
    jump_to_execute_syscalls(
        syscalls=syscalls, end=result.syscalls_end, call_=call_, by_steps=by_steps
    );
    let messages = messages_start;
    undo(start=log_start, end=log);
    return (
        gas=charged_gas, failed=failed, retdata=result.retdata, retdata_end=result.retdata_end
    );
}

// syscalls.cairo makes calls, so it cannot be imported here; main knows where its function is.
func jump_to_execute_syscalls{
    range_check_ptr, builtins: Builtins*, log: Access*, messages: felt*
}(syscalls: felt*, end: felt*, call_: Call*, by_steps: felt) {
    tempvar environment: Environment* = call_.block.environment;
    jmp abs environment.execute_syscalls;
}

// What comes of a call whose code is not run.
func run_nothing{range_check_ptr, builtins: Builtins*, log: Access*, messages: felt*}(
    call_: Call*,
    gas: felt,
    entry_points: EntryPoint*,
    count: felt,
    outcome: felt,
    index: felt,
    by_steps: felt,
) -> (gas: felt, failed: felt, retdata: felt*, retdata_end: felt*) {
    alloc_locals;
    if (outcome == NO_CONSTRUCTOR) {
        assert call_.kind = CompiledClass.constructor;
        assert count = 0;
        assert call_.calldata_end = call_.calldata;
        return (gas=gas, failed=0, retdata=call_.calldata, retdata_end=call_.calldata);
    }
    let (retdata) = alloc();
    local retdata: felt* = retdata;
    if (outcome == NOT_FOUND) {
        assert_not_found(selector=call_.selector, entry_points=entry_points, count=count);
        assert retdata[0] = ERROR_ENTRY_POINT_NOT_FOUND;
        return (gas=gas, failed=1, retdata=retdata, retdata_end=retdata + 1);
    }
    // There is the entry point, but not the gas to enter it.
    assert outcome = OUT_OF_GAS;
    assert [range_check_ptr] = index;
    assert [range_check_ptr + 1] = count - 1 - index;
    assert entry_points[index].selector = call_.selector;
    assert by_steps = 0;
    assert call_.by_steps = 0;
    assert [range_check_ptr + 2] = ENTRY_POINT_INITIAL_BUDGET - 1 - gas;
    let range_check_ptr = range_check_ptr + 3;
    assert retdata[0] = ERROR_OUT_OF_GAS;
    return (gas=gas, failed=1, retdata=retdata, retdata_end=retdata + 1);
}

// Proves that no entry point has the selector.
func assert_not_found(selector: felt, entry_points: EntryPoint*, count: felt) {
    if (count == 0) {
        return ();
    }
    tempvar difference = entry_points.selector - selector;
    if (difference == 0) {
        assert difference = 1;
    }
    return assert_not_found(
        selector=selector, entry_points=entry_points + EntryPoint.SIZE, count=count - 1
    );
}
