/**
 * The prover service: proves closed blocks while the sequencer makes more of them. It keeps no list of work: what is to
 * be proven are the blocks that are closed, not on L1, and in no proof that is there or under way.
 */
import type { Felt } from "../field/felt.ts";
import { Unprovable } from "../os/unprovable.ts";
import type { SecurityOptions } from "../prover/security.ts";
import type { Chain } from "../sequencer/chain.ts";
import type { ExecutionEnvironment } from "../starknet/execution/environment.ts";
import { nextRange, type BlockRange } from "../starknet/output/range.ts";
import type { KeyValueStore } from "../state/store/store.ts";
import { DEFAULT_GATHERING, Gathering, type GatheringPolicy } from "./gathering.ts";
import { createJob } from "./job.ts";
import { ProofStore, type StoredProof } from "./proof-store.ts";
import { overall } from "./progress.ts";
import type { JobStage } from "./prove-job.ts";
import { JobError, startProof, type RunningProof, type StartProof } from "./prover-thread.ts";

/** How far a closed block is on its way to a proof. */
export type ProvingStage =
  | { readonly stage: "executed" }
  | { readonly stage: "proving"; readonly part: JobStage; readonly fraction: number }
  | { readonly stage: "proven"; readonly duration: number }
  | { readonly stage: "unprovable"; readonly reason: string };

export type ProvingEvent =
  | { readonly kind: "proving"; readonly range: BlockRange }
  | { readonly kind: "proven"; readonly stored: StoredProof }
  /** Neither that block nor any after it can settle with a proof. */
  | { readonly kind: "unprovable"; readonly block: number; readonly reason: string }
  /** The prover ended before its proof, or the proof could not be stored; the blocks are proven again. */
  | {
      readonly kind: "proverFailed";
      readonly range: BlockRange;
      readonly message: string;
      readonly retryMs: number;
    };

export interface ProverServiceParts {
  readonly chain: Chain;
  readonly environment: ExecutionEnvironment;
  readonly store: KeyValueStore;
  /** Proofs under way at once, each of its own blocks; where it changes, `refill` is to be called. */
  readonly provers: () => number;
  /** Threads of each prover. */
  readonly threads: number;
  readonly security?: SecurityOptions;
  /** How long blocks wait for others. */
  readonly gathering?: GatheringPolicy;
  readonly onEvent: (event: ProvingEvent) => void;
  /** How a proof is made; in a thread of its own, where it is left out. */
  readonly start?: StartProof;
}

/** Of any run: hashes of the classes that nearly every block uses, tries, output (measured on transfers of STRK). */
const FIXED_STEPS = 26_000;
/** Of any block. */
const BLOCK_STEPS = 3_700;
/** L2 gas for a step of the OS, about: a step of a contract costs 100, and a system call more gas than steps. */
const L2_GAS_PER_STEP = 320n;

const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 60_000;
/** Settled blocks whose proofs are kept, for an L1 that goes back. */
const KEPT_BLOCKS = 64;

interface Running {
  readonly range: BlockRange;
  readonly hash: Felt;
  readonly proof: RunningProof;
  part: JobStage;
  fraction: number;
}

export class ProverService {
  readonly #parts: ProverServiceParts;
  readonly #proofs: ProofStore;
  readonly #running = new Set<Running>();
  readonly #waiting = new Set<() => void>();
  readonly #unsubscribe: () => void;
  readonly #policy: GatheringPolicy;
  readonly #gathering: Gathering;
  #gatheringEnds: NodeJS.Timeout | undefined;
  #unprovable: { readonly block: number; readonly hash: Felt; readonly reason: string } | undefined;
  /** Blocks up to that one are not joined. */
  #oneByOneTo = 0;
  #failures = 0;
  #retry: NodeJS.Timeout | undefined;
  #scheduled: NodeJS.Immediate | undefined;
  #stopped = false;

  constructor(parts: ProverServiceParts) {
    this.#parts = parts;
    this.#proofs = new ProofStore(parts.store);
    this.#policy = parts.gathering ?? DEFAULT_GATHERING;
    this.#gathering = new Gathering(this.#policy);
    this.#dropLost();
    this.#unsubscribe = parts.chain.subscribe((event) => {
      if (event.kind === "reorg") this.#dropLost();
      // Blocks after one that is unprovable are never done with, and would only be kept in mind.
      if (event.kind === "block" && this.#unprovable === undefined)
        this.#gathering.close(event.block.header.number);
      if (event.kind === "acceptedOnL1")
        this.#proofs.drop(({ range }) => range.last < event.number - KEPT_BLOCKS);
      if (event.kind === "reorg" || event.kind === "block") this.#schedule();
    });
    this.#schedule();
  }

  /** The proof whose first block that is. */
  proofFrom(first: number): StoredProof | undefined {
    return this.#proofs.from(first);
  }

  /**
   * Resolves when there is a proof whose first block that is, or when the block is taken back: whoever waits looks at
   * the chain again. Rejects with Unprovable where there will be no proof. Blocks that are closed by then wait for no
   * others.
   */
  async ready(first: number): Promise<void> {
    const hash = this.#parts.chain.header(first)?.hash;
    for (;;) {
      if (this.#proofs.from(first) !== undefined) return;
      if (hash === undefined || this.#isLost(first, hash)) return;
      const unprovable = this.#unprovable;
      if (unprovable?.block === first) throw new Unprovable(first, unprovable.reason);
      if (this.#stopped) throw new Error("the prover was stopped");
      this.#gathering.ask(this.#parts.chain.latest().number);
      this.#schedule();
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
  }

  /** How far a closed block is. */
  stageOf(number: number): ProvingStage {
    const stored = this.#proofs.of(number);
    if (stored !== undefined) return { stage: "proven", duration: stored.duration };
    if (this.#unprovable?.block === number)
      return { stage: "unprovable", reason: this.#unprovable.reason };
    for (const { range, part, fraction } of this.#running)
      if (range.first <= number && number <= range.last)
        return { stage: "proving", part, fraction: overall(part, fraction) };
    return { stage: "executed" };
  }

  /** There may be more provers than before. */
  refill(): void {
    this.#schedule();
  }

  /** Ends the provers as a crash would: their blocks are proven again. */
  async killProvers(): Promise<void> {
    await Promise.all([...this.#running].map(({ proof }) => proof.cancel()));
  }

  /** Ends what runs; blocks that are not proven are proven after the next start. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#unsubscribe();
    clearTimeout(this.#retry);
    clearTimeout(this.#gatheringEnds);
    clearImmediate(this.#scheduled);
    this.#wake();
    await this.killProvers();
  }

  /** Soon, and once for all that happens until then: whoever closed the block goes on first. */
  #schedule(): void {
    if (this.#stopped || this.#retry !== undefined) return;
    clearImmediate(this.#scheduled);
    this.#scheduled = setImmediate(() => this.#fill());
  }

  /** Gives work to provers that have none. */
  #fill(): void {
    clearTimeout(this.#gatheringEnds);
    while (!this.#stopped && this.#running.size < this.#parts.provers()) {
      const next = this.#next();
      if (next === undefined) return;
      const remaining = next.isFull ? 0 : this.#gathering.remaining(next.range.first);
      if (remaining > 0) {
        this.#gatheringEnds = setTimeout(() => this.#schedule(), Math.ceil(remaining));
        this.#gatheringEnds.unref();
        return;
      }
      if (!this.#start(next.range)) return;
    }
  }

  /** Blocks that wait, the oldest first, as many as make one proof; whether more of them could not join. */
  #next(): { readonly range: BlockRange; readonly isFull: boolean } | undefined {
    const { chain } = this.#parts;
    let first = (chain.latestOnL1() ?? 0) + 1;
    for (;;) {
      const covered = this.#inProofFrom(first);
      if (covered === undefined) break;
      first = covered.last + 1;
    }
    const end = this.#unprovable === undefined ? Infinity : this.#unprovable.block - 1;
    const last = Math.min(chain.latest().number, end);
    if (first > last) return undefined;
    if (first <= this.#oneByOneTo) return { range: { first, last: first }, isFull: true };
    const fitting = nextRange(chain, first, last);
    let steps = FIXED_STEPS;
    for (let number = first; number <= fitting.last; number++) {
      steps += this.#estimate(number);
      if (steps > this.#policy.steps || this.#inProofFrom(number) !== undefined)
        return { range: { first, last: Math.max(first, number - 1) }, isFull: true };
    }
    return { range: fitting, isFull: fitting.last < last };
  }

  /** The blocks of the proof, finished or not, whose first block that is. */
  #inProofFrom(first: number): BlockRange | undefined {
    return (
      this.#proofs.from(first)?.range ??
      [...this.#running].find(({ range }) => range.first === first)?.range
    );
  }

  #estimate(number: number): number {
    const gas = this.#parts.chain
      .block(number)!
      .receipts.reduce((sum, { resources }) => sum + resources.l2Gas, 0n);
    return BLOCK_STEPS + Number(gas / L2_GAS_PER_STEP);
  }

  /** False where it has to be tried again later. */
  #start(range: BlockRange): boolean {
    const { chain, environment, threads, security, onEvent, start = startProof } = this.#parts;
    let job;
    try {
      job = createJob(chain, environment, range);
    } catch (error) {
      this.#failed(range, error);
      // The blocks before one that cannot be proven can be.
      return error instanceof Unprovable;
    }
    this.#gathering.done(range.last);
    onEvent({ kind: "proving", range });
    const begin = performance.now();
    const running: Running = {
      range,
      hash: chain.header(range.last)!.hash,
      part: "execution",
      fraction: 0,
      proof: start(job, {
        threads,
        security,
        onProgress: (part, fraction) => Object.assign(running, { part, fraction }),
      }),
    };
    this.#running.add(running);
    running.proof.done.then(
      (proof) => {
        if (!this.#end(running)) return;
        const { hash } = running;
        this.#keep({ range, hash, proof, duration: performance.now() - begin });
      },
      (error: unknown) => {
        if (this.#end(running)) this.#failed(range, error);
      },
    );
    return true;
  }

  /** A proof that cannot be stored is one whose prover failed. */
  #keep(stored: StoredProof): void {
    try {
      this.#proofs.add(stored);
    } catch (cause) {
      const message = `the proof could not be stored: ${(cause as Error).message}`;
      this.#failed(stored.range, new Error(message, { cause }));
      return;
    }
    this.#failures = 0;
    this.#parts.onEvent({ kind: "proven", stored });
    this.#wake();
    this.#schedule();
  }

  /** False where nobody waits for that proof any more. */
  #end(running: Running): boolean {
    return this.#running.delete(running) && !this.#stopped;
  }

  #failed(range: BlockRange, error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    if (error instanceof Unprovable) {
      this.#give(error.blockNumber, error.reason);
      this.#schedule();
      return;
    }
    if (error instanceof JobError) {
      // Which block of several it is shows when they are proven one by one.
      if (range.first < range.last) this.#oneByOneTo = range.last;
      else this.#give(range.first, `the prover refuses it: ${message}`);
      this.#schedule();
      return;
    }
    const retryMs = Math.min(FIRST_RETRY_MS * 2 ** this.#failures++, LONGEST_RETRY_MS);
    this.#parts.onEvent({ kind: "proverFailed", range, message, retryMs });
    this.#retry = setTimeout(() => {
      this.#retry = undefined;
      this.#schedule();
    }, retryMs);
    this.#retry.unref();
  }

  /** A block that is not to be proven, nor any after it. */
  #give(block: number, reason: string): void {
    this.#unprovable = { block, hash: this.#parts.chain.header(block)!.hash, reason };
    this.#parts.onEvent({ kind: "unprovable", block, reason });
    this.#wake();
  }

  /** Forgets proofs, finished or not, of blocks that are no longer in the chain. */
  #dropLost(): void {
    this.#gathering.goBackTo(this.#parts.chain.latest().number);
    this.#proofs.drop(({ range, hash }) => this.#isLost(range.last, hash));
    for (const running of this.#running) {
      if (!this.#isLost(running.range.last, running.hash)) continue;
      this.#running.delete(running);
      running.proof.done.catch(() => undefined);
      void running.proof.cancel();
    }
    const unprovable = this.#unprovable;
    if (unprovable !== undefined && this.#isLost(unprovable.block, unprovable.hash))
      this.#unprovable = undefined;
    this.#wake();
  }

  /** Whether a block of that hash is no longer in the chain. */
  #isLost(number: number, hash: Felt): boolean {
    return this.#parts.chain.header(number)?.hash !== hash;
  }

  #wake(): void {
    for (const resolve of this.#waiting) resolve();
    this.#waiting.clear();
  }
}
