// What must hold of the builtins' pointers when a contract's code has returned.
from os.types import Builtins
from starkware.cairo.common.cairo_builtins import BitwiseBuiltin, EcOpBuiltin, HashBuiltin

// Checks that every pointer has moved on by whole instances.
//
// Code returns what it likes. A pointer into memory of its own would let it "hash" to what it wants; one
// that is moved by half an instance would do the same. Within the segment a pointer only moves forwards,
// and the end of the segment is checked when the program ends. The five range checks lie behind the
// code's own, from range_check_after on.
func validate_builtins(
    before: Builtins*, after: Builtins*, range_check_before: felt, range_check_after: felt
) {
    let checks = cast(range_check_after, felt*);
    assert checks[0] = range_check_after - range_check_before;
    %{ builtins.instances %}
    tempvar moved = after.pedersen - before.pedersen;
    tempvar instances = checks[1];
    assert instances * HashBuiltin.SIZE = moved;
    tempvar moved = after.bitwise - before.bitwise;
    tempvar instances = checks[2];
    assert instances * BitwiseBuiltin.SIZE = moved;
    tempvar moved = after.ec_op - before.ec_op;
    tempvar instances = checks[3];
    assert instances * EcOpBuiltin.SIZE = moved;
    tempvar moved = after.poseidon - before.poseidon;
    tempvar instances = checks[4];
    assert instances * 6 = moved;
    return ();
}

// The dictionaries of one call: where their records are, how many there are and how many are squashed.
struct Arena {
    infos: DictInfo*,
    count: felt,
    squashed: felt,
}

// A dictionary's log from start to end, and when it was squashed.
struct DictInfo {
    start: felt*,
    end: felt*,
    squashing: felt,
}

// Checks the dictionaries of a call: all are squashed, and their logs lie one behind the other.
//
// A log that is not squashed would hold whatever values its reads were answered with. And two
// dictionaries of which the prover lets the logs overlap would have one access serve both.
func settle_arena(before: felt*, after: felt*) {
    let arena: Arena* = cast(after - Arena.SIZE, Arena*);
    let start: Arena* = cast(before - Arena.SIZE, Arena*);
    assert start.count = 0;
    assert start.squashed = 0;
    assert arena.infos = start.infos;
    assert arena.squashed = arena.count;
    if (arena.count == 0) {
        return ();
    }
    return assert_contiguous(info=arena.infos, more=arena.count - 1);
}

func assert_contiguous(info: DictInfo*, more: felt) {
    if (more == 0) {
        return ();
    }
    let next: DictInfo* = info + DictInfo.SIZE;
    assert next.start = info.end + 1;
    return assert_contiguous(info=next, more=more - 1);
}
