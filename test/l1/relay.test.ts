/** What a look at L1 costs while nothing happens there. */
import { expect } from "chai";
import { selector } from "../../src/hash/keccak.ts";
import { Layers } from "../support/layers.ts";

describe("the relay of messages", function () {
  this.timeout(60_000);
  let layers: Layers;
  afterEach(() => layers.close());

  it("does not read the chain again while nothing is taken back", async () => {
    layers = await Layers.start({ devnet: { settlement: "none" } });
    await layers.deployBridge();
    const account = layers.l2.accounts[0]!.address;
    await layers.deposit(account, 5n);
    await layers.sync();
    const { chain } = layers.devnet.core.sequencer;
    await layers.sync();
    let read = 0;
    const { block, header } = chain;
    chain.block = (number) => (read++, block.call(chain, number));
    chain.header = (number) => (read++, header.call(chain, number));
    await layers.sync();
    Object.assign(chain, { block, header });
    expect(read).to.equal(0);
    expect(await layers.tokens(account)).to.equal(5n);
  });

  it("takes back a message without an event, once L1 has lost it", async () => {
    layers = await Layers.start({
      access: ({ transport, url, pollMs }) => ({ transport, url, pollMs }),
    });
    await layers.deployBridge();
    const account = layers.l2.accounts[0]!.address;
    const l1 = <T>(method: string, ...params: unknown[]): Promise<T> =>
      layers.connection.provider.request({ method, params }) as Promise<T>;
    const id = await l1<string>("evm_snapshot");
    await layers.l2.rpc("devnet_postmanSendMessageToL2", {
      l1_contract_address: await layers.bridge.getAddress(),
      l2_contract_address: `0x${layers.l2Bridge.toString(16)}`,
      entry_point_selector: `0x${selector("handle_deposit").toString(16)}`,
      payload: [`0x${account.toString(16)}`, "0x5", "0x0"],
      paid_fee_on_l1: "0x1",
      nonce: "0x77",
    });
    await layers.sync();
    const after = layers.devnet.core.sequencer.chain.latest().number;
    await layers.l2.send(0x1234n, 1n);
    await layers.sync();
    expect(layers.events.map(({ kind }) => kind)).to.not.include("replayed");
    await l1("evm_revert", id);
    await layers.sync();
    const { chain } = layers.devnet.core.sequencer;
    expect(layers.events.map(({ kind }) => kind)).to.include("replayed");
    expect(chain.block(after)!.transactions).to.deep.equal([]);
    expect(await layers.l2.balance(0x1234n)).to.equal(1n);
  });
});
