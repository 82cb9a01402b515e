/**
 * Settlement with proofs, from a deposit to a withdrawal, and everything with which somebody without a valid proof
 * might try to move L1's root. Real proofs: some 30 s of CPU each.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import hre from "hardhat";
import type { L1Access } from "../../src/devnet/l1.ts";
import { deployBlockRegistry, osProgramOnL1 } from "../../src/l1/block-registry.ts";
import { L1UnavailableError } from "../../src/l1/transport.ts";
import { buildUpdate, type StateUpdate } from "../../src/l1/update.ts";
import { factPurpose, planVerification } from "../../src/l1/verifier/calldata.ts";
import { ProofStore, type StoredProof } from "../../src/proving/proof-store.ts";
import type { ProofFile } from "../../src/prover/proof-file.ts";
import { verify } from "../../src/prover/verifier/verify.ts";
import { openStore } from "../../src/state/store/open.ts";
import { Layers, failureOf } from "../support/layers.ts";

const RECIPIENT = "0x00000000000000000000000000000000000a11ce";
const PROOF_MS = 600_000;

describe("settlement with proofs", function () {
  this.timeout(3 * PROOF_MS);
  const folder = mkdtempSync(join(tmpdir(), "proven-"));
  let layers: Layers;
  let account: bigint;
  /** The devnet's L1 is cut off from here on. */
  let cut = false;

  const access = (real: L1Access): L1Access => ({
    ...real,
    transport: {
      request: (request) =>
        cut && request.method === "eth_sendRawTransaction"
          ? Promise.reject(new L1UnavailableError("L1 at nowhere cannot be reached"))
          : real.transport.request(request),
    },
  });

  before(async () => {
    layers = await Layers.start({ devnet: { settlement: "proven", data: folder }, access });
    await layers.deployBridge();
    account = layers.l2.accounts[0]!.address;
  });
  after(async () => {
    await layers.close();
    rmSync(folder, { recursive: true });
  });

  const stateOnL1 = () => layers.layer.core.state();
  const updateOf = (first: number, last: number): StateUpdate =>
    buildUpdate(
      layers.devnet.core.sequencer.chain,
      { first, last },
      {
        programHash: osProgramOnL1().hash,
        configHash: layers.layer.configHash,
      },
    );
  /** What the core contract says of an update that the operator sends. */
  const attempt = ({ main, stateDiff }: Pick<StateUpdate, "main" | "stateDiff">): Promise<string> =>
    failureOf(
      layers.layer.operator.send({
        to: layers.layer.core.address,
        data: layers.layer.core.encodeUpdate(main, stateDiff),
      }),
    );
  /** What the registry says of a proof, sent with an output that may be another. */
  const register = (file: ProofFile, mainSize: number, registry: string): Promise<string> => {
    const plan = planVerification(file, verify(file), factPurpose(file, mainSize));
    if (plan.kind !== "one transaction") throw new Error("expected a proof for one transaction");
    const data = `0x${Buffer.from(plan.data).toString("hex")}`;
    return failureOf(layers.layer.operator.send({ to: registry, data, gasLimit: 16_777_216n }));
  };

  let first: StoredProof;
  let settledTo = 0;

  it("moves the root with a proof that L1 verifies, and a withdrawal works after it only", async () => {
    await layers.deposit(account, 500n);
    await layers.sync();
    await layers.l2.send(0x1234n, 1n);
    const withdrawal = await layers.withdrawOnL2(RECIPIENT, 200n);
    const withdraw = (): Promise<string> =>
      failureOf(layers.bridge.getFunction("withdraw")(RECIPIENT, 200n));
    expect(await withdraw()).to.include("INVALID_MESSAGE_TO_CONSUME");

    const settled = await layers.layer.settle();
    const { stateRoot, number, hash } = layers.devnet.core.sequencer.chain.latest();
    expect(await stateOnL1()).to.deep.equal({
      blockNumber: number,
      blockHash: hash,
      root: stateRoot,
    });
    expect(await layers.l2.status(withdrawal)).to.include({ finality_status: "ACCEPTED_ON_L1" });
    for (const { factTransactions } of settled) {
      expect(factTransactions.map(({ name }) => name)).to.deep.equal(["proveFact"]);
      expect(factTransactions[0]!.gasUsed > 1_000_000n).to.equal(true);
    }
    expect(settled.flatMap(({ messagesToL2 }) => messagesToL2)).to.have.length(1);
    expect(await withdraw()).to.equal("accepted");
    expect(await withdraw()).to.include("INVALID_MESSAGE_TO_CONSUME");
    first = layers.devnet.l1!.prover!.proofFrom(1)!;
    settledTo = number;
  });

  it("has a bill that tells the verification by phases, and adds up to the receipts", async () => {
    const { updates } = await layers.devnet.l1!.control.gas({ first: 1, last: settledTo });
    for (const { onL1 } of updates) {
      expect(onL1.map((sent) => sent.function)).to.deep.equal([
        "proveFact",
        "updateStateCalldataDA",
      ]);
      for (const { transactionHash, gasUsed, parts } of onL1) {
        const receipt = await layers.provider.getTransactionReceipt(transactionHash);
        expect(BigInt(gasUsed)).to.equal(receipt!.gasUsed);
        expect(parts.reduce((sum, { gas }) => sum + gas, 0)).to.equal(gasUsed);
      }
      const gas = new Map(onL1[0]!.parts.map((one) => [one.part, one.gas]));
      for (const phase of ["public memory", "constraints", "openings, DEEP quotient"])
        expect(gas.get(phase), phase).to.be.above(100_000);
      expect(gas.get("keeping the fact")).to.be.above(22_100);
      const rest = gas.get("call and answer") ?? gas.get("call and answer among it");
      expect(rest).to.be.above(0);
    }
    expect(updates.at(-1)!.onL1[1]!.parts.some(({ group }) => group === "messages to L2")).to.equal(
      true,
    );
  });

  it("takes no update twice, none of an earlier range, and no proof twice for another", async () => {
    const { range } = first;
    const replayed = updateOf(range.first, range.last);
    expect(await attempt(replayed)).to.equal("INVALID_PREV_BLOCK_NUMBER");
    expect((await stateOnL1()).blockNumber).to.equal(settledTo);
  });

  it("takes no output that was not proven: root, message, diff, chain or program", async () => {
    await layers.l2.send(0x1234n, 2n);
    const honest = updateOf(settledTo + 1, settledTo + 1);
    expect(await attempt(honest)).to.equal("NO_STATE_TRANSITION_PROOF");
    const lies: [string, Pick<StateUpdate, "main" | "stateDiff">][] = [
      ["NO_STATE_TRANSITION_PROOF", { ...honest, main: honest.main.with(1, 1n) }],
      ["NO_STATE_TRANSITION_PROOF", { ...honest, stateDiff: honest.stateDiff.with(2, 1n) }],
      ["INVALID_CONFIG_HASH", { ...honest, main: honest.main.with(7, 1n) }],
      [
        "AGGREGATOR_MODE_INVALID_OS_PROGRAM_HASH",
        { ...honest, main: honest.main.with(6, osProgramOnL1().hash + 1n) },
      ],
    ];
    for (const [reason, lie] of lies) expect(await attempt(lie)).to.equal(reason);
    expect((await stateOnL1()).blockNumber).to.equal(settledTo);
  });

  it("refuses the proof with another output, and another program's registry the proof", async () => {
    const registry = layers.layer.deployment.factRegistry!;
    const { file } = first.proof;
    const mainSize = updateOf(first.range.first, first.range.last).main.length;
    const page = file.pages.at(-1)! as { start: bigint; values: readonly bigint[] };
    const forged: ProofFile = {
      ...file,
      pages: [...file.pages.slice(0, -1), { ...page, values: page.values.with(1, 1n) }],
    };
    const plan = planVerification(file, verify(file), factPurpose(forged, mainSize));
    const data = `0x${Buffer.from((plan as { data: Uint8Array }).data).toString("hex")}`;
    expect(
      await failureOf(layers.layer.operator.send({ to: registry, data, gasLimit: 16_777_216n })),
    ).to.not.equal("accepted");
    // A registry that keeps a program with one word changed.
    const program = osProgramOnL1();
    const pages = program.pages.map((words, i) =>
      i === 0 ? words.with(100, words[100]! + 1n) : words,
    );
    const other = await deployBlockRegistry(layers.layer.operator, { ...program, pages });
    expect(await register(file, mainSize, other)).to.not.equal("accepted");
    expect(await register(file, mainSize, registry)).to.equal("accepted");
  });

  it("keeps its proof over a restart in mid-settlement; another chain's core contract refuses it", async () => {
    const prover = layers.devnet.l1!.prover!;
    const last = layers.devnet.core.sequencer.chain.latest().number;
    cut = true;
    await prover.ready(settledTo + 1);
    expect(await failureOf(layers.layer.settleReady())).to.include("cannot be reached");
    const { bridge, l2Bridge, connection } = layers;
    await layers.l2.close();
    const store = await openStore(folder);
    const kept = new ProofStore(store).from(settledTo + 1);
    expect(kept?.range.last).to.equal(last);
    store.close();
    cut = false;
    layers = await Layers.start({
      devnet: { settlement: "proven", data: folder },
      access,
      connection,
    });
    Object.assign(layers, { bridge, l2Bridge });
    await layers.layer.settle();
    // The proof was there: no new one was made.
    expect(layers.events.map(({ kind }) => kind)).to.not.include("proving");
    expect((await stateOnL1()).blockNumber).to.equal(last);

    const other = await Layers.start({
      devnet: { settlement: "proven", chainId: "SN_OTHER" },
      connection: await hre.network.create(),
    });
    const { main, stateDiff } = updateOf(1, 1);
    const foreign = await failureOf(
      other.layer.operator.send({
        to: other.layer.core.address,
        data: other.layer.core.encodeUpdate(main, stateDiff),
      }),
    );
    expect(foreign).to.be.oneOf(["INVALID_CONFIG_HASH", "INVALID_PREV_BLOCK_HASH"]);
    await other.close();
  });

  it("proves a block again whose prover was ended in the middle", async () => {
    const prover = layers.devnet.l1!.prover!;
    await layers.l2.send(0x1234n, 3n);
    const { number } = layers.devnet.core.sequencer.chain.latest();
    const proving = async (): Promise<void> => {
      for (;;) {
        const stage = prover.stageOf(number);
        if (stage.stage === "proving" && stage.fraction > 0.2) return;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    };
    await proving();
    await prover.killProvers();
    await layers.layer.settle();
    expect((await stateOnL1()).blockNumber).to.equal(number);
    expect(layers.events.map(({ kind }) => kind)).to.include("proverFailed");
  });
});
