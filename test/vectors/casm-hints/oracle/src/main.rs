//! Executes CASM hints by StarkWare's own runner: cases on stdin, on stdout the cells that each case's hints wrote.

use std::collections::HashSet;
use std::io::Read;
use std::panic::{catch_unwind, AssertUnwindSafe};

use cairo_lang_casm::hints::CoreHintBase;
use cairo_lang_runner::casm_run::execute_core_hint_base;
use cairo_vm::types::exec_scope::ExecutionScopes;
use cairo_vm::types::relocatable::{MaybeRelocatable, Relocatable};
use cairo_vm::vm::vm_core::VirtualMachine;
use num_bigint::BigUint;
use serde::Deserialize;
use serde_json::{json, Value};
use starknet_types_core::felt::Felt;

/// `[segment, offset, value]`, the value a decimal felt or `segment:offset`.
type Cell = (isize, usize, String);

#[derive(Deserialize)]
struct Case {
    segments: usize,
    ap: usize,
    fp: usize,
    steps: Vec<Step>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Step {
    Set { set: Cell },
    Hint(CoreHintBase),
}

fn parse(text: &str) -> MaybeRelocatable {
    match text.split_once(':') {
        Some((segment, offset)) => {
            Relocatable::from((segment.parse().unwrap(), offset.parse().unwrap())).into()
        }
        None => Felt::from(text.parse::<BigUint>().unwrap()).into(),
    }
}

fn show(value: &MaybeRelocatable) -> String {
    match value {
        MaybeRelocatable::RelocatableValue(Relocatable { segment_index, offset }) => {
            format!("{segment_index}:{offset}")
        }
        MaybeRelocatable::Int(felt) => felt.to_biguint().to_string(),
    }
}

fn run(case: &Case) -> Result<Vec<Cell>, String> {
    let mut vm = VirtualMachine::new(false, false);
    for _ in 0..case.segments {
        vm.add_memory_segment();
    }
    vm.set_ap(case.ap);
    vm.set_fp(case.fp);
    let mut scopes = ExecutionScopes::new();
    for step in &case.steps {
        match step {
            Step::Set { set: (segment, offset, value) } => vm
                .insert_value(Relocatable::from((*segment, *offset)), parse(value))
                .map_err(|error| error.to_string())?,
            Step::Hint(hint) => execute_core_hint_base(&mut vm, &mut scopes, hint, true)
                .map_err(|error| error.to_string())?,
        }
    }
    vm.compute_segments_effective_sizes();
    let given: HashSet<(isize, usize)> = case
        .steps
        .iter()
        .filter_map(|step| match step {
            Step::Set { set: (segment, offset, _) } => Some((*segment, *offset)),
            Step::Hint(_) => None,
        })
        .collect();
    let mut cells = Vec::new();
    for segment in 0..vm.segments.num_segments() {
        for offset in 0..vm.get_segment_used_size(segment).unwrap_or(0) {
            if given.contains(&(segment as isize, offset)) {
                continue;
            }
            if let Some(value) = vm.get_maybe(&Relocatable::from((segment as isize, offset))) {
                cells.push((segment as isize, offset, show(&value)));
            }
        }
    }
    Ok(cells)
}

fn main() {
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text).unwrap();
    let cases: Vec<Case> = serde_json::from_str(&text).unwrap();
    std::panic::set_hook(Box::new(|_| ()));
    let results: Vec<Value> = cases
        .iter()
        .map(|case| match catch_unwind(AssertUnwindSafe(|| run(case))) {
            Ok(Ok(cells)) => json!(cells),
            _ => json!("error"),
        })
        .collect();
    println!("{}", serde_json::to_string(&results).unwrap());
}
