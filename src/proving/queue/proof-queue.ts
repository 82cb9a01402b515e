/** Proofs by provers in other processes, on this or other machines: the side of whoever wants them. */
import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { Queue } from "bullmq";
import type { Felt } from "../../field/felt.ts";
import { type BlockRange, blocksText } from "../../starknet/output/range.ts";
import { BLOCK_SECURITY } from "../prove-job.ts";
import { startProof, type StartProof } from "../prover-thread.ts";
import { PREFIX, queueName } from "./names.ts";
import { Order, SILENCE_MS } from "./order.ts";
import { classBlobs, packJob } from "./packing.ts";
import { Announcement, present, type Presence } from "./presence.ts";
import { connect, type Connection } from "./redis.ts";
import { Reputation } from "./reputation.ts";
import { proverVersion } from "./version.ts";

export interface ProofQueueParts {
  /** redis:// or rediss:// */
  readonly url: string;
  /** What the OS must say of blocks, from the sequencer's side. */
  readonly expectedOutput: (range: BlockRange) => readonly Felt[];
  readonly onEvent: (event: QueueEvent) => void;
  /** There may be more provers than before. */
  readonly onProvers: () => void;
  /** Leaves the process free to end. */
  readonly background?: boolean;
  /** How long a prover may say nothing, in ms, before another gets its job: ten minutes. */
  readonly silence?: number;
}

export interface QueueEvent {
  readonly kind: "proverQueue";
  readonly isWarning: boolean;
  readonly message: string;
}

export interface QueueStatus {
  readonly url: string;
  readonly version: string;
  /** Those that take jobs. */
  readonly provers: readonly Presence[];
  /** Those that do not, as their version is another. */
  readonly otherVersions: readonly Presence[];
  /** What does not work at present. */
  readonly problem: string | undefined;
}

const ROUND_MS = 500;
const LOOK_FOR_PROVERS_MS = 2_000;
/** Jobs may wait so long for a prover before that is worth a word. */
const NOBODY_MS = 5_000;
/** What is taken back at the end may take so long. */
const TIDY_MS = 1_000;
const MAX_AT_ONCE = 64;

export class ProofQueue {
  readonly version = proverVersion();
  readonly #parts: ProofQueueParts;
  readonly #connection: Connection;
  readonly #queue: Queue;
  readonly #announcement: Announcement;
  readonly #orders = new Set<Order>();
  readonly #reputation = new Reputation();
  readonly #classes = classBlobs();
  readonly #closed = new AbortController();
  readonly #loop: Promise<void>;
  /** One proof at a time is made here: it takes all cores, and some 3 GB. */
  #madeHere: Promise<void> = Promise.resolve();
  #provers: readonly Presence[] = [];
  #others: readonly Presence[] = [];
  #lookedAt = -Infinity;
  #nobodySince: number | undefined;
  #isNobodyTold = false;
  #problem: string | undefined;

  /** Rejects with QueueError. */
  static async open(parts: ProofQueueParts): Promise<ProofQueue> {
    let queue: ProofQueue | undefined;
    const connection = await connect(parts.url, {
      lost: (message) => queue?.report(`${message}; jobs go on when it is back`),
      found: () => queue?.report(undefined),
    });
    return (queue = new ProofQueue(parts, connection));
  }

  private constructor(parts: ProofQueueParts, connection: Connection) {
    this.#parts = parts;
    this.#connection = connection;
    const { redis, bullmq } = connection;
    if (parts.background) {
      redis.stream.unref();
      redis.on("connect", () => redis.stream.unref());
    }
    this.#queue = new bullmq.Queue(queueName(this.version), { connection: redis, prefix: PREFIX });
    // The connection tells of its own errors; the others come back from calls.
    this.#queue.on("error", () => undefined);
    const name = `client-${randomUUID()}`;
    const presence = { name, version: this.version, threads: 0, concurrency: 0 };
    this.#announcement = new Announcement(redis, "client", presence);
    this.#loop = this.#run();
  }

  /** A prover's place in this process is taken by the queue. */
  readonly start: StartProof = (job, options) => {
    const security = options.security ?? BLOCK_SECURITY;
    const expected = { output: this.#parts.expectedOutput(job.range), security };
    const { redis, bullmq } = this.#connection;
    const order = new Order(packJob(job, security, this.#classes), expected, {
      redis,
      queue: this.#queue,
      find: (id) => bullmq.Job.fromId(this.#queue, id),
      reputation: this.#reputation,
      silence: this.#parts.silence ?? SILENCE_MS,
      onProgress: options.onProgress,
      onFailure: (prover, reason, next) =>
        this.#say(true, `${blocksText(job.range)}: prover ${prover} failed, ${next}: ${reason}`),
      proveHere: () => startProof(job, { ...options, security }),
      inTurn: (work) => void (this.#madeHere = this.#madeHere.then(work)),
    });
    this.#orders.add(order);
    return order;
  };

  /** How many proofs there should be under way: as many as the provers there are make at once. */
  get capacity(): number {
    const slots = this.#provers.reduce((sum, { concurrency }) => sum + concurrency, 0);
    return Math.min(Math.max(slots, 1), MAX_AT_ONCE);
  }

  get status(): QueueStatus {
    return {
      url: this.#connection.url,
      version: this.version,
      provers: this.#provers,
      otherVersions: this.#others,
      problem: this.#problem ?? this.#nobody(),
    };
  }

  /** Says what does not work, once, and that it works again. */
  report(problem: string | undefined): void {
    if (problem === this.#problem || this.#closed.signal.aborted) return;
    this.#problem = problem;
    if (problem === undefined) this.#say(false, "works again");
    else this.#say(true, problem);
  }

  /** What is still wanted is taken back. */
  async close(): Promise<void> {
    this.#closed.abort();
    const tidied = (async () => {
      await this.#loop;
      await this.#announcement.end();
      // Together, so that none begins as another ends.
      await Promise.all([...this.#orders].map((order) => order.cancel()));
      for (const order of this.#orders) await order.tidy();
      await this.#queue.close();
    })();
    tidied.catch(() => undefined);
    await Promise.race([tidied, delay(TIDY_MS)]).catch(() => undefined);
    this.#connection.end();
  }

  /** Round after round; while Redis is away, its commands wait, and so does the round. */
  async #run(): Promise<void> {
    const { signal } = this.#closed;
    while (!signal.aborted) {
      try {
        await this.#lookForProvers();
        for (const order of this.#orders) await this.#advance(order);
        this.report(undefined);
      } catch (error) {
        this.report(`Redis at ${this.#connection.url}: ${(error as Error).message}`);
      }
      await delay(ROUND_MS, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }

  async #advance(order: Order): Promise<void> {
    if (!order.isOver) return order.advance();
    this.#orders.delete(order);
    await order.tidy();
  }

  async #lookForProvers(): Promise<void> {
    if (performance.now() - this.#lookedAt < LOOK_FOR_PROVERS_MS) return;
    this.#lookedAt = performance.now();
    const all = await present(this.#connection.redis, "prover");
    const before = this.#provers;
    this.#provers = all.filter(({ version }) => version === this.version);
    this.#others = all.filter(({ version }) => version !== this.version);
    for (const one of missing(this.#provers, before))
      this.#say(false, `prover ${one.name} is there: ${threadsText(one)}`);
    for (const { name } of missing(before, this.#provers))
      this.#say(false, `prover ${name} is gone`);
    if (this.#provers.length > before.length) this.#parts.onProvers();
    this.#lookForNobody();
  }

  /** Jobs wait, and nobody is there who would take them. */
  #lookForNobody(): void {
    if (this.#orders.size === 0 || this.#provers.length > 0) {
      this.#nobodySince = undefined;
      this.#isNobodyTold = false;
      return;
    }
    this.#nobodySince ??= performance.now();
    const problem = this.#nobody();
    if (problem === undefined || this.#isNobodyTold) return;
    this.#isNobodyTold = true;
    this.#say(true, problem);
  }

  #nobody(): string | undefined {
    const since = this.#nobodySince;
    if (since === undefined || performance.now() - since < NOBODY_MS) return undefined;
    const { url } = this.#connection;
    const others = [...new Set(this.#others.map(({ version }) => version))].join(", ");
    return (
      `no prover takes jobs: start one by "npx hardhat starknet:prover --queue ${url}"` +
      (others === "" ? "" : `; those of version ${others} are no use for ${this.version}`)
    );
  }

  #say(isWarning: boolean, message: string): void {
    this.#parts.onEvent({ kind: "proverQueue", isWarning, message });
  }
}

/** Those of `list` that are not among `others`. */
const missing = (list: readonly Presence[], others: readonly Presence[]): Presence[] =>
  list.filter(({ name }) => !others.some((other) => other.name === name));

const threadsText = ({ threads, concurrency }: Presence): string =>
  `${concurrency === 1 ? "a proof" : `${concurrency} proofs`} at a time, ${threads} ${threads === 1 ? "thread" : "threads"} each`;
