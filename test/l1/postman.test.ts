/** starknet-devnet's postman methods, its names and shapes, on the real core contract. */
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { selector } from "../../src/hash/keccak.ts";
import { toHex } from "../../src/util/hex.ts";
import { FEE, Layers } from "../support/layers.ts";

interface Flushed {
  readonly messages_to_l1: Record<string, unknown>[];
  readonly messages_to_l2: Record<string, unknown>[];
  readonly generated_l2_transactions: string[];
  readonly l1_provider: string;
}

describe("the postman", function () {
  this.timeout(120_000);
  let layers: Layers;
  let account: bigint;

  const start = async (devnet: Record<string, unknown> = {}): Promise<void> => {
    layers = await Layers.start({ devnet });
    await layers.deployBridge();
    account = layers.l2.accounts[0]!.address;
  };
  afterEach(() => layers.close());

  const flush = (params?: object): Promise<Flushed> =>
    layers.l2.rpc<Flushed>("devnet_postmanFlush", params);
  const RECIPIENT = "0x00000000000000000000000000000000000a11ce";

  it("loads the core contract that is there, and no other", async () => {
    await start();
    const core = layers.layer.deployment.core;
    const load = { network_url: layers.layer.url };
    expect(await layers.l2.rpc("devnet_postmanLoad", load)).to.deep.equal({
      messaging_contract_address: core,
    });
    const wrong = { ...load, address: "0x00000000000000000000000000000000000000aa" };
    expect((await layers.l2.failure("devnet_postmanLoad", wrong)).message).to.include(
      `this devnet's core contract is at ${core}`,
    );
    const { message } = await layers.l2.failure("devnet_postmanLoad", {
      network_url: "http://localhost:1234",
    });
    expect(message).to.include("--eth-url http://localhost:1234");
  });

  it("flushes both ways when messages wait for it, each once, and tells what travelled", async () => {
    await start({ relay: "flush" });
    const { hash, nonce } = await layers.deposit(account, 50n);
    await layers.sync();
    expect(await layers.tokens(account)).to.equal(0n);

    const dry = await flush({ dry_run: true });
    expect(dry).to.deep.include({ l1_provider: "dry run", messages_to_l1: [] });
    expect(await layers.tokens(account)).to.equal(0n);

    const first = await flush();
    expect(await layers.tokens(account)).to.equal(50n);
    expect(first.messages_to_l2).to.deep.equal([
      {
        l2_contract_address: toHex(layers.l2Bridge),
        entry_point_selector: toHex(selector("handle_deposit")),
        l1_contract_address: (await layers.bridge.getAddress()).toLowerCase(),
        payload: [account, 50n, 0n].map(toHex),
        paid_fee_on_l1: toHex(FEE),
        nonce: toHex(nonce),
        l1_transaction_hash: hash,
      },
    ]);
    expect(dry.messages_to_l2).to.deep.equal(first.messages_to_l2);
    const [generated] = first.generated_l2_transactions;
    expect(await layers.l2.status(generated!)).to.include({ finality_status: "ACCEPTED_ON_L1" });

    await layers.withdrawOnL2(RECIPIENT, 20n);
    const second = await flush();
    expect(second.messages_to_l2).to.deep.equal([]);
    expect(second.messages_to_l1).to.deep.equal([
      {
        from_address: toHex(layers.l2Bridge),
        to_address: (await layers.bridge.getAddress()).toLowerCase(),
        payload: [BigInt(RECIPIENT), 20n, 0n].map(toHex),
      },
    ]);
    expect(await flush()).to.deep.include({ messages_to_l1: [], messages_to_l2: [] });
    await (await layers.bridge.getFunction("withdraw")(RECIPIENT, 20n)).wait();
  });

  it("tells again of what comes again after both layers went back", async () => {
    await start({ relay: "flush" });
    const { chain } = layers.devnet.core.sequencer;
    const { provider } = layers.connection;
    await layers.deposit(account, 30n);
    expect((await flush()).messages_to_l2).to.have.length(1);
    const before = chain.latest().number;
    const id = await provider.request({ method: "evm_snapshot" });
    await layers.deposit(account, 50n);
    const { messages_to_l2: told } = await flush();
    expect(told).to.have.length(1);
    const flushedUpTo = chain.latest().number;
    await provider.request({ method: "evm_revert", params: [id] });
    expect(chain.latest().number).to.equal(before);

    await layers.withdrawOnL2(RECIPIENT, 20n);
    while (chain.latest().number <= flushedUpTo) await layers.l2.send(0x1234n, 1n);
    await layers.deposit(account, 50n);
    const again = await flush();
    expect(again.messages_to_l1).to.have.length(1);
    expect(again.messages_to_l2).to.deep.equal(told);
    expect(await flush()).to.deep.include({ messages_to_l1: [], messages_to_l2: [] });
  });

  it("tells of a message once more where only the open block went back", async () => {
    await start({ relay: "flush", settlement: "none", blockGenerationOn: "demand" });
    await layers.l2.rpc("devnet_createBlock");
    const { provider } = layers.connection;
    await layers.deposit(account, 40n);
    expect((await flush()).messages_to_l2).to.have.length(1);
    const id = await provider.request({ method: "evm_snapshot" });
    await layers.deposit(account, 50n);
    const { messages_to_l2: told } = await flush();
    expect(told).to.have.length(1);
    await provider.request({ method: "evm_revert", params: [id] });
    await layers.deposit(account, 50n);
    expect(await flush()).to.deep.include({ messages_to_l2: told });
  });

  const message = async (nonce: string) => ({
    l1_contract_address: await layers.bridge.getAddress(),
    l2_contract_address: toHex(layers.l2Bridge),
    entry_point_selector: toHex(selector("handle_deposit")),
    payload: [toHex(account), "0x9", "0x0"],
    paid_fee_on_l1: "0x7",
    nonce,
    l1_transaction_hash: "0xabc123",
  });

  it("sends a message in a contract's name, and its block settles", async () => {
    await start();
    const { transaction_hash } = await layers.l2.rpc<{ transaction_hash: string }>(
      "devnet_postmanSendMessageToL2",
      await message("0x64"),
    );
    expect(await layers.tokens(account)).to.equal(9n);
    expect(await layers.l2.rpc("starknet_getMessagesStatus", ["0xabc123"])).to.deep.equal([
      { transaction_hash, finality_status: "ACCEPTED_ON_L2", execution_status: "SUCCEEDED" },
    ]);
    await layers.sync();
    expect(await layers.tokens(account)).to.equal(9n);
    const balance = await layers.provider.getBalance(layers.core);
    await layers.layer.settle();
    expect(await layers.l2.status(transaction_hash)).to.include({
      finality_status: "ACCEPTED_ON_L1",
    });
    expect(balance - (await layers.provider.getBalance(layers.core))).to.equal(7n);
  });

  it("forgets a message that was sent by hand where L2 has gone back to before it", async () => {
    await start();
    const sent = async (): Promise<unknown> =>
      layers.l2.rpc("devnet_postmanSendMessageToL2", await message("0x64"));
    const statuses = (): Promise<unknown[]> =>
      layers.l2.rpc("starknet_getMessagesStatus", ["0xabc123"]);
    const unknown = async (): Promise<number> =>
      (await layers.l2.failure("starknet_getMessagesStatus", ["0xabc123"])).code;
    const id = await layers.l2.rpc("devnet_snapshot");
    await sent();
    await sent();
    expect(await statuses()).to.have.length(1);
    await layers.l2.rpc("devnet_revert", { snapshot_id: id });
    expect(await unknown()).to.equal(29);
    await sent();
    expect(await statuses()).to.have.length(1);
    await layers.l2.rpc("devnet_restart");
    expect(await unknown()).to.equal(29);
  });

  it("consumes a message on L1 in its receiver's name, once it has settled", async () => {
    await start();
    await layers.l2.rpc("devnet_postmanSendMessageToL2", await message("0x64"));
    await layers.withdrawOnL2(RECIPIENT, 4n);
    const params = {
      from_address: toHex(layers.l2Bridge),
      to_address: await layers.bridge.getAddress(),
      payload: [RECIPIENT, "0x4", "0x0"],
    };
    const refused = await layers.l2.failure("devnet_postmanConsumeMessageFromL2", params);
    expect(refused.message).to.include("INVALID_MESSAGE_TO_CONSUME");
    await layers.layer.settle();
    const { message_hash } = await layers.l2.rpc<{ message_hash: string }>(
      "devnet_postmanConsumeMessageFromL2",
      params,
    );
    const hash = await layers.core.getFunction("l2ToL1MsgHash")(
      params.from_address,
      params.to_address,
      params.payload,
    );
    expect(message_hash).to.equal(hash);
    expect(await layers.core.getFunction("l2ToL1Messages")(hash)).to.equal(0n);
    expect((await layers.devnet.l1!.control.status()).messagesToL1).to.deep.equal([]);
  });

  it("says that a message is consumed when it is, on an L1 that does not mine at once", async () => {
    await start();
    await layers.l2.rpc("devnet_postmanSendMessageToL2", await message("0x64"));
    await layers.withdrawOnL2(RECIPIENT, 4n);
    await layers.layer.settle();
    const l1 = (method: string, ...params: unknown[]): Promise<unknown> =>
      layers.connection.provider.request({ method, params });
    await l1("evm_setAutomine", false);
    let isMined = false;
    setTimeout(() => {
      isMined = true;
      void l1("evm_mine");
    }, 300);
    await layers.l2.rpc("devnet_postmanConsumeMessageFromL2", {
      from_address: toHex(layers.l2Bridge),
      to_address: await layers.bridge.getAddress(),
      payload: [RECIPIENT, "0x4", "0x0"],
    });
    expect(isMined).to.equal(true);
    await l1("evm_setAutomine", true);
  });

  it("accepts blocks on L1 by settling them", async () => {
    await start();
    const { chain } = layers.devnet.core.sequencer;
    const accepted = await layers.l2.rpc<{ accepted: string[] }>("devnet_acceptOnL1", {
      starting_block_id: { block_number: 1 },
    });
    expect(accepted).to.deep.equal({ accepted: [toHex(chain.header(1)!.hash)] });
    expect(await layers.core.getFunction("stateBlockNumber")()).to.equal(1n);
    const again = await layers.l2.failure("devnet_acceptOnL1", {
      starting_block_id: { block_number: 1 },
    });
    expect(again.message).to.equal("Block already accepted on L1");
    expect(
      await layers.l2.rpc<{ block_number: number }>("starknet_getBlockWithTxHashes", [
        "l1_accepted",
      ]),
    ).to.have.property("block_number", 1);
  });

  it("says that a block was taken back which was to be accepted", async () => {
    layers = await Layers.start({ devnet: { settlement: "proven" } });
    await layers.l2.rpc("devnet_createBlock");
    await layers.l2.rpc("devnet_createBlock");
    const prover = layers.devnet.l1!.prover!;
    const refused = layers.l2.failure("devnet_acceptOnL1", { starting_block_id: "latest" });
    while (prover.stageOf(2).stage !== "proving") await sleep(20);
    await layers.l2.rpc("devnet_abortBlocks", { starting_block_id: { block_number: 1 } });
    expect((await refused).message).to.equal("block 2 was taken back meanwhile");
  });

  it("puts messages into the dump, from which they come again", async () => {
    await start({ dumpOn: "request", startTime: 1_800_000_000 });
    await layers.deposit(account, 50n);
    await layers.sync();
    const entries =
      await layers.l2.rpc<{ method: string; params: { nonce?: string } }[]>("devnet_dump");
    const sent = entries.filter(({ method }) => method === "devnet_postmanSendMessageToL2");
    expect(sent).to.have.length(1);
    expect(sent[0]!.params).to.include({ paid_fee_on_l1: toHex(FEE), nonce: "0x0" });
    await layers.l2.rpc("devnet_load", { events: entries });
    expect(await layers.tokens(account)).to.equal(50n);
    await layers.layer.settle();
    const { number } = layers.devnet.core.sequencer.chain.latest();
    expect(await layers.core.getFunction("stateBlockNumber")()).to.equal(BigInt(number));
  });
});
