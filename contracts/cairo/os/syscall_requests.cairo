// Requests and responses of syscalls as they lie in memory, and what responses have in common.
from os.constants import ERROR_OUT_OF_GAS
from os.types import Call

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

struct KeccakSyscall {
    selector: felt,
    gas: felt,
    input: felt*,
    input_end: felt*,
    gas_left: felt,
    failed: felt,
    low: felt,
    high: felt,
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
