/** When reads run: by a clock of the test's own, and before a server. */
import { expect } from "chai";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { WebSocket } from "ws";
import { ReadShare, type Turns } from "../../src/rpc/read-share.ts";
import { invoke } from "./support/broadcasts.ts";
import { startFixture, type Fixture } from "./support/fixture.ts";

/** An event loop whose time passes only where the test says so. */
class Loop implements Turns {
  time = 0;
  idled = 0;
  #next: (() => void)[] = [];
  #timers: { readonly at: number; readonly run: () => void }[] = [];

  now(): number {
    return this.time;
  }
  idle(): number {
    return this.idled;
  }
  /** There is nothing to do for so long. */
  rest(ms: number): void {
    this.time += ms;
    this.idled += ms;
  }
  next(run: () => void): void {
    this.#next.push(run);
  }
  after(ms: number, run: () => void): void {
    this.#timers.push({ at: this.time + ms, run });
  }

  get asleep(): boolean {
    return this.#next.length === 0 && this.#timers.length === 0;
  }

  /** Timers that are due, what sockets bring, then what asked for this turn. */
  async turn(sockets: () => void = () => undefined): Promise<void> {
    const due = this.#timers.filter(({ at }) => at <= this.time);
    this.#timers = this.#timers.filter(({ at }) => at > this.time);
    await this.#all([...due.map(({ run }) => run), sockets]);
    await this.#all(this.#next.splice(0));
  }

  /** Each, and before and after it what was left to promises. */
  async #all(tasks: readonly (() => void)[]): Promise<void> {
    for (const run of [...tasks, () => undefined]) {
      for (let i = 0; i < 5; i++) await Promise.resolve();
      run();
    }
  }
}

describe("rpc/read-share", () => {
  let loop: Loop;
  let share: ReadShare;
  let done: string[];
  beforeEach(() => {
    loop = new Loop();
    share = new ReadShare(loop);
    done = [];
  });

  /** A read that takes so long; half of it after its turn has come, as an answer does. */
  const read = async (name: string, ms: number, gone?: AbortSignal): Promise<void> => {
    if (!(await share.turn(gone))) return void done.push(`${name} gone`);
    loop.time += ms / 2;
    await undefined;
    loop.time += ms / 2;
    done.push(name);
  };
  const transaction = (ms: number): void => {
    share.transaction();
    loop.time += ms;
    done.push("transaction");
    share.transaction();
  };

  it("runs the first at once and one in each turn, in their order", async () => {
    for (const name of ["a", "b", "c"]) void read(name, 7);
    for (const names of [["a"], ["a", "b"], ["a", "b", "c"]]) {
      await loop.turn();
      expect(done).to.deep.equal(names);
    }
    expect(loop.time).to.equal(21);
    expect(loop.asleep).to.equal(true);
  });

  it("lets a transaction wait for one of a hundred", async () => {
    for (let i = 0; i < 100; i++) void read(String(i), 1);
    await loop.turn();
    await loop.turn(() => transaction(5));
    expect(done).to.deep.equal(["0", "transaction"]);
  });

  it("does not take a transaction's time for a read's", async () => {
    void read("first", 1);
    await loop.turn(() => transaction(500));
    void read("second", 1);
    while (done.length < 3) {
      await loop.turn();
      loop.time += 1;
    }
    expect(loop.time).to.be.below(510);
  });

  it("takes a twentieth of the time while transactions follow each other", async () => {
    for (let i = 0; i < 10_000; i++) void read("read", 1);
    while (loop.time < 10_000) await loop.turn(() => transaction(4));
    const reads = done.filter((name) => name === "read").length;
    expect(reads).to.be.within(400, 500);
  });

  it("takes a twentieth, whatever a read costs", async () => {
    for (const ms of [0.1, 8, 200]) void read("first", ms).then(() => read("second", ms));
    const ends: number[] = [];
    while (done.filter((name) => name === "second").length < 3) {
      const before = done.length;
      await loop.turn(() => transaction(4));
      if (done.at(-1) !== "transaction" && done.length > before) ends.push(loop.time);
    }
    // 0.1 + 8 + 200 + 0.1 + 8 ms, each with a pause of nineteen times its length, and the last read.
    expect(ends.at(-1)).to.be.within(216.2 * 20, 216.2 * 20 + 200 + 6 * 8);
  });

  it("goes on as soon as no transaction follows", async () => {
    void read("long", 50);
    void read("next", 1);
    await loop.turn();
    await loop.turn(() => transaction(5));
    expect(done).to.deep.equal(["long", "transaction"]);
    loop.rest(1.9);
    await loop.turn();
    expect(done).to.have.length(2);
    loop.rest(0.2);
    await loop.turn();
    expect(done.at(-1)).to.equal("next");
  });

  it("owes nothing for a read after which there was nothing to do", async () => {
    void read("alone", 50);
    await loop.turn();
    loop.rest(0.1);
    await loop.turn(() => transaction(5));
    void read("next", 1);
    await loop.turn();
    expect(done).to.deep.equal(["alone", "transaction", "next"]);
  });

  it("drops those whose client has gone, at once", async () => {
    const [client, other] = [new AbortController(), new AbortController()];
    other.abort();
    const reads = [read("a", 1), read("b", 1, client.signal), read("c", 1, other.signal)];
    client.abort();
    await Promise.all(reads);
    expect(done).to.have.members(["a", "b gone", "c gone"]);
    await loop.turn();
    await loop.turn();
    expect(loop.asleep).to.equal(true);
  });

  describe("of a server", () => {
    let fixture: Fixture;
    beforeEach(async () => {
      fixture = await startFixture();
    });
    afterEach(() => fixture.close());

    const post = (method: string, params: unknown): string => {
      const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
      return `POST /rpc HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
    };
    const get = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`;

    /** A connection that the server knows already. */
    const connection = async (): Promise<Socket> => {
      const socket = connect({ port: fixture.rpc.port, host: "127.0.0.1", noDelay: true });
      socket.write(get("/is_alive"));
      await once(socket, "data");
      return socket;
    };

    it("answers a transaction before a hundred reads that came before it", async () => {
      const order: string[] = [];
      const expectAnswer = async (name: string, socket: Socket): Promise<void> => {
        const [data] = await once(socket, "data");
        expect(String(data)).to.match(/^HTTP\/1.1 200/);
        order.push(name);
      };
      const requests = {
        read: post("starknet_getEvents", [{ chunk_size: 1000 }]),
        feeder: get("/feeder_gateway/get_block?blockNumber=0"),
        transaction: post("starknet_addInvokeTransaction", [invoke(1)]),
      };
      const names = [
        ...Array.from({ length: 100 }, (_, i) => (i % 2 === 0 ? ("read" as const) : "feeder")),
        "transaction" as const,
      ] as const;
      const sockets = await Promise.all(names.map(connection));
      const webSocket = new WebSocket(`ws://127.0.0.1:${fixture.rpc.port}/ws`);
      await once(webSocket, "open");
      webSocket.on("message", () => order.push("webSocket"));
      const answers = names.map((name, i) => expectAnswer(name, sockets[i]!));
      // All of it is in the sockets before the server looks at them again.
      for (let i = 0; i < 20; i++)
        webSocket.send('{"jsonrpc":"2.0","id":1,"method":"starknet_blockNumber"}');
      for (const [i, socket] of sockets.entries()) socket.write(requests[names[i]!]);
      await Promise.all(answers);
      while (order.length < 121) await once(webSocket, "message");
      expect(order.indexOf("transaction")).to.be.below(3);
      for (const socket of sockets) socket.destroy();
    });

    it("forgets the reads of connections that are closed", async () => {
      let calls = 0;
      const { call } = fixture.execution;
      fixture.execution = { ...fixture.execution, call: (...args) => (calls++, call(...args)) };
      const body = post("starknet_call", [
        { contract_address: "0x1", entry_point_selector: "0x1", calldata: [] },
        "latest",
      ]);
      const sockets = await Promise.all(Array.from({ length: 50 }, connection));
      for (const socket of sockets) socket.write(body);
      for (const socket of sockets.slice(1)) socket.resetAndDestroy();
      await once(sockets[0]!, "data");
      expect((await fixture.request("starknet_chainId")).result).to.be.a("string");
      expect(calls).to.be.below(5);
      sockets[0]!.destroy();
    });
  });
});
