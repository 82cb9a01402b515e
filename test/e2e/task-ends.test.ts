/** How `starknet:node` and `starknet:prover` end: without a reader of their output, and on an interrupt of the start. */
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { present } from "../../src/proving/queue/presence.ts";
import { connect } from "../../src/proving/queue/redis.ts";
import { TestDevnet } from "../support/devnet.ts";
import { RedisServer, requireRedis } from "../support/redis-server.ts";
import { spawnHardhat } from "../support/spawn-hardhat.ts";

const LOCK_FILE = "hardhat-starknet.lock";

describe("the ends of tasks that run until they are told to end", function () {
  this.timeout(60_000);
  let folder: string;
  let child: ChildProcess | undefined;

  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "task-ends-"))));
  afterEach(() => {
    child?.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  });

  interface Running {
    readonly child: ChildProcess;
    /** Resolves to the exit code and what was written to stderr. */
    readonly ended: Promise<readonly [code: number | null, errors: string]>;
    /** Resolves when that is in stdout. */
    prints(text: string): Promise<void>;
  }

  function run(...args: readonly string[]): Running {
    const running = (child = spawnHardhat(args));
    let [output, errors] = ["", ""];
    running.stdout!.on("data", (chunk: Buffer) => (output += chunk.toString()));
    running.stderr!.on("data", (chunk: Buffer) => (errors += chunk.toString()));
    const ended = once(running, "close").then(([code]) => [code as number | null, errors] as const);
    const prints = async (text: string): Promise<void> => {
      while (!output.includes(text)) await once(running.stdout!, "data");
    };
    return { child: running, ended, prints };
  }

  async function endsInOrder({ ended }: Running): Promise<void> {
    const [code, errors] = await ended;
    expect(errors).to.include("the output is closed").and.not.include("EPIPE");
    expect(code).to.equal(1);
  }

  it("a node closes when nobody reads its output any more", async () => {
    const devnet = await TestDevnet.start();
    try {
      const data = join(folder, "data");
      const feeder = new URL(devnet.devnet.url).origin;
      const node = run(
        ...["starknet:node", "--mode", "l2", "--port", "0", "--data", data, "--feeder", feeder],
      );
      await node.prints("Ctrl-C");
      expect(existsSync(join(data, LOCK_FILE))).to.equal(true);
      node.child.stdout!.destroy();
      await devnet.send(0x1234n, 1n);
      await endsInOrder(node);
      expect(existsSync(join(data, LOCK_FILE))).to.equal(false);
    } finally {
      await devnet.close();
    }
  });

  it("a prover leaves its queue when nobody reads its output any more", async function () {
    requireRedis(this);
    const redis = await RedisServer.start();
    try {
      const prover = run("starknet:prover", "--queue", redis.url, "--threads", "1");
      prover.child.stdout!.destroy();
      await endsInOrder(prover);
      const ignore = (): void => undefined;
      const connection = await connect(redis.url, { lost: ignore, found: ignore });
      expect(await present(connection.redis, "prover")).to.deep.equal([]);
      connection.end();
    } finally {
      await redis.close();
    }
  });

  describe("with an L1 that hangs", () => {
    let l1: Server;
    let asked: Promise<unknown>;
    beforeEach(async () => {
      l1 = createServer(() => undefined).listen(0, "127.0.0.1");
      asked = once(l1, "request");
      await once(l1, "listening");
    });
    afterEach(() => {
      l1.closeAllConnections();
      l1.close();
    });

    it("the first interrupt ends a node of mode l1, and closes its storage", async () => {
      const data = join(folder, "data");
      const url = `http://127.0.0.1:${(l1.address() as AddressInfo).port}`;
      const core = `0x${"ab".repeat(20)}`;
      const node = run(
        ...["starknet:node", "--mode", "l1", "--port", "0", "--data", data],
        ...["--eth-url", url, "--core", core],
      );
      await asked;
      const begin = performance.now();
      node.child.kill("SIGINT");
      expect(await node.ended).to.deep.equal([0, ""]);
      // L1's answer is waited for longer.
      expect(performance.now() - begin).to.be.lessThan(10_000);
      expect(existsSync(join(data, LOCK_FILE))).to.equal(false);
    });
  });
});
