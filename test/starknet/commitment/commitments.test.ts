/** Leaves and commitments against starkware-libs/sequencer's own expectations. */
import { expect } from "chai";
import { blockHash, packedCounts } from "../../../src/starknet/commitment/block-hash.ts";
import { eventCommitment, eventLeaf } from "../../../src/starknet/commitment/event-commitment.ts";
import { listCommitment } from "../../../src/starknet/commitment/list.ts";
import {
  messagesHash,
  receiptCommitment,
  receiptLeaf,
} from "../../../src/starknet/commitment/receipt-commitment.ts";
import {
  stateDiffCommitment,
  stateDiffLength,
} from "../../../src/starknet/commitment/state-diff-commitment.ts";
import { transactionLeaf } from "../../../src/starknet/commitment/transaction-commitment.ts";
import type { StateDiff } from "../../../src/state/diff.ts";
import { readSharedJson, requireShared } from "../../support/shared.ts";
import { felts, readEvent, readMessage, readPrices } from "./support.ts";
import type { FeederBlock, FeederEvent, FeederMessage } from "./support.ts";

const FILE = "vectors/starknet/blocks/synthetic_commitments.json";

type HexMap = Record<string, string>;
interface Leaf {
  transaction_hash: string;
  signature: string[];
  expected: string;
}
interface Vectors {
  state_diff_commitment: {
    state_diff: {
      deployed_contracts: HexMap;
      storage_diffs: Record<string, HexMap>;
      declared_classes: HexMap;
      deprecated_declared_classes: string[];
      nonces: HexMap;
    };
    expected: string;
  };
  transaction_leaf: Leaf[];
  transaction_commitment: { leaves: Omit<Leaf, "expected">[]; expected: string };
  event_commitment: {
    events: (FeederEvent & { transaction_hash: string })[];
    expected_hash_of_last_leaf: string;
    expected: string;
  };
  messages_sent_hash: { messages: FeederMessage[]; expected: string };
  receipt_commitment: {
    receipt: {
      transaction_hash: string;
      actual_fee: string;
      messages_sent: FeederMessage[];
      revert_reason: string;
      gas_consumed: { l1_gas: number; l2_gas: number; l1_data_gas: number };
    };
    expected_leaf: string;
    expected: string;
  };
  concat_counts: {
    n_transactions: number;
    n_events: number;
    state_diff_length: number;
    l1_da_mode: "BLOB";
    expected: string;
  };
  block_hash: FeederBlock & {
    sequencer: string;
    parent_hash: string;
    expected_by_version: HexMap;
  };
}

const readMap = (map: HexMap): Map<bigint, bigint> =>
  new Map(Object.entries(map).map(([key, value]) => [BigInt(key), BigInt(value)]));

describe("commitments of a block", () => {
  let vectors: Vectors;
  before(function () {
    requireShared(this, FILE);
    vectors = readSharedJson<Vectors>(FILE);
  });

  const leafOf = ({ transaction_hash, signature }: Omit<Leaf, "expected">): bigint =>
    transactionLeaf(BigInt(transaction_hash), felts(signature));

  const readDiff = (): { diff: StateDiff; deprecated: bigint[] } => {
    const { state_diff: text } = vectors.state_diff_commitment;
    const deployed = [...readMap(text.deployed_contracts)];
    return {
      diff: {
        storage: new Map(
          Object.entries(text.storage_diffs).map(([key, entries]) => [
            BigInt(key),
            readMap(entries),
          ]),
        ),
        nonces: readMap(text.nonces),
        // They count as one list; one of them as replaced and a reversed order must not matter.
        deployedContracts: new Map(deployed.slice(1).reverse()),
        replacedClasses: new Map(deployed.slice(0, 1)),
        declaredClasses: readMap(text.declared_classes),
      },
      deprecated: felts(text.deprecated_declared_classes),
    };
  };

  const readReceipt = () => {
    const { receipt } = vectors.receipt_commitment;
    const { gas_consumed: gas } = receipt;
    return {
      transactionHash: BigInt(receipt.transaction_hash),
      actualFee: BigInt(receipt.actual_fee),
      messages: receipt.messages_sent.map(readMessage),
      revertReason: receipt.revert_reason,
      resources: {
        l1Gas: BigInt(gas.l1_gas),
        l1DataGas: BigInt(gas.l1_data_gas),
        l2Gas: BigInt(gas.l2_gas),
      },
    };
  };

  it("hashes the state diff, whatever the order of its maps", () => {
    const { diff, deprecated } = readDiff();
    expect(stateDiffCommitment(diff, deprecated)).to.equal(
      BigInt(vectors.state_diff_commitment.expected),
    );
  });

  it("leaves contracts without storage changes out of the state diff's hash", () => {
    const { diff, deprecated } = readDiff();
    const padded = { ...diff, storage: new Map([...diff.storage, [99n, new Map()]]) };
    expect(stateDiffCommitment(padded, deprecated)).to.equal(stateDiffCommitment(diff, deprecated));
  });

  it("hashes transactions", () => {
    for (const leaf of vectors.transaction_leaf) {
      expect(leafOf(leaf)).to.equal(BigInt(leaf.expected));
    }
    const { leaves, expected } = vectors.transaction_commitment;
    expect(listCommitment(leaves.map(leafOf))).to.equal(BigInt(expected));
  });

  it("hashes events", () => {
    const { events, expected, expected_hash_of_last_leaf } = vectors.event_commitment;
    const last = events.at(-1)!;
    expect(eventLeaf(readEvent(last), BigInt(last.transaction_hash))).to.equal(
      BigInt(expected_hash_of_last_leaf),
    );
    const transactionHash = BigInt(last.transaction_hash);
    // Order runs over receipts and over the events of each.
    const receipts = [events.slice(0, 1), events.slice(1)].map((part) => ({
      transactionHash,
      events: part.map(readEvent),
    }));
    expect(eventCommitment(receipts)).to.equal(BigInt(expected));
    expect(eventCommitment([])).to.equal(0n);
  });

  it("hashes messages and receipts", () => {
    const { messages, expected } = vectors.messages_sent_hash;
    expect(messagesHash(messages.map(readMessage))).to.equal(BigInt(expected));
    const receipt = readReceipt();
    expect(receiptLeaf(receipt)).to.equal(BigInt(vectors.receipt_commitment.expected_leaf));
    expect(receiptCommitment([receipt])).to.equal(BigInt(vectors.receipt_commitment.expected));
  });

  it("packs counts", () => {
    const counts = vectors.concat_counts;
    const packed = packedCounts({
      transactionCount: counts.n_transactions,
      eventCount: counts.n_events,
      stateDiffLength: counts.state_diff_length,
      dataAvailability: counts.l1_da_mode,
    });
    expect(packed).to.equal(BigInt(counts.expected));
  });

  it("hashes a block", () => {
    const text = vectors.block_hash;
    const { diff, deprecated } = readDiff();
    const receipt = { ...readReceipt(), transactionHash: 1n };
    const hash = blockHash({
      number: text.block_number,
      stateRoot: BigInt(text.state_root),
      sequencerAddress: BigInt(text.sequencer),
      timestamp: text.timestamp,
      transactionCount: 1,
      eventCount: 0,
      stateDiffLength: stateDiffLength(diff, deprecated),
      stateDiffCommitment: stateDiffCommitment(diff, deprecated),
      transactionCommitment: listCommitment([transactionLeaf(1n, [2n, 3n])]),
      eventCommitment: eventCommitment([]),
      receiptCommitment: receiptCommitment([receipt]),
      gasPrices: readPrices(text),
      dataAvailability: text.l1_da_mode,
      starknetVersion: "0.13.4",
      parentHash: BigInt(text.parent_hash),
    });
    expect(hash).to.equal(BigInt(text.expected_by_version["0.13.4"]!));
  });
});
