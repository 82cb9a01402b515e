// Hashes of the compiled classes that ran (starknet-formulas §2, compiled class hash v1).
//
// Only functions that ran are hashed word by word: of the others their hash is a guess, which the class's
// hash proves right.
from os.constants import CLASSES
from os.poseidon import poseidon_array
from os.types import Access, BuiltinSet, CompiledClass, EntryPoint, Environment
from starkware.cairo.common.alloc import alloc
from starkware.cairo.common.registers import get_fp_and_pc

const VERSION = 'COMPILED_CLASS_V1';
const RET = 0x208b7fff7fff7ffe;

// Reads the classes that were declared before the first block: a declaration is for ever, so this holds
// for all calls, and need not be read for each.
func read_old_classes{log: Access*}(class: CompiledClass*, count: felt) {
    if (count == 0) {
        return ();
    }
    if (class.is_old == 0) {
        return read_old_classes(class=class + CompiledClass.SIZE, count=count - 1);
    }
    assert log.address = CLASSES;
    assert log.key = class.class_hash;
    assert log.before = class.hash;
    assert log.after = class.hash;
    let log = log + Access.SIZE;
    return read_old_classes(class=class + CompiledClass.SIZE, count=count - 1);
}

// Checks the classes of the table: called when all code has run, as only then it is known which did.
func check_classes{poseidon: felt*}(class: CompiledClass*, count: felt, costs: felt*) {
    if (count == 0) {
        return ();
    }
    check_class(class=class, costs=costs);
    return check_classes(class=class + CompiledClass.SIZE, count=count - 1, costs=costs);
}

// A class as a whole: version, three lists of entry points, bytecode.
func check_class{poseidon: felt*}(class: CompiledClass*, costs: felt*) {
    alloc_locals;
    let (__fp__, _) = get_fp_and_pc();
    let (external) = poseidon_array(
        size=class.n_external * EntryPoint.SIZE, data=cast(class.external, felt*)
    );
    local external = external;
    let (l1_handler) = poseidon_array(
        size=class.n_l1_handler * EntryPoint.SIZE, data=cast(class.l1_handler, felt*)
    );
    local l1_handler = l1_handler;
    let (constructor) = poseidon_array(
        size=class.n_constructor * EntryPoint.SIZE, data=cast(class.constructor, felt*)
    );
    local constructor = constructor;
    let (bytecode, end) = bytecode_hash(code=class.bytecode);
    // Code finds the prices of builtins behind its end: what it pays would be the prover's choice.
    assert end[0] = RET;
    assert cast(end[1], felt*) = costs;
    local parts: (felt, felt, felt, felt, felt) = (
        VERSION, external, l1_handler, constructor, bytecode
    );
    let (hash) = poseidon_array(size=5, data=cast(&parts, felt*));
    assert class.hash = hash;
    return ();
}

// A function of a class's bytecode, as its node in the hash has it.
struct Segment {
    length: felt,
    hash: felt,
}

func bytecode_hash{poseidon: felt*}(code: felt*) -> (hash: felt, end: felt*) {
    alloc_locals;
    local segments: Segment*;
    local count;
    // The length, where the bytecode is one segment.
    local length;
    %{ class.segments %}
    if (count == 0) {
        let (hash) = poseidon_array(size=length, data=code);
        return (hash=hash, end=code + length);
    }
    let (code_end) = check_segments(segment=segments, end=segments + count * Segment.SIZE, code=code);
    local end: felt* = code_end;
    let (hash) = poseidon_array(size=count * Segment.SIZE, data=cast(segments, felt*));
    return (hash=1 + hash, end=end);
}

// Proves each segment's hash, if it ran. Segments that did not are passed in a loop, which has the segment
// and its code as the last two cells of the stack.
func check_segments{poseidon: felt*}(segment: Segment*, end: Segment*, code: felt*) -> (
    code_end: felt*
) {
    tempvar at: Segment* = segment;
    tempvar code_at: felt* = code;

    next:
    let at = cast([ap - 2], Segment*);
    let code_at = cast([ap - 1], felt*);
    tempvar skipped = nondet %{ class.segment_skipped %};
    if (skipped != 0) {
        // Compiled code enters a function at its first instruction only. Here it cannot have: -1 is no
        // instruction. Were that not so, the code that ran could be another than the hashed one.
        assert code_at[0] = -1;
        tempvar length = at.length;
        tempvar at = at + Segment.SIZE;
        tempvar code_at = code_at + length;
        jmp next;
    }
    if (at == end) {
        return (code_end=code_at);
    }
    return check_segment(segment=at, end=end, code=code_at);
}

// Proves the hash of a segment that ran, then goes on.
func check_segment{poseidon: felt*}(segment: Segment*, end: Segment*, code: felt*) -> (
    code_end: felt*
) {
    let (hash) = poseidon_array(size=segment.length, data=code);
    assert segment.hash = hash;
    return check_segments(segment=segment + Segment.SIZE, end=end, code=code + segment.length);
}

// Proves the table of builtin sets: each set's hash is that of the names of its builtins, in order.
func check_builtin_sets{poseidon: felt*}(set: BuiltinSet*, count: felt) {
    alloc_locals;
    if (count == 0) {
        return ();
    }
    let (names) = alloc();
    local names: felt* = names;
    let (end) = append(end=names, name='pedersen', absent=set.no_pedersen);
    let (end) = append(end=end, name='range_check', absent=set.no_range_check);
    let (end) = append(end=end, name='bitwise', absent=set.no_bitwise);
    let (end) = append(end=end, name='ec_op', absent=set.no_ec_op);
    let (end) = append(end=end, name='poseidon', absent=set.no_poseidon);
    let (end) = append(end=end, name='segment_arena', absent=set.no_segment_arena);
    let (hash) = poseidon_array(size=end - names, data=names);
    assert set.hash = hash;
    return check_builtin_sets(set=set + BuiltinSet.SIZE, count=count - 1);
}

func append(end: felt*, name: felt, absent: felt) -> (end: felt*) {
    if (absent == 0) {
        assert [end] = name;
        return (end=end + 1);
    }
    return (end=end);
}
