// From the state log to the roots before and after, and the state diff of the output.
//
// Accesses of one value must be a chain: each sees what the one before left. Chains are found by guesses;
// that every access is in one chain and no chain is split follows from their number: there is one chain
// for each key, as the tries meet each key once, and they have as many accesses as the log.
from os.constants import CLASS_HASHES, CLASSES, NONCES
from os.trie import Leaf, trie_roots
from os.types import Access
from starkware.cairo.common.alloc import alloc
from starkware.cairo.common.cairo_builtins import HashBuiltin
from starkware.cairo.common.registers import get_fp_and_pc

// The log, and what comes with it.
struct Log {
    start: Access*,
    end: Access*,
    powers: felt*,
}

// First and last value of what was accessed.
func settle{range_check_ptr, settled}(address: felt, key: felt, log: Log*) -> (
    before: felt, after: felt
) {
    alloc_locals;
    %{ commit.first_access %}
    // In the log, not before it.
    tempvar index = [range_check_ptr];
    local first: Access* = log.start + index * Access.SIZE;
    let range_check_ptr = range_check_ptr + 1;
    assert first.address = address;
    assert first.key = key;
    let (last) = follow(access=first);
    // Nor behind it, where the prover could write accesses that nobody made.
    %{ commit.after_last %}
    tempvar rest = log.end - last - Access.SIZE;
    tempvar more = [range_check_ptr];
    assert more * Access.SIZE = rest;
    let range_check_ptr = range_check_ptr + 1;
    return (before=first.before, after=last.after);
}

// Goes from an access to the last one of the same value; each must see what the one before left. The loop
// has the place, the number of settled accesses and the next range check as the last cells of the stack.
func follow{range_check_ptr, settled}(access: Access*) -> (last: Access*) {
    tempvar range_check_ptr = range_check_ptr;
    tempvar settled = settled + 1;
    tempvar at: Access* = access;

    next:
    let range_check_ptr = [ap - 3];
    let settled = [ap - 2];
    let at = cast([ap - 1], Access*);
    tempvar is_last = nondet %{ commit.is_last %};
    if (is_last != 0) {
        return (last=at);
    }
    %{ commit.next_access %}
    // Only forwards: backwards a value could be read before it is written, or an access counted twice.
    tempvar between = [range_check_ptr];
    tempvar following: Access* = at + Access.SIZE + between * Access.SIZE;
    tempvar address = at.address;
    assert following.address = address;
    tempvar key = at.key;
    assert following.key = key;
    tempvar value = at.after;
    assert following.before = value;
    tempvar range_check_ptr = range_check_ptr + 1;
    tempvar settled = settled + 1;
    tempvar at = following;
    jmp next;
}

// The roots and the state diff, which is written to `out`.
func commit{range_check_ptr, pedersen: HashBuiltin*, poseidon: felt*, out: felt*}(
    log_start: Access*, log_end: Access*
) -> (old_root: felt, new_root: felt) {
    alloc_locals;
    let (__fp__, _) = get_fp_and_pc();
    let (powers) = alloc();
    assert powers[0] = 1;
    powers_of_two(powers=powers + 1, count=252);
    local log: Log = Log(start=log_start, end=log_end, powers=powers);

    local n_contracts;
    local n_classes;
    // Roots, where nothing of a trie was accessed.
    local old_contracts;
    local old_classes;
    %{ commit.enter %}

    let settled = 0;
    local diff: felt* = out;
    let out = diff + 1;
    let (contract_leaves: Leaf*) = alloc();
    let contract_leaf = contract_leaves;
    let changed = 0;
    with settled, contract_leaf, changed {
        settle_contracts(count=n_contracts, log=&log);
    }
    assert diff[0] = changed;
    local settled = settled;
    local contracts_end: Leaf* = contract_leaf;
    local diff: felt* = out;
    let out = diff + 1;
    let (class_leaves: Leaf*) = alloc();
    let class_leaf = class_leaves;
    let changed = 0;
    with settled, class_leaf, changed {
        settle_classes(count=n_classes, log=&log);
    }
    assert diff[0] = changed;
    local classes_end: Leaf* = class_leaf;
    local range_check_ptr = range_check_ptr;

    // Every access of the log is in a chain: one that is not could tell whatever it likes.
    assert settled * Access.SIZE = log_end - log_start;

    %{ commit.contracts_walk %}
    let (old_contracts, new_contracts) = roots{hashes=pedersen}(
        leaves=contract_leaves, end=contracts_end, unchanged=old_contracts, powers=log.powers
    );
    local old_contracts = old_contracts;
    local new_contracts = new_contracts;
    local pedersen: HashBuiltin* = pedersen;
    local triples: HashBuiltin* = cast(nondet %{ commit.class_hashes %}, HashBuiltin*);
    let hashes = triples;
    with hashes {
        let (old_classes, new_classes) = roots(
            leaves=class_leaves, end=classes_end, unchanged=old_classes, powers=log.powers
        );
    }
    local old_classes = old_classes;
    local new_classes = new_classes;
    local range_check_ptr = range_check_ptr;
    check_triples(triple=triples, end=hashes);
    let (old_root) = global_root(contracts=old_contracts, classes=old_classes);
    local old_root = old_root;
    let (new_root) = global_root(contracts=new_contracts, classes=new_classes);
    return (old_root=old_root, new_root=new_root);
}

func powers_of_two(powers: felt*, count: felt) {
    if (count == 0) {
        return ();
    }
    tempvar power = powers[-1] + powers[-1];
    assert powers[0] = power;
    tempvar power = power + power;
    assert powers[1] = power;
    tempvar power = power + power;
    assert powers[2] = power;
    tempvar power = power + power;
    assert powers[3] = power;
    tempvar power = power + power;
    assert powers[4] = power;
    tempvar power = power + power;
    assert powers[5] = power;
    tempvar power = power + power;
    assert powers[6] = power;
    tempvar power = power + power;
    assert powers[7] = power;
    tempvar power = power + power;
    assert powers[8] = power;
    tempvar power = power + power;
    assert powers[9] = power;
    tempvar power = power + power;
    assert powers[10] = power;
    tempvar power = power + power;
    assert powers[11] = power;
    tempvar power = power + power;
    assert powers[12] = power;
    tempvar power = power + power;
    assert powers[13] = power;
    tempvar power = power + power;
    assert powers[14] = power;
    tempvar power = power + power;
    assert powers[15] = power;
    tempvar power = power + power;
    assert powers[16] = power;
    tempvar power = power + power;
    assert powers[17] = power;
    tempvar power = power + power;
    assert powers[18] = power;
    tempvar power = power + power;
    assert powers[19] = power;
    tempvar power = power + power;
    assert powers[20] = power;
    return powers_of_two(powers=powers + 21, count=count - 21);
}

func roots{range_check_ptr, hashes: HashBuiltin*}(
    leaves: Leaf*, end: Leaf*, unchanged: felt, powers: felt*
) -> (before: felt, after: felt) {
    if (leaves == end) {
        return (before=unchanged, after=unchanged);
    }
    return trie_roots(leaves=leaves, end=end, powers=powers);
}

// The root of the state (starknet-formulas §1).
func global_root{poseidon: felt*}(contracts: felt, classes: felt) -> (root: felt) {
    if (contracts == 0) {
        if (classes == 0) {
            return (root=0);
        }
    }
    assert poseidon[0] = 'STARKNET_STATE_V0';
    assert poseidon[1] = contracts;
    assert poseidon[2] = 0;
    assert poseidon[6] = poseidon[3] + classes;
    assert poseidon[7] = poseidon[4] + 1;
    assert poseidon[8] = poseidon[5];
    let poseidon = poseidon + 12;
    return (root=poseidon[-3]);
}

// The hashes of the trie of classes are Poseidon's.
func check_triples{poseidon: felt*}(triple: HashBuiltin*, end: HashBuiltin*) {
    if (triple == end) {
        return ();
    }
    assert poseidon[0] = triple.x;
    assert poseidon[1] = triple.y;
    assert poseidon[2] = 2;
    assert triple.result = poseidon[3];
    let poseidon = poseidon + 6;
    return check_triples(triple=triple + HashBuiltin.SIZE, end=end);
}

// Chains, storage root and leaf of each contract, and its part of the state diff.
func settle_contracts{
    range_check_ptr,
    pedersen: HashBuiltin*,
    out: felt*,
    settled,
    contract_leaf: Leaf*,
    changed,
}(count: felt, log: Log*) {
    alloc_locals;
    if (count == 0) {
        return ();
    }
    local address;
    local n_keys;
    local has_class;
    local has_nonce;
    // Values that were not accessed.
    local class_hash;
    local nonce;
    local storage_root;
    %{ commit.contract %}
    let (old_class, new_class) = settle_or_keep(
        accessed=has_class, address=CLASS_HASHES, key=address, kept=class_hash, log=log
    );
    local old_class = old_class;
    local new_class = new_class;
    let (old_nonce, new_nonce) = settle_or_keep(
        accessed=has_nonce, address=NONCES, key=address, kept=nonce, log=log
    );
    local old_nonce = old_nonce;
    local new_nonce = new_nonce;

    // A contract's part: address, packed header, its class if that is new, keys and values. Nothing is
    // written where nothing has changed.
    local start: felt* = out;
    local class_changed;
    if (new_class == old_class) {
        assert class_changed = 0;
    } else {
        assert class_changed = 1;
        assert start[2] = new_class;
    }
    local updates: felt* = start + 2 + class_changed;
    let out = updates;
    let (leaves: Leaf*) = alloc();
    local leaves: Leaf* = leaves;
    let leaf = leaves;
    with leaf {
        settle_storage(count=n_keys, address=address, log=log);
    }
    local settled = settled;
    local out_end: felt* = out;
    let (old_root, new_root) = roots{hashes=pedersen}(
        leaves=leaves, end=leaf, unchanged=storage_root, powers=log.powers
    );
    local old_root = old_root;
    local new_root = new_root;
    let (before) = contract_leaf_hash(class_hash=old_class, root=old_root, nonce=old_nonce);
    local before = before;
    let (after) = contract_leaf_hash(class_hash=new_class, root=new_root, nonce=new_nonce);
    assert contract_leaf.key = address;
    assert contract_leaf.before = before;
    assert contract_leaf.after = after;
    let contract_leaf = contract_leaf + Leaf.SIZE;

    local n_updates = (out_end - updates) / 2;
    local nonce_changed = new_nonce - old_nonce;
    if (nonce_changed == 0) {
        if (n_updates + class_changed == 0) {
            // Nothing to tell.
            let out = start;
            return settle_contracts(count=count - 1, log=log);
        }
    }
    local told_nonce;
    if (nonce_changed == 0) {
        assert told_nonce = 0;
    } else {
        assert told_nonce = new_nonce;
    }
    tempvar is_small = nondet %{ commit.is_small %};
    assert start[0] = address;
    if (is_small != 0) {
        assert [range_check_ptr] = 255 - n_updates;
        assert start[1] = ((told_nonce * 2 ** 8 + n_updates) * 2 + 1) * 2 + class_changed;
    } else {
        assert [range_check_ptr] = n_updates - 256;
        assert start[1] = (told_nonce * 2 ** 64 + n_updates) * 4 + class_changed;
    }
    let range_check_ptr = range_check_ptr + 1;
    let out = out_end;
    let changed = changed + 1;
    return settle_contracts(count=count - 1, log=log);
}

func settle_or_keep{range_check_ptr, settled}(
    accessed: felt, address: felt, key: felt, kept: felt, log: Log*
) -> (before: felt, after: felt) {
    if (accessed == 0) {
        return (before=kept, after=kept);
    }
    return settle(address=address, key=key, log=log);
}

// Chains of a contract's storage; leaves for its trie, and what has changed for the output.
func settle_storage{range_check_ptr, out: felt*, settled, leaf: Leaf*}(
    count: felt, address: felt, log: Log*
) {
    alloc_locals;
    if (count == 0) {
        return ();
    }
    local key;
    %{ commit.storage_key %}
    let (before, after) = settle(address=address, key=key, log=log);
    assert leaf.key = key;
    assert leaf.before = before;
    assert leaf.after = after;
    let leaf = leaf + Leaf.SIZE;
    tempvar difference = after - before;
    if (difference == 0) {
        return settle_storage(count=count - 1, address=address, log=log);
    }
    assert out[0] = key;
    assert out[1] = after;
    let out = out + 2;
    return settle_storage(count=count - 1, address=address, log=log);
}

// The leaf of a contract: 0 where there is nothing.
func contract_leaf_hash{pedersen: HashBuiltin*}(class_hash: felt, root: felt, nonce: felt) -> (
    hash: felt
) {
    if (class_hash == 0) {
        if (root == 0) {
            if (nonce == 0) {
                return (hash=0);
            }
        }
    }
    assert pedersen[0].x = class_hash;
    assert pedersen[0].y = root;
    assert pedersen[1].x = pedersen[0].result;
    assert pedersen[1].y = nonce;
    assert pedersen[2].x = pedersen[1].result;
    assert pedersen[2].y = 0;
    let pedersen = pedersen + 3 * HashBuiltin.SIZE;
    return (hash=pedersen[-1].result);
}

// Chains and leaves of classes; those that are new for the output.
func settle_classes{
    range_check_ptr, poseidon: felt*, out: felt*, settled, class_leaf: Leaf*, changed
}(count: felt, log: Log*) {
    alloc_locals;
    if (count == 0) {
        return ();
    }
    local class_hash;
    %{ commit.class %}
    let (before, after) = settle(address=CLASSES, key=class_hash, log=log);
    local before = before;
    local after = after;
    assert class_leaf.key = class_hash;
    let (old_leaf) = class_leaf_hash(before);
    assert class_leaf.before = old_leaf;
    if (after == before) {
        assert class_leaf.after = old_leaf;
        let class_leaf = class_leaf + Leaf.SIZE;
        return settle_classes(count=count - 1, log=log);
    }
    let (new_leaf) = class_leaf_hash(after);
    assert class_leaf.after = new_leaf;
    let class_leaf = class_leaf + Leaf.SIZE;
    assert out[0] = class_hash;
    assert out[1] = after;
    let out = out + 2;
    let changed = changed + 1;
    return settle_classes(count=count - 1, log=log);
}

func class_leaf_hash{poseidon: felt*}(compiled_class_hash: felt) -> (hash: felt) {
    if (compiled_class_hash == 0) {
        return (hash=0);
    }
    assert poseidon[0] = 'CONTRACT_CLASS_LEAF_V0';
    assert poseidon[1] = compiled_class_hash;
    assert poseidon[2] = 2;
    let poseidon = poseidon + 6;
    return (hash=poseidon[-3]);
}
