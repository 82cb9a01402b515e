// What the parts of the OS tell one another.
from starkware.cairo.common.cairo_builtins import BitwiseBuiltin, EcOpBuiltin, HashBuiltin

// An access to one value of the state. All accesses of a run, in order, are the state log: what a value
// was, and what it is afterwards (the same for a read).
struct Access {
    // The contract, for its storage; or CLASSES, CLASS_HASHES, NONCES.
    address: felt,
    key: felt,
    before: felt,
    after: felt,
}

// Pointers of the builtins that contracts share with the OS, besides range_check; and of keccak, which
// is none.
struct Builtins {
    pedersen: HashBuiltin*,
    bitwise: BitwiseBuiltin*,
    ec_op: EcOpBuiltin*,
    poseidon: felt*,
    // States before and after permutations of keccak, which are checked in the end.
    keccak: felt*,
}

// A set of builtins that some entry point takes: the hash of their names in a compiled class, and for
// each whether it is not in the set (1) or is (0).
struct BuiltinSet {
    hash: felt,
    no_pedersen: felt,
    no_range_check: felt,
    no_bitwise: felt,
    no_ec_op: felt,
    no_poseidon: felt,
    no_segment_arena: felt,
}

// What contracts pay for builtins, in gas.
struct BuiltinCosts {
    pedersen: felt,
    bitwise: felt,
    ec_op: felt,
    poseidon: felt,
    add_mod: felt,
    mul_mod: felt,
}

struct EntryPoint {
    selector: felt,
    offset: felt,
    builtins_hash: felt,
}

// A compiled class. The order of the entry points' kinds is that of their hashes.
struct CompiledClass {
    hash: felt,
    external: EntryPoint*,
    n_external: felt,
    l1_handler: EntryPoint*,
    n_l1_handler: felt,
    constructor: EntryPoint*,
    n_constructor: felt,
    bytecode: felt*,
    class_hash: felt,
    // Whether it was declared before the first block.
    is_old: felt,
}

// core::starknet::info::BlockInfo.
struct BlockInfo {
    number: felt,
    timestamp: felt,
    sequencer: felt,
}

// core::starknet::info::v2::TxInfo.
struct TxInfo {
    version: felt,
    account: felt,
    max_fee: felt,
    signature: felt*,
    signature_end: felt*,
    hash: felt,
    chain_id: felt,
    nonce: felt,
    bounds: ResourceBounds*,
    bounds_end: ResourceBounds*,
    tip: felt,
    paymaster: felt*,
    paymaster_end: felt*,
    nonce_da_mode: felt,
    fee_da_mode: felt,
    deployment: felt*,
    deployment_end: felt*,
}

struct ResourceBounds {
    name: felt,
    max_amount: felt,
    max_price: felt,
}

// What stays the same while the OS runs.
struct Environment {
    chain_id: felt,
    fee_token: felt,
    classes: CompiledClass*,
    builtin_sets: BuiltinSet*,
    // Indices of the last ones; -1 where there is none.
    last_class: felt,
    last_builtin_set: felt,
    execute_syscalls: felt*,
}

// A block, as __execute__ and as __validate__ see it.
struct Block {
    number: felt,
    sequencer: felt,
    execute: BlockInfo*,
    validate: BlockInfo*,
    environment: Environment*,
}

// A call: the first five members are core::starknet::info::v2::ExecutionInfo.
struct Call {
    block_info: BlockInfo*,
    tx_info: TxInfo*,
    caller: felt,
    contract: felt,
    selector: felt,
    class_hash: felt,
    // Offset of the entry points of that kind in CompiledClass.
    kind: felt,
    calldata: felt*,
    calldata_end: felt*,
    // Whether a call above is charged by Cairo steps.
    by_steps: felt,
    block: Block*,
}
