//! Runs compiled Cairo 0 programs on the independent `cairo-vm` crate: for vectors and for the bench.
//!
//!   oracle run LAYOUT exec|proof PROGRAM.json OUT_PREFIX
//!     writes OUT_PREFIX.trace, .memory (the formats of cairo-run's --trace_file and --memory_file) and
//!     .json: steps, holes, builtin instances, output, and in proof mode the public input
//!   oracle bench LAYOUT ROUNDS PROGRAM.json
//!     prints the steps of one run and the nanoseconds of CPU time of each round, loading not counted
use std::fs::File;
use std::io::{BufWriter, Write};

use cairo_vm::cairo_run::{cairo_run, write_encoded_memory, write_encoded_trace, CairoRunConfig};
use cairo_vm::hint_processor::builtin_hint_processor::builtin_hint_processor_definition::BuiltinHintProcessor;
use cairo_vm::types::layout_name::LayoutName;
use cairo_vm::types::program::Program;
use cairo_vm::vm::runners::cairo_runner::CairoRunner;

type AnyError = Box<dyn std::error::Error>;

fn layout(name: &str) -> LayoutName {
    match name {
        "plain" => LayoutName::plain,
        "small" => LayoutName::small,
        "starknet" => LayoutName::starknet,
        "starknet_with_keccak" => LayoutName::starknet_with_keccak,
        "recursive" => LayoutName::recursive,
        "all_cairo" => LayoutName::all_cairo,
        _ => panic!("unknown layout {name}"),
    }
}

fn run(args: &[String]) -> Result<(), AnyError> {
    let [layout_name, mode, program, prefix] = args else {
        panic!("run LAYOUT exec|proof PROGRAM.json OUT_PREFIX")
    };
    let proof_mode = mode == "proof";
    let config = CairoRunConfig {
        layout: layout(layout_name),
        proof_mode,
        fill_holes: proof_mode,
        trace_enabled: true,
        relocate_mem: true,
        ..Default::default()
    };
    let mut hints = BuiltinHintProcessor::new_empty();
    let mut runner = cairo_run(&std::fs::read(program)?, &config, &mut hints)?;

    let mut trace = BufWriter::new(File::create(format!("{prefix}.trace"))?);
    write_encoded_trace(runner.relocated_trace.as_ref().unwrap(), &mut trace)?;
    trace.flush()?;
    let mut memory = BufWriter::new(File::create(format!("{prefix}.memory"))?);
    write_encoded_memory(&runner.relocated_memory, &mut memory)?;
    memory.flush()?;

    let resources = runner.get_execution_resources()?;
    let mut output = String::new();
    runner.vm.write_output(&mut output)?;
    let output: Vec<String> = output.lines().map(|line| format!("\"{line}\"")).collect();
    let mut builtins: Vec<String> = resources
        .builtin_instance_counter
        .iter()
        .map(|(name, count)| format!("\"{}\": {count}", name.to_str()))
        .collect();
    builtins.sort();
    let public_input = if proof_mode {
        runner.get_air_public_input()?.serialize_json()?
    } else {
        "null".into()
    };
    std::fs::write(
        format!("{prefix}.json"),
        format!(
            "{{\n\"steps\": {},\n\"memoryHoles\": {},\n\"builtins\": {{{}}},\n\"output\": [{}],\n\"publicInput\": {public_input}\n}}\n",
            resources.n_steps,
            resources.n_memory_holes,
            builtins.join(", "),
            output.join(", "),
        ),
    )?;
    Ok(())
}

/// CPU time of this thread, as Linux accounts it.
fn cpu_nanoseconds() -> u64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").expect("needs Linux");
    text.split(' ').next().unwrap().parse().unwrap()
}

fn bench(args: &[String]) -> Result<(), AnyError> {
    let [layout_name, rounds, path] = args else {
        panic!("bench LAYOUT ROUNDS PROGRAM.json")
    };
    let program = Program::from_bytes(&std::fs::read(path)?, Some("main"))?;
    let mut nanoseconds = Vec::new();
    let mut steps = 0;
    for _ in 0..rounds.parse()? {
        let mut hints = BuiltinHintProcessor::new_empty();
        let mut runner = CairoRunner::new(&program, layout(layout_name), None, false, false, false)?;
        let end = runner.initialize(false)?;
        let start = cpu_nanoseconds();
        runner.run_until_pc(end, &mut hints)?;
        nanoseconds.push((cpu_nanoseconds() - start).to_string());
        steps = runner.get_execution_resources().map(|r| r.n_steps).unwrap_or(0);
    }
    println!("{{\"steps\": {steps}, \"nanoseconds\": [{}]}}", nanoseconds.join(", "));
    Ok(())
}

fn main() -> Result<(), AnyError> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match args.split_first() {
        Some((command, rest)) if command == "run" => run(rest),
        Some((command, rest)) if command == "bench" => bench(rest),
        _ => panic!("run or bench"),
    }
}
