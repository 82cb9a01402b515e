/** Jobs in a real Redis and what becomes of them: provers here do as they are told, one of them honestly. */
import { execFileSync } from "node:child_process";
import { type Job, Queue } from "bullmq";
import { expect } from "chai";
import { Unprovable } from "../../src/os/unprovable.ts";
import type { ProofJob } from "../../src/proving/job.ts";
import type { BlockProof } from "../../src/proving/prove-job.ts";
import { JobError, ProverCrash, type RunningProof } from "../../src/proving/prover-thread.ts";
import { blobKey, PREFIX, proofKey, queueName } from "../../src/proving/queue/names.ts";
import { classBlobs, packJob, type QueuedJob } from "../../src/proving/queue/packing.ts";
import { Announcement, present } from "../../src/proving/queue/presence.ts";
import { QueueProver, type QueueProverEvent } from "../../src/proving/queue/queue-prover.ts";
import { connect, QueueError } from "../../src/proving/queue/redis.ts";
import { proverVersion } from "../../src/proving/queue/version.ts";
import { requireRedis } from "../support/redis-server.ts";
import { gzipped, LOW_SECURITY, QueueBench, until } from "./support/queue-bench.ts";

describe("the queue of proofs", function () {
  this.timeout(300_000);
  let bench: QueueBench;
  let job: ProofJob;
  let proof: BlockProof;

  before(async function () {
    requireRedis(this);
    bench = await QueueBench.start();
    job = await bench.job();
    proof = await bench.prove(job);
  });
  after(() => bench?.close());
  afterEach(() => bench.clear());

  const failureOf = (promise: Promise<unknown>): Promise<unknown> =>
    promise.then(
      () => undefined,
      (error: unknown) => error,
    );
  /** The queue itself, as BullMQ has it. */
  const bull = (): Queue => {
    const options = { connection: bench.redis, prefix: PREFIX };
    return new Queue(queueName(proverVersion()), options).on("error", () => undefined);
  };
  const jobs = async (): Promise<Job<QueuedJob>[]> => {
    const queue = bull();
    const found = await queue.getJobs(["wait", "delayed", "active", "completed", "failed"]);
    await queue.close();
    return found as Job<QueuedJob>[];
  };
  const changed = (): Uint8Array => {
    const bytes = Uint8Array.from(proof.file.proof);
    bytes[bytes.length / 2]! ^= 1;
    return gzipped({ ...proof, file: { ...proof.file, proof: bytes } });
  };

  it("brings a job to a prover and the proof back, and leaves nothing in Redis", async () => {
    const queue = await bench.queue();
    const order = bench.order(queue, job);
    await until("the job is queued", async () => (await jobs()).length === 1);
    const [queued] = await jobs();
    expect(JSON.stringify(queued!.data).length).to.be.lessThan(2_000);
    expect(await bench.redis.exists(blobKey(queued!.data.inputs.digest))).to.equal(1);
    bench.prover("honest", () => gzipped(proof));
    expect(await order.done).to.deep.equal(proof);
    const kept = async (): Promise<string[]> =>
      (await bench.redis.keys("*")).filter((key) => /:(blob|proof):|-0$/.test(key));
    await until("Redis is tidy", async () => (await kept()).length === 0);
  });

  it("gives a job whose proof was no good to another prover, and names who made it", async () => {
    const other = await bench.job();
    const queue = await bench.queue();
    const answers = [Buffer.from("garbage"), changed(), gzipped(proof)];
    const failedBy: unknown[] = [];
    bench.prover("liar", ({ data }) => {
      failedBy.push((data as QueuedJob).failedBy);
      return answers.shift()!;
    });
    const order = bench.order(queue, job);
    expect(await order.done).to.deep.equal(proof);
    expect(answers).to.have.length(0);
    expect(failedBy).to.deep.equal([[], ["liar"], ["liar"]]);
    const warnings = bench.messages.filter((message) => message.includes("liar failed"));
    expect(warnings).to.have.length(2);
    expect(warnings[0]).to.include("its proof is refused: no gzipped JSON");
    expect(warnings[1]).to.include("rejected at");

    // A valid proof, but of another block.
    bench.messages.length = 0;
    const foreign = bench.order(queue, other);
    let sent = 0;
    bench.prover("liar", () => {
      sent++;
      return gzipped(proof);
    });
    await until("it is refused", () => bench.messages.some((text) => /another output/.test(text)));
    expect(sent).to.be.greaterThan(0);
    await foreign.cancel();
  });

  it("gives the job of a prover that hangs, and keeps its lock, to another", async () => {
    const queue = await bench.queue({ silence: 2_000 });
    const order = bench.order(queue, job);
    // While it waits for a prover, silence is nobody's fault.
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    let wake: (bytes: Uint8Array) => void = () => undefined;
    const hung = new Promise<void>((taken) =>
      bench.prover("hung", () => {
        taken();
        return new Promise((delivered) => (wake = delivered));
      }),
    );
    await hung;
    bench.prover("honest", () => gzipped(proof));
    expect(await order.done).to.deep.equal(proof);
    // Its own proof comes too late to count, or to harm.
    wake(gzipped(proof));
    const failures = bench.messages.filter((message) => message.includes("failed"));
    expect(failures).to.have.length(1);
    expect(failures[0]).to.include("hung failed, another prover gets it: it has not gone on");
  });

  it("believes no prover that a job is at fault, finds out by itself, and sets it aside", async () => {
    const queue = await bench.queue();
    bench.prover("pessimist", () => {
      throw new Unprovable(1, `I do not like it\n\x1b[2J${"!".repeat(100_000)}`);
    });
    const fine = bench.order(queue, job);
    expect((await fine.done).words).to.deep.equal(proof.words);
    const failures = bench.messages.filter((text) => text.includes("I do not like it"));
    expect(failures).to.have.length(3);
    for (const failure of failures) expect(failure).to.match(/^\P{Cc}{1,600}$/u);
    expect(failures[2]).to.include("it is proven in this process");

    // No proof can have so many bits with so few queries.
    const poisoned = bench.order(queue, job, { bits: 250, logBlowup: 1, powBits: 0 });
    const error = await failureOf(poisoned.done);
    expect(error).to.be.instanceOf(JobError);
    expect((error as Error).message).to.include("250 bits take 250 queries");
  });

  it("proves one job at a time by itself, however many have failed", async () => {
    const queue = await bench.queue();
    bench.prover("broken", () => {
      throw new Error("out of memory");
    });
    const begun = new Set<number>();
    const orders: RunningProof[] = [];
    for (const index of [0, 1, 2])
      orders.push(bench.order(queue, await bench.job(), LOW_SECURITY, () => void begun.add(index)));
    const isGivenUp = (text: string): boolean => text.includes("it is proven in this process");
    await until("all are given up", () => bench.messages.filter(isGivenUp).length === 3);
    await until("one has begun", () => begun.size > 0);
    const first = [...begun][0]!;
    const [given, next] = orders.filter((_, index) => index !== first);
    await given!.cancel();
    expect(await failureOf(given!.done)).to.be.instanceOf(ProverCrash);
    await orders[first]!.done;
    expect(begun.size).to.equal(1);
    await until("the next has begun", () => begun.size === 2);
    await next!.cancel();
    expect(begun.has(orders.indexOf(given!))).to.equal(false);
  });

  it("refuses a prover after three bad proofs, and a prover that reads that it is refused ends", async () => {
    const queue = await bench.queue();
    bench.prover("liar", () => Buffer.from("garbage"));
    const order = bench.order(queue, job);
    await until("three were refused", () => bench.messages.length >= 3, 120_000);
    await order.cancel();
    const next = bench.order(queue, await bench.job());
    const isRefused = (text: string): boolean =>
      text.includes("it is refused for its proofs before");
    await until("it is not looked at", () => bench.messages.some(isRefused));
    expect((await jobs()).some(({ data }) => data.refused.includes("liar"))).to.equal(true);
    await next.cancel();
    await bench.clear();

    const prover = await proverHere();
    const named = bull();
    const { range, inputs, classes, security } = packJob(job, LOW_SECURITY, classBlobs());
    const refused = [prover.name];
    await named.add("proof", { range, inputs, classes, security, refused, failedBy: [] });
    expect(await prover.refused).to.include("its proofs were no good");
    await until("it is handed back", async () => (await named.getWaitingCount()) === 1);
    await prover.stop();
    await named.close();
  });

  const proverHere = (events: QueueProverEvent[] = []): Promise<QueueProver> =>
    QueueProver.open({
      url: bench.server.url,
      threads: 1,
      concurrency: 1,
      onEvent: (event) => events.push(event),
    });

  it("has a prover end what nobody wants, and what it cannot read", async () => {
    const events: QueueProverEvent[] = [];
    const prover = await proverHere(events);
    const queue = await bench.queue();
    // It takes longer than it takes to notice.
    const slow = { bits: 60, logBlowup: 4, powBits: 0 };
    const order = bench.order(queue, await bench.job(), slow);
    await until("it is taken", () => events.some(({ kind }) => kind === "taken"));
    void order.cancel();
    await until("it is let go", () => events.some(({ kind }) => kind === "unwanted"));

    const named = bull();
    const packed = packJob(job, LOW_SECURITY, classBlobs());
    const { range, inputs, security } = packed;
    const whole = { range, inputs, classes: [], security, refused: [], failedBy: [] };
    await bench.redis.set(blobKey(inputs.digest), "x".repeat(inputs.bytes));
    const reasonOf = async (data: unknown): Promise<string | undefined> => {
      const { id } = await named.add("proof", data);
      const find = (): Promise<Job | undefined> => named.getJob(id!);
      await until("it failed", async () => (await find())?.finishedOn !== undefined);
      return (await find())!.failedReason;
    };
    expect(await reasonOf(whole)).to.include("has another content");
    await bench.redis.set(blobKey(inputs.digest), "short");
    expect(await reasonOf(whole)).to.include("5 bytes");
    const lines = [
      null,
      {},
      { ...whole, range: { first: 2, last: 1 } },
      { ...whole, inputs: { digest: "../x", bytes: 5 } },
      { ...whole, inputs: { ...inputs, bytes: 2 ** 40 } },
      { ...whole, security: { bits: "96" } },
      { ...whole, classes: 7 },
      { ...whole, failedBy: ["x".repeat(201)] },
    ];
    for (const line of lines) expect(await reasonOf(line)).to.include("the job has no proper");
    await prover.stop();
    await named.close();
  });

  it("has a prover leave a job that it failed to others, while there are any", async () => {
    const events: QueueProverEvent[] = [];
    const prover = await proverHere(events);
    const presence = { name: "other", version: prover.version, threads: 1, concurrency: 1 };
    const other = new Announcement(bench.redis, "prover", presence);
    const areThere = async (): Promise<boolean> =>
      (await present(bench.redis, "prover")).length === 2;
    await until("both are there", areThere);
    const named = bull();
    const { range, inputs, classes, security } = packJob(job, LOW_SECURITY, classBlobs());
    const failed = { range, inputs, classes, security, refused: [], failedBy: [prover.name] };
    const { id } = await named.add("proof", failed);
    const find = async (jobId: string): Promise<Job> => (await named.getJob(jobId))!;
    await until("it is handed back", async () => (await find(id!)).attemptsStarted > 1);
    bench.prover("other", () => gzipped(proof));
    await until("the other takes it", async () => (await find(id!)).processedBy === "other");
    expect(events).to.deep.equal([]);
    await bench.clear();

    // On its own, it tries again: that there are no inputs shows that it did.
    await named.add("proof", failed);
    await until("it tries again", () => events.some(({ kind }) => kind === "unwanted"));
    await other.end();
    await prover.stop();
    await named.close();
  });

  it("tells both sides when versions differ, and when nobody is there", async () => {
    const queue = await bench.queue();
    const presence = { name: "old", version: "0.0.1-aaaa", threads: 1, concurrency: 4 };
    const old = new Announcement(bench.redis, "prover", presence);
    const oldDevnet = new Announcement(bench.redis, "client", { ...presence, concurrency: 0 });
    const order = bench.order(queue, job);
    await until("it says so", () => bench.messages.some((text) => text.includes("0.0.1-aaaa")));
    expect(bench.messages.at(-1)).to.include("npx hardhat starknet:prover --queue redis://");
    expect(queue.capacity).to.equal(1);
    expect(queue.status.otherVersions).to.have.length(1);
    expect(queue.status.problem).to.include("no prover takes jobs");
    await bench.redis.zadd(`${PREFIX}:provers`, 9e15, "{ rubbish", "9e15", '{"name":7}');

    const events: QueueProverEvent[] = [];
    const prover = await proverHere(events);
    await until("the prover says so, too", () => events.some(({ kind }) => kind === "note"));
    expect(events.find(({ kind }) => kind === "note")).to.include({ isWarning: true });
    await until("it is known", () => queue.status.provers.length === 1);
    expect(queue.status.problem).to.equal(undefined);
    await order.cancel();
    await prover.stop();
    await until("it is gone", () => queue.status.provers.length === 0);
    await old.end();
    await oldDevnet.end();
  });

  it("puts a job again that Redis has lost, and says while Redis is away", async () => {
    const queue = await bench.queue();
    const order = bench.order(queue, job);
    await until("the job is queued", async () => (await jobs()).length === 1);
    await bench.server.kill({ forget: true });
    await until("it says so", () => queue.status.problem?.includes("is away") === true);
    await bench.server.start();
    await until("it goes on", () => queue.status.problem === undefined);
    await until("the job is queued again", async () => (await jobs()).length === 1);
    bench.prover("honest", () => gzipped(proof));
    expect(await order.done).to.deep.equal(proof);
  });

  it("lives with keys that hold something else", async () => {
    const queue = await bench.queue();
    const { digest, inputs } = packJob(job, LOW_SECURITY, classBlobs());
    await bench.redis.set(proofKey(digest), "not a hash");
    await bench.redis.lpush(blobKey(inputs.digest), "not a string");
    const order = bench.order(queue, job);
    bench.prover("honest", () => gzipped(proof));
    expect(await order.done).to.deep.equal(proof);
  });

  it("finds a proof that was made before the devnet was started again", async () => {
    const first = await bench.queue();
    void bench.order(first, job);
    await until("the job is queued", async () => (await jobs()).length === 1);
    const { digest } = packJob(bench.jobOf(job.range.first), LOW_SECURITY, classBlobs());
    expect((await jobs())[0]!.id).to.equal(`${digest}-0`);
    await bench.redis.hset(proofKey(digest), { prover: "a", proof: Buffer.from(gzipped(proof)) });
    const second = await bench.queue();
    expect(await bench.order(second, bench.jobOf(job.range.first)).done).to.deep.equal(proof);
  });

  it("says what to do where there is no Redis", async () => {
    const listener = { lost: () => undefined, found: () => undefined };
    const error = await failureOf(connect("redis://:secret@127.0.0.1:1/", listener));
    expect(error).to.be.instanceOf(QueueError);
    expect((error as Error).message)
      .to.include("redis://:***@127.0.0.1:1/")
      .and.include("ECONNREFUSED")
      .and.include("redis-server");
    const wrong = await failureOf(connect(`${bench.server.url}/77`, listener));
    expect((wrong as Error).message).to.include("DB index is out of range");
  });
});

describe("a queue of proofs without its packages", () => {
  it("says how to install them", () => {
    const module = new URL("../../src/proving/queue/redis.ts", import.meta.url).href;
    const script = `import { registerHooks } from "node:module";
      registerHooks({
        resolve(name, context, next) {
          if (name === "bullmq") throw Object.assign(new Error("absent"), { code: "ERR_MODULE_NOT_FOUND" });
          return next(name, context);
        },
      });
      const { connect } = await import(${JSON.stringify(module)});
      await connect("redis://127.0.0.1:1", {}).catch(({ name, message }) => console.log(name, message));`;
    const output = execFileSync(process.execPath, ["--input-type=module", "-e", script], {
      encoding: "utf8",
    });
    expect(output).to.match(/^QueueError .*npm install bullmq ioredis/);
  });
});
