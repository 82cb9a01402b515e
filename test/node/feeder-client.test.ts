/** What a feeder gateway tells of a chain, read back: all of it, and checked against published blocks. */
import { expect } from "chai";
import { verify } from "../../src/curve/ecdsa.ts";
import { selector } from "../../src/hash/keccak.ts";
import { FeederClient } from "../../src/node/feeder-client.ts";
import { closedBlock } from "../../src/rpc/feeder/wire/block.ts";
import { stateDiff } from "../../src/rpc/feeder/wire/state-diff.ts";
import { toHex } from "../../src/util/hex.ts";
import { parseCasmClass } from "../../src/starknet/class/casm.ts";
import { compiledClassHash } from "../../src/starknet/class/compiled-class-hash.ts";
import { blockCommitments, blockHash } from "../../src/starknet/commitment/block-hash.ts";
import { stateDiffCommitment } from "../../src/starknet/commitment/state-diff-commitment.ts";
import { transactionHash } from "../../src/starknet/transaction-hash.ts";
import { shortString } from "../../src/field/short-string.ts";
import { callOf, OsChain, PROBES, span } from "../os/support/os-chain.ts";
import { RandomBlocks } from "../os/support/random-blocks.ts";
import { startFeeder, type TestFeeder } from "../support/feeder.ts";
import { readSharedJson, requireShared } from "../support/shared.ts";

const never = new AbortController().signal;

describe("a feeder gateway's client", () => {
  let chain: OsChain;
  let feeder: TestFeeder;
  let client: FeederClient;

  before(async function () {
    this.timeout(60_000);
    chain = new OsChain();
    chain.supplyProbes();
    const random = new RandomBlocks(chain, 7);
    for (let i = 0; i < 12; i++) await random.next(8);
    // Whatever the dice said, these are there.
    chain.message(PROBES[0]!, selector("handle"), [1n, 2n, 3n]);
    chain.message(PROBES[0]!, selector("handle"), [1n, 0x70616e6963n, 3n]);
    await chain.invoke([callOf(PROBES[0]!, "message", [5n, ...span([1n, 2n])])]);
    await chain.invoke([callOf(PROBES[1]!, "fail", span([1n, 2n]))]);
    await chain.block();
    await chain.block();
    feeder = await startFeeder(chain.core);
    client = new FeederClient(feeder.url);
  });
  after(async () => {
    feeder.close();
    await chain.close();
  });

  const stored = () => chain.core.sequencer.chain;

  it("reads back every block and state diff as they are stored", async () => {
    const kinds = new Set<string>();
    for (let number = 0; number <= stored().latest().number; number++) {
      const block = stored().block(number)!;
      expect(await client.block(number, never)).to.deep.equal({
        block,
        stateDiff: stored().stateDiff(number),
      });
      for (const [i, { type }] of block.transactions.entries()) {
        const { revertReason, messages } = block.receipts[i]!;
        kinds.add(type).add(`${type} ${revertReason === undefined ? "succeeded" : "reverted"}`);
        if (messages.length > 0) kinds.add("messages");
      }
    }
    expect([...kinds]).to.include.members([
      "INVOKE succeeded",
      "INVOKE reverted",
      "DECLARE",
      "DEPLOY_ACCOUNT",
      "L1_HANDLER succeeded",
      "L1_HANDLER reverted",
      "messages",
    ]);
  });

  it("gives what a node needs to compute hashes and commitments again", async () => {
    for (let number = 1; number <= stored().latest().number; number++) {
      const { block, stateDiff: diff } = (await client.block(number, never))!;
      const { transactions, receipts, header } = block;
      const commitments = blockCommitments(transactions, receipts, diff);
      expect(blockHash({ ...header, ...commitments })).to.equal(header.hash);
      for (const transaction of transactions)
        expect(transactionHash(transaction, stored().chainId)).to.equal(transaction.hash);
    }
  });

  it("reads back every class", async () => {
    let classes = 0;
    for (let number = 0; number <= stored().latest().number; number++) {
      for (const [hash, compiled] of stored().stateDiff(number)!.declaredClasses) {
        expect(await client.sierraClass(hash, never)).to.deep.equal(
          stored().storedClass(hash)!.sierra,
        );
        const { body } = await feeder.get(
          `get_compiled_class_by_class_hash?classHash=${toHex(hash)}`,
        );
        expect(compiledClassHash(parseCasmClass(body))).to.equal(compiled);
        classes++;
      }
    }
    expect(classes).to.be.greaterThan(4);
  });

  it("knows the head, how far L1 is, and what is not there", async () => {
    const { number, hash } = stored().latest();
    expect(await client.head(never)).to.deep.equal({ number, hash, latestOnL1: undefined });
    stored().setLatestOnL1(3);
    expect((await client.head(never)).latestOnL1).to.equal(3);
    expect(await client.block(number + 1, never)).to.equal(undefined);
    expect(await client.sierraClass(0x123n, never)).to.equal(undefined);
  });

  it("gets blocks that the sequencer has signed", async () => {
    const key = await feeder.get("get_public_key");
    const { hash } = stored().latest();
    const { body } = await feeder.get("get_signature?blockNumber=latest");
    const { block_hash, signature } = body as { block_hash: string; signature: string[] };
    expect(BigInt(block_hash)).to.equal(hash);
    const [r, s] = signature.map(BigInt);
    expect(verify(hash, r!, s!, BigInt(key.body as string))).to.equal(true);
    expect(verify(hash ^ 1n, r!, s!, BigInt(key.body as string))).to.equal(false);
  });
});

describe("published blocks of feeder gateways", function () {
  before(function () {
    requireShared(this, "vectors/starknet/blocks");
  });

  for (const [file, chainId] of [
    ["0.14.0-mainnet-2238855", "SN_MAIN"],
    ["0.14.0-sepolia_integration-2473486", "SN_INTEGRATION_SEPOLIA"],
  ] as const) {
    it(`are read, and have the hash that they state: ${file}`, () => {
      const json = readSharedJson(`vectors/starknet/blocks/${file}.block.json`);
      const { header, transactions, receipts } = closedBlock.parse(json);
      const { stateDiffCommitment, stateDiffLength } = header;
      const commitments = blockCommitments(transactions, receipts, stateDiff.parse(EMPTY));
      const unhashed = { ...header, ...commitments, stateDiffCommitment, stateDiffLength };
      expect(blockHash(unhashed)).to.equal(header.hash);
      for (const transaction of transactions)
        expect(transactionHash(transaction, shortString(chainId))).to.equal(transaction.hash);
    });
  }

  it("come with state updates, which are read and have the commitment of their block", () => {
    const name = (kind: string) =>
      `vectors/starknet/blocks/0.13.4-sepolia_integration-63881.${kind}.json`;
    const { state_diff } = readSharedJson<{ state_diff: unknown }>(name("state_update"));
    const block = readSharedJson<{ state_diff_commitment: string }>(name("block"));
    expect(stateDiffCommitment(stateDiff.parse(state_diff))).to.equal(
      BigInt(block.state_diff_commitment),
    );
  });
});

const EMPTY = {
  storage_diffs: {},
  nonces: {},
  deployed_contracts: [],
  old_declared_contracts: [],
  declared_classes: [],
  replaced_classes: [],
};
