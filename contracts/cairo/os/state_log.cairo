// The state log: every access to the state that transactions make, in order.
//
// The log holds claims only: what a value was before is a guess. commit.cairo settles them in the end,
// all at once: each value's accesses are a chain from what the old tries say to what the new ones get.
from os.types import Access

// Reads a guessed value.
func read{log: Access*}(address: felt, key: felt) -> (value: felt) {
    tempvar value = nondet %{ log.read %};
    assert log.address = address;
    assert log.key = key;
    assert log.before = value;
    assert log.after = value;
    let log = log + Access.SIZE;
    return (value=value);
}

func write{log: Access*}(address: felt, key: felt, value: felt) -> (before: felt) {
    tempvar before = nondet %{ log.read %};
    %{ log.write %}
    assert log.address = address;
    assert log.key = key;
    assert log.before = before;
    assert log.after = value;
    let log = log + Access.SIZE;
    return (before=before);
}

// Undoes the accesses between `start` and `end`, the last first: each value gets what it was before.
// The log is the state's history and the means to take it back at the same time.
func undo{log: Access*}(start: Access*, end: Access*) {
    if (start == end) {
        return ();
    }
    let undone: Access* = end - Access.SIZE;
    %{ log.undo %}
    tempvar address = undone.address;
    assert log.address = address;
    tempvar key = undone.key;
    assert log.key = key;
    tempvar after = undone.after;
    assert log.before = after;
    tempvar before = undone.before;
    assert log.after = before;
    let log = log + Access.SIZE;
    return undo(start=start, end=undone);
}
