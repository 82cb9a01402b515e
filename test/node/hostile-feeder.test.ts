/** A feeder gateway that answers badly: each time a SourceError that says what and where, in bounded time and memory. */
import { expect } from "chai";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { SourceError } from "../../src/node/block-source.ts";
import { FeederClient } from "../../src/node/feeder-client.ts";
import { selector } from "../../src/hash/keccak.ts";
import { loadSystemClass } from "../../src/starknet/class/system.ts";
import { OsChain, PROBES } from "../os/support/os-chain.ts";
import { startFeeder } from "../support/feeder.ts";

const never = new AbortController().signal;

type Json = Record<string, unknown>;

describe("a hostile feeder gateway", () => {
  let server: Server;
  let client: FeederClient;
  let listener: RequestListener;
  /** Truthful answers by path and query. */
  const answers = new Map<string, string>();
  const { classHash } = loadSystemClass("account");
  const blockPath =
    "/feeder_gateway/get_state_update?blockNumber=2&includeBlock=true&withPaidFee=true";
  const classPath = `/feeder_gateway/get_class_by_hash?classHash=0x${classHash.toString(16)}`;

  before(async function () {
    this.timeout(30_000);
    const chain = new OsChain();
    chain.supplyProbes();
    await chain.invoke([{ to: PROBES[0]!, selector: selector("write"), calldata: [1n, 2n] }]);
    chain.message(PROBES[0]!, selector("handle"), [1n, 2n, 3n]);
    await chain.block();
    const honest = await startFeeder(chain.core);
    for (const path of [blockPath, classPath]) {
      answers.set(path, await (await fetch(honest.url + path)).text());
    }
    honest.close();
    await chain.close();
    server = createServer((request, response) => listener(request, response));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    client = new FeederClient(`http://127.0.0.1:${port}/feeder_gateway/`, {
      limits: { deadline: 1500, interval: 400, minBytes: 1000 },
      maxBlockBytes: 1 << 20,
    });
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });

  const says =
    (body: string, status = 200): RequestListener =>
    (_request, response) =>
      response.writeHead(status).end(body);

  async function problem(
    answer: RequestListener,
    ask = () => client.block(2, never) as Promise<unknown>,
  ): Promise<string> {
    listener = answer;
    try {
      await ask();
    } catch (error) {
      if (!(error instanceof SourceError)) throw error;
      expect(error.message).to.match(/^http:\/\/127\.0\.0\.1:\d+\/feeder_gateway\/get_/);
      return error.message;
    }
    throw new Error("the answer was taken");
  }

  /** The truthful block with a change, once that is known. */
  const changed =
    (change: (answer: { block: Json; state_update: Json }) => void) => (): RequestListener => {
      const answer = JSON.parse(answers.get(blockPath)!) as { block: Json; state_update: Json };
      change(answer);
      return says(JSON.stringify(answer));
    };

  it("is believed while it says what is asked", async () => {
    listener = (request, response) => response.end(answers.get(request.url!));
    expect((await client.block(2, never))?.block.header.number).to.equal(2);
  });

  for (const [what, answer, expected] of [
    ["is not JSON", says("<html>"), `expected JSON, got "<html>" with status 200`],
    ["has no answer", says("Bad gateway", 502), `expected JSON, got "Bad gateway" with status 502`],
    [
      "fails",
      says(`{"code":"StarknetErrorCode.OTHER","message":"no"}`, 400),
      "StarknetErrorCode.OTHER: no",
    ],
    ["fails without a code", says("{}", 500), "code: missing, expected an error code"],
    ["answers null", says("null"), "expected an object with block, state_update, got null"],
    [
      "redirects",
      (_request, response) => response.writeHead(302, { location: "/" }).end(),
      "redirects to another place (status 302)",
    ],
    ["hangs up", (request) => request.socket.destroy(), "other side closed"],
    [
      "hangs up in the middle",
      (request, response) => {
        response.writeHead(200, { "content-length": "1000" });
        response.write("{", () => request.socket.destroy());
      },
      "other side closed",
    ],
    ["says nothing", () => undefined, "too slow: 0 bytes in 0.4 seconds"],
    [
      "drips",
      (_request, response) => {
        const timer = setInterval(() => response.write(" "), 20);
        response.once("close", () => clearInterval(timer));
      },
      "too slow: ",
    ],
    [
      "drips just fast enough",
      (_request, response) => {
        const timer = setInterval(() => response.write(" ".repeat(500)), 20);
        response.once("close", () => clearInterval(timer));
      },
      "no complete answer within 1.5 seconds",
    ],
    [
      "never ends",
      (_request, response) => {
        const more = (): void => {
          while (response.write(" ".repeat(1 << 16)));
          if (!response.destroyed) response.once("drain", more);
        };
        more();
      },
      "the answer is larger than 1048576 bytes",
    ],
  ] satisfies [string, RequestListener, string][]) {
    it(`${what}: refused`, async () => expect(await problem(answer)).to.include(expected));
  }

  it("that is not there: refused", async () => {
    const nobody = new FeederClient("http://127.0.0.1:1");
    expect(await problem(says(""), () => nobody.head(never))).to.match(/ECONNREFUSED|bad port/);
  });

  for (const [what, answer, expected] of [
    [
      "another block",
      changed(({ block }) => (block["block_number"] = 3)),
      "block.block_number: expected 2, got 3",
    ],
    [
      "another state update",
      changed(({ state_update }) => (state_update["block_hash"] = "0x1")),
      "state_update.block_hash: expected 0x",
    ],
    [
      "a number above P",
      changed(({ block }) => (block["state_root"] = `0x${"f".repeat(64)}`)),
      "block.state_root: expected a felt",
    ],
    [
      "a number as a number",
      changed(({ block }) => (block["state_root"] = 7)),
      "block.state_root: expected a felt (0x and hex digits, less than 2^251 + 17·2^192 + 1), got 7",
    ],
    [
      "a version that no short string can hold",
      changed(({ block }) => (block["starknet_version"] = "0.14.0\u{1f600}")),
      "block.starknet_version: expected a version",
    ],
    [
      "a receipt too few",
      changed(({ block }) => (block["transaction_receipts"] as unknown[]).pop()),
      "block.transaction_receipts: expected as many receipts as transactions, 2, got 1",
    ],
    [
      "receipts in another order",
      changed(({ block }) => (block["transaction_receipts"] as unknown[]).reverse()),
      "block.transaction_receipts[0]: expected the receipt of 0x",
    ],
    [
      "a transaction of version 1",
      changed(({ block }) => ((block["transactions"] as Json[])[0]!["version"] = "0x1")),
      "block.transactions[0].version: expected 0x3, the only version there is, got 0x1",
    ],
    [
      "a transaction of an unknown type",
      changed(({ block }) => ((block["transactions"] as Json[])[0]!["type"] = "DEPLOY")),
      `block.transactions[0].type: expected "INVOKE_FUNCTION" or`,
    ],
    [
      "the same contract twice, written otherwise",
      changed(({ state_update }) => {
        const diff = state_update["state_diff"] as Json;
        diff["nonces"] = { "0x1": "0x1", "0x01": "0x2" };
      }),
      "state_update.state_diff.nonces.0x01: the same key twice",
    ],
    [
      "a key that is no address",
      changed(({ state_update }) => {
        const diff = state_update["state_diff"] as Json;
        diff["storage_diffs"] = JSON.parse(`{"__proto__": []}`) as unknown;
      }),
      `state_update.state_diff.storage_diffs: expected a contract address (0x and hex digits, less than 2^251), got "__proto__"`,
    ],
    [
      "a Cairo 0 class",
      changed(({ state_update }) => {
        const diff = state_update["state_diff"] as Json;
        diff["old_declared_contracts"] = ["0x1"];
      }),
      "state_update.state_diff.old_declared_contracts: expected at most 0 elements, got 1",
    ],
  ] as const) {
    it(`tells ${what}: refused`, async () => expect(await problem(answer())).to.include(expected));
  }

  it("tells another class than the one asked for: refused", async () => {
    const other = JSON.parse(answers.get(classPath)!) as Json;
    other["abi"] = `${other["abi"] as string} `;
    const ask = () => client.sierraClass(classHash, never);
    const expected = `expected the class of hash 0x${classHash.toString(16)}`;
    expect(await problem(says(JSON.stringify(other)), ask)).to.include(expected);
  });

  it("never causes another error, whatever it puts in the place of whatever", async function () {
    this.timeout(60_000);
    const strange = [
      null,
      true,
      -1,
      1e300,
      2 ** 53,
      "",
      "0x",
      `0x${"f".repeat(64)}`,
      [],
      {},
      [null],
    ];
    const truth = JSON.parse(answers.get(blockPath)!) as unknown;
    const places: (readonly [holder: Record<string, unknown>, key: string])[] = [];
    const collect = (value: unknown): void => {
      if (typeof value !== "object" || value === null) return;
      const holder = value as Record<string, unknown>;
      for (const key of Object.keys(holder)) {
        places.push([holder, key]);
        collect(holder[key]);
      }
    };
    collect(truth);
    expect(places.length).to.be.greaterThan(100);
    let refused = 0;
    for (const [i, [holder, key]] of places.entries()) {
      const kept = holder[key];
      holder[key] = strange[i % strange.length];
      listener = says(JSON.stringify(truth));
      holder[key] = kept;
      await client.block(2, never).then(
        () => undefined,
        (error: unknown) => {
          if (!(error instanceof SourceError)) throw error;
          refused++;
        },
      );
    }
    expect(refused).to.be.greaterThan(places.length / 2);
  });

  it("is not waited for once nobody wants the answer", async () => {
    listener = () => undefined;
    const controller = new AbortController();
    const reason = new Error("the node stops");
    const asked = client.block(2, controller.signal).catch((error: unknown) => error);
    await sleep(50);
    controller.abort(reason);
    expect(await asked).to.equal(reason);
    expect(await client.head(controller.signal).catch((error: unknown) => error)).to.equal(reason);
  });

  it("has an address", () => {
    for (const url of ["", "localhost", "ftp://a"])
      expect(() => new FeederClient(url)).to.throw(SourceError, "expected the URL of a feeder");
  });
});
