// The syscalls of calls, proven in order; inner calls are made on the way.
from os.calls import execute_call
from os.constants import (
    BLOCK_HASH_CONTRACT,
    CALL_CONTRACT_GAS,
    CLASS_HASHES,
    CLASSES,
    CONSTRUCTOR_SELECTOR,
    DEPLOY_CALLDATA_GAS,
    DEPLOY_GAS,
    ERROR_ARGUMENT,
    ERROR_BLOCK_NUMBER,
    ERROR_ENTRY_POINT_FAILED,
    ERROR_INPUT_LENGTH,
    ERROR_OUT_OF_GAS,
    EXECUTE_SELECTOR,
    GET_BLOCK_HASH_GAS,
    GET_EXECUTION_INFO_GAS,
    KECCAK_ROUND_GAS,
    LIBRARY_CALL_GAS,
    REPLACE_CLASS_GAS,
    SEND_MESSAGE_GAS,
    STORED_BLOCK_HASH_BUFFER,
)
from os.contract_address import contract_address
from os.keccak import absorb_blocks, KECCAK_RATE
from os.state_log import read, write
from os.syscall_requests import (
    answer_panic,
    ArrayResponse,
    assert_declared,
    CallSyscall,
    DeploySyscall,
    EmitEventSyscall,
    GetExecutionInfoSyscall,
    KeccakSyscall,
    SendMessageSyscall,
    spend,
    spend_for_call,
    StorageReadSyscall,
    StorageWriteSyscall,
    WordSyscall,
)
from os.types import Access, Block, Builtins, Call, CompiledClass
from starkware.cairo.common.cairo_builtins import HashBuiltin
from starkware.cairo.common.memcpy import memcpy
from starkware.cairo.common.registers import get_fp_and_pc
from starkware.cairo.common.segments import relocate_segment

// Proves the syscalls of a call one after the other.
//
// Those that change only the log or use a range check are most of all syscalls and are taken in a loop,
// which has range checks, log and the place in the syscalls as the last three cells of the stack.
func execute_syscalls{range_check_ptr, builtins: Builtins*, log: Access*, messages: felt*}(
    syscalls: felt*, end: felt*, call_: Call*, by_steps: felt
) {
    tempvar range_check_ptr = range_check_ptr;
    tempvar log = log;
    tempvar at = syscalls;

    next:
    let range_check_ptr = [ap - 3];
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
        tempvar range_check_ptr = range_check_ptr;
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
        tempvar range_check_ptr = range_check_ptr;
        tempvar log = log + Access.SIZE;
        tempvar at = at + StorageWriteSyscall.SIZE;
        jmp next;
    }
    if (selector == 'EmitEvent') {
        let event = cast(at, EmitEventSyscall*);
        assert event.failed = 0;
        tempvar gas = event.gas;
        assert event.gas_left = gas;
        tempvar range_check_ptr = range_check_ptr;
        tempvar log = log;
        tempvar at = at + EmitEventSyscall.SIZE;
        jmp next;
    }
    if (selector == 'GetExecutionInfo') {
        let info_request = cast(at, GetExecutionInfoSyscall*);
        if (info_request.failed == 0) {
            tempvar gas_left = info_request.gas_left;
            assert [range_check_ptr] = gas_left;
            assert info_request.gas = gas_left + GET_EXECUTION_INFO_GAS;
            assert info_request.info = call_;
            tempvar range_check_ptr = range_check_ptr + 1;
            tempvar log = log;
            tempvar at = at + GetExecutionInfoSyscall.SIZE;
            jmp next;
        }
        return execute_other(syscalls=at, end=end, call_=call_, by_steps=by_steps);
    }
    return execute_other(syscalls=at, end=end, call_=call_, by_steps=by_steps);
}

// Proves a syscall that is none of those, then goes on.
func execute_other{range_check_ptr, builtins: Builtins*, log: Access*, messages: felt*}(
    syscalls: felt*, end: felt*, call_: Call*, by_steps: felt
) {
    tempvar selector = [syscalls];
    if (selector == 'GetExecutionInfo') {
        // It fails, which it only does for lack of gas.
        let info_request = cast(syscalls, GetExecutionInfoSyscall*);
        let response = cast(&info_request.gas_left, ArrayResponse*);
        assert [range_check_ptr] = GET_EXECUTION_INFO_GAS - 1 - info_request.gas;
        let range_check_ptr = range_check_ptr + 1;
        assert response.gas = info_request.gas;
        answer_panic(response=response, reason=ERROR_OUT_OF_GAS);
        return execute_syscalls(
            syscalls=cast(response + ArrayResponse.SIZE, felt*),
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
    if (selector == 'Keccak') {
        return keccak(syscalls=syscalls, end=end, call_=call_, by_steps=by_steps);
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
        keccak=builtins.keccak,
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

// Padded input, whole blocks of 64-bit words; the answer is the hash as two halves.
func keccak{range_check_ptr, builtins: Builtins*, log: Access*, messages: felt*}(
    syscalls: felt*, end: felt*, call_: Call*, by_steps: felt
) {
    alloc_locals;
    let (__fp__, _) = get_fp_and_pc();
    local syscall: KeccakSyscall* = cast(syscalls, KeccakSyscall*);
    local response: ArrayResponse* = cast(&syscall.gas_left, ArrayResponse*);
    local size = syscall.input_end - syscall.input;
    %{ syscall.keccak_blocks %}
    local blocks = [range_check_ptr];
    local rest = size - blocks * KECCAK_RATE;
    assert [range_check_ptr + 1] = rest;
    assert [range_check_ptr + 2] = KECCAK_RATE - 1 - rest;
    let range_check_ptr = range_check_ptr + 3;
    if (rest != 0) {
        assert response.gas = syscall.gas;
        answer_panic(response=response, reason=ERROR_INPUT_LENGTH);
        return execute_syscalls(
            syscalls=syscalls + KeccakSyscall.SIZE, end=end, call_=call_, by_steps=by_steps
        );
    }
    let (next) = spend(gas=syscall.gas, price=blocks * KECCAK_ROUND_GAS, response=response);
    if (next != 0) {
        return execute_syscalls(
            syscalls=cast(next, felt*), end=end, call_=call_, by_steps=by_steps
        );
    }
    assert syscall.failed = 0;
    let bitwise = builtins.bitwise;
    let keccak = builtins.keccak;
    let (low, high) = absorb_blocks{bitwise=bitwise, keccak=keccak}(
        input=syscall.input, blocks=blocks
    );
    assert syscall.low = low;
    assert syscall.high = high;
    local updated: Builtins = Builtins(
        pedersen=builtins.pedersen,
        bitwise=bitwise,
        ec_op=builtins.ec_op,
        poseidon=builtins.poseidon,
        keccak=keccak,
    );
    let builtins = &updated;
    return execute_syscalls(
        syscalls=syscalls + KeccakSyscall.SIZE, end=end, call_=call_, by_steps=by_steps
    );
}
