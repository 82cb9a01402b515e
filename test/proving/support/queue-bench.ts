/** A queue of proofs on a Redis of the test's own, with small jobs: blocks without transactions, few bits of security. */
import { type Job, Worker } from "bullmq";
import { Redis } from "ioredis";
import { createJob, type ProofJob } from "../../../src/proving/job.ts";
import type { BlockProof } from "../../../src/proving/prove-job.ts";
import { type RunningProof, startProof } from "../../../src/proving/prover-thread.ts";
import { deliverProof } from "../../../src/proving/queue/blobs.ts";
import { PREFIX, queueName } from "../../../src/proving/queue/names.ts";
import { jobDigest, parseQueuedJob } from "../../../src/proving/queue/packing.ts";
import { ProofQueue } from "../../../src/proving/queue/proof-queue.ts";
import { proverVersion } from "../../../src/proving/queue/version.ts";
import { encodeProofFile } from "../../../src/prover/proof-file.ts";
import type { SecurityOptions } from "../../../src/prover/security.ts";
import { OsChain } from "../../os/support/os-chain.ts";
import { RedisServer } from "../../support/redis-server.ts";

/** What a small proof can have: its prover takes some seconds. */
export const LOW_SECURITY: SecurityOptions = { bits: 4, logBlowup: 1, powBits: 0 };

/** What a prover of the test does with a job: answers bytes to deliver, or throws. */
export type Behaviour = (job: Job) => Uint8Array | Promise<Uint8Array>;

export class QueueBench {
  readonly chain = new OsChain();
  readonly server: RedisServer;
  /** A connection beside the queue's. */
  readonly redis: Redis;
  readonly messages: string[] = [];
  readonly #queues: ProofQueue[] = [];
  readonly #workers: Worker[] = [];

  private constructor(server: RedisServer) {
    this.server = server;
    this.redis = new Redis(server.url, { maxRetriesPerRequest: null });
    this.redis.on("error", () => undefined);
  }

  static async start(): Promise<QueueBench> {
    return new QueueBench(await RedisServer.start());
  }

  /** A devnet's side. */
  async queue(options: { silence?: number } = {}): Promise<ProofQueue> {
    const queue = await ProofQueue.open({
      url: this.server.url,
      expectedOutput: ({ first, last }) => this.chain.expected(first, last),
      onEvent: ({ message }) => this.messages.push(message),
      onProvers: () => undefined,
      ...options,
    });
    this.#queues.push(queue);
    return queue;
  }

  /** The job of the next block, which is empty. */
  async job(): Promise<ProofJob> {
    const { header } = await this.chain.block();
    return this.jobOf(header.number);
  }

  jobOf(number: number): ProofJob {
    const { sequencer, environment } = this.chain.core;
    return createJob(sequencer.chain, environment, { first: number, last: number });
  }

  order(
    queue: ProofQueue,
    job: ProofJob,
    security = LOW_SECURITY,
    onProgress = (): void => undefined,
  ): RunningProof {
    return queue.start(job, { threads: 1, security, onProgress });
  }

  prove(job: ProofJob, security = LOW_SECURITY): Promise<BlockProof> {
    return startProof(job, { threads: 1, security, onProgress: () => undefined }).done;
  }

  /** A prover that does as it is told. */
  prover(name: string, behaviour: Behaviour): void {
    const process = async (job: Job): Promise<void> => {
      const bytes = await behaviour(job);
      const digest = jobDigest(parseQueuedJob(job.data));
      await deliverProof(this.redis, digest, { prover: name, bytes });
    };
    const worker = new Worker(queueName(proverVersion()), process, {
      connection: this.redis,
      prefix: PREFIX,
      name,
    });
    worker.on("error", () => undefined);
    this.#workers.push(worker);
  }

  /** Ends queues and provers, and empties Redis. */
  async clear(): Promise<void> {
    await Promise.all(this.#queues.splice(0).map((queue) => queue.close()));
    await Promise.all(this.#workers.splice(0).map((worker) => worker.close()));
    await this.redis.flushall();
    this.messages.length = 0;
  }

  async close(): Promise<void> {
    await this.clear();
    this.redis.disconnect();
    await this.server.close();
    await this.chain.close();
  }
}

export const gzipped = ({ file }: BlockProof): Uint8Array => encodeProofFile(file, true);

/** Waits until something holds. */
export async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  ms = 60_000,
): Promise<void> {
  const end = Date.now() + ms;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`not within ${ms} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
