// Calls of entry points and the syscalls that they make.
//
// A contract's code runs as it is, in memory that classes.cairo hashes; its syscalls' answers are guesses
// while it runs. When it has returned, execute_syscalls goes through what it asked and was answered, in
// order, and proves the answers right; inner calls are made then.
from os.builtins import push_arena, settle_arena, validate_builtins
from os.constants import (
    BLOCK_HASH_CONTRACT,
    CALL_CONTRACT_GAS,
    CLASS_HASHES,
    CLASSES,
    CONSTRUCTOR_SELECTOR,
    DEFAULT_INITIAL_GAS,
    DEPLOY_CALLDATA_GAS,
    DEPLOY_GAS,
    ENTRY_POINT_INITIAL_BUDGET,
    ERROR_ARGUMENT,
    ERROR_BLOCK_NUMBER,
    ERROR_ENTRY_POINT_FAILED,
    ERROR_ENTRY_POINT_NOT_FOUND,
    ERROR_OUT_OF_GAS,
    EXECUTE_SELECTOR,
    GET_BLOCK_HASH_GAS,
    GET_EXECUTION_INFO_GAS,
    LIBRARY_CALL_GAS,
    REPLACE_CLASS_GAS,
    SEND_MESSAGE_GAS,
    SIERRA_ARRAY_LEN_BOUND,
    STORED_BLOCK_HASH_BUFFER,
)
from os.contract_address import contract_address
from os.state_log import read, undo, write
from os.types import (
    Access,
    Block,
    Builtins,
    BuiltinSet,
    Call,
    CompiledClass,
    EntryPoint,
    Environment,
)
from starkware.cairo.common.alloc import alloc
from starkware.cairo.common.cairo_builtins import HashBuiltin
from starkware.cairo.common.memcpy import memcpy
from starkware.cairo.common.registers import get_ap, get_fp_and_pc
from starkware.cairo.common.segments import relocate_segment

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
    assert [range_check_ptr + 1] = environment.n_classes - 1 - class_index;
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
    if (outcome == NO_CONSTRUCTOR) {
        assert call_.kind = CompiledClass.constructor;
        assert n_entry_points = 0;
        assert call_.calldata_end = call_.calldata;
        return (gas=gas, failed=0, retdata=call_.calldata, retdata_end=call_.calldata);
    }
    if (outcome == NOT_FOUND) {
        assert_not_found(
            selector=call_.selector,
            entry_points=cast(entry_points, EntryPoint*),
            count=n_entry_points,
        );
        let (retdata) = alloc();
        assert retdata[0] = ERROR_ENTRY_POINT_NOT_FOUND;
        return (gas=gas, failed=1, retdata=retdata, retdata_end=retdata + 1);
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
    assert by_steps * by_steps = by_steps;
    assert call_.by_steps * by_steps = call_.by_steps;
    local initial_gas = gas + by_steps * (DEFAULT_INITIAL_GAS - gas);
    if (outcome == OUT_OF_GAS) {
        assert [range_check_ptr] = ENTRY_POINT_INITIAL_BUDGET - 1 - initial_gas;
        let range_check_ptr = range_check_ptr + 1;
        let (retdata) = alloc();
        assert retdata[0] = ERROR_OUT_OF_GAS;
        return (gas=gas, failed=1, retdata=retdata, retdata_end=retdata + 1);
    }
    assert outcome = RUNS;
    local run_gas = initial_gas - ENTRY_POINT_INITIAL_BUDGET;
    assert [range_check_ptr] = run_gas;
    // A calldata array that "ends" before it starts would have a length of some 2^251.
    assert [range_check_ptr + 1] = call_.calldata_end - call_.calldata;

    assert [range_check_ptr + 2] = set_index;
    assert [range_check_ptr + 3] = environment.n_builtin_sets - 1 - set_index;
    let range_check_ptr = range_check_ptr + 4;
    local set: BuiltinSet* = environment.builtin_sets + set_index * BuiltinSet.SIZE;
    assert set.hash = entry_point.builtins_hash;

    local no_pedersen = set.no_pedersen;
    local no_range_check = set.no_range_check;
    local no_bitwise = set.no_bitwise;
    local no_ec_op = set.no_ec_op;
    local no_poseidon = set.no_poseidon;
    local no_segment_arena = set.no_segment_arena;
    local inner_call: Call;
    local run_range_check = range_check_ptr;
    local code: felt* = class.bytecode + entry_point.offset;
    local arena: felt*;
    local syscalls: felt*;
    local calldata: felt* = call_.calldata;
    local calldata_end: felt* = call_.calldata_end;
    %{ call.run %}
    let (arena_end) = push_arena(arena, no_segment_arena);
    local arena_end: felt* = arena_end;

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
    tempvar argument = cast(arena_end, felt);

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
    local after_range_check;
    local arena_after: felt*;
    tempvar at: felt* = cast(result, felt*);
    jmp arena_left if no_segment_arena != 0;
    assert arena_after = cast(at[-1], felt*);
    tempvar at = at - 1;
    jmp poseidon_returned;

    arena_left:
    assert arena_after = arena_end;
    tempvar at = at;

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
    settle_arena(before=arena_end, after=arena_after);

    // Gas only gets less: a call cannot make some. Code may give back of what it was charged up front.
    local gas_left = result.gas;
    assert [range_check_ptr] = gas_left;
    assert [range_check_ptr + 1] = initial_gas - gas_left;
    // And the answer is an array.
    assert [range_check_ptr + 2] = result.retdata_end - result.retdata;
    let range_check_ptr = range_check_ptr + 3;
    local charged_gas = gas_left + by_steps * (gas - gas_left);

    local failed = result.failed;
    if (failed == 0) {
        execute_syscalls(
            syscalls=syscalls, end=result.syscalls_end, call_=call_, by_steps=by_steps
        );
        return (
            gas=charged_gas, failed=0, retdata=result.retdata, retdata_end=result.retdata_end
        );
    }
    // Messages of a call that failed go where nobody reads them.
    local messages_start: felt* = messages;
    let (messages) = alloc();
    execute_syscalls(syscalls=syscalls, end=result.syscalls_end, call_=call_, by_steps=by_steps);
    let messages = messages_start;
    undo(start=log_start, end=log);
    return (
        gas=charged_gas, failed=failed, retdata=result.retdata, retdata_end=result.retdata_end
    );
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

struct SyscallHeader {
    selector: felt,
    gas: felt,
}

struct EmptyResponse {
    gas: felt,
    failed: felt,
}

struct ArrayResponse {
    gas: felt,
    failed: felt,
    start: felt*,
    end: felt*,
}

struct StorageReadSyscall {
    selector: felt,
    gas: felt,
    domain: felt,
    key: felt,
    gas_left: felt,
    failed: felt,
    value: felt,
}

struct StorageWriteSyscall {
    selector: felt,
    gas: felt,
    domain: felt,
    key: felt,
    value: felt,
    gas_left: felt,
    failed: felt,
}

struct CallSyscall {
    selector: felt,
    gas: felt,
    // The contract, or the class of a library call.
    target: felt,
    entry_point: felt,
    calldata: felt*,
    calldata_end: felt*,
    response: ArrayResponse,
}

struct DeploySyscall {
    selector: felt,
    gas: felt,
    class_hash: felt,
    salt: felt,
    calldata: felt*,
    calldata_end: felt*,
    from_zero: felt,
    gas_left: felt,
    failed: felt,
    address: felt,
    retdata: felt*,
    retdata_end: felt*,
}

struct SendMessageSyscall {
    selector: felt,
    gas: felt,
    to_address: felt,
    payload: felt*,
    payload_end: felt*,
    response: EmptyResponse,
}

// emit_event, of which nothing is left to prove but the gas: receipts are not part of the output.
struct EmitEventSyscall {
    selector: felt,
    gas: felt,
    keys: felt*,
    keys_end: felt*,
    data: felt*,
    data_end: felt*,
    gas_left: felt,
    failed: felt,
}

// Syscalls with one word of request or none, and one or none of response.
struct WordSyscall {
    selector: felt,
    gas: felt,
    word: felt,
    gas_left: felt,
    failed: felt,
    answer: felt,
}

struct GetExecutionInfoSyscall {
    selector: felt,
    gas: felt,
    gas_left: felt,
    failed: felt,
    info: Call*,
}

// Proves the syscalls of a call one after the other.
//
// Those that change nothing but the log are most of all syscalls and are taken in a loop, which has the
// log and the place in the syscalls as the last two cells of the stack.
func execute_syscalls{range_check_ptr, builtins: Builtins*, log: Access*, messages: felt*}(
    syscalls: felt*, end: felt*, call_: Call*, by_steps: felt
) {
    tempvar log = log;
    tempvar at = syscalls;

    next:
    let log = cast([ap - 2], Access*);
    let at = cast([ap - 1], felt*);
    if (at == end) {
        return ();
    }
    tempvar selector = [at];
    if (selector == 'StorageRead') {
        let read_request = cast(at, StorageReadSyscall*);
        tempvar key = read_request.key;
        assert log.key = key;
        tempvar zero = read_request.domain;
        assert zero = 0;
        assert read_request.failed = zero;
        tempvar gas = read_request.gas;
        assert read_request.gas_left = gas;
        tempvar contract = call_.contract;
        assert log.address = contract;
        tempvar value = read_request.value;
        assert log.before = value;
        assert log.after = value;
        tempvar log = log + Access.SIZE;
        tempvar at = at + StorageReadSyscall.SIZE;
        jmp next;
    }
    if (selector == 'StorageWrite') {
        let write_request = cast(at, StorageWriteSyscall*);
        tempvar key = write_request.key;
        assert log.key = key;
        tempvar zero = write_request.domain;
        assert zero = 0;
        assert write_request.failed = zero;
        tempvar gas = write_request.gas;
        assert write_request.gas_left = gas;
        tempvar contract = call_.contract;
        assert log.address = contract;
        %{ syscall.storage_write %}
        tempvar value = write_request.value;
        assert log.after = value;
        tempvar log = log + Access.SIZE;
        tempvar at = at + StorageWriteSyscall.SIZE;
        jmp next;
    }
    if (selector == 'EmitEvent') {
        let event = cast(at, EmitEventSyscall*);
        assert event.failed = 0;
        tempvar gas = event.gas;
        assert event.gas_left = gas;
        tempvar log = log;
        tempvar at = at + EmitEventSyscall.SIZE;
        jmp next;
    }
    return execute_other(syscalls=at, end=end, call_=call_, by_steps=by_steps);
}

// Proves a syscall that is none of those, then goes on.
func execute_other{range_check_ptr, builtins: Builtins*, log: Access*, messages: felt*}(
    syscalls: felt*, end: felt*, call_: Call*, by_steps: felt
) {
    tempvar selector = [syscalls];
    if (selector == 'GetExecutionInfo') {
        let info_request = cast(syscalls, GetExecutionInfoSyscall*);
        let (next) = spend(
            gas=info_request.gas,
            price=GET_EXECUTION_INFO_GAS,
            response=cast(&info_request.gas_left, ArrayResponse*),
        );
        if (next != 0) {
            return execute_syscalls(
                syscalls=cast(next, felt*), end=end, call_=call_, by_steps=by_steps
            );
        }
        assert info_request.failed = 0;
        assert info_request.info = call_;
        return execute_syscalls(
            syscalls=syscalls + GetExecutionInfoSyscall.SIZE,
            end=end,
            call_=call_,
            by_steps=by_steps,
        );
    }
    if (selector == 'CallContract') {
        return call_contract(syscalls=syscalls, end=end, call_=call_, by_steps=by_steps);
    }
    if (selector == 'LibraryCall') {
        return library_call(syscalls=syscalls, end=end, call_=call_, by_steps=by_steps);
    }
    if (selector == 'Deploy') {
        return deploy(syscalls=syscalls, end=end, call_=call_, by_steps=by_steps);
    }
    if (selector == 'SendMessageToL1') {
        return send_message(syscalls=syscalls, end=end, call_=call_, by_steps=by_steps);
    }
    if (selector == 'GetBlockHash') {
        return get_block_hash(syscalls=syscalls, end=end, call_=call_, by_steps=by_steps);
    }
    let syscall = cast(syscalls, WordSyscall*);
    if (selector == 'GetClassHashAt') {
        assert syscall.failed = 0;
        tempvar gas = syscall.gas;
        assert syscall.gas_left = gas;
        let (class_hash) = read(address=CLASS_HASHES, key=syscall.word);
        assert syscall.answer = class_hash;
        return execute_syscalls(
            syscalls=syscalls + WordSyscall.SIZE, end=end, call_=call_, by_steps=by_steps
        );
    }
    // What is no syscall of these cannot be proven.
    assert selector = 'ReplaceClass';
    return replace_class(syscalls=syscalls, end=end, call_=call_, by_steps=by_steps);
}

func assert_declared(compiled_class_hash: felt) {
    jmp declared if compiled_class_hash != 0;
    assert compiled_class_hash = 1;
    declared:
    return ();
}

// Takes the price of a syscall. Either response.gas is what is left: then `next` is 0 and the rest of the
// response is the caller's to prove. Or the gas does not suffice: then the response is that panic, and
// `next` is where the next syscall is.
func spend{range_check_ptr}(gas: felt, price: felt, response: ArrayResponse*) -> (next: felt) {
    tempvar suffices = nondet %{ syscall.gas_suffices %};
    if (suffices != 0) {
        tempvar gas_left = gas - price;
        assert [range_check_ptr] = gas_left;
        assert response.gas = gas_left;
        let range_check_ptr = range_check_ptr + 1;
        return (next=0);
    }
    assert [range_check_ptr] = price - 1 - gas;
    let range_check_ptr = range_check_ptr + 1;
    assert response.gas = gas;
    answer_panic(response=response, reason=ERROR_OUT_OF_GAS);
    return (next=cast(response + ArrayResponse.SIZE, felt));
}

// As spend, where the gas that is left is an inner call's to answer.
func spend_for_call{range_check_ptr}(gas: felt, price: felt, response: ArrayResponse*) -> (
    next: felt
) {
    tempvar suffices = nondet %{ syscall.gas_suffices %};
    if (suffices != 0) {
        assert [range_check_ptr] = gas - price;
        let range_check_ptr = range_check_ptr + 1;
        return (next=0);
    }
    assert [range_check_ptr] = price - 1 - gas;
    let range_check_ptr = range_check_ptr + 1;
    assert response.gas = gas;
    answer_panic(response=response, reason=ERROR_OUT_OF_GAS);
    return (next=cast(response + ArrayResponse.SIZE, felt));
}

// The response is a panic of one word.
func answer_panic(response: ArrayResponse*, reason: felt) {
    assert response.failed = 1;
    assert [response.start] = reason;
    assert response.end = response.start + 1;
    return ();
}

// Makes the call of a syscall and proves the response.
func inner_call{range_check_ptr, builtins: Builtins*, log: Access*, messages: felt*}(
    inner: Call*, gas: felt, response: ArrayResponse*
) {
    alloc_locals;
    local response: ArrayResponse* = response;
    let (gas_left, failed, retdata, retdata_end) = execute_call(call_=inner, gas=gas);
    assert response.gas = gas_left;
    assert response.failed = failed;
    // The array that the caller was answered with is the very one that the callee returned.
    relocate_segment(src_ptr=response.start, dest_ptr=retdata);
    if (failed == 0) {
        assert response.end = retdata_end;
        return ();
    }
    assert [retdata_end] = ERROR_ENTRY_POINT_FAILED;
    assert response.end = retdata_end + 1;
    return ();
}

func call_contract{range_check_ptr, builtins: Builtins*, log: Access*, messages: felt*}(
    syscalls: felt*, end: felt*, call_: Call*, by_steps: felt
) {
    alloc_locals;
    let (__fp__, _) = get_fp_and_pc();
    local syscall: CallSyscall* = cast(syscalls, CallSyscall*);
    let (next) = spend_for_call(
        gas=syscall.gas, price=CALL_CONTRACT_GAS, response=&syscall.response
    );
    if (next != 0) {
        return execute_syscalls(
            syscalls=cast(next, felt*), end=end, call_=call_, by_steps=by_steps
        );
    }
    if (syscall.entry_point == EXECUTE_SELECTOR) {
        // Accounts are executed by transactions only.
        assert syscall.response.gas = syscall.gas - CALL_CONTRACT_GAS;
        answer_panic(response=&syscall.response, reason=ERROR_ARGUMENT);
        return execute_syscalls(
            syscalls=syscalls + CallSyscall.SIZE, end=end, call_=call_, by_steps=by_steps
        );
    }
    let (class_hash) = read(address=CLASS_HASHES, key=syscall.target);
    local inner: Call = Call(
        block_info=call_.block_info,
        tx_info=call_.tx_info,
        caller=call_.contract,
        contract=syscall.target,
        selector=syscall.entry_point,
        class_hash=class_hash,
        kind=CompiledClass.external,
        calldata=syscall.calldata,
        calldata_end=syscall.calldata_end,
        by_steps=by_steps,
        block=call_.block,
    );
    inner_call(
        inner=&inner, gas=syscall.gas - CALL_CONTRACT_GAS, response=&syscall.response
    );
    return execute_syscalls(
        syscalls=syscalls + CallSyscall.SIZE, end=end, call_=call_, by_steps=by_steps
    );
}

func library_call{range_check_ptr, builtins: Builtins*, log: Access*, messages: felt*}(
    syscalls: felt*, end: felt*, call_: Call*, by_steps: felt
) {
    alloc_locals;
    let (__fp__, _) = get_fp_and_pc();
    local syscall: CallSyscall* = cast(syscalls, CallSyscall*);
    let (next) = spend_for_call(
        gas=syscall.gas, price=LIBRARY_CALL_GAS, response=&syscall.response
    );
    if (next != 0) {
        return execute_syscalls(
            syscalls=cast(next, felt*), end=end, call_=call_, by_steps=by_steps
        );
    }
    local inner: Call = Call(
        block_info=call_.block_info,
        tx_info=call_.tx_info,
        caller=call_.caller,
        contract=call_.contract,
        selector=syscall.entry_point,
        class_hash=syscall.target,
        kind=CompiledClass.external,
        calldata=syscall.calldata,
        calldata_end=syscall.calldata_end,
        by_steps=by_steps,
        block=call_.block,
    );
    inner_call(inner=&inner, gas=syscall.gas - LIBRARY_CALL_GAS, response=&syscall.response);
    return execute_syscalls(
        syscalls=syscalls + CallSyscall.SIZE, end=end, call_=call_, by_steps=by_steps
    );
}

// Gives a new contract its class and runs its constructor, which must not fail.
func deploy_contract{range_check_ptr, builtins: Builtins*, log: Access*, messages: felt*}(
    constructor: Call*, gas: felt
) -> (gas: felt, retdata: felt*, retdata_end: felt*) {
    let (before) = write(
        address=CLASS_HASHES, key=constructor.contract, value=constructor.class_hash
    );
    // Otherwise a deployment would replace the class of a contract that is there.
    assert before = 0;
    let (gas_left, failed, retdata, retdata_end) = execute_call(call_=constructor, gas=gas);
    assert failed = 0;
    return (gas=gas_left, retdata=retdata, retdata_end=retdata_end);
}

func deploy{range_check_ptr, builtins: Builtins*, log: Access*, messages: felt*}(
    syscalls: felt*, end: felt*, call_: Call*, by_steps: felt
) {
    alloc_locals;
    let (__fp__, _) = get_fp_and_pc();
    local syscall: DeploySyscall* = cast(syscalls, DeploySyscall*);
    local size = syscall.calldata_end - syscall.calldata;
    local price = DEPLOY_GAS + DEPLOY_CALLDATA_GAS * size;
    let (next) = spend_for_call(
        gas=syscall.gas, price=price, response=cast(&syscall.gas_left, ArrayResponse*)
    );
    if (next != 0) {
        return execute_syscalls(
            syscalls=cast(next, felt*), end=end, call_=call_, by_steps=by_steps
        );
    }
    tempvar from_zero = syscall.from_zero;
    assert from_zero * from_zero = from_zero;
    let pedersen = builtins.pedersen;
    let (address) = contract_address{pedersen=pedersen}(
        deployer=call_.contract * (1 - from_zero),
        salt=syscall.salt,
        class_hash=syscall.class_hash,
        size=size,
        calldata=syscall.calldata,
    );
    local address = address;
    local updated: Builtins = Builtins(
        pedersen=pedersen,
        bitwise=builtins.bitwise,
        ec_op=builtins.ec_op,
        poseidon=builtins.poseidon,
    );
    let builtins = &updated;
    local inner: Call = Call(
        block_info=call_.block_info,
        tx_info=call_.tx_info,
        caller=call_.contract,
        contract=address,
        selector=CONSTRUCTOR_SELECTOR,
        class_hash=syscall.class_hash,
        kind=CompiledClass.constructor,
        calldata=syscall.calldata,
        calldata_end=syscall.calldata_end,
        by_steps=by_steps,
        block=call_.block,
    );
    let (gas_left, retdata, retdata_end) = deploy_contract(
        constructor=&inner, gas=syscall.gas - price
    );
    assert syscall.gas_left = gas_left;
    assert syscall.failed = 0;
    assert syscall.address = address;
    relocate_segment(src_ptr=syscall.retdata, dest_ptr=retdata);
    assert syscall.retdata_end = retdata_end;
    return execute_syscalls(
        syscalls=syscalls + DeploySyscall.SIZE, end=end, call_=call_, by_steps=by_steps
    );
}

// A message: sender, receiver, size, payload.
func send_message{range_check_ptr, builtins: Builtins*, log: Access*, messages: felt*}(
    syscalls: felt*, end: felt*, call_: Call*, by_steps: felt
) {
    alloc_locals;
    local syscall: SendMessageSyscall* = cast(syscalls, SendMessageSyscall*);
    let (next) = spend(
        gas=syscall.gas,
        price=SEND_MESSAGE_GAS,
        response=cast(&syscall.response, ArrayResponse*),
    );
    if (next != 0) {
        return execute_syscalls(
            syscalls=cast(next, felt*), end=end, call_=call_, by_steps=by_steps
        );
    }
    assert syscall.response.failed = 0;
    local size = syscall.payload_end - syscall.payload;
    assert messages[0] = call_.contract;
    assert messages[1] = syscall.to_address;
    assert messages[2] = size;
    memcpy(dst=messages + 3, src=syscall.payload, len=size);
    let messages = messages + 3 + size;
    return execute_syscalls(
        syscalls=syscalls + SendMessageSyscall.SIZE, end=end, call_=call_, by_steps=by_steps
    );
}

func get_block_hash{range_check_ptr, builtins: Builtins*, log: Access*, messages: felt*}(
    syscalls: felt*, end: felt*, call_: Call*, by_steps: felt
) {
    alloc_locals;
    local syscall: WordSyscall* = cast(syscalls, WordSyscall*);
    let (next) = spend(
        gas=syscall.gas, price=GET_BLOCK_HASH_GAS, response=cast(&syscall.gas_left, ArrayResponse*)
    );
    if (next != 0) {
        return execute_syscalls(
            syscalls=cast(next, felt*), end=end, call_=call_, by_steps=by_steps
        );
    }
    tempvar number = syscall.word;
    tempvar latest = call_.block.number - STORED_BLOCK_HASH_BUFFER;
    assert [range_check_ptr] = number;
    if (syscall.failed == 0) {
        assert [range_check_ptr + 1] = latest - number;
        let range_check_ptr = range_check_ptr + 2;
        let (hash) = read(address=BLOCK_HASH_CONTRACT, key=number);
        assert syscall.answer = hash;
        return execute_syscalls(
            syscalls=syscalls + WordSyscall.SIZE, end=end, call_=call_, by_steps=by_steps
        );
    }
    assert [range_check_ptr + 1] = number - 1 - latest;
    let range_check_ptr = range_check_ptr + 2;
    answer_panic(
        response=cast(&syscall.gas_left, ArrayResponse*), reason=ERROR_BLOCK_NUMBER
    );
    return execute_syscalls(
        syscalls=syscalls + 3 + ArrayResponse.SIZE, end=end, call_=call_, by_steps=by_steps
    );
}

func replace_class{range_check_ptr, builtins: Builtins*, log: Access*, messages: felt*}(
    syscalls: felt*, end: felt*, call_: Call*, by_steps: felt
) {
    alloc_locals;
    local syscall: WordSyscall* = cast(syscalls, WordSyscall*);
    let (next) = spend(
        gas=syscall.gas, price=REPLACE_CLASS_GAS, response=cast(&syscall.gas_left, ArrayResponse*)
    );
    if (next != 0) {
        return execute_syscalls(
            syscalls=cast(next, felt*), end=end, call_=call_, by_steps=by_steps
        );
    }
    assert syscall.failed = 0;
    let (compiled_class_hash) = read(address=CLASSES, key=syscall.word);
    assert_declared(compiled_class_hash);
    write(address=CLASS_HASHES, key=call_.contract, value=syscall.word);
    return execute_syscalls(
        syscalls=syscalls + WordSyscall.SIZE - 1, end=end, call_=call_, by_steps=by_steps
    );
}
