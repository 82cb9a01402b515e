/** State updates: what they check, what they leave on L1, and how a watcher finds the state diff. */
import { expect } from "chai";
import type { Felt } from "../../src/field/felt.ts";
import { onchainDataHash, PAGE_SIZE, settlementFact } from "../../src/starknet/output/facts.ts";
import { decodeProgramOutput } from "../../src/starknet/output/program-output.ts";
import { decodeStateDiff, encodeStateDiff } from "../../src/starknet/output/state-diff-encoding.ts";
import { emptyDiff, type StateDiff } from "../../src/state/diff.ts";
import { toPaddedHex } from "../../src/util/hex.ts";
import { CONFIG_HASH, CoreFixture, PROGRAM_HASH } from "./support/core.ts";

const STATE_SLOT = 0x71a8ef1b1265359d77973c3524afac225c0a0d829a0d4da5cac3b34532019fecn;

const diff: StateDiff = {
  storage: new Map([[1n, new Map([[2n, 3n]])]]),
  nonces: new Map([[4n, 5n]]),
  deployedContracts: new Map([[6n, 7n]]),
  replacedClasses: new Map([[8n, 9n]]),
  declaredClasses: new Map([[10n, 11n]]),
};

/** A diff of more than two pages. */
const largeDiff = (): StateDiff => ({
  ...emptyDiff(),
  storage: new Map([
    [1n, new Map(Array.from({ length: PAGE_SIZE + 50 }, (_, i): [Felt, Felt] => [BigInt(i), 7n]))],
  ]),
});

describe("settlement by the core contract", () => {
  let l1: CoreFixture;

  beforeEach(async () => {
    l1 = await CoreFixture.create();
  });
  afterEach(() => l1.close());

  const state = async (): Promise<unknown[]> =>
    Promise.all(
      ["stateRoot", "stateBlockNumber", "stateBlockHash"].map((name) =>
        l1.core.getFunction(name)(),
      ),
    );

  const refused = async (attempt: Promise<unknown>, reason: string): Promise<void> => {
    const message = await attempt.then(
      () => "accepted",
      (error: Error) => error.message,
    );
    expect(message).to.include(reason);
  };

  it("moves from before the first block on, block by block and by ranges", async () => {
    expect(await state()).to.deep.equal([0n, -1n, 0n]);
    for (const newBlockNumber of [0, 1, 9]) {
      const { output } = await l1.settle({ newBlockNumber });
      expect(await state()).to.deep.equal([
        output.newRoot,
        BigInt(newBlockNumber),
        output.newBlockHash,
      ]);
    }
    const found = await l1.core.queryFilter("LogStateUpdateData");
    const ranges = found.map((log) => [...l1.core.interface.parseLog(log)!.args].slice(0, 2));
    expect(ranges).to.deep.equal([
      [0n, 0n],
      [1n, 1n],
      [2n, 9n],
    ]);
  });

  it("keeps root, number and hash in the storage slots of the mainnet contract", async () => {
    const { output } = await l1.settle();
    const slot = (offset: bigint): Promise<string> =>
      l1.provider.getStorage(l1.core, toPaddedHex(STATE_SLOT + offset, 32));
    expect(await Promise.all([0n, 1n, 2n].map(slot))).to.deep.equal(
      [output.newRoot, 0n, output.newBlockHash].map((word) => toPaddedHex(word, 32)),
    );
  });

  it("keeps its settings in the slots of docs/l1.md", async () => {
    const slots = [10n, 11n, 12n, 13n, 14n].map((offset) => toPaddedHex(STATE_SLOT + offset, 32));
    const values = await Promise.all(slots.map((slot) => l1.provider.getStorage(l1.core, slot)));
    expect(values.map(BigInt)).to.deep.equal([432_000n, PROGRAM_HASH, 0n, CONFIG_HASH, 0n]);
  });

  for (const [what, stateDiff] of [
    ["a diff of every kind", diff],
    ["an empty diff", emptyDiff()],
    ["a diff of three pages", largeDiff()],
  ] as const) {
    it(`shows a watcher the blocks, the root and ${what}`, async () => {
      const settled = await l1.settle({ stateDiff });
      const [log] = await l1.core.queryFilter("LogStateUpdateData");
      const { args } = l1.core.interface.parseLog(log!)!;
      const { data } = (await l1.provider.getTransaction(log!.transactionHash))!;
      const call = l1.core.interface.decodeFunctionData("updateStateCalldataDA", data);
      const main: Felt[] = [...call["programOutput"]];
      const words: Felt[] = [...call["stateDiff"]];
      expect(args["inCalldata"]).to.equal(true);
      expect(args["globalRoot"]).to.equal(settled.output.newRoot);
      expect(args["onchainDataSize"]).to.equal(BigInt(words.length));
      expect(args["onchainDataHash"]).to.equal(onchainDataHash(words, main.length));
      expect(decodeProgramOutput(main).output).to.deep.equal(settled.output);
      expect(decodeStateDiff(words, (address) => address === 8n)).to.deep.equal(stateDiff);
    });
  }

  it("takes mainnet's function, which leaves no diff", async () => {
    const update = await l1.next({ stateDiff: diff });
    await l1.establish(update);
    const { main, stateDiff } = update;
    const dataHash = onchainDataHash(stateDiff, main.length);
    await (await l1.core.getFunction("updateState")(main, dataHash, stateDiff.length)).wait();
    const [log] = await l1.core.queryFilter("LogStateUpdateData");
    const { args } = l1.core.interface.parseLog(log!)!;
    expect([...args].slice(2)).to.deep.equal([
      update.output.newRoot,
      dataHash,
      BigInt(stateDiff.length),
      false,
    ]);
  });

  it("tells its initial state: root, number and hash by itself, the rest by an operator, in parts", async () => {
    const initial = (await l1.core.queryFilter("LogInitialState")).map((log) => [
      ...l1.core.interface.parseLog(log)!.args,
    ]);
    expect(initial).to.deep.equal([[0n, -1n, 0n]]);
    const words = encodeStateDiff(diff);
    const publish = l1.core.getFunction("publishInitialState");
    await (await publish(0, words.length, words.slice(0, 5))).wait();
    await (await publish(5, words.length, words.slice(5))).wait();
    const told = (await l1.core.queryFilter("LogInitialStateDiff")).map(
      (log) => l1.core.interface.parseLog(log)!.args,
    );
    expect(told.map(({ offset, size }) => [offset, size])).to.deep.equal([
      [0n, BigInt(words.length)],
      [5n, BigInt(words.length)],
    ]);
    expect(told.flatMap(({ words: part }) => [...(part as Felt[])])).to.deep.equal(words);
    const stranger = l1.core.connect(l1.user) as typeof l1.core;
    await refused(stranger.getFunction("publishInitialState")(0, 1, [0n]), "ONLY_OPERATOR");
  });

  it("wants a fact, of this very program and output", async () => {
    const update = await l1.next({ stateDiff: diff });
    const send = (main: readonly Felt[], stateDiff: readonly Felt[]): Promise<unknown> =>
      l1.core.getFunction("updateStateCalldataDA")(main, stateDiff);
    const register = (programHash: Felt): Promise<unknown> =>
      l1.registry.getFunction("registerFact")(
        toPaddedHex(settlementFact(programHash, update.main, update.stateDiff), 32),
      );
    await refused(send(update.main, update.stateDiff), "NO_STATE_TRANSITION_PROOF");
    await register(PROGRAM_HASH + 1n);
    await refused(send(update.main, update.stateDiff), "NO_STATE_TRANSITION_PROOF");
    await register(PROGRAM_HASH);
    await refused(send(update.main, update.stateDiff.with(1, 99n)), "NO_STATE_TRANSITION_PROOF");
    await refused(send(update.main.with(1, 99n), update.stateDiff), "NO_STATE_TRANSITION_PROOF");
    await send(update.main, update.stateDiff);
    await refused(send(update.main, update.stateDiff), "INVALID_PREV_BLOCK_NUMBER");
  });

  it("is for operators only, facts for the owner of the registry", async () => {
    const update = await l1.next({});
    await l1.establish(update);
    const core = l1.core.connect(l1.user) as typeof l1.core;
    await refused(
      core.getFunction("updateStateCalldataDA")(update.main, update.stateDiff),
      "ONLY_OPERATOR",
    );
    const registry = l1.registry.connect(l1.user) as typeof l1.registry;
    await refused(registry.getFunction("registerFact")(toPaddedHex(1n, 32)), "OnlyOwner");
  });
});
