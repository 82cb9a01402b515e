/** The server as a network peer: bodies, paths, limits, ends of connections. */
import { expect } from "chai";
import { request as httpRequest } from "node:http";
import { connect } from "node:net";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { WebSocket } from "ws";
import { ListenError } from "../../src/util/listen-error.ts";
import { invoke } from "./support/broadcasts.ts";
import { startFixture, type Fixture } from "./support/fixture.ts";

const chainId = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "starknet_chainId" });

/** Unlike `once`, also after an error. */
const ended = (socket: NodeJS.EventEmitter): Promise<void> =>
  new Promise((resolve) => socket.once("close", () => resolve()));

describe("rpc/server", () => {
  let fixture: Fixture;
  let base: string;
  before(async () => {
    fixture = await startFixture({
      limits: { maxBody: 100_000, headersTimeout: 500, maxBacklog: 1 << 20 },
    });
    base = `http://127.0.0.1:${fixture.rpc.port}`;
  });
  after(() => fixture.close());

  const isAlive = async (): Promise<void> => {
    expect(await (await fetch(`${base}/is_alive`)).text()).to.equal("Alive!!!");
  };

  it("answers POST on / and /rpc with JSON that any origin may read", async () => {
    for (const path of ["/", "/rpc", "/rpc?key=1"]) {
      const response = await fetch(base + path, { method: "POST", body: chainId });
      expect(response.status).to.equal(200);
      expect(response.headers.get("content-type")).to.equal("application/json");
      expect(response.headers.get("access-control-allow-origin")).to.equal("*");
      expect(await response.json()).to.deep.equal({
        jsonrpc: "2.0",
        id: 1,
        result: "0x534e5f5345504f4c4941",
      });
    }
  });

  it("answers preflights, the liveness probe, and other paths", async () => {
    const preflight = await fetch(`${base}/rpc`, {
      method: "OPTIONS",
      headers: {
        Origin: "http://x",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type",
      },
    });
    expect(preflight.status).to.equal(204);
    expect(preflight.headers.get("access-control-allow-methods")).to.include("POST");
    await isAlive();
    expect((await fetch(`${base}/nowhere`)).status).to.equal(404);
    expect((await fetch(`${base}/nowhere`, { method: "POST", body: chainId })).status).to.equal(
      404,
    );
    expect((await fetch(`${base}/rpc`)).status).to.equal(405);
    expect((await fetch(`${base}/rpc`, { method: "DELETE" })).status).to.equal(404);
  });

  it("answers a notification with nothing", async () => {
    const { status, text } = await fixture.post('{"jsonrpc":"2.0","method":"starknet_chainId"}');
    expect([status, text]).to.deep.equal([204, ""]);
  });

  it("refuses a body above the limit, announced or not, with 413", async () => {
    const large = JSON.stringify({
      jsonrpc: "2.0",
      id: 1,
      method: "starknet_chainId",
      params: ["x".repeat(200_000)],
    });
    const { status, text } = await fixture.post(large);
    expect(status).to.equal(413);
    expect(JSON.parse(text).error).to.deep.equal({
      code: -32600,
      message: "Invalid request: the body is larger than 100000 bytes",
    });
    const chunked = httpRequest(`${base}/rpc`, {
      method: "POST",
      headers: { "Transfer-Encoding": "chunked" },
    });
    chunked.on("error", () => undefined);
    chunked.write("[".repeat(60_000));
    chunked.write("[".repeat(60_000));
    const [response] = await once(chunked, "response");
    expect(response.statusCode).to.equal(413);
    chunked.destroy();
    await isAlive();
  });

  it("ends connections of clients that send their request too slowly", async function () {
    this.timeout(10_000);
    const socket = connect(fixture.rpc.port, "127.0.0.1");
    socket.on("error", () => undefined);
    socket.write("POST /rpc HTTP/1.1\r\nHost: x\r\n");
    const started = Date.now();
    let answer = "";
    socket.on("data", (data) => (answer += data));
    await ended(socket);
    expect(answer).to.match(/^HTTP\/1\.1 408/);
    expect(Date.now() - started).to.be.below(6000);
  });

  it("says 408 when a method takes too long, and stays alive", async () => {
    const slow = await startFixture({ timeout: 0.2 });
    slow.execution = { ...slow.execution, call: () => new Promise<never>(() => undefined) };
    const call = { contract_address: "0x1", entry_point_selector: "0x1", calldata: [] };
    const body = JSON.stringify({
      jsonrpc: "2.0",
      id: 1,
      method: "starknet_call",
      params: [call, "latest"],
    });
    const { status, text } = await slow.post(body);
    expect(status).to.equal(408);
    expect(JSON.parse(text).error.message).to.equal("No answer within 0.2 seconds");
    expect((await slow.request("starknet_chainId")).result).to.be.a("string");
    await slow.close();
  });

  it("says which port is in use, and with which option to choose another", async () => {
    const failure = await startFixture({ port: fixture.rpc.port }).catch((error: unknown) => error);
    expect(failure).to.be.instanceOf(ListenError);
    expect((failure as Error).message)
      .to.include(`127.0.0.1:${fixture.rpc.port}`)
      .and.include("--port");
  });

  it("says which address is none of this machine", async () => {
    const failure = await startFixture({ host: "192.0.2.1" }).catch((error: unknown) => error);
    expect((failure as Error).message).to.match(/192\.0\.2\.1 is no address .* with --host/);
  });

  it("overlooks the offer of a protocol that it does not have", async () => {
    const { port } = fixture.rpc;
    const body = '{"jsonrpc":"2.0","id":1,"method":"starknet_chainId"}';
    const socket = connect(port, "127.0.0.1");
    socket.write(
      `POST /rpc HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n` +
        `HTTP2-Settings: AAMAAABkAAQAAP__\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    );
    const [answer] = (await once(socket, "data")) as [Buffer];
    socket.destroy();
    expect(answer.toString()).to.match(/^HTTP\/1\.1 200/);
  });

  it("ends though a client keeps its side of a refused WebSocket open", async () => {
    const other = await startFixture();
    const socket = connect({ port: other.rpc.port, host: "127.0.0.1", allowHalfOpen: true });
    socket.on("error", () => undefined);
    socket.write(
      "GET /nowhere HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
    );
    const [answer] = (await once(socket, "data")) as [Buffer];
    expect(answer.toString()).to.match(/^HTTP\/1\.1 404/);
    await other.close();
    socket.destroy();
  });

  it("survives garbage on the wire", async () => {
    for (const bytes of [
      "\0\0\0",
      "GET",
      "POST / HTTP/9.9\r\n\r\n",
      "POST / HTTP/1.1\r\nContent-Length: -5\r\n\r\n",
      "x".repeat(100_000),
    ]) {
      const socket = connect(fixture.rpc.port, "127.0.0.1");
      socket.on("error", () => undefined);
      socket.end(bytes);
      socket.resume();
      await ended(socket);
    }
    await isAlive();
  });

  it("refuses WebSockets at other paths than /ws", async () => {
    const socket = new WebSocket(`ws://127.0.0.1:${fixture.rpc.port}/other`);
    const [error] = await once(socket, "error");
    expect(error.message).to.include("404");
  });

  it("drops a WebSocket client that asks and does not read", async function () {
    this.timeout(90_000);
    const socket = new WebSocket(`ws://127.0.0.1:${fixture.rpc.port}/ws`);
    await once(socket, "open");
    for (let i = 0; i < 200; i++)
      await fixture.request("starknet_addInvokeTransaction", [invoke(i)]);
    socket.pause();
    socket.on("error", () => undefined);
    const request = JSON.stringify(
      Array(500).fill({
        jsonrpc: "2.0",
        id: 1,
        method: "starknet_getEvents",
        params: [{ chunk_size: 1000 }],
      }),
    );
    const closed = ended(socket);
    for (let i = 0; i < 20 && socket.readyState === socket.OPEN; i++) {
      socket.send(request);
      await sleep(20);
    }
    await sleep(200);
    socket.resume();
    await Promise.race([closed, sleep(60_000).then(() => expect.fail("still connected"))]);
    await isAlive();
  });

  it("ends all connections at once when it stops", async () => {
    const other = await startFixture();
    const quiet = other.chain.listeners;
    const idle = connect(other.rpc.port, "127.0.0.1");
    const socket = new WebSocket(`ws://127.0.0.1:${other.rpc.port}/ws`);
    await once(socket, "open");
    socket.send(JSON.stringify({ jsonrpc: "2.0", id: 1, method: "starknet_subscribeNewHeads" }));
    await once(socket, "message");
    idle.on("error", () => undefined);
    socket.on("error", () => undefined);
    expect(other.chain.listeners).to.equal(quiet + 1);
    const bothEnded = Promise.all([ended(idle), ended(socket)]);
    const started = Date.now();
    await other.close();
    await bothEnded;
    expect(Date.now() - started).to.be.below(5000);
    expect(other.chain.listeners).to.equal(0);
  });
});
