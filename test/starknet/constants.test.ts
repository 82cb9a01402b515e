import { expect } from "chai";
import * as constants from "../../src/starknet/constants.ts";
import type { LinearResources, VmResources } from "../../src/starknet/constants.ts";
import { readSharedJson, requireShared } from "../support/shared.ts";

const FILE = "vectors/starknet/gas/blockifier_versioned_constants_0_14_0.json";

interface Published {
  n_steps: number;
  n_memory_holes: number;
  builtin_instance_counter: Record<string, number>;
}
type Varying =
  | Published
  | {
      constant: Published;
      calldata_factor: Published | { resources: Published; scaling_factor: number };
    };

function published(resources: VmResources): Published {
  const counters = Object.entries(resources.builtins).map(([name, n]) => [`${name}_builtin`, n]);
  return {
    n_steps: resources.steps,
    n_memory_holes: resources.memoryHoles,
    builtin_instance_counter: Object.fromEntries(counters) as Record<string, number>,
  };
}

function varying({ constant, perUnit, divisor }: LinearResources): Varying {
  if (perUnit.steps === 0) return published(constant);
  return {
    constant: published(constant),
    calldata_factor:
      divisor === 1
        ? published(perUnit)
        : { resources: published(perUnit), scaling_factor: divisor },
  };
}

describe("constants of protocol 0.14.0", () => {
  type Json = Record<string, never>;
  let file: Json;
  before(function () {
    requireShared(this, FILE);
    file = readSharedJson<Json>(FILE);
  });

  it("has the published limits", () => {
    const os = file["os_constants"]!;
    const { LIMITS } = constants;
    expect(file["tx_event_limits"]).to.deep.equal({
      max_data_length: LIMITS.eventDataLength,
      max_keys_length: LIMITS.eventKeysLength,
      max_n_emitted_events: LIMITS.eventsPerTransaction,
    });
    expect(file["gateway"]!["max_calldata_length"]).to.equal(LIMITS.calldataLength);
    expect(file["gateway"]!["max_contract_bytecode_size"]).to.equal(LIMITS.bytecodeLength);
    expect(file["invoke_tx_max_n_steps"]).to.equal(LIMITS.executeSteps);
    expect(file["validate_max_n_steps"]).to.equal(LIMITS.validateSteps);
    expect(file["max_recursion_depth"]).to.equal(LIMITS.recursionDepth);
    expect(BigInt(os["execute_max_sierra_gas"]!)).to.equal(LIMITS.executeSierraGas);
    expect(BigInt(os["validate_max_sierra_gas"]!)).to.equal(LIMITS.validateSierraGas);
    expect(BigInt(os["sierra_array_len_bound"]!)).to.equal(LIMITS.sierraArrayLength);
    expect(os["l1_handler_max_amount_bounds"]).to.deep.equal({
      l1_gas: Number(LIMITS.l1Handler.l1Gas),
      l1_data_gas: Number(LIMITS.l1Handler.l1DataGas),
      l2_gas: Number(LIMITS.l1Handler.l2Gas),
    });
    expect(file["min_sierra_version_for_sierra_gas"]).to.equal(
      constants.MIN_SIERRA_VERSION_FOR_GAS.join("."),
    );
    expect(os["validate_rounding_consts"]).to.deep.equal({
      validate_block_number_rounding: constants.VALIDATE_ROUNDING.blockNumber,
      validate_timestamp_rounding: constants.VALIDATE_ROUNDING.timestamp,
    });
    expect(os["stored_block_hash_buffer"]).to.equal(constants.STORED_BLOCK_HASH_BUFFER);
    expect(os["os_contract_addresses"]).to.deep.equal({
      block_hash_contract_address: Number(constants.BLOCK_HASH_CONTRACT),
      alias_contract_address: Number(constants.ALIAS_CONTRACT),
      reserved_contract_address: Number(constants.RESERVED_CONTRACT),
    });
  });

  it("has the published prices of Sierra gas", () => {
    const os = file["os_constants"]!;
    const step = constants.STEP_GAS;
    expect(BigInt(os["step_gas_cost"]!)).to.equal(step);
    expect(BigInt(os["memory_hole_gas_cost"]!)).to.equal(constants.MEMORY_HOLE_GAS);
    const inSteps = (name: string): bigint => BigInt(os[name]!["step_gas_cost"]!) * step;
    expect(inSteps("syscall_base_gas_cost")).to.equal(constants.SYSCALL_BASE_GAS);
    expect(inSteps("entry_point_initial_budget")).to.equal(constants.ENTRY_POINT_INITIAL_BUDGET);
    expect(inSteps("default_initial_gas_cost")).to.equal(constants.DEFAULT_INITIAL_GAS);
    const { blake, ecop, ...builtins } = os["builtin_gas_costs"] as Record<string, number>;
    expect(blake).to.equal(0);
    expect({ ...builtins, ec_op: ecop }).to.deep.equal(
      Object.fromEntries(Object.entries(constants.BUILTIN_GAS).map(([k, v]) => [k, Number(v)])),
    );
  });

  it("has the published resources of the OS", () => {
    const os = file["os_resources"]!;
    const syscalls = os["execute_syscalls"] as Record<string, Varying>;
    for (const [name, resources] of Object.entries(constants.OS_SYSCALL_RESOURCES)) {
      expect(varying(resources), name).to.deep.equal(syscalls[name]);
    }
    const transactions = os["execute_txs_inner"] as Record<string, Varying>;
    const names = {
      INVOKE: "InvokeFunction",
      DECLARE: "Declare",
      DEPLOY_ACCOUNT: "DeployAccount",
      L1_HANDLER: "L1Handler",
    } as const;
    for (const [type, resources] of Object.entries(constants.OS_TRANSACTION_RESOURCES)) {
      expect(varying(resources), type).to.deep.equal(
        transactions[names[type as keyof typeof names]],
      );
    }
    expect(published(constants.OS_KZG_RESOURCES)).to.deep.equal(
      os["compute_os_kzg_commitment_info"],
    );
  });

  it("has the published prices of resources", () => {
    const prices = file["vm_resource_fee_cost"] as unknown as {
      n_steps: number[];
      builtins: Record<string, number[]>;
    };
    expect(constants.STEP_L1_GAS.map(Number)).to.deep.equal(prices.n_steps);
    expect(
      Object.fromEntries(
        Object.entries(constants.BUILTIN_L1_GAS).map(([k, v]) => [`${k}_builtin`, v!.map(Number)]),
      ),
    ).to.deep.equal(prices.builtins);
    expect(file["archival_data_gas_costs"]).to.deep.include({
      gas_per_data_felt: [Number(constants.ARCHIVAL_L2_GAS.perFelt), 1],
      event_key_factor: [Number(constants.ARCHIVAL_L2_GAS.eventKeyFactor), 1],
      gas_per_code_byte: [Number(constants.ARCHIVAL_L2_GAS.perCodeByte), 1],
    });
    const gas = ({
      l1Gas,
      l1DataGas,
      l2Gas,
    }: (typeof constants.ALLOCATION_GAS)["BLOB" | "CALLDATA"]) => ({
      l1_gas: Number(l1Gas),
      l1_data_gas: Number(l1DataGas),
      l2_gas: Number(l2Gas),
    });
    expect(file["allocation_cost"]).to.deep.equal({
      blob_cost: gas(constants.ALLOCATION_GAS.BLOB),
      gas_cost: gas(constants.ALLOCATION_GAS.CALLDATA),
    });
    expect(constants.L2_GAS_PER_L1_GAS).to.equal(40_000n);
  });

  it("has the published names, selectors and special accounts", () => {
    const os = file["os_constants"] as unknown as Record<string, string & string[]>;
    const selectors = {
      constructor: "constructor_entry_point_selector",
      execute: "execute_entry_point_selector",
      transfer: "transfer_entry_point_selector",
      validate: "validate_entry_point_selector",
      validateDeclare: "validate_declare_entry_point_selector",
      validateDeploy: "validate_deploy_entry_point_selector",
    } as const;
    for (const [name, selector] of Object.entries(constants.SELECTORS)) {
      expect(selector).to.equal(BigInt(os[selectors[name as keyof typeof selectors]]!));
    }
    const errors = {
      blockNumberOutOfRange: "error_block_number_out_of_range",
      invalidInputLength: "error_invalid_input_len",
      invalidArgument: "error_invalid_argument",
      outOfGas: "error_out_of_gas",
      entryPointFailed: "error_entry_point_failed",
      entryPointNotFound: "error_entry_point_not_found",
    } as const;
    for (const [name, text] of Object.entries(constants.SYSTEM_ERRORS)) {
      expect(text).to.equal(os[errors[name as keyof typeof errors]]);
    }
    expect(os["validated"]).to.equal(constants.VALIDATED);
    expect([...constants.V1_BOUND_ACCOUNTS]).to.have.members(
      os["v1_bound_accounts_cairo1"]!.map(BigInt),
    );
    expect(BigInt(os["v1_bound_accounts_max_tip"]!)).to.equal(constants.V1_BOUND_ACCOUNTS_MAX_TIP);
    expect([...constants.DATA_GAS_ACCOUNTS]).to.have.members(os["data_gas_accounts"]!.map(BigInt));
  });
});
