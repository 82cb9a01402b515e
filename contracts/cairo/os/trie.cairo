// Patricia tries: the roots before and after, of all leaves that were accessed, in one walk
// (starknet-formulas §1).
//
// The walk goes down wherever leaves were accessed, left before right, and meets the leaves in ascending
// order: that no key comes twice and that all are within the trie follows from that. What nodes look
// like is a guess; their hashes bind the old trie to the old root. The new trie must also be of the
// protocol's form (edges as long as can be): then it has one place for each key, for ever.
//
// Hashes are triples x, y, result at `hashes`: instances of the Pedersen builtin, or, for the trie of
// classes, triples that are checked with Poseidon afterwards.
from starkware.cairo.common.cairo_builtins import HashBuiltin

// A leaf with its values before and after. 0 is a leaf that is not there.
struct Leaf {
    key: felt,
    before: felt,
    after: felt,
}

const HEIGHT = 251;

// How a node is to be walked. Of `node`: forks that are forks before and after, an edge to a single leaf
// that is there before and after, anything else.
const LEFT = 0;
const RIGHT = 1;
const BOTH = 2;
const LEAF_EDGE = 3;
const OTHER = 4;
// Of `subtree`: a single leaf, bits that all leaves share, a fork that `node` walks, two leaves that are
// neighbours (the halves of a 256-bit balance, for example).
const LEAF = 3;
const SHARED_BITS = 4;
const FORK = 5;
const NEIGHBOURS = 6;

// A subtree: an edge of `length` bits (0: none), the bits, and the fork or leaf below. Bottom 0: empty.
struct Subtree {
    length: felt,
    path: felt,
    bottom: felt,
}

// Roots before and after of the trie of `leaves`, up to `end`.
func trie_roots{range_check_ptr, hashes: HashBuiltin*}(
    leaves: Leaf*, end: Leaf*, powers: felt*
) -> (before: felt, after: felt) {
    alloc_locals;
    let leaf = leaves;
    let (before, after) = subtree{leaf=leaf}(height=HEIGHT, path=0, powers=powers);
    // Every leaf was met: one left over would have values that nothing proves.
    assert leaf = end;
    local after: Subtree = after;
    let (old_root) = close(before.length, before.path, before.bottom);
    local old_root = old_root;
    let (new_root) = close(after.length, after.path, after.bottom);
    return (before=old_root, after=new_root);
}

// The hash of a subtree.
func close{hashes: HashBuiltin*}(length: felt, path: felt, bottom: felt) -> (hash: felt) {
    if (length == 0) {
        return (hash=bottom);
    }
    assert hashes.x = bottom;
    assert hashes.y = path;
    tempvar hash = hashes.result + length;
    let hashes = hashes + HashBuiltin.SIZE;
    return (hash=hash);
}

// Hashes before and after of a node under which leaves were accessed and that is not empty, neither
// before nor after. `fork` tells whether it is a fork both times.
func node{range_check_ptr, hashes: HashBuiltin*, leaf: Leaf*}(
    height: felt, path: felt, powers: felt*
) -> (before: felt, after: felt, fork: felt) {
    alloc_locals;
    local kind;
    local sibling;
    %{ trie.node %}
    if (kind == LEFT) {
        let (before, after, _) = node(height=height - 1, path=2 * path, powers=powers);
        assert hashes[0].x = before;
        assert hashes[0].y = sibling;
        assert hashes[1].x = after;
        assert hashes[1].y = sibling;
        let hashes = hashes + 2 * HashBuiltin.SIZE;
        return (before=hashes[-2].result, after=hashes[-1].result, fork=1);
    }
    if (kind == RIGHT) {
        let (before, after, _) = node(height=height - 1, path=2 * path + 1, powers=powers);
        assert hashes[0].x = sibling;
        assert hashes[0].y = before;
        assert hashes[1].x = sibling;
        assert hashes[1].y = after;
        let hashes = hashes + 2 * HashBuiltin.SIZE;
        return (before=hashes[-2].result, after=hashes[-1].result, fork=1);
    }
    if (kind == BOTH) {
        let (left_old, left_new, _) = node(height=height - 1, path=2 * path, powers=powers);
        local left_old = left_old;
        local left_new = left_new;
        let (right_old, right_new, _) = node(height=height - 1, path=2 * path + 1, powers=powers);
        assert hashes[0].x = left_old;
        assert hashes[0].y = right_old;
        assert hashes[1].x = left_new;
        assert hashes[1].y = right_new;
        let hashes = hashes + 2 * HashBuiltin.SIZE;
        return (before=hashes[-2].result, after=hashes[-1].result, fork=1);
    }
    if (kind == LEAF_EDGE) {
        // All bits that are left are one edge.
        tempvar bits = leaf.key - path * powers[height];
        local bits = bits;
        local before = leaf.before;
        local after = leaf.after;
        // Otherwise an edge to nothing would be in the new trie.
        assert_not_zero(after);
        let leaf = leaf + Leaf.SIZE;
        // A leaf's value may well be a hash that somebody chose: below the leaves nothing is walked.
        assert [range_check_ptr] = height;
        let range_check_ptr = range_check_ptr + 1;
        if (height == 0) {
            assert bits = 0;
            return (before=before, after=after, fork=0);
        }
        assert_bits(value=bits, count=height, powers=powers);
        assert hashes[0].x = before;
        assert hashes[0].y = bits;
        assert hashes[1].x = after;
        assert hashes[1].y = bits;
        let hashes = hashes + 2 * HashBuiltin.SIZE;
        return (before=hashes[-2].result + height, after=hashes[-1].result + height, fork=0);
    }
    assert kind = OTHER;
    let (tree_before, tree_after) = subtree(height=height, path=path, powers=powers);
    local tree_before: Subtree = tree_before;
    local tree_after: Subtree = tree_after;
    assert_not_zero(tree_before.bottom);
    assert_not_zero(tree_after.bottom);
    let (hash_before) = close(tree_before.length, tree_before.path, tree_before.bottom);
    local hash_before = hash_before;
    let (hash_after) = close(tree_after.length, tree_after.path, tree_after.bottom);
    return (before=hash_before, after=hash_after, fork=0);
}

// What is before and after at a place of the trie under which leaves were accessed.
func subtree{range_check_ptr, hashes: HashBuiltin*, leaf: Leaf*}(
    height: felt, path: felt, powers: felt*
) -> (before: Subtree, after: Subtree) {
    alloc_locals;
    local kind;
    // Of SHARED_BITS: how many, and which.
    local count;
    local bits;
    // Of LEFT and RIGHT: the other side, in which no leaf was accessed.
    local other: Subtree;
    %{ trie.subtree %}
    if (kind == FORK) {
        let (hash_before, hash_after, fork) = node(height=height, path=path, powers=powers);
        // A hash of an edge would be taken for a fork's, and get an edge above it.
        assert fork = 1;
        return (before=Subtree(0, 0, hash_before), after=Subtree(0, 0, hash_after));
    }
    if (kind == SHARED_BITS) {
        assert [range_check_ptr] = count - 1;
        assert [range_check_ptr + 1] = height - count;
        let range_check_ptr = range_check_ptr + 2;
        // Without this check a key would have a second place in the trie: one with a path too long above,
        // and one too short below, whose sum is the same.
        assert_bits(value=bits, count=count, powers=powers);
        let (before, after) = subtree(
            height=height - count, path=path * powers[count] + bits, powers=powers
        );
        local after: Subtree = after;
        let (old_above) = extend(before, bits=bits, count=count, powers=powers);
        local old_above: Subtree = old_above;
        let (new_above) = extend(after, bits=bits, count=count, powers=powers);
        return (before=old_above, after=new_above);
    }
    if (kind == LEAF) {
        tempvar rest = leaf.key - path * powers[height];
        local rest = rest;
        let leaf = leaf + Leaf.SIZE;
        // A leaf's value may well be a hash that somebody chose: below the leaves nothing is walked.
        assert [range_check_ptr] = height;
        let range_check_ptr = range_check_ptr + 1;
        assert_bits(value=rest, count=height, powers=powers);
        let (tree_before) = leaf_edge(value=leaf[-1].before, bits=rest, count=height);
        local tree_before: Subtree = tree_before;
        let (tree_after) = leaf_edge(value=leaf[-1].after, bits=rest, count=height);
        return (before=tree_before, after=tree_after);
    }
    if (kind == NEIGHBOURS) {
        assert height = 1;
        assert leaf[0].key = 2 * path;
        assert leaf[1].key = 2 * path + 1;
        let leaf = leaf + 2 * Leaf.SIZE;
        let (tree_before) = join_leaves(left=leaf[-2].before, right=leaf[-1].before);
        local tree_before: Subtree = tree_before;
        let (tree_after) = join_leaves(left=leaf[-2].after, right=leaf[-1].after);
        return (before=tree_before, after=tree_after);
    }
    if (kind == BOTH) {
        let (left_old, left_new) = subtree(height=height - 1, path=2 * path, powers=powers);
        local left_old: Subtree = left_old;
        local left_new: Subtree = left_new;
        let (right_old, right_new) = subtree(height=height - 1, path=2 * path + 1, powers=powers);
        local right_new: Subtree = right_new;
        let (before) = join(left=left_old, right=right_old, powers=powers);
        local before: Subtree = before;
        let (after) = join(left=left_new, right=right_new, powers=powers);
        return (before=before, after=after);
    }
    // The other side is what the old trie has: its hash is in the old root. Its length must be that of an
    // edge, as the hash is a sum with it: any length would make any edge have any hash.
    assert [range_check_ptr] = other.length;
    assert [range_check_ptr + 1] = height - 1 - other.length;
    let range_check_ptr = range_check_ptr + 2;
    if (kind == LEFT) {
        let (before, after) = subtree(height=height - 1, path=2 * path, powers=powers);
        local after: Subtree = after;
        assert_maximal(before=before.bottom, after=after.bottom, other=other, height=height);
        let (old_above) = join(left=before, right=other, powers=powers);
        local old_above: Subtree = old_above;
        let (new_above) = join(left=after, right=other, powers=powers);
        return (before=old_above, after=new_above);
    }
    assert kind = RIGHT;
    let (before, after) = subtree(height=height - 1, path=2 * path + 1, powers=powers);
    local after: Subtree = after;
    assert_maximal(before=before.bottom, after=after.bottom, other=other, height=height);
    let (old_above) = join(left=other, right=before, powers=powers);
    local old_above: Subtree = old_above;
    let (new_above) = join(left=other, right=after, powers=powers);
    return (before=old_above, after=new_above);
}

// Where a side of a fork becomes empty, the other side gets an edge. Its hash alone does not tell whether
// it is a fork or an edge itself, and of an edge there must be one edge only: a fork is shown to be one.
func assert_maximal{hashes: HashBuiltin*}(before: felt, after: felt, other: Subtree, height: felt) {
    if (after != 0) {
        return ();
    }
    if (before == 0) {
        // As before: the old trie had the edge already.
        return ();
    }
    if (other.bottom == 0) {
        return ();
    }
    if (other.length != 0) {
        return ();
    }
    if (height == 1) {
        // Leaves.
        return ();
    }
    tempvar left = nondet %{ trie.left_of_fork %};
    tempvar right = nondet %{ trie.right_of_fork %};
    assert hashes.x = left;
    assert hashes.y = right;
    assert hashes.result = other.bottom;
    let hashes = hashes + HashBuiltin.SIZE;
    return ();
}

// The subtree with two sides: a fork, or the edge to the only side that is not empty.
func join{hashes: HashBuiltin*}(left: Subtree, right: Subtree, powers: felt*) -> (tree: Subtree) {
    alloc_locals;
    if (left.bottom == 0) {
        let (tree) = extend(below=right, bits=1, count=1, powers=powers);
        return (tree=tree);
    }
    if (right.bottom == 0) {
        let (tree) = extend(below=left, bits=0, count=1, powers=powers);
        return (tree=tree);
    }
    let (left_hash) = close(left.length, left.path, left.bottom);
    local left_hash = left_hash;
    let (right_hash) = close(right.length, right.path, right.bottom);
    assert hashes.x = left_hash;
    assert hashes.y = right_hash;
    let hash = hashes.result;
    let hashes = hashes + HashBuiltin.SIZE;
    return (tree=Subtree(0, 0, hash));
}

// The edge of `count` bits to a leaf, or nothing.
func leaf_edge(value: felt, bits: felt, count: felt) -> (tree: Subtree) {
    if (value == 0) {
        return (tree=Subtree(0, 0, 0));
    }
    return (tree=Subtree(count, bits, value));
}

// The subtree with two leaves.
func join_leaves{hashes: HashBuiltin*}(left: felt, right: felt) -> (tree: Subtree) {
    if (right == 0) {
        if (left == 0) {
            return (tree=Subtree(0, 0, 0));
        }
        return (tree=Subtree(1, 0, left));
    }
    if (left == 0) {
        return (tree=Subtree(1, 1, right));
    }
    assert hashes.x = left;
    assert hashes.y = right;
    let hash = hashes.result;
    let hashes = hashes + HashBuiltin.SIZE;
    return (tree=Subtree(0, 0, hash));
}

// The subtree with an edge of `count` bits above.
func extend(below: Subtree, bits: felt, count: felt, powers: felt*) -> (tree: Subtree) {
    if (below.bottom == 0) {
        return (tree=Subtree(0, 0, 0));
    }
    return (
        tree=Subtree(
            length=below.length + count,
            path=below.path + bits * powers[below.length],
            bottom=below.bottom,
        ),
    );
}

func assert_not_zero(value: felt) {
    jmp not_zero if value != 0;
    assert value = 1;
    not_zero:
    return ();
}

// That 0 <= value < 2^count, for a count of at most 251.
func assert_bits{range_check_ptr}(value: felt, count: felt, powers: felt*) {
    tempvar long = nondet %{ trie.long_path %};
    if (long == 0) {
        // Right for any count: both are in [0, 2^128) only if value is in [0, 2^count).
        assert [range_check_ptr] = value;
        assert [range_check_ptr + 1] = powers[count] - 1 - value;
        let range_check_ptr = range_check_ptr + 2;
        return ();
    }
    %{ trie.halves %}
    tempvar low = [range_check_ptr];
    tempvar high = [range_check_ptr + 1];
    assert value = low + 2 ** 128 * high;
    // count - 128 is an index of the powers, not one before them.
    assert [range_check_ptr + 2] = count - 128;
    assert [range_check_ptr + 3] = powers[count - 128] - 1 - high;
    let range_check_ptr = range_check_ptr + 4;
    return ();
}
