/** A prover that takes its jobs from a queue, proves each in a thread, and delivers the proof. */
import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import type { Job, Worker } from "bullmq";
import { encodeProofFile } from "../../prover/proof-file.ts";
import type { BlockRange } from "../../starknet/output/range.ts";
import type { JobStage } from "../prove-job.ts";
import { overall } from "../progress.ts";
import { type RunningProof, startProof } from "../prover-thread.ts";
import { BlobMissing, BlobReader, deliverProof } from "./blobs.ts";
import { blobKey, PREFIX, proofKey, queueName, UNWANTED } from "./names.ts";
import { jobDigest, parseQueuedJob, type QueuedJob, unpackJob } from "./packing.ts";
import { Announcement, present } from "./presence.ts";
import { connect, type Connection } from "./redis.ts";
import { proverVersion } from "./version.ts";

export interface QueueProverOptions {
  readonly url: string;
  /** Of each proof. */
  readonly threads: number;
  /** Proofs at once. */
  readonly concurrency: number;
  readonly onEvent: (event: QueueProverEvent) => void;
}

export type QueueProverEvent =
  | { readonly kind: "taken"; readonly range: BlockRange }
  | { readonly kind: "progress"; readonly range: BlockRange; readonly fraction: number }
  | {
      readonly kind: "delivered";
      readonly range: BlockRange;
      readonly seconds: number;
      readonly bytes: number;
    }
  | { readonly kind: "failed"; readonly range: BlockRange; readonly reason: string }
  | { readonly kind: "unwanted"; readonly range: BlockRange }
  | { readonly kind: "handedBack"; readonly range: BlockRange }
  | { readonly kind: "note"; readonly isWarning: boolean; readonly message: string };

/** A job whose prover says nothing for that time is another's. */
const LOCK_MS = 20_000;
const STALLED_CHECK_MS = 10_000;
/** So often a job may lose its prover before that is told as a failure. */
const MAX_STALLED = 3;
const PROGRESS_MS = 1_000;
const WANTED_MS = 2_000;
/** Looks that find no inputs, one after the other, before a job is let go: Redis may have lost its data. */
const MAX_MISSES = 3;
const LOOK_FOR_CLIENTS_MS = 5_000;
/** So long a prover is out of the way of others that may take the job which it leaves to them. */
const LEAVE_MS = 1_000;
/** So often a job may be taken and left, before those that are there are believed to hang: for longer than a proof. */
const MAX_LEFT = 120;
const KNOWN_BLOBS = 32;
const STOP_MS = 3_000;

/** Ends a proof: nobody wants it, or this prover ends. */
class LetGo extends Error {}

export class QueueProver {
  readonly name = `${hostname().replace(/[^\w.-]/g, "_")}-${process.pid}-${randomUUID().slice(0, 8)}`;
  readonly version = proverVersion();
  /** Resolves to the reason when this prover is refused for its proofs. */
  readonly refused: Promise<string>;
  readonly #options: QueueProverOptions;
  readonly #connection: Connection;
  readonly #worker: Worker;
  readonly #blobs: BlobReader;
  readonly #announcement: Announcement;
  readonly #running = new Set<RunningProof>();
  readonly #clients: NodeJS.Timeout;
  #otherVersions = "";
  #stopping = false;
  #refuse!: (reason: string) => void;

  /** Rejects with QueueError. */
  static async open(options: QueueProverOptions): Promise<QueueProver> {
    const note = (isWarning: boolean, message: string): void =>
      options.onEvent({ kind: "note", isWarning, message });
    const connection = await connect(options.url, {
      lost: (message) => note(true, `${message}; work goes on, and it is tried again`),
      found: () => note(false, "Redis is there again"),
    });
    return new QueueProver(options, connection);
  }

  private constructor(options: QueueProverOptions, connection: Connection) {
    this.#options = options;
    this.#connection = connection;
    const { threads, concurrency } = options;
    const { redis, bullmq } = connection;
    this.refused = new Promise((resolve) => (this.#refuse = resolve));
    this.#blobs = new BlobReader(redis, KNOWN_BLOBS);
    const { name, version } = this;
    this.#announcement = new Announcement(redis, "prover", { name, version, threads, concurrency });
    this.#worker = new bullmq.Worker(
      queueName(version),
      (job, token) => this.#process(job, token),
      {
        connection: redis,
        prefix: PREFIX,
        name,
        concurrency,
        lockDuration: LOCK_MS,
        stalledInterval: STALLED_CHECK_MS,
        maxStalledCount: MAX_STALLED,
      },
    );
    // A lock that is lost to another prover is no matter: the proof counts that is there first.
    this.#worker.on("error", () => undefined);
    this.#clients = setInterval(() => void this.#lookForClients(), LOOK_FOR_CLIENTS_MS).unref();
    void this.#lookForClients();
  }

  /** What runs is handed back at once: another prover begins it anew. */
  async stop(): Promise<void> {
    this.#stopping = true;
    clearInterval(this.#clients);
    const stopped = (async () => {
      await Promise.all([...this.#running].map((proof) => proof.cancel()));
      await this.#worker.close();
      await this.#announcement.end();
    })();
    stopped.catch(() => undefined);
    await Promise.race([stopped, delay(STOP_MS)]).catch(() => undefined);
    this.#connection.end();
  }

  /** A job of the queue, to its end. What it throws, the queue keeps for whoever wants the proof. */
  async #process(bullJob: Job, token: string | undefined): Promise<void> {
    const { onEvent } = this.#options;
    const { bullmq } = this.#connection;
    const queued = parseQueuedJob(bullJob.data);
    const { range } = queued;
    const handBack = async (): Promise<never> => {
      await bullJob.moveToWait(token);
      throw new bullmq.WaitingError();
    };
    if (queued.refused.includes(this.name)) {
      this.#refuse("its proofs were no good: this machine's memory may be faulty");
      await this.#worker.pause(true);
      await handBack();
    }
    if (bullJob.attemptsStarted <= MAX_LEFT && (await this.#isForOthers(queued))) {
      await bullJob.moveToWait(token);
      await delay(LEAVE_MS);
      throw new bullmq.WaitingError();
    }
    try {
      await this.#prove(bullJob, queued);
    } catch (error) {
      if (this.#stopping) {
        onEvent({ kind: "handedBack", range });
        await handBack();
      }
      if (error instanceof BlobMissing || error instanceof LetGo) {
        onEvent({ kind: "unwanted", range });
        throw new Error(UNWANTED, { cause: error });
      }
      onEvent({ kind: "failed", range, reason: (error as Error).message });
      throw error;
    }
  }

  /** Whether this prover has failed the job before, and one is there that has not. */
  async #isForOthers({ failedBy, refused }: QueuedJob): Promise<boolean> {
    if (!failedBy.includes(this.name)) return false;
    const provers = await present(this.#connection.redis, "prover");
    return provers.some(
      ({ name, version }) =>
        version === this.version && !failedBy.includes(name) && !refused.includes(name),
    );
  }

  async #prove(bullJob: Job, queued: QueuedJob): Promise<void> {
    const { threads, onEvent } = this.#options;
    const { redis } = this.#connection;
    const { range, security } = queued;
    const digest = jobDigest(queued);
    // Another prover was there first.
    if ((await redis.exists(proofKey(digest))) === 1) return;
    const inputs = await this.#blobs.read(queued.inputs);
    const classes = await Promise.all(queued.classes.map((name) => this.#blobs.read(name)));
    const job = unpackJob(queued, inputs, classes);
    if (this.#stopping) throw new LetGo("this prover ends");
    onEvent({ kind: "taken", range });
    const begin = performance.now();
    const tell = this.#progressTo(bullJob);
    const proof = startProof(job, {
      threads,
      security,
      onProgress: (stage, fraction) => {
        onEvent({ kind: "progress", range, fraction: overall(stage, fraction) });
        tell(stage, fraction);
      },
    });
    this.#running.add(proof);
    const watch = new AbortController();
    try {
      const { file } = await Promise.race([proof.done, this.#letGo(queued, watch.signal)]);
      const bytes = encodeProofFile(file, true);
      await deliverProof(redis, digest, { prover: this.name, bytes });
      const seconds = (performance.now() - begin) / 1_000;
      onEvent({ kind: "delivered", range, seconds, bytes: bytes.length });
    } finally {
      watch.abort();
      this.#running.delete(proof);
      proof.done.catch(() => undefined);
      await proof.cancel();
    }
  }

  /** Rejects with LetGo when nobody wants the proof any more. */
  async #letGo({ inputs }: QueuedJob, signal: AbortSignal): Promise<never> {
    const { redis } = this.#connection;
    for (let misses = 0; misses < MAX_MISSES;) {
      await delay(WANTED_MS, undefined, { signal, ref: false }).catch(() => undefined);
      if (signal.aborted) break;
      const isWanted = await redis.exists(blobKey(inputs.digest));
      misses = isWanted === 1 ? 0 : misses + 1;
    }
    throw new LetGo(UNWANTED);
  }

  /** Tells the queue how far a proof is, now and then. */
  #progressTo(bullJob: Job): (stage: JobStage, fraction: number) => void {
    let isTelling = false;
    let toldAt = -Infinity;
    return (stage, fraction) => {
      if (isTelling || performance.now() - toldAt < PROGRESS_MS) return;
      isTelling = true;
      toldAt = performance.now();
      bullJob
        .updateProgress({ stage, fraction })
        .catch(() => undefined) // it may be another's by now
        .finally(() => (isTelling = false));
    };
  }

  /** Says so where jobs are of other versions only. */
  async #lookForClients(): Promise<void> {
    const clients = await present(this.#connection.redis, "client").catch(() => []);
    const others = clients.filter(({ version }) => version !== this.version);
    const versions = [...new Set(others.map(({ version }) => version))].sort().join(", ");
    if (versions === this.#otherVersions) return;
    this.#otherVersions = versions;
    if (versions === "") return;
    this.#options.onEvent({
      kind: "note",
      isWarning: true,
      message: `a devnet of version ${versions} is on this queue: this prover, of version ${this.version}, takes none of its jobs`,
    });
  }
}
