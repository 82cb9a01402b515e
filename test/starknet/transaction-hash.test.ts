import { expect } from "chai";
import { hash as starknetHash } from "starknet";
import { shortString } from "../../src/field/short-string.ts";
import type { Transaction } from "../../src/starknet/transaction.ts";
import {
  l1HandlerMessageHash,
  messageToL1Hash,
  messageToL2Hash,
  transactionHash,
} from "../../src/starknet/transaction-hash.ts";
import type { Unhashed } from "../../src/starknet/transaction-hash.ts";
import { toHex } from "../../src/util/hex.ts";
import { readSharedJson, requireShared } from "../support/shared.ts";

type Json = Record<string, unknown>;
const VECTORS = "vectors/starknet";

const felts = (value: unknown): bigint[] => (value as string[]).map(BigInt);
const felt = (value: unknown): bigint => BigInt(value as string);

function bounds(value: unknown): { maxAmount: bigint; maxPricePerUnit: bigint } {
  const { max_amount, max_price_per_unit } = value as Json;
  return { maxAmount: felt(max_amount), maxPricePerUnit: felt(max_price_per_unit) };
}

/** A transaction in the form of the JSON-RPC or of the feeder gateway. */
function parse(json: Json): Unhashed<Transaction> {
  const resources = json["resource_bounds"] as Json;
  const common = {
    version: felt(json["version"]),
    nonce: felt(json["nonce"]),
    signature: felts(json["signature"] ?? []),
    resourceBounds: resources && {
      l1Gas: bounds(resources["l1_gas"] ?? resources["L1_GAS"]),
      l2Gas: bounds(resources["l2_gas"] ?? resources["L2_GAS"]),
      l1DataGas: bounds(resources["l1_data_gas"] ?? resources["L1_DATA_GAS"]),
    },
    tip: felt(json["tip"] ?? "0x0"),
    paymasterData: felts(json["paymaster_data"] ?? []),
    nonceDataAvailabilityMode: 0,
    feeDataAvailabilityMode: 0,
    senderAddress: felt(json["sender_address"] ?? "0x0"),
  } as const;
  const accountDeploymentData = felts(json["account_deployment_data"] ?? []);
  switch (json["type"]) {
    case "INVOKE":
    case "INVOKE_FUNCTION":
      return {
        ...common,
        type: "INVOKE",
        calldata: felts(json["calldata"]),
        accountDeploymentData,
      };
    case "DECLARE":
      return {
        ...common,
        type: "DECLARE",
        classHash: felt(json["class_hash"]),
        compiledClassHash: felt(json["compiled_class_hash"]),
        accountDeploymentData,
      };
    case "DEPLOY_ACCOUNT": {
      const address =
        json["sender_address"] ??
        starknetHash.calculateContractAddressFromHash(
          json["contract_address_salt"] as string,
          json["class_hash"] as string,
          json["constructor_calldata"] as string[],
          0,
        );
      return {
        ...common,
        senderAddress: felt(address),
        type: "DEPLOY_ACCOUNT",
        classHash: felt(json["class_hash"]),
        contractAddressSalt: felt(json["contract_address_salt"]),
        constructorCalldata: felts(json["constructor_calldata"]),
      };
    }
    case "L1_HANDLER":
      return {
        type: "L1_HANDLER",
        version: 0n,
        nonce: felt(json["nonce"]),
        contractAddress: felt(json["contract_address"]),
        entryPointSelector: felt(json["entry_point_selector"]),
        calldata: felts(json["calldata"]),
        paidFeeOnL1: 0n,
      };
    default:
      throw new Error(`unknown type ${String(json["type"])}`);
  }
}

describe("transaction hashes", () => {
  const single = [
    "rpc-declare_v3",
    "rpc-deploy_account_v3",
    "rpc-invoke_v3",
    "rpc-sepolia-l1_handler.transaction",
  ];
  for (const name of single) {
    it(`reproduces the hash of ${name}`, function () {
      const path = `${VECTORS}/transactions/${name}.json`;
      requireShared(this, path);
      const json = readSharedJson<Json>(path);
      const hash = transactionHash(parse(json), shortString("SN_SEPOLIA"));
      expect(toHex(hash)).to.equal(json["transaction_hash"]);
    });
  }

  it("reproduces the hash of a Sepolia invoke", function () {
    const path = `${VECTORS}/transactions/rpc-sepolia-invoke_v3-0x6035477a.json`;
    requireShared(this, path);
    const hash = transactionHash(parse(readSharedJson<Json>(path)), shortString("SN_SEPOLIA"));
    expect(toHex(hash)).to.equal(
      "0x6035477af07a1b0a0186bec85287a6f629791b2f34b6e90eec9815c7a964f64",
    );
  });

  const blocks = [
    ["0.14.0-mainnet-2238855.block", "SN_MAIN", 20],
    ["0.14.0-sepolia_integration-2473486.block", "SN_INTEGRATION_SEPOLIA", 8],
  ] as const;
  for (const [name, chain, count] of blocks) {
    it(`reproduces all hashes of ${name}`, function () {
      const path = `${VECTORS}/blocks/${name}.json`;
      requireShared(this, path);
      const { transactions } = readSharedJson<{ transactions: Json[] }>(path);
      expect(transactions).to.have.length(count);
      for (const json of transactions) {
        expect(toHex(transactionHash(parse(json), shortString(chain)))).to.equal(
          json["transaction_hash"],
        );
      }
    });
  }

  it("reproduces the hash of a mainnet L1 handler", function () {
    const path = `${VECTORS}/transactions/transaction_hash.json`;
    requireShared(this, path);
    const handlers = readSharedJson<Json[]>(path).filter(
      (entry) => "L1Handler" in (entry["transaction"] as Json),
    );
    expect(handlers).to.have.length(1);
    for (const entry of handlers) {
      const { L1Handler } = entry["transaction"] as { L1Handler: Json };
      const transaction = parse({ ...L1Handler, type: "L1_HANDLER" });
      const hash = transactionHash(transaction, shortString("SN_MAIN"));
      expect(toHex(hash)).to.equal(entry["transaction_hash"]);
    }
  });

  it("agrees with starknet.js, versions of queries included", () => {
    const chainId = shortString("SN_SEPOLIA");
    const resourceBounds = {
      l1Gas: { maxAmount: 1n, maxPricePerUnit: (1n << 128n) - 1n },
      l2Gas: { maxAmount: (1n << 64n) - 1n, maxPricePerUnit: 2n },
      l1DataGas: { maxAmount: 3n, maxPricePerUnit: 4n },
    };
    const peerBounds = {
      l1_gas: { max_amount: 1n, max_price_per_unit: (1n << 128n) - 1n },
      l2_gas: { max_amount: (1n << 64n) - 1n, max_price_per_unit: 2n },
      l1_data_gas: { max_amount: 3n, max_price_per_unit: 4n },
    };
    for (const version of [3n, (1n << 128n) + 3n]) {
      const common = {
        version,
        nonce: 7n,
        signature: [],
        resourceBounds,
        tip: 9n,
        paymasterData: [10n, 11n],
        nonceDataAvailabilityMode: 1,
        feeDataAvailabilityMode: 1,
        senderAddress: 0x1234n,
      } as const;
      const peer = {
        version: toHex(version) as never,
        nonce: 7n,
        resourceBounds: peerBounds,
        tip: 9n,
        paymasterData: [10n, 11n],
        nonceDataAvailabilityMode: 1 as const,
        feeDataAvailabilityMode: 1 as const,
        chainId: "0x534e5f5345504f4c4941" as never,
      };
      const invoke = transactionHash(
        { ...common, type: "INVOKE", calldata: [1n, 2n, 3n], accountDeploymentData: [5n] },
        chainId,
      );
      expect(toHex(invoke)).to.equal(
        starknetHash.calculateInvokeTransactionHash({
          ...peer,
          senderAddress: "0x1234",
          compiledCalldata: ["1", "2", "3"],
          accountDeploymentData: [5n],
        }),
      );
      const declare = transactionHash(
        {
          ...common,
          type: "DECLARE",
          classHash: 21n,
          compiledClassHash: 22n,
          accountDeploymentData: [5n],
        },
        chainId,
      );
      expect(toHex(declare)).to.equal(
        starknetHash.calculateDeclareTransactionHash({
          ...peer,
          senderAddress: "0x1234",
          classHash: "0x15",
          compiledClassHash: "0x16",
          accountDeploymentData: [5n],
        }),
      );
      const deploy = transactionHash(
        {
          ...common,
          type: "DEPLOY_ACCOUNT",
          classHash: 21n,
          contractAddressSalt: 22n,
          constructorCalldata: [23n, 24n],
        },
        chainId,
      );
      expect(toHex(deploy)).to.equal(
        starknetHash.calculateDeployAccountTransactionHash({
          ...peer,
          contractAddress: "0x1234",
          classHash: "0x15",
          salt: "0x16",
          compiledConstructorCalldata: ["0x17", "0x18"],
        }),
      );
    }
  });
});

describe("message hashes", () => {
  it("reproduces published hashes in both directions", function () {
    const path = `${VECTORS}/l1/message_hashes.json`;
    requireShared(this, path);
    const { l1_to_l2, l2_to_l1 } = readSharedJson<{ l1_to_l2: Json[]; l2_to_l1: Json[] }>(path);
    for (const entry of l1_to_l2) {
      const message = {
        fromAddress: felt(entry["from_l1"]),
        toAddress: felt(entry["to_l2"]),
        nonce: felt(entry["nonce"]),
        selector: felt(entry["selector"]),
        payload: felts(entry["payload"]),
      };
      expect(messageToL2Hash(message)).to.equal(felt(entry["expected_message_hash"]));
      const handler = {
        type: "L1_HANDLER",
        version: 0n,
        nonce: message.nonce,
        contractAddress: message.toAddress,
        entryPointSelector: message.selector,
        calldata: [message.fromAddress, ...message.payload],
        paidFeeOnL1: 0n,
      } as const;
      expect(l1HandlerMessageHash(handler)).to.equal(felt(entry["expected_message_hash"]));
      expect(transactionHash(handler, shortString(entry["chain_id"] as string))).to.equal(
        felt(entry["expected_l1_handler_tx_hash"]),
      );
    }
    for (const entry of l2_to_l1) {
      const hash = messageToL1Hash({
        fromAddress: felt(entry["from_l2"]),
        toAddress: felt(entry["to_l1"]),
        payload: felts(entry["payload"]),
      });
      expect(hash).to.equal(felt(entry["expected_message_hash"]));
    }
    expect(l1_to_l2.length).to.equal(3);
    expect(l2_to_l1.length).to.be.greaterThan(0);
  });
});
