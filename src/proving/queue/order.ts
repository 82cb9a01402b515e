/**
 * One proof that is wanted from the queue, until it is there. The queue only hands jobs out; what has become of one
 * is asked of Redis again and again, so that nothing is lost with a message, a connection, or all that Redis kept.
 */
import type { Job, Queue } from "bullmq";
import type { Redis } from "ioredis";
import type { BlockProof, JobStage } from "../prove-job.ts";
import { isJobStage } from "../progress.ts";
import { ProverCrash, type RunningProof } from "../prover-thread.ts";
import { type DeliveredProof, deliveredProof, keepBlobs } from "./blobs.ts";
import { BadProof, type Expectation } from "./check.ts";
import { checkInThread } from "./check-thread.ts";
import { blobKey, MAX_NAME_LENGTH, proofKey, UNWANTED } from "./names.ts";
import type { PackedJob, QueuedJob } from "./packing.ts";
import type { Reputation } from "./reputation.ts";

export interface OrderParts {
  readonly redis: Redis;
  readonly queue: Queue;
  readonly find: (id: string) => Promise<Job | undefined>;
  readonly reputation: Reputation;
  /** Another prover gets the job of one that has said nothing for so long, in ms. */
  readonly silence: number;
  readonly onProgress: (stage: JobStage, fraction: number) => void;
  readonly onFailure: (prover: string, reason: string, next: string) => void;
  /** Proves the job in this process. */
  readonly proveHere: () => RunningProof;
  /** Does that work, which does not reject, when what it was given before is done. */
  readonly inTurn: (work: () => Promise<void>) => void;
}

/** Failures of provers, bad proofs among them, after which a job is proven here. */
const MAX_FAILURES = 3;
const FIRST_DELAY_MS = 1_000;
/** A prover that works says so more often. */
export const SILENCE_MS = 600_000;
/** What is done with is kept for whoever asks after a restart, and not for ever. */
const KEPT = { age: 3_600, count: 1_000 };

export class Order implements RunningProof {
  readonly done: Promise<BlockProof>;
  readonly #packed: PackedJob;
  readonly #expected: Expectation;
  readonly #parts: OrderParts;
  #resolve!: (proof: BlockProof) => void;
  #reject!: (error: unknown) => void;
  #failures = 0;
  readonly #failedBy = new Set<string>();
  /** Waiting is for its turn to be proven here. */
  #state: "queued" | "checking" | "waiting" | "here" | "over" = "queued";
  #here: RunningProof | undefined;
  #lastWord = "";
  #lastWordAt = performance.now();

  constructor(packed: PackedJob, expected: Expectation, parts: OrderParts) {
    this.#packed = packed;
    this.#expected = expected;
    this.#parts = parts;
    this.done = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    // Whoever waits for it sees it; nobody has to.
    this.done.catch(() => undefined);
  }

  get isOver(): boolean {
    return this.#state === "over";
  }

  /** Looks at what there is, and does what is next. Rejects with errors of Redis. */
  async advance(): Promise<void> {
    if (this.#state !== "queued") return;
    const { redis, queue, find } = this.#parts;
    await keepBlobs(redis, this.#packed.blobs);
    const delivered = await deliveredProof(redis, this.#packed.digest);
    if (delivered !== undefined) {
      this.#state = "checking";
      // Not waited for: other orders go on.
      void this.#check(delivered);
      return;
    }
    const job = await find(this.#jobId);
    if (job === undefined) await this.#enqueue(queue);
    else if (job.finishedOn !== undefined) await this.#ended(job);
    else await this.#listen(job);
  }

  cancel(): Promise<void> {
    const here = this.#here;
    this.#end();
    this.#reject(new ProverCrash("the proof is no longer wanted"));
    return here === undefined ? Promise.resolve() : here.cancel();
  }

  /** Takes back from Redis what nobody needs any more; leases do the same, later. */
  async tidy(): Promise<void> {
    const { redis, queue } = this.#parts;
    await redis.del(blobKey(this.#packed.inputs.digest), proofKey(this.#packed.digest));
    // One that a prover holds stays until it is done with.
    await queue.remove(this.#jobId);
  }

  get #jobId(): string {
    return `${this.#packed.digest}-${this.#failures}`;
  }

  async #enqueue(queue: Queue): Promise<void> {
    const { range, inputs, classes, security } = this.#packed;
    const { refused } = this.#parts.reputation;
    const failedBy = [...this.#failedBy];
    const data: QueuedJob = { range, inputs, classes, security, refused, failedBy };
    await queue.add("proof", data, {
      jobId: this.#jobId,
      attempts: 1,
      delay: this.#failures === 0 ? 0 : FIRST_DELAY_MS * 2 ** (this.#failures - 1),
      removeOnComplete: KEPT,
      removeOnFail: KEPT,
    });
  }

  /** A job that is done with, and there is no proof. */
  async #ended(job: Job): Promise<void> {
    const { failedReason, processedBy } = job;
    await job.remove();
    // A proof that was kept no longer, and inputs that were away for a while, are nobody's fault.
    if (failedReason && failedReason !== UNWANTED) this.#failed(processedBy, failedReason);
  }

  /** A job that waits, or that a prover has. */
  async #listen(job: Job): Promise<void> {
    const { silence } = this.#parts;
    const word = JSON.stringify([job.processedOn, job.progress]);
    const isSilent = performance.now() - this.#lastWordAt > silence;
    // One that was handed back, and waits, says nothing either; nobody is to blame.
    if (word !== this.#lastWord || (isSilent && !(await job.isActive()))) {
      this.#lastWord = word;
      this.#lastWordAt = performance.now();
    } else if (isSilent) {
      this.#failed(job.processedBy, `it has not gone on for ${silence / 1_000} s`);
      return;
    }
    const { stage, fraction } = Object(job.progress) as Record<string, unknown>;
    if (isJobStage(stage) && typeof fraction === "number" && fraction >= 0 && fraction <= 1)
      this.#parts.onProgress(stage, fraction);
  }

  async #check({ prover, bytes }: DeliveredProof): Promise<void> {
    const { redis, reputation } = this.#parts;
    try {
      if (reputation.isRefused(prover)) throw new BadProof("it is refused for its proofs before");
      if (bytes === undefined) throw new BadProof("its proof is too long");
      const proof = await checkInThread(bytes, this.#expected);
      if (this.#state !== "checking") return;
      this.#end();
      this.#resolve(proof);
    } catch (error) {
      if (this.#state !== "checking") return;
      reputation.blame(prover);
      // Should Redis be away, the same proof is looked at again: it is bad then, too.
      await redis.del(proofKey(this.#packed.digest)).catch(() => undefined);
      if (this.#state !== "checking") return;
      this.#state = "queued";
      this.#failed(prover, `its proof is refused: ${(error as Error).message}`);
    }
  }

  #failed(prover = "unknown", reason: string): void {
    this.#failures++;
    this.#failedBy.add(prover.slice(0, MAX_NAME_LENGTH));
    this.#lastWord = "";
    const isLast = this.#failures === MAX_FAILURES;
    const next = isLast ? "it is proven in this process" : "another prover gets it";
    this.#parts.onFailure(printable(prover), printable(reason), next);
    if (!isLast) return;
    this.#state = "waiting";
    this.#parts.inTurn(() => this.#proveHere());
  }

  /** What provers say that failed is not believed: whether the job is at fault shows here. */
  async #proveHere(): Promise<void> {
    if (this.#state !== "waiting") return;
    this.#state = "here";
    try {
      this.#here = this.#parts.proveHere();
      this.#resolve(await this.#here.done);
    } catch (error) {
      this.#reject(error);
    }
    this.#end();
  }

  #end(): void {
    this.#state = "over";
  }
}

const MAX_SHOWN = 300;

/** What others wrote, fit for a line of a log. */
const printable = (text: string): string => text.slice(0, MAX_SHOWN).replace(/\p{Cc}+/gu, " ");
