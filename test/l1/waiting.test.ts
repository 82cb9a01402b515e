/** An L1 that does not mine at once: transactions of the operator wait, and nobody waits for them without end. */
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import hre from "hardhat";
import type { NetworkConnection } from "hardhat/types/network";
import { Ethereum } from "../../src/l1/ethereum.ts";
import { DEVELOPMENT_KEY, Operator, openOperator } from "../../src/l1/operator.ts";
import { L1UnavailableError } from "../../src/l1/transport.ts";
import { connectionAccess } from "../../src/plugin/l1.ts";
import { Layers, failureOf } from "../support/layers.ts";

const SOMEONE = "0x00000000000000000000000000000000000a11ce";

/** Resolves to undefined when `work` has not ended after a while. */
const within = <T>(work: Promise<T>, ms = 10_000): Promise<T | undefined> =>
  Promise.race([work, sleep(ms, undefined, { ref: false })]);

describe("an operator whose transactions wait", function () {
  this.timeout(60_000);
  let connection: NetworkConnection;
  let ethereum: Ethereum;
  let operator: Operator;

  const l1 = <T>(method: string, ...params: unknown[]): Promise<T> =>
    connection.provider.request({ method, params }) as Promise<T>;
  const open = (timeoutMs: number, forgottenMs = timeoutMs): Operator =>
    new Operator({ ethereum, privateKey: DEVELOPMENT_KEY, pollMs: 10, timeoutMs, forgottenMs });
  const call = { to: SOMEONE, data: "0x01" };
  const pooled = (): Promise<
    Record<"hash" | "nonce" | "maxFeePerGas" | "maxPriorityFeePerGas", string>[]
  > => l1("eth_pendingTransactions");

  beforeEach(async () => {
    connection = await hre.network.create();
    ethereum = new Ethereum(connectionAccess(connection, "").transport);
    await openOperator(ethereum, undefined); // has ether from now on
    await l1("evm_setAutomine", false);
  });
  afterEach(() => connection.close());

  it("replaces one that is too cheap by one that pays more, in the same place", async () => {
    operator = open(100);
    expect(await failureOf(operator.send(call))).to.include("is in no block after 0.1 s");
    const [first] = await pooled();
    await failureOf(operator.send({ ...call, data: "0x02" }));
    const [second, ...others] = await pooled();
    expect(others).to.deep.equal([]);
    expect(second!.nonce).to.equal(first!.nonce);
    expect(second!.hash).to.not.equal(first!.hash);
    expect(BigInt(second!.maxFeePerGas) * 10n).to.be.greaterThanOrEqual(
      BigInt(first!.maxFeePerGas) * 11n,
    );
    await l1("evm_setAutomine", true);
    await l1("evm_mine");
    expect((await operator.send(call)).succeeded).to.equal(true);
    expect(await ethereum.nonce(operator.address)).to.equal(Number(first!.nonce) + 2);
  });

  it("raises its fees no further than ten times, and then waits for the one that is there", async () => {
    operator = open(100);
    for (let tries = 0; tries < 25; tries++) await failureOf(operator.send(call));
    const [waiting, ...others] = await pooled();
    expect(others).to.deep.equal([]);
    const tip = Number(waiting!.maxPriorityFeePerGas);
    expect(tip).to.be.within(8e9, 10e9);
    const again = failureOf(operator.send(call));
    await sleep(30);
    await l1("evm_mine");
    expect(await again).to.include(`${waiting!.hash}, for which L1 took long, is in a block now`);
    await l1("evm_setAutomine", true);
    expect((await operator.send(call)).succeeded).to.equal(true);
  });

  it("does not wait for one that L1 has forgotten", async () => {
    operator = open(60_000, 100);
    const sent = operator.send(call);
    void sent.catch(() => undefined);
    await sleep(200);
    const [waiting] = await pooled();
    await l1("hardhat_dropTransaction", waiting!.hash);
    expect(await within(failureOf(sent))).to.match(/L1 does not know transaction 0x\w+ any more/);
    await l1("evm_setAutomine", true);
    expect((await operator.send(call)).succeeded).to.equal(true);
  });

  it("stops waiting when someone has to come first, and again afterwards", async () => {
    operator = open(60_000);
    const sent = operator.send(call);
    void sent.catch(() => undefined);
    await sleep(100);
    const resume = operator.stopWaiting("a test comes first");
    const error = await within(sent.catch((failure: unknown) => failure));
    expect(error).to.be.instanceOf(L1UnavailableError);
    expect((error as Error).message).to.include("a test comes first");
    expect(await within(failureOf(operator.send(call)))).to.include("a test comes first");
    resume();
    const again = operator.send(call);
    await sleep(100);
    await l1("evm_mine");
    expect((await again).succeeded).to.equal(true);
    expect(await pooled()).to.deep.equal([]);
  });

  it("takes the next nonce where another with its key was faster", async () => {
    await l1("evm_setAutomine", true);
    const real = connectionAccess(connection, "").transport;
    const rival = open(1_000);
    let between: (() => Promise<unknown>) | undefined = () => rival.send(call);
    operator = new Operator({
      privateKey: DEVELOPMENT_KEY,
      ethereum: new Ethereum({
        async request(request) {
          const work = between;
          if (request.method === "eth_sendRawTransaction" && work !== undefined) {
            between = undefined;
            await work();
          }
          return real.request(request);
        },
      }),
    });
    expect((await operator.send(call)).succeeded).to.equal(true);
  });
});

describe("a settlement that waits for L1", function () {
  this.timeout(60_000);
  let layers: Layers;
  const l1 = <T>(method: string, ...params: unknown[]): Promise<T> =>
    layers.connection.provider.request({ method, params }) as Promise<T>;

  beforeEach(async () => {
    layers = await Layers.start();
    await layers.l2.send(0x1234n, 1n);
  });

  it("makes room for snapshots, and for going back to them", async () => {
    await layers.layer.settle();
    await l1("evm_setAutomine", false);
    await layers.l2.send(0x1234n, 2n);
    const first = failureOf(layers.layer.settle());
    await sleep(200);
    const id = await within(l1<string>("evm_snapshot"));
    expect(id).to.be.a("string");
    expect(await first).to.include("a snapshot is taken");
    const second = failureOf(layers.layer.settle());
    await sleep(200);
    expect(await within(l1("evm_revert", id))).to.equal(true);
    expect(await second).to.include("goes back to a snapshot");
    await l1("evm_setAutomine", true);
    await l1("evm_mine");
    await layers.layer.settle();
    const { number } = layers.devnet.core.sequencer.chain.latest();
    expect(await layers.core.getFunction("stateBlockNumber")()).to.equal(BigInt(number));
    expect(await layers.l2.balance(0x1234n)).to.equal(3n);
    await layers.close();
  });

  it("does not keep the devnet from ending", async () => {
    await l1("evm_setAutomine", false);
    const settled = failureOf(layers.layer.settle());
    await sleep(200);
    expect(await within(layers.close().then(() => "closed"))).to.equal("closed");
    expect(await settled).to.include("the L2 ends");
  });
});
