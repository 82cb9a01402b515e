// Constants of protocol version 0.14.0 (src/starknet/constants.ts), and the OS's own.

// Addresses of the state log that are no contract's, as those are below 2^251: compiled classes by class
// hash, class hashes and nonces by contract address. Storage has the contract's own address. So no key
// that a contract chooses leads to anything but its storage.
const CLASSES = -1;
const CLASS_HASHES = -2;
const NONCES = -3;

const BLOCK_HASH_CONTRACT = 1;
const STORED_BLOCK_HASH_BUFFER = 10;
const ADDRESS_BOUND = 2 ** 251 - 256;

const SIERRA_ARRAY_LEN_BOUND = 2 ** 32;
const ENTRY_POINT_INITIAL_BUDGET = 10000;
const DEFAULT_INITIAL_GAS = 10000000000;
const VALIDATE_MAX_GAS = 100000000;
const EXECUTE_MAX_GAS = 1000000000;
const L1_HANDLER_MAX_GAS = 100000000;

// Gas of syscalls, without the base gas of 10,000 that compiled code pays itself.
const CALL_CONTRACT_GAS = 81560;
const LIBRARY_CALL_GAS = 79160;
const DEPLOY_GAS = 137120;
const DEPLOY_CALLDATA_GAS = 4850;
const GET_BLOCK_HASH_GAS = 840;
const GET_EXECUTION_INFO_GAS = 2640;
const REPLACE_CLASS_GAS = 670;
const SEND_MESSAGE_GAS = 4470;
const KECCAK_ROUND_GAS = 171707;

const ERROR_OUT_OF_GAS = 'Out of gas';
const ERROR_BLOCK_NUMBER = 'Block number out of range';
const ERROR_INPUT_LENGTH = 'Invalid input length';
const ERROR_ARGUMENT = 'Invalid argument';
const ERROR_ENTRY_POINT_FAILED = 'ENTRYPOINT_FAILED';
const ERROR_ENTRY_POINT_NOT_FOUND = 'ENTRYPOINT_NOT_FOUND';
const VALIDATED = 'VALID';

const CONSTRUCTOR_SELECTOR = 0x28ffe4ff0f226a9107253e17a904099aa4f63a02a5621de0576e5aa71bc5194;
const EXECUTE_SELECTOR = 0x15d40a3d6ca2ac30f4031e42be28da9b056fef9bb7357ac5e85627ee876e5ad;
const TRANSFER_SELECTOR = 0x83afd3f4caedc6eebf44246fe54e38c95e3179a5ec9ea81740eca5b482d12e;
const VALIDATE_SELECTOR = 0x162da33a4585851fe8d3af3c2a9c60b557814e221e0d4f30ff0b2189d9c7775;
const VALIDATE_DECLARE_SELECTOR = 0x289da278a8dc833409cabfdad1581e8e7d40e42dcaed693fa4008dcdb4963b3;
const VALIDATE_DEPLOY_SELECTOR = 0x36fcbf06cd96843058359e1a75928beacfac10727dab22a3972f0af8aa92895;
