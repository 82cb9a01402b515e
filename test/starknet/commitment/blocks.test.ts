/** Commitments and hashes of blocks of Starknet's networks, recomputed from their contents. */
import { expect } from "chai";
import { shortString } from "../../../src/field/short-string.ts";
import { poseidonMany } from "../../../src/hash/poseidon.ts";
import type { BlockHeader } from "../../../src/starknet/block.ts";
import {
  blockCommitments,
  blockHash,
  packedCounts,
} from "../../../src/starknet/commitment/block-hash.ts";
import { eventCommitment } from "../../../src/starknet/commitment/event-commitment.ts";
import { receiptCommitment } from "../../../src/starknet/commitment/receipt-commitment.ts";
import {
  stateDiffCommitment,
  stateDiffLength,
} from "../../../src/starknet/commitment/state-diff-commitment.ts";
import { emptyDiff } from "../../../src/state/diff.ts";
import { readSharedJson, requireShared } from "../../support/shared.ts";
import { felts, readHeader, readReceipt, readStateDiff, readTransactions } from "./support.ts";
import type { FeederBlock, FeederStateDiff } from "./support.ts";

const FOLDER = "vectors/starknet/blocks";

interface StateUpdate {
  readonly state_diff: FeederStateDiff;
}

/** The hash as it was from 0.13.2 on, before gas prices had a hash of their own. */
const oldBlockHash = (header: BlockHeader): bigint =>
  poseidonMany([
    shortString("STARKNET_BLOCK_HASH0"),
    BigInt(header.number),
    header.stateRoot,
    header.sequencerAddress,
    BigInt(header.timestamp),
    packedCounts(header),
    header.stateDiffCommitment,
    header.transactionCommitment,
    header.eventCommitment,
    header.receiptCommitment,
    header.gasPrices.l1Gas.wei,
    header.gasPrices.l1Gas.fri,
    header.gasPrices.l1DataGas.wei,
    header.gasPrices.l1DataGas.fri,
    shortString(header.starknetVersion),
    0n,
    header.parentHash,
  ]);

describe("blocks of Starknet's networks", () => {
  before(function () {
    requireShared(this, FOLDER);
  });

  const load = (name: string): FeederBlock => readSharedJson(`${FOLDER}/${name}`);

  for (const name of [
    "0.13.4-sepolia_integration-63881.block.json",
    "0.14.0-mainnet-2238855.block.json",
    "0.14.0-sepolia_integration-2473486.block.json",
    "0.14.2-sepolia_integration-1041730.block.json",
  ]) {
    it(`has the commitments and the hash of ${name}`, () => {
      const block = load(name);
      const header = readHeader(block);
      const receipts = block.transaction_receipts.map(readReceipt);
      const computed = blockCommitments(readTransactions(block), receipts, emptyDiff());
      expect(computed.transactionCount).to.equal(header.transactionCount);
      expect(computed.eventCount).to.equal(header.eventCount);
      expect(computed.transactionCommitment).to.equal(header.transactionCommitment);
      expect(computed.eventCommitment).to.equal(header.eventCommitment);
      expect(computed.receiptCommitment).to.equal(header.receiptCommitment);
      expect(blockHash(header)).to.equal(header.hash);
    });
  }

  it("hashes another block when any part of the header is another", () => {
    const header = readHeader(load("0.14.0-mainnet-2238855.block.json"));
    const { gasPrices } = header;
    const changes: Partial<BlockHeader>[] = [
      { number: header.number + 1 },
      { timestamp: header.timestamp + 1 },
      { dataAvailability: "CALLDATA" },
      { starknetVersion: "0.14.1" },
      { parentHash: header.parentHash + 1n },
      { eventCount: header.eventCount + 1 },
      { gasPrices: { ...gasPrices, l2Gas: { ...gasPrices.l2Gas, fri: 1n } } },
    ];
    for (const change of changes) {
      expect(blockHash({ ...header, ...change })).to.not.equal(header.hash);
    }
  });

  for (const name of ["0.13.2-sepolia_integration-35748", "0.13.4-sepolia_integration-63881"]) {
    it(`has the state diff commitment of ${name}`, () => {
      const { state_diff } = readSharedJson<StateUpdate>(`${FOLDER}/${name}.state_update.json`);
      const header = readHeader(load(`${name}.block.json`));
      const deprecated = felts(state_diff.old_declared_contracts);
      const diff = readStateDiff(state_diff);
      expect(stateDiffLength(diff, deprecated)).to.equal(header.stateDiffLength);
      expect(stateDiffCommitment(diff, deprecated)).to.equal(header.stateDiffCommitment);
    });
  }

  it("has the commitments of blocks of 0.13.2", () => {
    const sepolia = readSharedJson<{ block: FeederBlock; state_update: StateUpdate }>(
      `${FOLDER}/0.13.2-sepolia-100000.state_update_with_block.json`,
    );
    const diff = readStateDiff(sepolia.state_update.state_diff);
    expect(stateDiffCommitment(diff)).to.equal(BigInt(sepolia.block.state_diff_commitment));
    for (const block of [sepolia.block, load("0.13.2-sepolia_integration-35748.block.json")]) {
      const header = readHeader(block);
      const receipts = block.transaction_receipts.map(readReceipt);
      expect(eventCommitment(receipts)).to.equal(header.eventCommitment);
      expect(receiptCommitment(receipts)).to.equal(header.receiptCommitment);
      expect(oldBlockHash(header)).to.equal(header.hash);
    }
  });

  it("has the commitments and the hash of a block from JSON-RPC", () => {
    const { result: block } = readSharedJson<{ result: RpcBlock }>(
      `${FOLDER}/0.14.1-sepolia-3100000.rpc_block_with_receipts.json`,
    );
    const feeder = asFeederBlock(block);
    const receipts = feeder.transaction_receipts.map(readReceipt);
    const header = readHeader(feeder);
    const { result: update } = readSharedJson<{ result: RpcStateUpdate }>(
      `${FOLDER}/0.14.1-sepolia-3100000.rpc_state_update.json`,
    );
    const diff = readRpcDiff(update.state_diff);
    const computed = blockCommitments(readTransactions(feeder), receipts, diff);
    const hash = blockHash({ ...header, ...computed });
    expect(computed).to.deep.include({
      stateDiffLength: header.stateDiffLength,
      stateDiffCommitment: header.stateDiffCommitment,
    });
    expect(hash).to.equal(header.hash);
  });
});

interface RpcBlock extends Omit<FeederBlock, "transactions" | "transaction_receipts"> {
  readonly parent_hash: string;
  readonly new_root: string;
  readonly transactions: readonly {
    readonly transaction: { readonly signature: string[] };
    readonly receipt: Omit<
      FeederBlock["transaction_receipts"][number],
      "actual_fee" | "l2_to_l1_messages" | "execution_resources"
    > & {
      readonly actual_fee: { readonly amount: string };
      readonly messages_sent: FeederBlock["transaction_receipts"][number]["l2_to_l1_messages"];
      readonly execution_resources: { readonly l1_gas: number; readonly l1_data_gas: number };
    };
  }[];
}

interface RpcStateUpdate {
  readonly state_diff: {
    readonly storage_diffs: readonly {
      address: string;
      storage_entries: { key: string; value: string }[];
    }[];
    readonly nonces: readonly { contract_address: string; nonce: string }[];
  };
}

const asFeederBlock = (block: RpcBlock): FeederBlock => ({
  ...block,
  parent_block_hash: block.parent_hash,
  state_root: block.new_root,
  transactions: block.transactions.map(({ transaction, receipt }) => ({
    transaction_hash: receipt.transaction_hash,
    signature: transaction.signature,
  })),
  transaction_receipts: block.transactions.map(({ receipt }) => ({
    ...receipt,
    actual_fee: receipt.actual_fee.amount,
    l2_to_l1_messages: receipt.messages_sent,
    execution_resources: { total_gas_consumed: receipt.execution_resources },
  })),
});

/** The block at hand deploys and declares nothing. */
const readRpcDiff = ({ storage_diffs, nonces }: RpcStateUpdate["state_diff"]) =>
  readStateDiff({
    storage_diffs: Object.fromEntries(
      storage_diffs.map(({ address, storage_entries }) => [address, storage_entries]),
    ),
    nonces: Object.fromEntries(nonces.map((entry) => [entry.contract_address, entry.nonce])),
    deployed_contracts: [],
    replaced_classes: [],
    declared_classes: [],
    old_declared_contracts: [],
  });
