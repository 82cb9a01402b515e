/**
 * Receipts of blocks 0.14.0 that others published: they state VM resources, gas and fee of each
 * transaction, so that the steps from one to the next can be recomputed without the state.
 */
import { expect } from "chai";
import type { BuiltinName } from "../../../src/cairo/program.ts";
import { L2_GAS_PER_L1_GAS } from "../../../src/starknet/constants.ts";
import type { VmResources } from "../../../src/starknet/constants.ts";
import { capGas, gasFee } from "../../../src/starknet/fee/gas-vector.ts";
import { overheadSteps, transactionGas } from "../../../src/starknet/fee/transaction-gas.ts";
import {
  kzgResources,
  NO_RESOURCES,
  vmResourcesL2Gas,
} from "../../../src/starknet/fee/vm-resources.ts";
import { NO_EXECUTION } from "../../../src/starknet/execution/call-info.ts";
import type { GasVector } from "../../../src/starknet/receipt.ts";
import { readSharedJson, requireShared } from "../../support/shared.ts";

interface JsonGas {
  l1_gas: number;
  l1_data_gas: number;
  l2_gas: number;
}
interface JsonReceipt {
  actual_fee: string;
  events: { keys: string[]; data: string[] }[];
  l2_to_l1_messages: unknown[];
  revert_error?: string;
  execution_resources: {
    n_steps: number;
    n_memory_holes: number;
    builtin_instance_counter: Record<string, number>;
    data_availability: JsonGas;
    total_gas_consumed: JsonGas;
  };
}
interface JsonTransaction {
  type: string;
  tip: string;
  calldata?: string[];
  constructor_calldata?: string[];
  signature: string[];
  resource_bounds: Record<string, { max_amount: string }>;
}
interface JsonBlock {
  transactions: JsonTransaction[];
  transaction_receipts: JsonReceipt[];
  [price: `${string}_price`]: { price_in_wei: string; price_in_fri: string };
}

const gasOf = (json: JsonGas): GasVector => ({
  l1Gas: BigInt(json.l1_gas),
  l1DataGas: BigInt(json.l1_data_gas),
  l2Gas: BigInt(json.l2_gas),
});

const resourcesOf = ({ execution_resources: json }: JsonReceipt): VmResources => ({
  steps: json.n_steps,
  memoryHoles: json.n_memory_holes,
  builtins: Object.fromEntries(
    Object.entries(json.builtin_instance_counter).map(([name, n]) => [
      name.replace(/_builtin$/, "") as BuiltinName,
      n,
    ]),
  ),
});

const sum = (numbers: number[]): number => numbers.reduce((a, b) => a + b, 0);

const typeOf = (transaction: JsonTransaction): "INVOKE" | "DEPLOY_ACCOUNT" =>
  transaction.type === "INVOKE_FUNCTION" ? "INVOKE" : "DEPLOY_ACCOUNT";
const calldataLength = ({ calldata, constructor_calldata }: JsonTransaction): number =>
  (calldata ?? constructor_calldata ?? []).length;

/** L2 gas of calldata, signature and events; the last event is the fee transfer's, which is not charged. */
function archivalL2Gas(transaction: JsonTransaction, receipt: JsonReceipt): bigint {
  const events = receipt.events.slice(0, -1);
  const { archival } = transactionGas(
    {
      type: typeOf(transaction),
      calldataLength: calldataLength(transaction),
      signatureLength: transaction.signature.length,
      codeSize: 0,
      stateChanges: {
        storageUpdates: 0,
        classHashUpdates: 0,
        compiledClassHashUpdates: 0,
        modifiedContracts: 0,
        allocatedKeys: 0,
      },
      execution: {
        ...NO_EXECUTION,
        eventKeys: sum(events.map(({ keys }) => keys.length)),
        eventData: sum(events.map(({ data }) => data.length)),
      },
      reverted: { steps: 0, sierraGas: 0n },
    },
    "BLOB",
  );
  return archival.l2Gas;
}

const blocks = [
  // all but one of its transactions ran classes that are charged by steps
  ["0.14.0-mainnet-2238855.block", 20, { exact: 7, wholeL1Gas: 19 }],
  // all of its transactions ran classes that are charged by Sierra gas
  ["0.14.0-sepolia_integration-2473486.block", 8, { exact: 0, wholeL1Gas: 0 }],
] as const;

for (const [name, count, bySteps] of blocks) {
  describe(`receipts of ${name}`, () => {
    const path = `vectors/starknet/blocks/${name}.json`;
    let block: JsonBlock;
    let pairs: [JsonTransaction, JsonReceipt][];
    before(function () {
      requireShared(this, path);
      block = readSharedJson<JsonBlock>(path);
      pairs = block.transactions.map((each, i) => [each, block.transaction_receipts[i]!]);
      expect(pairs).to.have.length(count);
    });

    const prices = () => {
      const price = (gas: string) => ({
        wei: BigInt(block[`${gas}_price`]!.price_in_wei),
        fri: BigInt(block[`${gas}_price`]!.price_in_fri),
      });
      return {
        l1Gas: price("l1_gas"),
        l1DataGas: price("l1_data_gas"),
        l2Gas: price("l2_gas"),
      };
    };

    it("have the fee of their gas", () => {
      for (const [transaction, receipt] of pairs) {
        const used = gasOf(receipt.execution_resources.total_gas_consumed);
        const fee = BigInt(receipt.actual_fee);
        if (receipt.revert_error === undefined) {
          expect(gasFee(used, prices(), "fri", BigInt(transaction.tip))).to.equal(fee);
          continue;
        }
        // Reverted for too much L2 gas: it pays its bound, and the data gas that it would have used.
        const bound = BigInt(transaction.resource_bounds["L2_GAS"]!.max_amount);
        const exceeded = BigInt(/actual used: (\d+)/.exec(receipt.revert_error)![1]!);
        const dataGas = 192n;
        const wanted = { l1Gas: 0n, l1DataGas: dataGas, l2Gas: exceeded };
        const charged = capGas(wanted, { l1Gas: 0n, l1DataGas: dataGas, l2Gas: bound });
        expect(gasFee(charged, prices(), "fri", BigInt(transaction.tip))).to.equal(fee);
      }
    });

    // The feeder gateway states neither memory holes nor segment_arena instances, which count as steps.
    it("have the L2 gas of their Cairo steps, calldata and events, up to hidden steps", () => {
      let exact = 0;
      let wholeL1Gas = 0;
      for (const [transaction, receipt] of pairs) {
        const total = BigInt(receipt.execution_resources.total_gas_consumed.l2_gas);
        const computed =
          archivalL2Gas(transaction, receipt) + vmResourcesL2Gas(resourcesOf(receipt));
        const rest = total - computed;
        expect(rest >= 0n, "no more than the receipt says").to.equal(true);
        if (rest === 0n) exact++;
        if (rest % L2_GAS_PER_L1_GAS === 0n && rest * 10n < total) wholeL1Gas++;
      }
      expect({ exact, wholeL1Gas }).to.deep.equal(bySteps);
    });

    it("have at least the resources of the OS", () => {
      for (const [transaction, receipt] of pairs) {
        const { data_availability, n_steps } = receipt.execution_resources;
        const words = data_availability.l1_data_gas / 32;
        const overhead =
          overheadSteps(typeOf(transaction), calldataLength(transaction)) +
          kzgResources(words).steps;
        // Where all calls are charged by Sierra gas, the OS is all that is left.
        if (bySteps.wholeL1Gas === 0 && words === 4) expect(n_steps).to.equal(overhead);
        else expect(n_steps).to.be.at.least(overhead);
      }
    });
  });
}

describe("VM resources", () => {
  it("cost as much as the dearest of them, in whole L1 gas", () => {
    expect(vmResourcesL2Gas(NO_RESOURCES)).to.equal(0n);
    expect(vmResourcesL2Gas({ ...NO_RESOURCES, steps: 1 })).to.equal(40_000n);
    expect(vmResourcesL2Gas({ ...NO_RESOURCES, steps: 400, memoryHoles: 1 })).to.equal(80_000n);
    // 1000 steps are 2.5 L1 gas, 50 pedersen 4, 2 ec_op 5.12
    const builtins = { pedersen: 50, ec_op: 2 };
    expect(vmResourcesL2Gas({ steps: 1000, memoryHoles: 0, builtins })).to.equal(240_000n);
    // segment_arena instances count as 10 steps each
    expect(
      vmResourcesL2Gas({ steps: 395, memoryHoles: 0, builtins: { segment_arena: 1 } }),
    ).to.equal(80_000n);
  });
});
