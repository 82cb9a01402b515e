/** A client that others wrote, starknet.js, reads our answers and sends what it signs. */
import { expect } from "chai";
import { Account, hash, RpcProvider, WebSocketChannel } from "starknet";
import { sierraClassJson } from "../../src/starknet/class/sierra.ts";
import { loadSystemClass } from "../../src/starknet/class/system.ts";
import { toHex } from "../../src/util/hex.ts";
import { ACCOUNT, startFixture, TOKEN, type Fixture } from "./support/fixture.ts";

describe("rpc with starknet.js", () => {
  let fixture: Fixture;
  let provider: RpcProvider;
  let account: Account;

  before(async () => {
    fixture = await startFixture();
    provider = new RpcProvider({ nodeUrl: fixture.url });
    account = new Account({ provider, address: toHex(ACCOUNT), signer: "0x1234" });
  });
  after(() => fixture.close());

  it("finds the same hash for each kind of transaction", async () => {
    const call = {
      contractAddress: toHex(TOKEN),
      entrypoint: "transfer",
      calldata: ["0x1", "0x2", "0x0"],
    };
    const bounds = {
      l1_gas: { max_amount: 1n, max_price_per_unit: 2n },
      l2_gas: { max_amount: 3n, max_price_per_unit: 4n },
      l1_data_gas: { max_amount: 5n, max_price_per_unit: 6n },
    };
    const options = { resourceBounds: bounds, tip: 7n };
    // starknet.js refuses an answer whose hash is not the one that it computed, where it checks; we check all.
    const sent: string[] = [];
    sent.push((await account.execute(call, options)).transaction_hash);
    const { sierra, classHash } = loadSystemClass("account");
    const declared = await account.declare(
      {
        // As the compiler writes it: the ABI is no text yet.
        contract: { ...sierraClassJson(sierra), abi: JSON.parse(sierra.abi) } as never,
        compiledClassHash: "0x5",
      },
      options,
    );
    sent.push(declared.transaction_hash);
    expect(BigInt(declared.class_hash)).to.equal(classHash);
    const deployed = await account.deployAccount(
      { classHash: "0x77", constructorCalldata: ["0x8"], addressSalt: "0x9" },
      options,
    );
    sent.push(deployed.transaction_hash);
    expect(BigInt(deployed.contract_address)).to.equal(
      BigInt(hash.calculateContractAddressFromHash("0x9", "0x77", ["0x8"], 0)),
    );
    expect(fixture.submitted.map(({ transaction }) => toHex(transaction.hash))).to.deep.equal(sent);
    expect(fixture.submitted.map(({ transaction }) => transaction.tip)).to.deep.equal([7n, 7n, 7n]);
    for (const transactionHash of sent) {
      const receipt = await provider.waitForTransaction(transactionHash, { retryInterval: 10 });
      expect(receipt.isSuccess()).to.equal(true);
    }
    const { transaction } = fixture.submitted[0]!;
    if (transaction.type !== "INVOKE") throw new TypeError("expected the INVOKE first");
    const own = hash.calculateInvokeTransactionHash({
      senderAddress: toHex(transaction.senderAddress),
      version: "0x3",
      compiledCalldata: transaction.calldata.map(toHex),
      chainId: "0x534e5f5345504f4c4941" as never,
      nonce: toHex(transaction.nonce),
      accountDeploymentData: [],
      nonceDataAvailabilityMode: 0,
      feeDataAvailabilityMode: 0,
      resourceBounds: bounds,
      tip: 7n,
      paymasterData: [],
    });
    expect(own).to.equal(sent[0]);
  });

  it("reads blocks, transactions, traces, classes, events and estimates", async () => {
    const [first] = fixture.submitted.map(({ transaction }) => toHex(transaction.hash));
    expect(await provider.getSpecVersion()).to.equal("0.10.2");
    expect((await provider.getBlockWithReceipts("latest")).transactions).to.have.length(1);
    expect((await provider.getBlockWithTxs("pre_confirmed")).transactions).to.deep.equal([]);
    expect(await provider.getTransactionByHash(first!)).to.have.property("transaction_hash", first);
    expect(await provider.getTransactionTrace(first!)).to.have.property("type", "INVOKE");
    expect(await provider.getBlockTransactionsTraces("latest")).to.have.length(1);
    expect(await provider.getClassAt(toHex(ACCOUNT))).to.have.property("sierra_program");
    expect(await provider.getNonceForAddress(toHex(ACCOUNT))).to.equal("0x1");
    expect(await provider.getStorageAt(toHex(TOKEN), "0x5", "latest")).to.deep.equal({
      value: "0x6",
      last_update_block: 0,
    });
    expect(await provider.getStateUpdate("latest")).to.have.property("state_diff");
    expect(
      await provider.callContract({
        contractAddress: toHex(TOKEN),
        entrypoint: "name",
        calldata: ["0x9"],
      }),
    ).to.deep.equal(["0x9", "0x1"]);
    const call = { contractAddress: toHex(TOKEN), entrypoint: "x", calldata: [] };
    const estimate = await account.estimateInvokeFee(call, { tip: 0n });
    expect(estimate.unit).to.equal("FRI");
    const simulated = await account.simulateTransaction([{ type: "INVOKE", ...call }] as never, {
      tip: 0n,
    });
    expect(simulated).to.have.nested.property(
      "simulated_transactions[0].transaction_trace.type",
      "INVOKE",
    );
    const page = await provider.getEvents({
      from_block: { block_number: 0 },
      to_block: "latest",
      chunk_size: 4,
    });
    expect(page.events).to.have.length(4);
    const rest = await provider.getEvents({
      from_block: { block_number: 0 },
      to_block: "latest",
      chunk_size: 4,
      continuation_token: page.continuation_token!,
    });
    expect(rest.events).to.have.length(2);
    expect(rest.continuation_token).to.equal(undefined);
  });

  it("pages through events while blocks are added, each event once", async () => {
    const seen: string[] = [];
    let token: string | undefined;
    do {
      const page = await provider.getEvents({
        chunk_size: 1,
        to_block: "latest",
        ...(token ? { continuation_token: token } : {}),
      });
      seen.push(
        ...page.events.map(
          (event) =>
            `${event.transaction_hash} ${(event as unknown as { event_index: number }).event_index}`,
        ),
      );
      token = page.continuation_token;
      if (fixture.chain.entries.length < 8) fixture.chain.close();
    } while (token !== undefined);
    expect(new Set(seen).size).to.equal(seen.length);
    expect(seen).to.have.length(6);
  });

  it("hears of new heads", async () => {
    const channel = new WebSocketChannel({
      nodeUrl: fixture.url.replace("http", "ws").replace("/rpc", "/ws"),
    });
    await channel.waitForConnection();
    const subscription = await channel.subscribeNewHeads();
    const head = new Promise<{ block_number: number }>((resolve) =>
      subscription.on((result) => resolve(result as { block_number: number })),
    );
    const { header } = fixture.chain.close();
    expect((await head).block_number).to.equal(header.number);
    expect(await subscription.unsubscribe()).to.equal(true);
    channel.disconnect();
    await channel.waitForDisconnection();
  });
});
