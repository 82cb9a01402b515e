/** Answers against answers that other nodes published: decoded and written again, they are the same. */
import { expect } from "chai";
import { readdirSync } from "node:fs";
import { formatBlock, hashesOf, receiptsOf, transactionsOf } from "../../src/rpc/format/block.ts";
import { formatReceipt } from "../../src/rpc/format/receipt.ts";
import { formatStateDiff } from "../../src/rpc/format/state-diff.ts";
import { formatInitialReads, formatTrace } from "../../src/rpc/format/trace.ts";
import { formatTransactionWithHash } from "../../src/rpc/format/transaction.ts";
import type { ChainView } from "../../src/starknet/chain-view.ts";
import { readSharedJson, requireShared, sharedPath } from "../support/shared.ts";
import {
  decodeBlock,
  decodeReceipt,
  decodeStateDiff,
  decodeTrace,
  decodeTransaction,
} from "./support/decode.ts";

const SAMPLES = "vectors/starknet/rpc";
const BLOCK = "vectors/starknet/blocks/0.14.1-sepolia-3100000.rpc_block_with_receipts.json";
const UPDATE = "vectors/starknet/blocks/0.14.1-sepolia-3100000.rpc_state_update.json";

/* eslint-disable @typescript-eslint/no-explicit-any -- JSON of other nodes */
type Json = any;

/** Only what a formatter asks of a chain. */
const chainOf = (block: ReturnType<typeof decodeBlock>, onL1: boolean): ChainView =>
  ({
    block: () => block,
    latestOnL1: () => (onL1 ? block.header.number : undefined),
  }) as unknown as ChainView;

/** State has no order, so lists of it are compared in the order of their keys. */
const byKey = (list: Json[], ...keys: string[]): Json[] =>
  [...list].sort((a, b) => {
    const key = keys.find((name) => name in a)!;
    return BigInt(a[key]) < BigInt(b[key]) ? -1 : 1;
  });
const sortedDiff = (diff: Json): Json => ({
  ...diff,
  migrated_compiled_classes: diff.migrated_compiled_classes ?? [],
  storage_diffs: byKey(diff.storage_diffs, "address").map((entry) => ({
    ...entry,
    storage_entries: byKey(entry.storage_entries, "key"),
  })),
  nonces: byKey(diff.nonces, "contract_address"),
  deployed_contracts: byKey(diff.deployed_contracts, "address"),
  declared_classes: byKey(diff.declared_classes, "class_hash"),
  replaced_classes: byKey(diff.replaced_classes, "contract_address"),
});

describe("rpc/format", () => {
  it("writes a block of Sepolia with receipts as a node of it does", function () {
    requireShared(this, BLOCK);
    const { result } = readSharedJson<Json>(BLOCK);
    const block = decodeBlock(result);
    const chain = chainOf(block, true);
    expect(formatBlock(chain, block.header.number, receiptsOf({}))).to.deep.equal(result);
    const { transactions, ...header } = result;
    expect(formatBlock(chain, block.header.number, hashesOf)).to.deep.equal({
      ...header,
      transactions: transactions.map(({ receipt }: Json) => receipt.transaction_hash),
    });
    expect(
      formatBlock(chain, block.header.number, transactionsOf({ proofFacts: true })),
    ).to.deep.equal({
      ...header,
      transactions: transactions.map(({ transaction, receipt }: Json) => ({
        transaction_hash: receipt.transaction_hash,
        ...transaction,
        ...(transaction.type === "INVOKE" ? { proof_facts: [] } : {}),
      })),
    });
  });

  it("writes the state diff of a block of Sepolia as a node of it does", function () {
    requireShared(this, UPDATE);
    const { state_diff } = readSharedJson<Json>(UPDATE).result;
    expect(formatStateDiff(decodeStateDiff(state_diff))).to.deep.equal(sortedDiff(state_diff));
  });

  it("writes pathfinder's and Katana's traces of 0.14.0 as they do", function () {
    requireShared(this, SAMPLES);
    let traces = 0;
    for (const folder of ["pathfinder-0.10.0/traces", "pathfinder-0.10.0/simulations"]) {
      for (const file of readdirSync(sharedPath(`${SAMPLES}/${folder}`))) {
        const json = readSharedJson<Json>(`${SAMPLES}/${folder}/${file}`);
        for (const entry of json.traces ?? json.simulated_transactions ?? json) {
          const trace = entry.trace_root ?? entry.transaction_trace;
          const text = JSON.stringify(trace);
          // Older protocols price inner calls in L1 gas, which the engine's call info does not know.
          if (/"execution_resources":\{"l1_gas":[1-9]\d*,"l2_gas"/.test(text)) continue;
          const expected = { ...trace, state_diff: sortedDiff(trace.state_diff) };
          expect(formatTrace(decodeTrace(trace)), file).to.deep.equal(expected);
          traces++;
        }
      }
    }
    expect(traces).to.be.greaterThan(0);
  });

  it("writes initial reads as pathfinder does", function () {
    const path = `${SAMPLES}/pathfinder-0.10.0/traces/multiple_txs_with_initial_reads.json`;
    requireShared(this, path);
    const reads = readSharedJson<Json>(path).initial_reads;
    const map = (list: Json[], key: string, value: string, read: (text: Json) => Json = BigInt) =>
      new Map(list.map((entry) => [BigInt(entry[key]), read(entry[value])]));
    const storage = new Map<bigint, Map<bigint, bigint>>();
    for (const { contract_address, key, value } of reads.storage) {
      const address = BigInt(contract_address);
      storage.set(address, (storage.get(address) ?? new Map()).set(BigInt(key), BigInt(value)));
    }
    const formatted = formatInitialReads({
      storage,
      nonces: map(reads.nonces, "contract_address", "nonce"),
      classHashes: map(reads.class_hashes, "contract_address", "class_hash"),
      declaredClasses: map(reads.declared_contracts, "class_hash", "is_declared", (flag) => flag),
    }) as Json;
    expect(formatted.storage).to.have.deep.members(reads.storage);
    expect(formatted.nonces).to.have.deep.members(reads.nonces);
    expect(formatted.class_hashes).to.have.deep.members(reads.class_hashes);
    expect(formatted.declared_contracts).to.have.deep.members(reads.declared_contracts);
  });

  it("writes Katana's receipts of version 3 as it does", function () {
    const folder = `${SAMPLES}/katana-0.9/receipts/v3`;
    requireShared(this, folder);
    const files = readdirSync(sharedPath(folder));
    for (const file of files) {
      const { block_hash, block_number, ...receipt } = readSharedJson<Json>(`${folder}/${file}`);
      expect([block_hash, block_number], file).to.not.deep.equal([undefined, undefined]);
      expect(formatReceipt(decodeReceipt(receipt), receipt.finality_status), file).to.deep.equal(
        receipt,
      );
    }
    expect(files).to.have.length(8);
  });

  it("writes transactions with their hashes", function () {
    requireShared(this, BLOCK);
    const { result } = readSharedJson<Json>(BLOCK);
    for (const { transaction, receipt } of result.transactions) {
      const json = { transaction_hash: receipt.transaction_hash, ...transaction };
      expect(formatTransactionWithHash(decodeTransaction(json))).to.deep.equal(json);
    }
  });
});
