/** What the prover service does with blocks: which it joins, which it proves again, which it gives up. */
import { expect } from "chai";
import { STRK_TOKEN } from "../../src/starknet/addresses.ts";
import { Unprovable } from "../../src/os/unprovable.ts";
import type { BlockProof } from "../../src/proving/prove-job.ts";
import { JobError, ProverCrash, type StartProof } from "../../src/proving/prover-thread.ts";
import { Gathering } from "../../src/proving/gathering.ts";
import { ProverService, type ProvingEvent } from "../../src/proving/service.ts";
import { emptyDiff } from "../../src/state/diff.ts";
import { MemoryStore } from "../../src/state/store/memory-store.ts";
import { callOf, OsChain } from "../os/support/os-chain.ts";

/** A proof under way, which the test ends. */
interface Made {
  readonly first: number;
  readonly last: number;
  resolve(): void;
  reject(error: Error): void;
  cancelled: boolean;
}

const PROOF = { words: [], steps: 2 ** 15, rows: 2 ** 19 } as unknown as BlockProof;
const soon = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

describe("the prover service", () => {
  let chain: OsChain;
  let store: MemoryStore;
  let made: Made[];
  let events: ProvingEvent[];
  let service: ProverService;

  const start: StartProof = ({ range }) => {
    let end!: Pick<Made, "resolve" | "reject">;
    const done = new Promise<BlockProof>((resolve, reject) => {
      end = { resolve: () => resolve(PROOF), reject };
    });
    const proof: Made = { ...range, ...end, cancelled: false };
    made.push(proof);
    return {
      done,
      cancel: async () => {
        proof.cancelled = true;
        proof.reject(new ProverCrash("cancelled"));
      },
    };
  };
  const serve = (provers = 1, ageMs = 0): ProverService =>
    new ProverService({
      chain: chain.core.sequencer.chain,
      environment: chain.core.environment,
      store,
      provers: () => provers,
      threads: 1,
      start,
      gathering: { steps: 2 ** 16, ageMs },
      onEvent: (event) => events.push(event),
    });

  beforeEach(() => {
    chain = new OsChain();
    store = new MemoryStore();
    made = [];
    events = [];
  });
  afterEach(async () => {
    await service.stop();
    await chain.close();
  });

  const ranges = (): number[][] => made.map(({ first, last }) => [first, last]);
  /** Closes blocks, one soon after the other. */
  async function blocks(count: number): Promise<void> {
    for (let i = 0; i < count; i++) {
      await chain.block();
      await soon();
    }
  }

  it("begins at once with the first block, and joins those that wait meanwhile", async () => {
    service = serve();
    await blocks(1);
    await blocks(5);
    expect(ranges()).to.deep.equal([[1, 1]]);
    expect(service.stageOf(1).stage).to.equal("proving");
    expect(service.stageOf(4).stage).to.equal("executed");
    made[0]!.resolve();
    await soon();
    expect(ranges()).to.deep.equal([
      [1, 1],
      [2, 6],
    ]);
    expect(service.stageOf(1).stage).to.equal("proven");
    expect(service.proofFrom(1)!.range).to.deep.equal({ first: 1, last: 1 });
    expect(service.proofFrom(2)).to.equal(undefined);
  });

  it("has several provers work at once, each on its own blocks, and takes their proofs in any order", async () => {
    service = serve(2);
    await blocks(1);
    await blocks(2);
    expect(ranges()).to.deep.equal([
      [1, 1],
      [2, 2],
    ]);
    made[1]!.resolve();
    await soon();
    expect(ranges().at(-1)).to.deep.equal([3, 3]);
    made[0]!.resolve();
    made[2]!.resolve();
    await soon();
    for (const number of [1, 2, 3]) expect(service.stageOf(number).stage).to.equal("proven");
  });

  it("joins no more blocks than make one run of 2^16 steps", async () => {
    for (let i = 0; i < 20; i++) {
      for (let k = 0; k < 3; k++)
        await chain.invoke([callOf(STRK_TOKEN, "transfer", [0x1234n, 5n, 0n])]);
      await chain.block();
    }
    service = serve();
    await soon();
    const [range] = made;
    expect(range!.first).to.equal(1);
    expect(range!.last).to.be.within(2, 8);
    // The estimate is above what the run takes: it fits.
    expect(chain.prove(range!.first, range!.last).steps).to.be.lessThan(2 ** 16);
  });

  describe("gathers blocks before it begins", () => {
    const AGE_MS = 1_000;
    const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

    it("until the oldest is of the age, and no longer for the next ones", async () => {
      service = serve(1, AGE_MS);
      const begin = performance.now();
      await blocks(3);
      expect(ranges()).to.deep.equal([]);
      while (made.length === 0) await soon();
      expect(performance.now() - begin).to.be.at.least(AGE_MS);
      expect(ranges()).to.deep.equal([[1, 3]]);
      await blocks(1);
      await wait(AGE_MS);
      await blocks(1);
      made[0]!.resolve();
      await soon();
      // Block 4 has waited long enough while block 1 was proven.
      expect(ranges()).to.deep.equal([
        [1, 3],
        [4, 5],
      ]);
    });

    it("until there are enough steps", async () => {
      service = serve(1, 60_000);
      for (let i = 0; i < 12 && made.length === 0; i++) {
        for (let k = 0; k < 3; k++)
          await chain.invoke([callOf(STRK_TOKEN, "transfer", [0x1234n, 5n, 0n])]);
        await blocks(1);
      }
      expect(made).to.have.length(1);
      expect(made[0]!.first).to.equal(1);
      expect(chain.core.sequencer.chain.latest().number).to.equal(made[0]!.last + 1);
    });

    it("until somebody waits for a proof", async () => {
      service = serve(1, 60_000);
      await blocks(2);
      expect(ranges()).to.deep.equal([]);
      const waiting = service.ready(1);
      await soon();
      await blocks(1);
      expect(ranges()).to.deep.equal([[1, 2]]);
      made[0]!.resolve();
      await waiting;
      await soon();
      // Block 3 was closed after that, and gathers.
      expect(made).to.have.length(1);
    });

    it("not where they wait since an earlier start", async () => {
      await blocks(2);
      service = serve(1, 60_000);
      await soon();
      expect(ranges()).to.deep.equal([[1, 2]]);
    });
  });

  /** After the pause, the first of two blocks with a proof each is proven once more, and nothing else is. */
  async function expectFirstAgain(): Promise<void> {
    const waiting = service.ready(1);
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    expect(ranges()).to.deep.equal([
      [1, 1],
      [2, 2],
      [1, 1],
    ]);
    made[2]!.resolve();
    await waiting;
  }

  it("proves blocks again whose prover crashed, and those alone, and lives", async () => {
    service = serve(2);
    await blocks(1);
    await blocks(1);
    made[0]!.reject(new ProverCrash("out of memory"));
    await soon();
    expect(events.at(-1)).to.include({ kind: "proverFailed", message: "out of memory" });
    expect(service.stageOf(1).stage).to.equal("executed");
    await expectFirstAgain();
  });

  it("proves blocks again whose proof could not be stored, and lives", async () => {
    service = serve(2);
    await blocks(1);
    await blocks(1);
    const { batch } = store;
    store.batch = () => {
      throw new Error("the disk is full");
    };
    made[0]!.resolve();
    await soon();
    expect(events.at(-1)).to.include({
      kind: "proverFailed",
      message: "the proof could not be stored: the disk is full",
      retryMs: 1_000,
    });
    expect(service.stageOf(1).stage).to.equal("executed");
    store.batch = batch;
    // The other proof goes on, and is kept.
    made[1]!.resolve();
    await soon();
    expect(service.stageOf(2).stage).to.equal("proven");
    await expectFirstAgain();
  });

  it("finds out which of several blocks it is that the prover refuses", async () => {
    service = serve();
    await blocks(1);
    await blocks(2);
    made[0]!.resolve();
    await soon();
    made[1]!.reject(new JobError("too large"));
    await soon();
    expect(ranges().slice(2)).to.deep.equal([[2, 2]]);
    made[2]!.resolve();
    await soon();
    made[3]!.reject(new JobError("too large"));
    const refusal = await service.ready(3).catch((error: unknown) => error);
    expect(refusal).to.be.instanceOf(Unprovable);
    expect(service.stageOf(3)).to.deep.equal({
      stage: "unprovable",
      reason: "the prover refuses it: too large",
    });
  });

  it("proves what comes before a block that cannot be proven, and says so of that one", async () => {
    service = serve();
    await blocks(1);
    chain.core.sequencer.writeState(
      { ...emptyDiff(), storage: new Map([[STRK_TOKEN, new Map([[5n, 6n]])]]) },
      new Map(),
    );
    await blocks(1);
    made[0]!.resolve();
    await soon();
    expect(ranges()).to.deep.equal([[1, 1]]);
    expect(events.at(-1)).to.include({ kind: "unprovable", block: 2 });
    expect(service.stageOf(2).stage).to.equal("unprovable");
    const refusal = await service.ready(2).catch((error: Error) => error.message);
    expect(refusal).to.include("block 2 cannot be proven");
    // Taken back, it is in nobody's way.
    chain.core.sequencer.goBackTo(1);
    await blocks(1);
    expect(ranges().at(-1)).to.deep.equal([2, 2]);
  });

  it("notes no closing of blocks that will be in no proof", async () => {
    const noted: number[] = [];
    const { close } = Gathering.prototype;
    Gathering.prototype.close = function (number) {
      noted.push(number);
      close.call(this, number);
    };
    try {
      service = serve();
      chain.core.sequencer.writeState(
        { ...emptyDiff(), storage: new Map([[STRK_TOKEN, new Map([[5n, 6n]])]]) },
        new Map(),
      );
      await soon();
      expect(events.at(-1)).to.include({ kind: "unprovable", block: 1 });
      await blocks(3);
      expect(noted).to.deep.equal([1]);
      chain.core.sequencer.goBackTo(0);
      await blocks(1);
      expect(noted).to.deep.equal([1, 1]);
    } finally {
      Gathering.prototype.close = close;
    }
  });

  it("gives up proofs of blocks that are taken back", async () => {
    service = serve();
    await blocks(1);
    made[0]!.resolve();
    await blocks(2);
    expect(ranges().at(-1)).to.deep.equal([2, 2]);
    chain.core.sequencer.goBackTo(0);
    await soon();
    expect(made[1]!.cancelled).to.equal(true);
    expect(service.proofFrom(1)).to.equal(undefined);
    await blocks(1);
    expect(ranges().at(-1)).to.deep.equal([1, 1]);
    expect(events.filter(({ kind }) => kind === "proverFailed")).to.deep.equal([]);
  });

  it("lets whoever waits for the proof of a block go that is taken back", async () => {
    service = serve();
    await blocks(2);
    const { sequencer } = chain.core;
    const gone = service.ready(2);
    const first = service.ready(1);
    sequencer.goBackTo(1);
    await gone;
    // Taken back, and there is another at once.
    await blocks(1);
    const replaced = service.ready(2);
    sequencer.goBackTo(1);
    chain.core.clock.set(9_000_000_000);
    sequencer.closeBlock();
    await replaced;
    expect(service.proofFrom(2)).to.equal(undefined);
    made[0]!.resolve();
    await first;
  });

  it("keeps proofs over a restart, and goes on with what has none", async () => {
    service = serve();
    await blocks(1);
    await blocks(1);
    made[0]!.resolve();
    await soon();
    await service.stop();
    expect(made[1]!.cancelled).to.equal(true);
    made = [];
    service = serve();
    await soon();
    expect(service.proofFrom(1)!.proof).to.deep.equal(PROOF);
    expect(ranges()).to.deep.equal([[2, 2]]);
  });
});
