import { expect } from "chai";
import type { BlockSource, SourceBlock } from "../../src/node/block-source.ts";
import { STRK_TOKEN } from "../../src/starknet/addresses.ts";
import type { BlockHeader } from "../../src/starknet/block.ts";
import { blockCommitments, blockHash } from "../../src/starknet/commitment/block-hash.ts";
import type { Receipt } from "../../src/starknet/receipt.ts";
import { ChainState } from "../../src/state/chain-state.ts";
import type { StateDiff } from "../../src/state/diff.ts";
import { MemoryStore } from "../../src/state/store/memory-store.ts";
import { callOf, OsChain } from "../os/support/os-chain.ts";
import { RandomBlocks } from "../os/support/random-blocks.ts";
import { expectSameChain, TestNode } from "./support/nodes.ts";
import { chainSource, type Lies, lying, withDiff, withHeader } from "./support/sources.ts";

const MODES = ["replay", "l2"] as const;

/** The block that is lied about. */
const AT = 4;

describe("nodes and a source that lies", () => {
  let sequencer: OsChain;
  /** What the source says otherwise at present. */
  let lies: Lies = {};
  let source: BlockSource;
  let node: TestNode | undefined;

  before(async () => {
    sequencer = new OsChain();
    sequencer.supplyProbes();
    const random = new RandomBlocks(sequencer, 11);
    for (let i = 0; i < 2; i++) await random.next(5);
    for (const amount of [5n, 6n])
      await sequencer.invoke([callOf(STRK_TOKEN, "transfer", [0x1234n, amount, 0n])]);
    sequencer.core.sequencer.closeBlock();
    await random.next(3);
    source = lying(chainSource(sequencer.core.sequencer.chain), {
      head: (head) => lies.head?.(head) ?? head,
      block: (block) => (lies.block ? lies.block(block) : block),
      sierraClass: (sierra) => (lies.sierraClass ? lies.sierraClass(sierra) : sierra),
    });
  });
  after(() => sequencer.close());
  const stop = async (): Promise<void> => {
    await node?.close();
    node = undefined;
  };

  const chain = () => sequencer.core.sequencer.chain;
  const here =
    (lie: (block: SourceBlock) => SourceBlock | undefined) =>
    (block: SourceBlock): SourceBlock | undefined =>
      block.block.header.number === AT ? lie(block) : block;

  /** The node stays at the block before, which is the sequencer's, and says why. */
  async function refuses(reason: RegExp, { at = AT, stage = "stopped" } = {}): Promise<void> {
    const status = await node!.until(
      ({ problem }) => problem !== undefined && reason.test(problem),
    );
    if (stage === "stopped") expect(status.stage).equal(stage);
    expect(status.latest).deep.equal(chain().header(at - 1));
    expect(node!.node.chain.state.latestNumber()).equal(at - 1);
    expect(await node!.rpc("starknet_blockNumber")).equal(at - 1);
  }

  const header = (change: (header: BlockHeader) => Partial<BlockHeader>): Lies => ({
    block: here((block) => withHeader(block, change(block.block.header))),
  });
  const receipts = (change: (receipt: Receipt) => Receipt): Lies => ({
    block: here(({ block, stateDiff }) => ({
      block: { ...block, receipts: block.receipts.map(change) },
      stateDiff,
    })),
  });
  const diff = (change: (diff: StateDiff) => StateDiff): Lies => ({
    block: here((block) => withDiff(block, change(block.stateDiff))),
  });

  const flipped = (values: ReadonlyMap<bigint, bigint>): Map<bigint, bigint> =>
    new Map([...values].map(([key, value], i) => [key, i === 0 ? value ^ 1n : value]));
  const storageOf = (stateDiff: StateDiff, change: typeof flipped): StateDiff => ({
    ...stateDiff,
    storage: new Map(
      [...stateDiff.storage].map(([address, entries]) => [
        address,
        address === STRK_TOKEN ? change(entries) : entries,
      ]),
    ),
  });

  /** Each is caught in both modes, by the block hash at the latest. */
  const LIES: Readonly<Record<string, readonly [lies: Lies, reason: RegExp]>> = {
    "a wrong block hash": [header(({ hash }) => ({ hash: hash ^ 1n })), /hash/],
    "a wrong state root": [
      header(({ stateRoot }) => ({ stateRoot: stateRoot ^ 1n })),
      /state root is 0x/,
    ],
    "a wrong time": [
      header(({ timestamp }) => ({ timestamp: timestamp + 1 })),
      /block hash is|type|gas/,
    ],
    "a wrong sequencer": [
      header(() => ({ sequencerAddress: 7n })),
      /block hash is|transaction \d+/,
    ],
    "wrong prices": [
      header(({ gasPrices }) => ({
        gasPrices: { ...gasPrices, l2Gas: { wei: 1n, fri: gasPrices.l2Gas.fri - 1n } },
      })),
      /block hash is|transaction \d+, 0x[0-9a-f]+: the fee/,
    ],
    "another version": [header(() => ({ starknetVersion: "0.13.2" })), /of Starknet 0\.13\.2/],
    "another mode of data": [
      header(() => ({ dataAvailability: "BLOB" })),
      /block hash is|transaction/,
    ],
    "a wrong count of transactions": [
      header(() => ({ transactionCount: 0 })),
      /number of transactions/,
    ],
    "a wrong count of events": [header(() => ({ eventCount: 0 })), /number of events/],
    "a wrong length of the diff": [
      header(() => ({ stateDiffLength: 0 })),
      /length of the state diff/,
    ],
    "a wrong commitment": [header(() => ({ receiptCommitment: 1n })), /receipt commitment/],
    "a wrong event commitment": [header(() => ({ eventCommitment: 1n })), /event commitment/],
    "a wrong transaction commitment": [
      header(() => ({ transactionCommitment: 1n })),
      /transaction commitment/,
    ],
    "a wrong diff commitment": [
      header(() => ({ stateDiffCommitment: 1n })),
      /state diff's commitment/,
    ],
    "a wrong fee": [
      receipts((receipt) => ({ ...receipt, actualFee: receipt.actualFee + 1n })),
      /the fee|receipt commitment/,
    ],
    "gas that was not used": [
      receipts((receipt) => ({ ...receipt, resources: { ...receipt.resources, l1Gas: 1n } })),
      /the gas used|receipt commitment/,
    ],
    "an event less": [
      receipts((receipt) => ({ ...receipt, events: receipt.events.slice(1) })),
      /list of events|event/,
    ],
    "a revert that was none": [
      receipts((receipt) => ({ ...receipt, revertReason: "out of luck" })),
      /revert reason|receipt commitment/,
    ],
    "a message that was not sent": [
      receipts((receipt) => ({
        ...receipt,
        messages: [{ fromAddress: 1n, toAddress: 2n, payload: [3n] }],
      })),
      /list of messages|receipt commitment/,
    ],
    "a receipt less": [
      {
        block: here(({ block, stateDiff }) => ({ block: { ...block, receipts: [] }, stateDiff })),
      },
      /transactions and 0 receipts/,
    ],
    "a transaction of other content": [
      {
        block: here(({ block, stateDiff }) => ({
          block: {
            ...block,
            transactions: block.transactions.map((transaction) =>
              transaction.type === "INVOKE" ? { ...transaction, nonce: 77n } : transaction,
            ),
          },
          stateDiff,
        })),
      },
      /transaction \d+ has the hash/,
    ],
    "another signature": [
      {
        block: here(({ block, stateDiff }) => ({
          block: {
            ...block,
            transactions: block.transactions.map((transaction) =>
              transaction.type === "INVOKE" ? { ...transaction, signature: [1n, 2n] } : transaction,
            ),
          },
          stateDiff,
        })),
      },
      /transaction commitment|the protocol takes it into no block/,
    ],
    "a wrong value": [
      diff((each) => storageOf(each, flipped)),
      /storage 0x|state diff's commitment/,
    ],
    "a value less": [
      diff((each) => storageOf(each, (entries) => new Map([...entries].slice(1)))),
      /storage 0x|length of the state diff/,
    ],
    "a value more": [
      diff((each) => storageOf(each, (entries) => new Map([...entries, [5n, 5n]]))),
      /storage 0x5|length of the state diff/,
    ],
    "a wrong nonce": [
      diff((each) => ({ ...each, nonces: flipped(each.nonces) })),
      /nonce|state diff's commitment/,
    ],
    "a contract that was not deployed": [
      diff((each) => ({ ...each, deployedContracts: new Map([[99n, 1n]]) })),
      /class of new contract 0x63|length of the state diff/,
    ],
  };

  for (const mode of MODES) {
    describe(`${mode}, one lie after the other`, () => {
      before(async () => {
        lies = header(() => ({ hash: 1n }));
        node = await TestNode.start(source, chain().chainId, { mode });
      });
      after(stop);

      for (const [name, [lie, reason]] of Object.entries(LIES))
        it(`refuses ${name}`, async () => {
          lies = lie;
          await refuses(reason);
        });

      it("gives up a source that contradicts itself, but not its blocks", async () => {
        lies = { block: here((block) => withHeader(block, { parentHash: 1n })) };
        await refuses(/contradicts itself: its block 4 does not follow its block 3/, { stage: "" });
      });

      it("goes on where the source stops lying", async () => {
        lies = {};
        await node!.reaches(chain());
        expectSameChain(node!.node.chain, chain(), { traces: mode === "replay" });
      });
    });

    describe(`${mode}, from the beginning`, () => {
      afterEach(stop);

      it("waits for a class that is withheld, and says which", async () => {
        lies = { sierraClass: () => undefined };
        node = await TestNode.start(source, chain().chainId, { mode });
        await refuses(/has no class 0x[0-9a-f]+, which block 1/, { at: 1, stage: "" });
      });

      it("refuses another class", async () => {
        lies = { sierraClass: (sierra) => ({ ...sierra, abi: `${sierra.abi} ` }) };
        node = await TestNode.start(source, chain().chainId, { mode });
        await refuses(/another class/, { at: 1, stage: "" });
      });

      it("refuses another compiled class", async () => {
        lies = {
          block: (block) =>
            block.block.header.number === 1
              ? withDiff(block, {
                  ...block.stateDiff,
                  declaredClasses: flipped(block.stateDiff.declaredClasses),
                })
              : block,
        };
        node = await TestNode.start(source, chain().chainId, { mode });
        await refuses(/class 0x[0-9a-f]+ compiles to 0x/, { at: 1 });
      });
    });
  }

  // The nodes of single tests; those of the suites within are theirs.
  afterEach(async function () {
    if (this.currentTest?.parent === this.test?.parent) await stop();
  });

  it("replay: stops where a block was written, not executed, unless that is accepted", async () => {
    lies = {};
    node = await TestNode.start(source, chain().chainId, { acceptWritten: false });
    const { problem, latest } = await node.problem();
    expect(problem).match(
      /block 1 is not what its source says: the class of new contract 0xabc1 is none/,
    );
    expect(latest?.number).equal(0);
  });

  for (const mode of MODES)
    it(`${mode}: refuses a written block whose diff names what does not change`, async () => {
      const at = 1;
      expect(chain().header(at)!.transactionCount).equal(0);
      const { deployedContracts, storage: old } = chain().stateDiff(at)!;
      const [address] = deployedContracts.keys();
      const entries = new Map([...(old.get(address!) ?? []), [0x999n, 0n]]);
      const storage = new Map([...old, [address!, entries]]);
      lies = forged((written) => withDiff(written, { ...written.stateDiff, storage }), at);
      node = await TestNode.start(source, chain().chainId, { mode });
      await refuses(/its state diff sets storage 0x999 of contract 0x[0-9a-f]+ to what it was/, {
        at,
      });
    });

  it("names the chain id where it is another", async () => {
    lies = {};
    node = await TestNode.start(source, 5n, { mode: "l2" });
    const { problem } = await node.problem();
    expect(problem).match(/is the chain id the sequencer's\?/);
  });

  /** A lie that fits in itself, commitments, root and hash: only who executes sees it. */
  function forged(change: (block: SourceBlock) => SourceBlock, at = AT): Lies {
    const { block, stateDiff } = change({
      block: chain().block(at)!,
      stateDiff: chain().stateDiff(at)!,
    });
    const { header, transactions, receipts } = block;
    const unhashed = {
      ...header,
      ...blockCommitments(transactions, receipts, stateDiff),
      stateRoot: rootAfter(stateDiff, at),
    };
    const hash = blockHash(unhashed);
    const made = { block: { ...block, header: { ...unhashed, hash } }, stateDiff };
    return {
      head: (head) => ({ ...head, number: at, hash }),
      block: (original) => (original.block.header.number === at ? made : original),
    };
  }

  const FORGERIES: Readonly<
    Record<string, readonly [change: (block: SourceBlock) => SourceBlock, reason: RegExp]>
  > = {
    "a balance": [
      (block) => withDiff(block, storageOf(block.stateDiff, flipped)),
      /the new value of storage 0x[0-9a-f]+ of contract 0x4718f5a0fc34cc1af16a1cdee98ffb20c31f5cd61d6ab07201858f4287c938d is 0x[0-9a-f]+, and the source says 0x/,
    ],
    "a nonce": [
      (block) => withDiff(block, { ...block.stateDiff, nonces: flipped(block.stateDiff.nonces) }),
      /the new nonce of contract 0x/,
    ],
    "a fee": [
      ({ block, stateDiff }) => ({
        block: {
          ...block,
          receipts: block.receipts.map((receipt) => ({ ...receipt, actualFee: 1n })),
        },
        stateDiff,
      }),
      /transaction 0, 0x[0-9a-f]+: the fee is 0x[0-9a-f]+, and the source says 0x1$/,
    ],
    "an event": [
      ({ block, stateDiff }) => ({
        block: {
          ...block,
          receipts: block.receipts.map((receipt) => ({ ...receipt, events: [] })),
        },
        stateDiff,
      }),
      /transaction 0, 0x[0-9a-f]+: the list of events is/,
    ],
    "a signature": [
      ({ block, stateDiff }) => ({
        block: {
          ...block,
          transactions: block.transactions.map((transaction) => ({
            ...transaction,
            ...(transaction.type === "INVOKE" && { signature: [1n, 2n] }),
          })),
        },
        stateDiff,
      }),
      /transaction 0, 0x[0-9a-f]+: the protocol takes it into no block/,
    ],
    "the number of transactions": [
      ({ block, stateDiff }) => ({
        block: {
          ...block,
          transactions: block.transactions.slice(0, 1),
          receipts: block.receipts.slice(0, 1),
        },
        stateDiff,
      }),
      /the new value of storage 0x[0-9a-f]+ of contract 0x[0-9a-f]+ is 0x[0-9a-f]+, and the source says 0x|the new nonce/,
    ],
  };

  for (const [name, [change, reason]] of Object.entries(FORGERIES)) {
    it(`replay: finds a forged block, of which ${name} is wrong`, async () => {
      lies = forged(change);
      node = await TestNode.start(source, chain().chainId);
      await refuses(reason);
    });

    it(`l2: trusts the sequencer in ${name}`, async () => {
      lies = forged(change);
      node = await TestNode.start(source, chain().chainId, { mode: "l2" });
      const { latest } = await node.until(({ stage }) => stage === "following");
      expect(latest?.number).equal(AT);
      expect(latest?.hash).not.equal(chain().header(AT)!.hash);
    });
  }

  /** The root to which a diff leads from the state before the block. */
  function rootAfter(stateDiff: StateDiff, at: number): bigint {
    const store = new MemoryStore();
    const state = new ChainState(store);
    for (let number = 0; number < at; number++)
      store.batch(state.prepare(number, chain().stateDiff(number)!).operations);
    return state.prepare(at, stateDiff).globalRoot;
  }
});
