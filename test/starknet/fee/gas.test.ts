import { expect } from "chai";
import { messagesL1Gas, messageSegmentLength } from "../../../src/starknet/fee/messages.ts";
import {
  balanceKey,
  countStateChanges,
  dataAvailabilityGas,
  dataSegmentLength,
  stateChangesGas,
} from "../../../src/starknet/fee/state-changes.ts";
import { amountExceeded, boundsShortfall } from "../../../src/starknet/fee/fee-checks.ts";
import { NO_EXECUTION } from "../../../src/starknet/execution/call-info.ts";
import { minimalGas, transactionGas } from "../../../src/starknet/fee/transaction-gas.ts";
import { syscallGas, syscallResources } from "../../../src/starknet/fee/vm-resources.ts";
import { emptyDiff } from "../../../src/state/diff.ts";
import type { StateReader } from "../../../src/state/reader.ts";
import { readSharedJson, requireShared } from "../../support/shared.ts";

describe("gas of messages", () => {
  it("is that of a published L1 handler", function () {
    const receiptPath = "vectors/starknet/transactions/rpc-sepolia-l1_handler.receipt.json";
    const transactionPath = "vectors/starknet/transactions/rpc-sepolia-l1_handler.transaction.json";
    requireShared(this, receiptPath);
    const { execution_resources } = readSharedJson<{
      execution_resources: { l1_gas: number };
    }>(receiptPath);
    const { calldata } = readSharedJson<{ calldata: string[] }>(transactionPath);
    const gas = messagesL1Gas({ toL1: [], toL2: calldata.length - 1 });
    expect(gas).to.equal(BigInt(execution_resources.l1_gas));
  });

  it("counts words, counters and logs of messages to L1", () => {
    expect(messageSegmentLength({ toL1: [2, 0], toL2: 4 })).to.equal(3 + 2 + 3 + 5 + 4);
    expect(messagesL1Gas({ toL1: [], toL2: undefined })).to.equal(0n);
    // 5 words of 512 + 612, a counter of 20000, a log of 3 topics and 2 + 2 words
    expect(messagesL1Gas({ toL1: [2], toL2: undefined })).to.equal(
      5n * 1124n + 20_000n + 375n + 3n * 375n + 4n * 256n,
    );
  });
});

describe("gas of state changes", () => {
  const count = {
    storageUpdates: 2,
    classHashUpdates: 1,
    compiledClassHashUpdates: 1,
    modifiedContracts: 1,
    allocatedKeys: 3,
  };

  it("is 32 data gas a word in blobs, and discounted calldata otherwise", () => {
    expect(dataSegmentLength(count)).to.equal(2 + 1 + 4 + 2);
    expect(dataAvailabilityGas(count, "BLOB")).to.deep.equal({
      l1Gas: 0n,
      l1DataGas: 288n,
      l2Gas: 0n,
    });
    // 9 words of 551, less 312 for the contract's packed word and 240 for one balance
    expect(dataAvailabilityGas(count, "CALLDATA").l1Gas).to.equal(9n * 551n - 312n - 240n);
    expect(stateChangesGas(count, "BLOB").l1DataGas).to.equal(288n + 3n * 32n);
    expect(stateChangesGas(count, "CALLDATA").l1Gas).to.equal(4407n + 3n * 551n);
    const none = { ...count, storageUpdates: 0, classHashUpdates: 0, compiledClassHashUpdates: 0 };
    expect(dataAvailabilityGas({ ...none, modifiedContracts: 0 }, "CALLDATA").l1Gas).to.equal(0n);
  });

  it("adds the sender's balance and leaves the fee token out", () => {
    const [token, sender, other] = [100n, 200n, 300n];
    const values = new Map([[other, new Map([[1n, 5n]])]]);
    const before: StateReader = {
      storageAt: (address, key) => values.get(address)?.get(key) ?? 0n,
      nonceAt: () => 0n,
      classHashAt: () => 1n,
      compiledClassHash: () => 1n,
    };
    const diff = {
      ...emptyDiff(),
      nonces: new Map([[sender, 1n]]),
      storage: new Map([
        [other, new Map([[1n, 6n], [2n, 7n], [3n, 0n]])], // prettier-ignore
        [token, new Map([[9n, 1n]])],
      ]),
    };
    const counted = {
      storageUpdates: 4,
      classHashUpdates: 0,
      compiledClassHashUpdates: 0,
      modifiedContracts: 2,
      allocatedKeys: 2,
    };
    expect(countStateChanges(diff, before, token)).to.deep.equal(counted);
    expect(countStateChanges(diff, before, token, sender)).to.deep.equal({
      ...counted,
      storageUpdates: 5,
    });
    diff.storage.get(token)!.set(balanceKey(sender), 1n);
    expect(countStateChanges(diff, before, token, sender).storageUpdates).to.equal(5);
  });

  it("finds a balance where explorers find it", () => {
    // sn_keccak("ERC20_balances") with an address, as in mainnet state updates of the STRK contract
    expect(balanceKey(0x1176a1bd84444c89232ec27754698e5d2e7e1a7f1539f12027f28b23ec9f3d8n)).to.equal(
      0x5496768776e3db30053404f18067d81a6e06f5a2b0de326e21298fd9d569a9an,
    );
  });
});

describe("gas of an L1 handler", () => {
  it("is what blockifier's test_l1_handler says, in both data availability modes", () => {
    const stateChanges = {
      storageUpdates: 1,
      classHashUpdates: 0,
      compiledClassHashUpdates: 0,
      modifiedContracts: 1,
      allocatedKeys: 1,
    };
    const resources = {
      type: "L1_HANDLER",
      calldataLength: 2,
      signatureLength: 0,
      codeSize: 0,
      stateChanges,
      l1Payload: 2,
      execution: { ...NO_EXECUTION, sierraGas: 15_850n },
      reverted: { steps: 0, sierraGas: 0n },
    } as const;
    const { l1Gas, l1DataGas } = transactionGas(resources, "BLOB").total;
    expect({ l1Gas, l1DataGas }).to.deep.equal({ l1Gas: 16_023n, l1DataGas: 160n });
    const calldata = transactionGas(resources, "CALLDATA").total;
    expect(calldata.l1Gas).to.equal(18_226n);
    expect(calldata.l1DataGas).to.equal(0n);
  });
});

describe("gas of syscalls", () => {
  it("is the sum of the OS's resources, at least the base gas", () => {
    expect(syscallGas("CallContract")).to.equal(91_560n);
    expect(syscallGas("LibraryCall")).to.equal(89_160n);
    expect(syscallGas("Deploy")).to.equal(147_120n);
    expect(syscallGas("Deploy", 3)).to.equal(147_120n + 3n * 4850n);
    expect(syscallGas("MetaTxV0")).to.equal(167_950n);
    expect(syscallGas("StorageRead")).to.equal(10_000n);
    expect(syscallGas("StorageWrite")).to.equal(10_000n);
    expect(syscallGas("EmitEvent")).to.equal(10_000n);
    expect(syscallGas("GetExecutionInfo")).to.equal(12_640n);
    expect(syscallGas("GetBlockHash")).to.equal(10_840n);
    expect(syscallGas("ReplaceClass")).to.equal(10_670n);
    expect(syscallGas("SendMessageToL1")).to.equal(14_470n);
    expect(syscallGas("Keccak")).to.equal(10_000n);
    expect(syscallGas("KeccakRound")).to.equal(171_707n);
    expect(syscallGas("Sha256ProcessBlock")).to.equal(841_295n);
    expect(syscallGas("Secp256k1Mul")).to.equal(8_143_850n);
  });

  it("becomes resources where calls are charged by steps; keccak by rounds", () => {
    const usage = new Map([
      ["StorageRead", { calls: 2, units: 0 }],
      ["Deploy", { calls: 1, units: 3 }],
      ["Keccak", { calls: 4, units: 0 }],
    ] as const);
    expect(syscallResources(usage)).to.deep.equal({
      steps: 2 * 90 + 1173 + 3 * 8 + 100 + 4 * 281,
      memoryHoles: 0,
      builtins: {
        range_check: 2 + 21 + 4 * 56,
        pedersen: 7 + 3,
        keccak: 4,
        bitwise: 24,
      },
    });
  });
});

describe("resource bounds", () => {
  const price = { wei: 1n, fri: 10n };
  const prices = { l1Gas: price, l1DataGas: price, l2Gas: price };
  const bound = { maxAmount: 5n, maxPricePerUnit: 10n };

  it("must cover the minimum and the prices", () => {
    const bounds = { l1Gas: bound, l1DataGas: bound, l2Gas: bound };
    const minimum = { l1Gas: 5n, l1DataGas: 5n, l2Gas: 5n };
    expect(boundsShortfall(bounds, minimum, prices)).to.equal(undefined);
    const low = { ...bounds, l2Gas: { maxAmount: 4n, maxPricePerUnit: 9n } };
    expect(boundsShortfall(low, minimum, prices)).to.equal(
      "Resource bounds were not satisfied: " +
        "Max L2Gas amount (4) is lower than the minimal gas amount: 5.\n" +
        "Max L2Gas price (9) is lower than the actual gas price: 10.",
    );
  });

  it("name the gas that was exceeded as receipts do", () => {
    const allowed = { l1Gas: 0n, l1DataGas: 0n, l2Gas: 1_152_640n };
    expect(amountExceeded(allowed, { ...allowed, l2Gas: 1_192_640n })).to.equal(
      "Insufficient max L2Gas: max amount: 1152640, actual used: 1192640.",
    );
    expect(amountExceeded(allowed, allowed)).to.equal(undefined);
  });

  it("have a minimum of the steps of the OS and the sender's changes", () => {
    // 4348 steps, no calldata; two words of a contract and two of a cell: 4 * 113 + 57 for KZG
    expect(minimalGas("INVOKE", 0, "BLOB")).to.deep.equal({
      l1Gas: 0n,
      l1DataGas: 128n,
      l2Gas: 13n * 40_000n,
    });
  });
});
