//! The Sierra compiler behind a C ABI over linear memory: a Sierra class as JSON in, a CASM class as
//! JSON out. One call at a time. A panic leaves its message as answer and traps; after a trap only the
//! answer may be read.
use std::cell::RefCell;
use std::panic;
use std::sync::Once;

use cairo_lang_starknet_classes::casm_contract_class::CasmContractClass;
use cairo_lang_starknet_classes::contract_class::ContractClass;

thread_local! {
    static ANSWER: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// Room for `length` bytes of input, to be filled by the host and passed to `compile`.
#[no_mangle]
pub extern "C" fn allocate(length: usize) -> *mut u8 {
    Box::leak(vec![0u8; length].into_boxed_slice()).as_mut_ptr()
}

/// Compiles the class in `input[..length]`, which came from `allocate(length)` and is given back by
/// this call. Returns 0 and leaves the CASM class as answer, or 1 and leaves the reason.
///
/// # Safety
/// `input` and `length` are those of one call of `allocate`, and are passed in once.
#[no_mangle]
pub unsafe extern "C" fn compile(input: *mut u8, length: usize, max_bytecode_size: usize) -> u32 {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| panic::set_hook(Box::new(|info| set_answer(info.to_string().into_bytes()))));
    set_answer(Vec::new());
    let input = Box::from_raw(std::ptr::slice_from_raw_parts_mut(input, length));
    let (code, answer) = match compile_json(&input, max_bytecode_size) {
        Ok(casm) => (0, casm),
        Err(reason) => (1, reason.into_bytes()),
    };
    set_answer(answer);
    code
}

fn set_answer(answer: Vec<u8>) {
    ANSWER.set(answer);
}

fn compile_json(input: &[u8], max_bytecode_size: usize) -> Result<Vec<u8>, String> {
    let class: ContractClass = serde_json::from_slice(input).map_err(|error| error.to_string())?;
    let program = class.extract_sierra_program(false).map_err(|error| error.to_string())?;
    let casm = CasmContractClass::from_contract_class(class, program, false, max_bytecode_size)
        .map_err(|error| error.to_string())?;
    serde_json::to_vec(&casm).map_err(|error| error.to_string())
}

#[no_mangle]
pub extern "C" fn answer_pointer() -> *const u8 {
    ANSWER.with_borrow(|answer| answer.as_ptr())
}

#[no_mangle]
pub extern "C" fn answer_length() -> usize {
    ANSWER.with_borrow(|answer| answer.len())
}
