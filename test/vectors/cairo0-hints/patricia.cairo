// Updates of Patricia trees, with Pedersen and with Poseidon hashes.
%builtins output pedersen range_check poseidon

from starkware.cairo.common.cairo_builtins import HashBuiltin, PoseidonBuiltin
from starkware.cairo.common.dict_access import DictAccess
from starkware.cairo.common.patricia import patricia_update
from starkware.cairo.common.patricia import patricia_update_constants_new
from starkware.cairo.common.patricia_with_poseidon import patricia_update_using_update_constants

func read_update{range_check_ptr}() -> (
    updates: DictAccess*, n: felt, prev_root: felt, new_root: felt
) {
    alloc_locals;
    local updates: DictAccess*;
    local n;
    local prev_root;
    local new_root;
    %{
        update = program_input["updates"].pop(0)
        preimage = {int(node): parts for node, parts in update["preimage"]}
        ids.updates = segments.gen_arg([x for access in update["accesses"] for x in access])
        ids.n = len(update["accesses"])
        ids.prev_root, ids.new_root = update["roots"]
    %}
    return (updates, n, prev_root, new_root);
}

func update_pedersen{hash_ptr: HashBuiltin*, range_check_ptr}(times: felt) {
    if (times == 0) {
        return ();
    }
    let (updates, n, prev_root, new_root) = read_update();
    patricia_update(updates, n, 8, prev_root, new_root);
    return update_pedersen(times - 1);
}

func update_poseidon{poseidon_ptr: PoseidonBuiltin*, range_check_ptr}(times: felt) {
    alloc_locals;
    if (times == 0) {
        return ();
    }
    let (updates, n, prev_root, new_root) = read_update();
    let (constants) = patricia_update_constants_new();
    patricia_update_using_update_constants(constants, updates, n, 8, prev_root, new_root);
    return update_poseidon(times - 1);
}

func main{
    output_ptr: felt*,
    pedersen_ptr: HashBuiltin*,
    range_check_ptr,
    poseidon_ptr: PoseidonBuiltin*,
}() {
    alloc_locals;
    let hash_ptr = pedersen_ptr;
    update_pedersen{hash_ptr=hash_ptr}(4);
    let pedersen_ptr = hash_ptr;
    update_poseidon(4);
    assert output_ptr[0] = 1;
    let output_ptr = output_ptr + 1;
    return ();
}
