import { expect } from "chai";
import { once } from "node:events";
import { WebSocket } from "ws";
import { toHex } from "../../src/util/hex.ts";
import { requireShared } from "../support/shared.ts";
import { invoke } from "./support/broadcasts.ts";
import { ACCOUNT, contentOf, startFixture, TOKEN, type Fixture } from "./support/fixture.ts";
import { loadOpenRpc, OPENRPC } from "./support/openrpc.ts";

/* eslint-disable @typescript-eslint/no-explicit-any -- messages of any shape */
interface Client {
  request(method: string, params?: unknown): Promise<any>;
  /** The next `count` notifications. */
  notifications(count: number): Promise<any[]>;
  /** All that came so far and was not taken, once an answer to a later request is there. */
  rest(): Promise<any[]>;
  close(): void;
}

async function connect(port: number): Promise<Client> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/ws`);
  const waiting = new Map<number, (answer: any) => void>();
  let received: any[] = [];
  let wake: () => void = () => undefined;
  let ids = 0;
  socket.on("message", (data: Buffer) => {
    const message = JSON.parse(data.toString());
    if ("id" in message) waiting.get(message.id)!(message);
    else received.push(message);
    wake();
  });
  await once(socket, "open");
  const client: Client = {
    request(method, params) {
      const id = ++ids;
      socket.send(JSON.stringify({ jsonrpc: "2.0", id, method, params }));
      return new Promise((resolve) => waiting.set(id, resolve));
    },
    async notifications(count) {
      while (received.length < count) await new Promise<void>((resolve) => (wake = resolve));
      const taken = received.slice(0, count);
      received = received.slice(count);
      return taken;
    },
    async rest() {
      await client.request("starknet_chainId");
      const taken = received;
      received = [];
      return taken;
    },
    close: () => socket.close(),
  };
  return client;
}

const results = (messages: any[]): any[] => messages.map(({ params }) => params.result);

describe("rpc/subscriptions", () => {
  let fixture: Fixture;
  let client: Client;
  beforeEach(async () => {
    fixture = await startFixture();
    client = await connect(fixture.rpc.port);
  });
  afterEach(() => fixture.close());

  const submit = async (nonce: number): Promise<string> =>
    (await client.request("starknet_addInvokeTransaction", [invoke(nonce)])).result
      .transaction_hash;

  it("answers all other methods too, and batches", async () => {
    expect((await client.request("starknet_blockNumber")).result).to.equal(0);
    expect((await client.request("starknet_none")).error.code).to.equal(-32601);
  });

  it("tells of new heads, from now on or from a block of the past", async () => {
    const { result: id } = await client.request("starknet_subscribeNewHeads");
    expect(id).to.be.a("string");
    fixture.chain.close();
    const [head] = await client.notifications(1);
    expect(head).to.deep.include({ jsonrpc: "2.0", method: "starknet_subscriptionNewHeads" });
    expect(head.params.subscription_id).to.equal(id);
    expect(head.params.result.block_number).to.equal(1);
    fixture.chain.close();
    await client.notifications(1);

    const { result: past } = await client.request("starknet_subscribeNewHeads", {
      block_id: { block_number: 0 },
    });
    const heads = await client.notifications(3);
    expect(
      heads.map(({ params }) => [params.subscription_id, params.result.block_number]),
    ).to.deep.equal([
      [past, 0],
      [past, 1],
      [past, 2],
    ]);
    expect((await client.request("starknet_unsubscribe", [id])).result).to.equal(true);
    fixture.chain.close();
    expect((await client.notifications(1))[0].params).to.deep.include({ subscription_id: past });
    expect(await client.rest()).to.deep.equal([]);
  });

  it("tells of events that pass, of the past and of now, in each finality", async () => {
    await submit(1);
    const { result: id } = await client.request("starknet_subscribeEvents", {
      from_address: toHex(TOKEN),
      block_id: { block_number: 0 },
      finality_status: "PRE_CONFIRMED",
    });
    const hash = await submit(2);
    const told = await client.notifications(3);
    expect(told.every(({ params }) => params.subscription_id === id)).to.equal(true);
    expect(
      results(told).map((event) => [
        event.block_number,
        event.finality_status,
        "block_hash" in event,
      ]),
    ).to.deep.equal([
      [1, "ACCEPTED_ON_L2", true],
      [2, "PRE_CONFIRMED", false],
      [2, "ACCEPTED_ON_L2", true],
    ]);
    expect(results(told)[1]).to.deep.include({
      from_address: toHex(TOKEN),
      transaction_hash: hash,
      transaction_index: 0,
      event_index: 1,
    });

    await client.request("starknet_unsubscribe", [id]);
    await client.request("starknet_subscribeEvents", { keys: [[], ["0x3"]] });
    await submit(3);
    expect(results(await client.notifications(1))[0]).to.deep.include({
      from_address: toHex(ACCOUNT),
      keys: ["0x1", "0x3"],
      finality_status: "ACCEPTED_ON_L2",
    });
    await submit(4);
    expect(await client.rest()).to.deep.equal([]);
  });

  it("tells of a transaction's status, the known one first", async () => {
    const hash = await submit(1);
    await client.request("starknet_subscribeTransactionStatus", [hash]);
    expect(results(await client.notifications(1))).to.deep.equal([
      {
        transaction_hash: hash,
        status: { finality_status: "ACCEPTED_ON_L2", execution_status: "SUCCEEDED" },
      },
    ]);
    fixture.chain.onL1 = 1;
    fixture.chain.emit({ kind: "acceptedOnL1", number: 1 });
    expect(results(await client.notifications(1))[0].status.finality_status).to.equal(
      "ACCEPTED_ON_L1",
    );

    const { transaction } = fixture.submitted[0]!;
    const later = { ...transaction, hash: 0x77n };
    await client.request("starknet_subscribeTransactionStatus", ["0x77"]);
    fixture.chain.emit({ kind: "received", transaction: later });
    fixture.chain.emit({ kind: "candidate", transaction: later });
    fixture.chain.add(contentOf(later, "no luck"));
    fixture.chain.close();
    expect(results(await client.notifications(4)).map(({ status }) => status)).to.deep.equal([
      { finality_status: "RECEIVED" },
      { finality_status: "CANDIDATE" },
      { finality_status: "PRE_CONFIRMED", execution_status: "REVERTED", failure_reason: "no luck" },
      {
        finality_status: "ACCEPTED_ON_L2",
        execution_status: "REVERTED",
        failure_reason: "no luck",
      },
    ]);
  });

  it("tells of new transactions and of receipts by status and by sender", async () => {
    await client.request("starknet_subscribeNewTransactions", {
      finality_status: ["RECEIVED", "PRE_CONFIRMED", "ACCEPTED_ON_L2"],
      sender_address: [toHex(ACCOUNT)],
      tags: ["INCLUDE_PROOF_FACTS"],
    });
    const hash = await submit(1);
    const transactions = results(await client.notifications(3));
    expect(transactions.map(({ finality_status }) => finality_status)).to.deep.equal([
      "RECEIVED",
      "PRE_CONFIRMED",
      "ACCEPTED_ON_L2",
    ]);
    expect(transactions[0]).to.deep.include({
      transaction_hash: hash,
      type: "INVOKE",
      proof_facts: [],
    });

    await client.request("starknet_subscribeNewTransactionReceipts", { sender_address: ["0x999"] });
    await client.request("starknet_subscribeNewTransactionReceipts", {});
    await submit(2);
    const messages = await client.notifications(4);
    const receipts = messages.filter(
      ({ method }) => method === "starknet_subscriptionNewTransactionReceipts",
    );
    expect(results(receipts)).to.have.length(1);
    expect(results(receipts)[0]).to.deep.include({
      finality_status: "ACCEPTED_ON_L2",
      block_number: 2,
      block_hash: "0xb10c002",
    });
    expect(await client.rest()).to.deep.equal([]);
  });

  it("tells every subscription of a reorganization", async () => {
    fixture.chain.close();
    fixture.chain.close();
    const { result: heads } = await client.request("starknet_subscribeNewHeads");
    const { result: events } = await client.request("starknet_subscribeEvents");
    fixture.chain.reorg(1);
    const told = await client.notifications(2);
    expect(told.map(({ method, params }) => [method, params.subscription_id])).to.deep.equal([
      ["starknet_subscriptionReorg", heads],
      ["starknet_subscriptionReorg", events],
    ]);
    expect(results(told)[0]).to.deep.equal({
      starting_block_hash: "0xb10c001",
      starting_block_number: 1,
      ending_block_hash: "0xb10c002",
      ending_block_number: 2,
    });
  });

  it("writes notifications as the documents want them", async function () {
    requireShared(this, OPENRPC);
    const spec = loadOpenRpc();
    await client.request("starknet_subscribeNewHeads");
    await client.request("starknet_subscribeEvents", { finality_status: "PRE_CONFIRMED" });
    await client.request("starknet_subscribeNewTransactions", {
      finality_status: ["RECEIVED", "ACCEPTED_ON_L2"],
    });
    await client.request("starknet_subscribeNewTransactionReceipts", {
      finality_status: ["PRE_CONFIRMED"],
    });
    await client.request("starknet_subscribeTransactionStatus", [await submit(1)]);
    await submit(2);
    fixture.chain.reorg(2);
    const messages = await client.rest();
    expect(new Set(messages.map(({ method }) => method))).to.have.length(6);
    for (const { method, params } of messages) {
      for (const [name, value] of Object.entries(params))
        expect(spec.parameter(method, name, value), method).to.equal(undefined);
    }
  });

  it("answers the spec's errors", async () => {
    const code = async (method: string, params: unknown) =>
      (await client.request(method, params)).error?.code;
    expect(await code("starknet_unsubscribe", ["77"])).to.equal(66);
    expect(await code("starknet_unsubscribe", [77])).to.equal(-32602);
    expect(
      await code("starknet_subscribeNewTransactions", { sender_address: Array(1025).fill("0x1") }),
    ).to.equal(67);
    expect(
      await code("starknet_subscribeNewTransactionReceipts", {
        sender_address: Array(1025).fill("0x1"),
      }),
    ).to.equal(67);
    expect(await code("starknet_subscribeEvents", { keys: [Array(1025).fill("0x1")] })).to.equal(
      34,
    );
    expect(await code("starknet_subscribeNewHeads", { block_id: { block_number: 5 } })).to.equal(
      24,
    );
    expect(
      await code("starknet_subscribeNewHeads", { block_id: { block_hash: "0xdead" } }),
    ).to.equal(24);
    expect(await code("starknet_subscribeNewHeads", { block_id: "pre_confirmed" })).to.equal(
      -32602,
    );
    expect(
      await code("starknet_subscribeNewTransactions", { finality_status: ["ACCEPTED_ON_L1"] }),
    ).to.equal(-32602);
    for (let i = 0; i < 1025; i++) fixture.chain.close();
    expect(await code("starknet_subscribeNewHeads", { block_id: { block_number: 0 } })).to.equal(
      68,
    );
    expect(await code("starknet_subscribeEvents", { block_id: { block_number: 0 } })).to.equal(68);
    await client.request("starknet_subscribeNewHeads", { block_id: { block_number: 1 } });
    expect((await client.notifications(1025)).at(-1).params.result.block_number).to.equal(1025);
  });

  it("bounds the subscriptions of a connection, and forgets them with it", async () => {
    const quiet = fixture.chain.listeners;
    for (let i = 0; i < 128; i++) await client.request("starknet_subscribeNewHeads");
    expect((await client.request("starknet_subscribeNewHeads")).error.message).to.equal(
      "A connection may have 128 subscriptions at most",
    );
    expect(fixture.chain.listeners).to.equal(quiet + 1);
    client.close();
    while (fixture.chain.listeners > quiet) await new Promise((resolve) => setTimeout(resolve, 5));
  });

  it("ends all subscriptions when the devnet starts over", async () => {
    const { result: id } = await client.request("starknet_subscribeNewHeads");
    await client.request("devnet_restart");
    fixture.chain.close();
    expect(await client.rest()).to.deep.equal([]);
    expect((await client.request("starknet_unsubscribe", [id])).error.code).to.equal(66);
  });

  it("survives frames that are no requests, and faults of its own feeds", async () => {
    const quiet = fixture.chain.listeners;
    const socket = new WebSocket(`ws://127.0.0.1:${fixture.rpc.port}/ws`);
    await once(socket, "open");
    for (const frame of ["", "{", "[]", "5", Buffer.from([0xff, 0xfe]), "null"]) {
      socket.send(frame);
      const [data] = await once(socket, "message");
      expect(JSON.parse(data.toString()).error.code).to.be.oneOf([-32700, -32600]);
    }
    await client.request("starknet_subscribeNewHeads");
    const broken = { ...fixture.chain.block(0)!, header: undefined as never };
    fixture.chain.emit({ kind: "block", block: broken });
    while (fixture.chain.listeners > quiet) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(fixture.logged.at(-1)).to.equal("a subscription failed unexpectedly");
    socket.send(JSON.stringify({ jsonrpc: "2.0", id: 1, method: "starknet_chainId" }));
    expect(JSON.parse((await once(socket, "message"))[0].toString())).to.have.property("result");
  });
});
