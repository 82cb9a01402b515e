/** Messages that L1 takes back: by cancellation, in every order of events with L2's execution and settlement. */
import { expect } from "chai";
import type { L1Access } from "../../src/devnet/l1.ts";
import { FEE, Layers, failureOf } from "../support/layers.ts";

const FIVE_DAYS = 5 * 24 * 3600;

describe("cancelled messages", function () {
  this.timeout(120_000);
  let layers: Layers;
  let account: bigint;

  const start = async (options: Parameters<typeof Layers.start>[0] = {}): Promise<void> => {
    layers = await Layers.start(options);
    await layers.deployBridge();
    account = layers.l2.accounts[0]!.address;
  };
  afterEach(() => layers.close());

  const ask = async (amount: bigint, nonce: bigint): Promise<void> =>
    (await layers.bridge.getFunction("startDepositCancellation")(account, amount, nonce)).wait();
  const cancel = async (amount: bigint, nonce: bigint): Promise<void> =>
    (await layers.bridge.getFunction("cancelDeposit")(account, amount, nonce)).wait();
  const waitFiveDays = (): Promise<unknown> =>
    layers.connection.provider.request({ method: "evm_increaseTime", params: [FIVE_DAYS] });

  it("are not executed once their cancellation was asked for", async () => {
    await start({ devnet: { relay: "flush" } });
    const { nonce } = await layers.deposit(account, 5n);
    const other = await layers.deposit(account, 6n);
    await ask(5n, nonce);
    await layers.layer.flush();
    await layers.devnet.core.sequencer.exclusively(() => undefined);
    expect(await layers.tokens(account)).to.equal(6n);
    await waitFiveDays();
    await cancel(5n, nonce);
    await layers.sync();
    expect(await layers.tokens(account)).to.equal(6n);
    const [range] = await layers.layer.settle();
    expect(range!.messagesToL2.map((message) => message.nonce)).to.deep.equal([other.nonce]);
  });

  it("cannot be cancelled after their block has settled", async () => {
    await start({ devnet: { relay: "flush" } });
    const { nonce } = await layers.deposit(account, 5n);
    await ask(5n, nonce);
    const second = await layers.deposit(account, 6n);
    await layers.layer.flush();
    await layers.devnet.core.sequencer.exclusively(() => undefined);
    await ask(6n, second.nonce);
    await layers.layer.settle();
    await waitFiveDays();
    expect(await failureOf(cancel(6n, second.nonce))).to.include("NO_MESSAGE_TO_CANCEL");
    expect(await layers.tokens(account)).to.equal(6n);
  });

  it("are taken out of L2 again where it had executed them, and nothing else is", async () => {
    await start();
    const { nonce } = await layers.deposit(account, 5n);
    await layers.sync();
    await layers.deposit(account, 6n);
    await layers.sync();
    const transfer = await layers.l2.send(0x1234n, 77n);
    expect(await layers.tokens(account)).to.equal(11n);
    const before = layers.devnet.core.sequencer.chain.latest();

    await ask(5n, nonce);
    await waitFiveDays();
    await cancel(5n, nonce);
    await layers.sync();

    expect(await layers.tokens(account)).to.equal(6n);
    expect(await layers.l2.balance(0x1234n)).to.equal(77n);
    expect(await layers.l2.status(transfer)).to.include({ execution_status: "SUCCEEDED" });
    const after = layers.devnet.core.sequencer.chain.latest();
    expect(after.number).to.equal(before.number);
    expect(after.timestamp).to.equal(before.timestamp);
    expect(after.stateRoot).to.not.equal(before.stateRoot);
    expect(layers.events.map(({ kind }) => kind)).to.include("replayed");
    // The bridge has what L2's tokens stand for, and the withdrawal of all of it works.
    await layers.layer.settle();
    expect(await layers.provider.getBalance(layers.bridge)).to.equal(6n);
  });

  it("that come between a look at L1 and the update make the settler look again", async () => {
    let between: (() => Promise<void>) | undefined;
    const access = (real: L1Access): L1Access => ({
      ...real,
      transport: {
        async request(request) {
          if (request.method === "eth_estimateGas" && between !== undefined) {
            const work = between;
            between = undefined;
            await work();
          }
          return real.transport.request(request);
        },
      },
    });
    await start({ access });
    const { nonce } = await layers.deposit(account, 5n);
    await layers.sync();
    await ask(5n, nonce);
    await waitFiveDays();
    between = () => cancel(5n, nonce);
    await layers.layer.settle();
    expect(await layers.tokens(account)).to.equal(0n);
    const { number, stateRoot } = layers.devnet.core.sequencer.chain.latest();
    expect(await layers.core.getFunction("stateBlockNumber")()).to.equal(BigInt(number));
    expect(await layers.core.getFunction("stateRoot")()).to.equal(stateRoot);
    // What is left in the core contract is the fee of the message that nobody handled.
    expect(await layers.provider.getBalance(layers.core)).to.equal(FEE);
  });
});
