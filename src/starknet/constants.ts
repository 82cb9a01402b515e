/**
 * Constants of protocol version 0.14.0, in one table. Figures are facts of the protocol as published in
 * starkware-libs/sequencer `crates/blockifier/resources/blockifier_versioned_constants_0_14_0.json`;
 * each group names the section of that file (or another source) that it comes from.
 */
import type { BuiltinName } from "../cairo/program.ts";
import type { Felt } from "../field/felt.ts";

export const STARKNET_VERSION = "0.14.0";

/** Resources of a Cairo run: what a step-tracked call, or the OS around a call, costs to prove. */
export interface VmResources {
  readonly steps: number;
  readonly memoryHoles: number;
  readonly builtins: Readonly<Partial<Record<BuiltinName, number>>>;
}

export const LIMITS = {
  /** `tx_event_limits` */
  eventDataLength: 300,
  eventKeysLength: 50,
  eventsPerTransaction: 1000,
  /** `gateway` */
  calldataLength: 5000,
  bytecodeLength: 81920,
  /** `invoke_tx_max_n_steps`, `validate_max_n_steps`: calls of classes without Sierra gas */
  executeSteps: 10_000_000,
  validateSteps: 1_000_000,
  /** `max_recursion_depth` */
  recursionDepth: 50,
  /** `os_constants.execute_max_sierra_gas`, `validate_max_sierra_gas` */
  executeSierraGas: 1_000_000_000n,
  validateSierraGas: 100_000_000n,
  /** `os_constants.l1_handler_max_amount_bounds` */
  l1Handler: { l1Gas: 40_000n, l1DataGas: 20_000n, l2Gas: 100_000_000n },
  /** `os_constants.sierra_array_len_bound` */
  sierraArrayLength: 1n << 32n,
} as const;

/**
 * Bounds of this node, beyond the protocol's. A syscall that passes an array on is charged by the call,
 * not by the array's length: the same array, passed on again and again, makes a node copy and keep
 * gigabytes for the gas of one transaction.
 */
export const NODE_LIMITS = {
  /**
   * Felts that syscalls of one phase may take from memory and write to it: two hundred times the calldata
   * that a transaction can have, and all events that it can emit three times over. It takes some 0.2 s.
   */
  copiedFelts: 1 << 20,
} as const;

/** `min_sierra_version_for_sierra_gas`: classes below it are charged by Cairo steps. */
export const MIN_SIERRA_VERSION_FOR_GAS = [1, 7, 0] as const;

/** `os_constants.validate_rounding_consts`: what `__validate__` sees of the block. */
export const VALIDATE_ROUNDING = { blockNumber: 100, timestamp: 3600 } as const;

/** `os_constants.stored_block_hash_buffer`: hashes of younger blocks cannot be read. */
export const STORED_BLOCK_HASH_BUFFER = 10;

/** `os_constants.os_contract_addresses` */
export const BLOCK_HASH_CONTRACT: Felt = 1n;
export const ALIAS_CONTRACT: Felt = 2n;
export const RESERVED_CONTRACT: Felt = 3n;

/** Keys of the tries of contracts, storage and classes, which have height 251, are below it. */
export const TRIE_KEY_BOUND: Felt = 1n << 251n;

/** Contract addresses, class hashes and storage keys are below it (cairo-lang starknet/public/abi.py). */
export const ADDRESS_BOUND: Felt = (1n << 251n) - 256n;

/** `os_constants`: step_gas_cost and what is stated in multiples of it. */
export const STEP_GAS = 100n;
export const MEMORY_HOLE_GAS = 10n;
export const SYSCALL_BASE_GAS = 100n * STEP_GAS;
export const ENTRY_POINT_INITIAL_BUDGET = 100n * STEP_GAS;
/** Gas of calls that are charged by steps, and of the fee transfer: never reached. */
export const DEFAULT_INITIAL_GAS = 100_000_000n * STEP_GAS;

/** `os_constants.builtin_gas_costs` */
export const BUILTIN_GAS: Readonly<Partial<Record<BuiltinName, bigint>>> = {
  range_check: 70n,
  range_check96: 56n,
  keccak: 136_189n,
  pedersen: 4050n,
  bitwise: 583n,
  ec_op: 4085n,
  poseidon: 491n,
  add_mod: 230n,
  mul_mod: 604n,
  ecdsa: 10_561n,
};

/** In the order in which compiled classes expect the prices of the builtins that they pay for. */
export const PAID_BUILTINS = [
  "pedersen",
  "bitwise",
  "ec_op",
  "poseidon",
  "add_mod",
  "mul_mod",
] as const satisfies readonly BuiltinName[];

const resources = (
  steps: number,
  builtins: VmResources["builtins"] = {},
  memoryHoles = 0,
): VmResources => ({ steps, memoryHoles, builtins });

/** Resources that grow with a length: constant + ceil(perUnit x length / divisor). */
export interface LinearResources {
  readonly constant: VmResources;
  readonly perUnit: VmResources;
  readonly divisor: number;
}

const linear = (
  constant: VmResources,
  perUnit: VmResources = resources(0),
  divisor = 1,
): LinearResources => ({ constant, perUnit, divisor });

/** `os_resources.execute_syscalls`, for the syscalls of Cairo 1 classes. */
export const OS_SYSCALL_RESOURCES = {
  CallContract: linear(resources(903, { range_check: 18 })),
  Deploy: linear(resources(1173, { range_check: 21, pedersen: 7 }), resources(8, { pedersen: 1 })),
  EmitEvent: linear(resources(61, { range_check: 1 })),
  GetBlockHash: linear(resources(107, { range_check: 2 })),
  GetClassHashAt: linear(resources(89, { range_check: 1 })),
  GetExecutionInfo: linear(resources(125, { range_check: 2 })),
  Keccak: linear(resources(100)),
  KeccakRound: linear(resources(281, { range_check: 56, keccak: 1, bitwise: 6 })),
  LibraryCall: linear(resources(879, { range_check: 18 })),
  MetaTxV0: linear(
    resources(1301, { range_check: 20, pedersen: 9 }),
    resources(8, { pedersen: 1 }),
  ),
  ReplaceClass: linear(resources(106, { range_check: 1 })),
  Secp256k1Add: linear(resources(412, { range_check: 29 })),
  Secp256k1GetPointFromX: linear(resources(397, { range_check: 30 })),
  Secp256k1GetXy: linear(resources(209, { range_check: 11 })),
  Secp256k1Mul: linear(resources(76_507, { range_check: 7045 })),
  Secp256k1New: linear(resources(463, { range_check: 35 })),
  Secp256r1Add: linear(resources(595, { range_check: 57 })),
  Secp256r1GetPointFromX: linear(resources(516, { range_check: 44 })),
  Secp256r1GetXy: linear(resources(211, { range_check: 11 })),
  Secp256r1Mul: linear(resources(125_346, { range_check: 13_961 })),
  Secp256r1New: linear(resources(582, { range_check: 49 })),
  SendMessageToL1: linear(resources(144, { range_check: 1 })),
  Sha256ProcessBlock: linear(resources(1867, { range_check: 65, bitwise: 1115 })),
  StorageRead: linear(resources(90, { range_check: 1 })),
  StorageWrite: linear(resources(96, { range_check: 1 })),
} as const satisfies Record<string, LinearResources>;

/** Syscalls of Cairo 1 classes. `KeccakRound` is a price, not a syscall. */
export type SyscallName = Exclude<keyof typeof OS_SYSCALL_RESOURCES, "KeccakRound">;

/** `os_resources.execute_txs_inner`, per calldata felt; the fee transfer is in it. */
export const OS_TRANSACTION_RESOURCES = {
  INVOKE: linear(
    resources(4348, { range_check: 90, pedersen: 4, poseidon: 12 }),
    resources(11, { poseidon: 1 }),
    2,
  ),
  DECLARE: linear(resources(3523, { range_check: 72, pedersen: 4, poseidon: 15 })),
  DEPLOY_ACCOUNT: linear(
    resources(4583, { range_check: 93, pedersen: 11, poseidon: 11 }),
    resources(37, { pedersen: 2, poseidon: 1 }),
    2,
  ),
  L1_HANDLER: linear(
    resources(1315, { range_check: 19, pedersen: 11 }),
    resources(13, { pedersen: 1 }),
  ),
} as const;

/** `os_resources.compute_os_kzg_commitment_info`, per felt of the data segment. */
export const OS_KZG_RESOURCES: VmResources = resources(113, { range_check: 17 });

/** L1 gas as a fraction: numerator, denominator. */
export type Ratio = readonly [bigint, bigint];

/** `vm_resource_fee_cost`: the dearest one of them is what a step-tracked run costs, in L1 gas. */
export const STEP_L1_GAS: Ratio = [25n, 10_000n];
export const BUILTIN_L1_GAS: Readonly<Partial<Record<BuiltinName, Ratio>>> = {
  add_mod: [4n, 100n],
  bitwise: [16n, 100n],
  ec_op: [256n, 100n],
  ecdsa: [512n, 100n],
  keccak: [512n, 100n],
  mul_mod: [4n, 100n],
  output: [0n, 1n],
  pedersen: [8n, 100n],
  poseidon: [8n, 100n],
  range_check96: [4n, 100n],
  range_check: [4n, 100n],
};

/** blockifier `abi/constants.rs`: the OS turns a segment_arena instance into this many steps. */
export const STEPS_PER_SEGMENT_ARENA = 10;

/** One L1 gas in L2 gas: a step costs 100 L2 gas or 25/10000 L1 gas. */
export const L2_GAS_PER_L1_GAS = (STEP_GAS * STEP_L1_GAS[1]) / STEP_L1_GAS[0];

/** `archival_data_gas_costs`, in L2 gas */
export const ARCHIVAL_L2_GAS = { perFelt: 5120n, eventKeyFactor: 2n, perCodeByte: 1280n } as const;

/** `allocation_cost`: for each storage cell that turns from zero to something else. */
export const ALLOCATION_GAS = {
  BLOB: { l1Gas: 0n, l1DataGas: 32n, l2Gas: 0n },
  CALLDATA: { l1Gas: 551n, l1DataGas: 0n, l2Gas: 0n },
} as const;

/** Costs on Ethereum, blockifier `fee/eth_gas_constants.rs`. */
export const ETHEREUM_GAS = {
  calldataByte: 16n,
  calldataZeroByte: 4n,
  calldataWord: 16n * 32n,
  /** 2^17 data gas for 2^12 felts of a blob */
  blobFelt: 32n,
  /** StarknetCore counts messages in storage: 0 -> 1, and n -> n - 1 (2100 + 2900) */
  counterSet: 20_000n,
  counterDecrease: 5000n,
  log: 375n,
  logTopic: 375n,
  logDataWord: 8n * 32n,
  /** SHARP's cost of an output word: calldata and an empirical 100 */
  sharpWord: 16n * 32n + 100n,
  /** the same for words of data availability, with a discount of 10% */
  sharpDataWord: 612n - 61n,
} as const;

/** Words of the OS output around the payload of a message (blockifier `abi/constants.rs`). */
export const L2_TO_L1_HEADER_WORDS = 3;
export const L1_TO_L2_HEADER_WORDS = 5;
/** Topics of the events that StarknetCore emits for a message, the default topic not counted. */
export const LOG_MESSAGE_TO_L1_TOPICS = 2;
export const CONSUMED_MESSAGE_TO_L2_TOPICS = 3;

/** `os_constants.v1_bound_accounts_cairo1`: they are shown version 1 where the tip is at most the maximum. */
export const V1_BOUND_ACCOUNTS: ReadonlySet<Felt> = new Set([
  0x1a736d6ed154502257f02b1ccdf4d9d1089f80811cd6acad48e6b6a9d1f2003n,
  0x737ee2f87ce571a58c6c8da558ec18a07ceb64a6172d5ec46171fbc80077a48n,
  0x5400e90f7e0ae78bd02c77cd75527280470e2fe19c54970dd79dc37a9d3645cn,
  0x4c6d6cf894f8bc96bb9c525e6853e5483177841f7388f74a46cfda6f028c755n,
  0x1c0bb51e2ce73dc007601a1e7725453627254016c28f118251a71bbb0507fcbn,
  0x251830adc3d8b4d818c2c309d71f1958308e8c745212480c26e01120c69ee49n,
  0x251cac7b2f45d255b83b7a06dcdef70c8a8752f00ea776517c1c2243c7a06e5n,
]);
export const V1_BOUND_ACCOUNTS_MAX_TIP = 0x746a5288000n;

/** `os_constants.data_gas_accounts`: they are shown two resource bounds, without L1 data gas. */
export const DATA_GAS_ACCOUNTS: ReadonlySet<Felt> = new Set([
  0x2c8c7e6fbcfb3e8e15a46648e8914c6aa1fc506fc1e7fb3d1e19630716174bcn,
  0x816dd0297efc55dc1e7559020a3a825e81ef734b558f03c83325d4da7e6253n,
  0x41bf1e71792aecb9df3e9d04e1540091c5e13122a731e02bec588f71dc1a5c3n,
  0x6d612cac7690e6620055c617a83a5a0b43b9758d9d30f281ddbc77be1651a70n,
]);

/** `os_constants`: selectors of entry points that the protocol calls (sn_keccak of the name). */
export const SELECTORS = {
  constructor: 0x28ffe4ff0f226a9107253e17a904099aa4f63a02a5621de0576e5aa71bc5194n,
  execute: 0x15d40a3d6ca2ac30f4031e42be28da9b056fef9bb7357ac5e85627ee876e5adn,
  transfer: 0x83afd3f4caedc6eebf44246fe54e38c95e3179a5ec9ea81740eca5b482d12en,
  validate: 0x162da33a4585851fe8d3af3c2a9c60b557814e221e0d4f30ff0b2189d9c7775n,
  validateDeclare: 0x289da278a8dc833409cabfdad1581e8e7d40e42dcaed693fa4008dcdb4963b3n,
  validateDeploy: 0x36fcbf06cd96843058359e1a75928beacfac10727dab22a3972f0af8aa92895n,
} as const satisfies Record<string, Felt>;

/** `os_constants.error_*`: panic data with which the system fails a syscall or a call. */
export const SYSTEM_ERRORS = {
  blockNumberOutOfRange: "Block number out of range",
  invalidInputLength: "Invalid input length",
  invalidArgument: "Invalid argument",
  outOfGas: "Out of gas",
  entryPointFailed: "ENTRYPOINT_FAILED",
  entryPointNotFound: "ENTRYPOINT_NOT_FOUND",
} as const;
/** `os_constants.validated`: what `__validate__` returns. */
export const VALIDATED = "VALID";
