/** Provers as processes of their own, and what happens to them and to Redis in the middle of a proof. */
import { expect } from "chai";
import type { BlockProof } from "../../src/proving/prove-job.ts";
import { rpc, type SpawnedDevnet, spawnDevnet } from "../support/spawn-devnet.ts";
import { type SpawnedProver, spawnProver } from "../support/spawn-prover.ts";
import { RedisServer, requireRedis } from "../support/redis-server.ts";
import { QueueBench, until } from "./support/queue-bench.ts";

const LONG_MS = 600_000;

describe("provers in other processes", function () {
  this.timeout(2 * LONG_MS);
  let bench: QueueBench;
  const provers: SpawnedProver[] = [];

  before(async function () {
    requireRedis(this);
    bench = await QueueBench.start();
  });
  after(() => bench?.close());
  afterEach(async () => {
    for (const prover of provers) prover.send("SIGKILL");
    await Promise.all(provers.splice(0).map(({ exited }) => exited));
    await bench.clear();
  });

  const start = async (url = bench.server.url): Promise<SpawnedProver> => {
    const prover = await spawnProver(["--queue", url, "--threads", "1"]);
    provers.push(prover);
    return prover;
  };
  const says = (prover: SpawnedProver, text: string): Promise<void> =>
    until(`a prover says "${text}"`, () => prover.output().includes(text), LONG_MS);
  const expectProof = async (number: number, done: Promise<BlockProof>): Promise<void> => {
    expect((await done).words).to.deep.equal(bench.chain.expected(number));
  };

  it("prove what one of them left behind when it was killed, or interrupted", async () => {
    const queue = await bench.queue();
    const first = await start();
    const job = await bench.job();
    const fractions: number[] = [];
    const order = queue.start(job, {
      threads: 1,
      security: { bits: 4, logBlowup: 1, powBits: 0 },
      onProgress: (_, fraction) => fractions.push(fraction),
    });
    await says(first, "is being made");
    await until("it is under way", () => fractions.some((fraction) => fraction > 0), LONG_MS);
    const second = await start();
    first.send("SIGKILL");
    await first.exited;
    await says(second, "is being made");
    second.send("SIGINT");
    expect(await second.exited).to.equal(0);
    expect(second.output()).to.include("is handed back");
    const third = await start();
    await expectProof(job.range.first, order.done);
    await says(third, "made in");
    expect(bench.messages.filter((text) => text.includes("failed"))).to.deep.equal([]);
  });

  it("make one proof that counts, where two have the same job", async () => {
    const queue = await bench.queue();
    const first = await start();
    const job = await bench.job();
    const order = bench.order(queue, job);
    await says(first, "is being made");
    // For its lock it is dead.
    first.send("SIGSTOP");
    const second = await start();
    await says(second, "is being made");
    first.send("SIGCONT");
    await expectProof(job.range.first, order.done);
    // Whoever was later finds that nobody wants its proof, or has delivered it to nobody.
    const isDone = ({ output }: SpawnedProver): boolean =>
      /made in|no longer wanted/.test(output());
    await until("both are done with it", () => isDone(first) && isDone(second), LONG_MS);
    const next = await bench.job();
    await expectProof(next.range.first, bench.order(queue, next).done);
  });

  for (const forget of [false, true])
    it(`go on when Redis ends in the middle and comes back ${forget ? "without" : "with"} its data`, async () => {
      const queue = await bench.queue();
      const prover = await start();
      const job = await bench.job();
      const order = bench.order(queue, job);
      await says(prover, "is being made");
      await bench.server.kill({ forget });
      await says(prover, "is away");
      await new Promise((resolve) => setTimeout(resolve, 3_000));
      await bench.server.start();
      await says(prover, "there again");
      await expectProof(job.range.first, order.done);
      // The proof under way was not lost.
      expect(prover.output().match(/made in/g)).to.have.length(1);
      expect(bench.messages.some((text) => text.includes("is away"))).to.equal(true);
    });

  it("settle in the order of blocks, whatever the order of proofs", async () => {
    const redis = await RedisServer.start();
    let devnet: SpawnedDevnet | undefined;
    try {
      devnet = await spawnDevnet([
        ...["--settlement", "proven", "--prover-queue", redis.url, "--provers", "2"],
        ...["--block-generation-on", "demand", "--prove-age", "0"],
      ]);
      const { l2Url, output } = devnet;
      const first = await start(redis.url);
      await rpc(l2Url, "devnet_createBlock");
      await says(first, "block 1 is being made");
      first.send("SIGSTOP");
      const second = await start(redis.url);
      await rpc(l2Url, "devnet_createBlock");
      await until("block 2 is proven", () => output().includes("of block 2 made"), LONG_MS);
      expect(output()).to.not.include("of block 1 made");
      expect(output()).to.not.match(/block \d+ accepted on L1/);
      const status = (await rpc(l2Url, "devnet_getL1Status")) as {
        prover_queue: { provers: object[]; problem: string | null };
        blocks: { block_number: number; stage: string }[];
      };
      expect(status.prover_queue.problem).to.equal(null);
      expect(status.blocks.map(({ stage }) => stage)).to.deep.equal(["proving", "proven"]);
      first.send("SIGCONT");
      await until("both are on L1", () => output().includes("block 2 accepted on L1"), LONG_MS);
      const accepted = [...output().matchAll(/(blocks? [\d to]+) accepted on L1/g)];
      expect(accepted.map(([, blocks]) => blocks)).to.deep.equal(["block 1", "block 2"]);
      expect(second.output()).to.include("made in");
    } finally {
      expect(await devnet?.stop()).to.equal(0);
      await redis.close();
    }
  });
});
