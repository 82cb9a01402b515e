/** Reading L1 through what providers allow, and finding where it has left its former way. */
import { expect } from "chai";
import { CoreContract } from "../../src/l1/core-contract.ts";
import { Ethereum } from "../../src/l1/ethereum.ts";
import { L1RequestError, type Transport } from "../../src/l1/transport.ts";
import { Watcher } from "../../src/l1/watcher.ts";
import { contractInterface } from "../../src/l1/artifacts.ts";

const ADDRESS = `0x${"11".repeat(20)}`;
const hex = (value: number, bytes = 0): string =>
  `0x${value.toString(16).padStart(2 * bytes, "0")}`;

/** An L1 with an event of the core contract in each of some blocks, which counts what it is asked. */
class FakeL1 implements Transport {
  /** Tells the ways of L1 apart: part of the hash of each block from the number on. */
  readonly ways: { from: number; way: number }[] = [{ from: 0, way: 0 }];
  head = 0;
  withEvent = new Set<number>();
  mostBlocks = Infinity;
  asked: Record<string, number> = {};

  async request({ method, params = [] }: { method: string; params?: unknown[] }): Promise<unknown> {
    this.asked[method] = (this.asked[method] ?? 0) + 1;
    switch (method) {
      case "eth_getBlockByNumber": {
        const number = params[0] === "latest" ? this.head : Number(params[0]);
        if (number > this.head) return null;
        return { number: hex(number), hash: this.#hash(number), timestamp: hex(number) };
      }
      case "eth_getLogs": {
        const { fromBlock, toBlock } = params[0] as { fromBlock: string; toBlock: string };
        const [from, to] = [Number(fromBlock), Number(toBlock)];
        if (to - from + 1 > this.mostBlocks)
          throw new L1RequestError(`at most ${this.mostBlocks} blocks`, -32600, undefined);
        return [...this.withEvent].filter((n) => n >= from && n <= to).map((n) => this.#log(n));
      }
      case "eth_getCode":
        return "0x01";
      default:
        throw new Error(method);
    }
  }

  #hash(number: number): string {
    const { way } = this.ways.findLast(({ from }) => from <= number)!;
    return hex(number * 1000 + way, 32);
  }

  #log(number: number): object {
    const { data, topics } = contractInterface("StarknetCore").encodeEventLog("LogMessageToL2", [
      ADDRESS,
      1n,
      2n,
      [],
      BigInt(number),
      5n,
    ]);
    return {
      address: ADDRESS,
      topics,
      data,
      blockNumber: hex(number),
      blockHash: this.#hash(number),
      transactionHash: hex(number, 32),
      logIndex: "0x0",
    };
  }
}

describe("the watcher of L1", () => {
  let l1: FakeL1;
  let watcher: Watcher;

  beforeEach(() => {
    l1 = new FakeL1();
    const ethereum = new Ethereum(l1);
    watcher = new Watcher(ethereum, new CoreContract(ethereum, ADDRESS), 0);
  });

  it("reads in the pieces that a provider allows", async () => {
    l1.head = 4_999;
    l1.mostBlocks = 500;
    for (let number = 0; number < 5_000; number += 250) l1.withEvent.add(number);
    const { added } = await watcher.look();
    expect(added.map(({ place }) => place.blockNumber)).to.deep.equal([...l1.withEvent]);
    expect(l1.asked["eth_getLogs"]).to.be.lessThan(20);
    // What is new is few blocks, and one request.
    l1.asked = {};
    l1.head = 5_001;
    l1.withEvent.add(5_001);
    expect((await watcher.look()).added).to.have.length(1);
    expect(l1.asked["eth_getLogs"]).to.equal(1);
  });

  it("passes on what a provider refuses for every single block", async () => {
    l1.head = 100;
    l1.mostBlocks = 0;
    const error = await watcher.look().catch((failure: unknown) => failure);
    expect(error).to.be.instanceOf(L1RequestError);
    expect(l1.asked["eth_getLogs"]).to.be.lessThan(10);
    l1.mostBlocks = 50;
    expect((await watcher.look()).head.number).to.equal(100);
  });

  it("finds the last common block of a deep reorg by halving", async () => {
    for (l1.head = 10; l1.head < 1_200; l1.head++) {
      if (l1.head % 100 === 50) l1.withEvent.add(l1.head);
      await watcher.look();
    }
    const before = watcher.events.length;
    l1.ways.push({ from: 455, way: 1 });
    l1.withEvent.delete(950);
    l1.asked = {};
    const { lost, added } = await watcher.look();
    // Those of the new way are other events, though the same messages.
    expect(lost.map(({ place }) => place.blockNumber)).to.deep.equal([
      550, 650, 750, 850, 950, 1050, 1150,
    ]);
    expect(added).to.have.length(lost.length - 1);
    expect(watcher.events).to.have.length(before - 1);
    expect(l1.asked["eth_getBlockByNumber"]).to.be.lessThan(15);
  });

  it("reads everything again where L1 has left its way before all that is remembered", async () => {
    for (l1.head = 10; l1.head < 1_300; l1.head++) {
      if (l1.head % 100 === 50) l1.withEvent.add(l1.head);
      await watcher.look();
    }
    l1.ways.push({ from: 100, way: 1 });
    const { lost, added } = await watcher.look();
    // The first event, of block 50, is still there.
    expect(lost).to.have.length(12);
    expect(added).to.have.length(13);
    expect(watcher.events).to.have.length(13);
  });
});
