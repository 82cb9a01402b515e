/** Messages both ways and settlement, through the token bridge of contracts/examples. */
import { expect } from "chai";
import { Layers, failureOf } from "../support/layers.ts";

const RECIPIENT_ON_L1 = "0x00000000000000000000000000000000000a11ce";

describe("both layers", function () {
  this.timeout(120_000);
  let layers: Layers;
  let account: bigint;

  beforeEach(async () => {
    layers = await Layers.start();
    await layers.deployBridge();
    account = layers.l2.accounts[0]!.address;
  });
  afterEach(() => layers.close());

  const withdraw = (amount: bigint): Promise<string> =>
    failureOf(layers.bridge.getFunction("withdraw")(RECIPIENT_ON_L1, amount));

  it("begin with the genesis block on L1", async () => {
    const genesis = layers.devnet.core.sequencer.chain.header(0)!;
    expect(await layers.core.getFunction("stateBlockNumber")()).to.equal(0n);
    expect(await layers.core.getFunction("stateRoot")()).to.equal(genesis.stateRoot);
    expect(await layers.core.getFunction("stateBlockHash")()).to.equal(genesis.hash);
  });

  it("carry a deposit to L2 by themselves, and a withdrawal to L1 with its block", async () => {
    const { hash } = await layers.deposit(account, 500n);
    await layers.sync();
    expect(await layers.tokens(account)).to.equal(500n);
    const [status] = await layers.l2.rpc<Record<string, string>[]>("starknet_getMessagesStatus", [
      hash,
    ]);
    expect(status).to.include({ finality_status: "ACCEPTED_ON_L2", execution_status: "SUCCEEDED" });

    const withdrawal = await layers.withdrawOnL2(RECIPIENT_ON_L1, 200n);
    expect(await withdraw(200n)).to.include("INVALID_MESSAGE_TO_CONSUME");
    expect(await layers.l2.status(withdrawal)).to.include({ finality_status: "ACCEPTED_ON_L2" });

    const settled = await layers.layer.settle();
    expect(settled.flatMap(({ messagesToL2 }) => messagesToL2)).to.have.length(1);
    const header = layers.devnet.core.sequencer.chain.latest();
    expect(await layers.core.getFunction("stateRoot")()).to.equal(header.stateRoot);
    expect(await layers.core.getFunction("stateBlockNumber")()).to.equal(BigInt(header.number));
    expect(await layers.l2.status(withdrawal)).to.include({ finality_status: "ACCEPTED_ON_L1" });

    expect(await withdraw(201n)).to.include("INVALID_MESSAGE_TO_CONSUME");
    expect(await withdraw(200n)).to.equal("accepted");
    expect(await withdraw(200n)).to.include("INVALID_MESSAGE_TO_CONSUME");
    expect(await layers.provider.getBalance(RECIPIENT_ON_L1)).to.equal(200n);
    expect(await layers.tokens(account)).to.equal(300n);
  });

  it("leave a message whose handler reverts on L1, and go on with the next ones", async () => {
    const core = layers.core.getFunction("sendMessageToL2");
    // Not from the bridge: its handler refuses. To a contract that is not there. With a word that is no felt.
    // To what is no address.
    const depositSelector = await layers.bridge.getFunction("DEPOSIT_SELECTOR")();
    const foreign = await core(layers.l2Bridge, depositSelector, [account, 1n, 0n], { value: 1n });
    const missing = await core(0xdeadn, depositSelector, [1n], { value: 1n });
    const noFelt = await core(layers.l2Bridge, depositSelector, [2n ** 255n], { value: 1n });
    const nowhere = await core(2n ** 251n, depositSelector, [1n], { value: 1n });
    await layers.deposit(account, 7n);
    await layers.sync();
    expect(await layers.tokens(account)).to.equal(7n);
    const outcome = async ({ hash }: { hash: string }): Promise<unknown> =>
      layers.l2.rpc<Record<string, string>[]>("starknet_getMessagesStatus", [hash]);
    expect(await outcome(foreign)).to.have.nested.property("[0].execution_status", "REVERTED");
    expect(await outcome(missing)).to.have.nested.property("[0].execution_status", "REVERTED");
    expect(await outcome(noFelt)).to.deep.equal([]);
    expect(await outcome(nowhere)).to.deep.equal([]);

    await layers.layer.settle();
    const status = await layers.devnet.l1!.control.status();
    expect(status.messagesToL2.map(({ stage }) => stage)).to.deep.equal([
      "reverted",
      "reverted",
      "undeliverable",
      "undeliverable",
    ]);
    for (const { hash } of status.messagesToL2) {
      const key = `0x${hash.toString(16).padStart(64, "0")}`;
      expect(await layers.core.getFunction("l1ToL2Messages")(key)).to.equal(2n);
    }
  });

  it("settle many blocks in as few updates as fit", async () => {
    for (let i = 0; i < 12; i++) await layers.l2.send(0x1234n, 1n);
    const [range, ...others] = await layers.layer.settle();
    expect(others).to.deep.equal([]);
    expect(range).to.include({
      firstBlock: 1,
      lastBlock: layers.devnet.core.sequencer.chain.latest().number,
    });
    expect(await layers.layer.settle()).to.deep.equal([]);
  });
});
