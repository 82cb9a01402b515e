/** Jobs for provers carry all that is needed: the OS makes of them what it makes of the chain itself. */
import { deserialize, serialize } from "node:v8";
import { expect } from "chai";
import { STRK_TOKEN } from "../../src/starknet/addresses.ts";
import { runOs } from "../../src/os/run.ts";
import { Unprovable } from "../../src/os/unprovable.ts";
import { PROOF_LAYOUTS } from "../../src/prover/air/layouts/index.ts";
import { buildTrace } from "../../src/prover/trace/build.ts";
import { createJob, jobInput, type ProofJob } from "../../src/proving/job.ts";
import { BLOCK_LAYOUT_NAME, osProgramWords } from "../../src/proving/prove-job.ts";
import { emptyDiff } from "../../src/state/diff.ts";
import { callOf, OsChain } from "../os/support/os-chain.ts";
import { RandomBlocks } from "../os/support/random-blocks.ts";

describe("proof jobs", () => {
  let chain: OsChain;
  beforeEach(() => {
    chain = new OsChain();
  });
  afterEach(() => chain.close());

  const job = (first: number, last = first): ProofJob =>
    createJob(chain.core.sequencer.chain, chain.core.environment, { first, last });

  it("give the sequencer's output away from its storage, on random blocks", async () => {
    chain.supplyProbes();
    const random = new RandomBlocks(chain, 77);
    for (let i = 0; i < 4; i++) await random.next(8);
    const last = chain.core.sequencer.chain.latest().number;
    for (const [from, to] of [
      [2, 2],
      [3, last],
      [2, last],
    ] as const) {
      const travelled = deserialize(serialize(job(from, to))) as ProofJob;
      expect(runOs(jobInput(travelled)).words).to.deep.equal(chain.expected(from, to));
    }
  });

  it("hold no more of the state than their blocks touch", async () => {
    await chain.invoke([callOf(STRK_TOKEN, "transfer", [0x1234n, 5n, 0n])]);
    const { header } = await chain.block();
    const { state, classes } = job(header.number);
    expect(classes.size).to.equal(2);
    expect([...state.storage.keys()]).to.include(STRK_TOKEN);
    expect(state.storage.get(STRK_TOKEN)!.size).to.be.lessThan(12);
    expect(state.leaves.size).to.be.lessThan(5);
  });

  it("are errors, not proofs of something else, where something is missing or altered", async () => {
    await chain.invoke([callOf(STRK_TOKEN, "transfer", [0x1234n, 5n, 0n])]);
    const { header } = await chain.block();
    const whole = job(header.number);
    const { state } = whole;
    const run = (changed: ProofJob) => (): unknown => runOs(jobInput(changed)).words;
    const without = <K, V>(map: ReadonlyMap<K, V>): Map<K, V> => new Map([...map].slice(1));
    expect(run({ ...whole, state: { ...state, storage: without(state.storage) } })).to.throw(
      "the witness has no storage value",
    );
    expect(run({ ...whole, state: { ...state, nodes: without(state.nodes) } })).to.throw(
      "the witness has no trie node",
    );
    expect(run({ ...whole, classes: without(whole.classes) })).to.throw();
    const { block, stateDiff } = whole.blocks[0]!;
    const lie = { ...stateDiff, nonces: new Map([[1n, 2n]]) };
    expect(run({ ...whole, blocks: [{ block, stateDiff: lie }] })).to.throw(
      Unprovable,
      "its state changed otherwise",
    );
    // A balance that was not there: the root before is another one than L1's.
    const cells = new Map(state.storage.get(STRK_TOKEN)!);
    for (const [key, value] of cells) if (value > 1_000n) cells.set(key, value + 1n);
    const richer = new Map(state.storage).set(STRK_TOKEN, cells);
    expect(run({ ...whole, state: { ...state, storage: richer } })).to.throw();
  });

  it("of an empty block make a trace that has room for public memory", async () => {
    const { header } = await chain.block();
    const input = jobInput(job(header.number));
    const run = runOs(input, { proofMode: true, layout: BLOCK_LAYOUT_NAME, trace: true });
    expect(run.words).to.deep.equal(chain.expected(header.number));
    const { statement } = buildTrace(run, PROOF_LAYOUTS[BLOCK_LAYOUT_NAME]);
    expect(statement.publicAddresses.length).to.be.within(osProgramWords().length, run.steps);
  });

  it("say of blocks that cannot be proven which one, and why", async () => {
    await chain.block();
    chain.core.sequencer.writeState(
      { ...emptyDiff(), storage: new Map([[STRK_TOKEN, new Map([[5n, 6n]])]]) },
      new Map(),
    );
    expect(() => job(1, 2)).to.throw(Unprovable, "block 2 cannot be proven: its state changed");
    expect(() => job(0)).to.throw(Unprovable, "block 0 cannot be proven: the genesis block");
  });
});
