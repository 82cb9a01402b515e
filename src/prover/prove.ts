/**
 * The prover: from a run in proof mode to a proof file. `prove` is `buildTrace` and `proveTrace`; the latter proves
 * whatever trace it is given, and does not check it.
 */
import { availableParallelism, totalmem } from "node:os";
import { type Felt, inv, mul, pow } from "../field/felt.ts";
import { type Air, type MaskCell } from "./air/air.ts";
import { airOf } from "./air/create.ts";
import type { LayoutDefinition } from "./air/layout.ts";
import { Channel, concatBytes, wordBytes } from "./channel/channel.ts";
import { chunksOf, commitColumns, evaluateColumns, ROW_CHUNK } from "./commit/columns.ts";
import { HASH_BYTES, type MerkleTree } from "./commit/tree.ts";
import { compositionProgram } from "./composition.ts";
import { deepProgram } from "./deep.ts";
import {
  cosetShift,
  cosetsOf,
  type EvaluationDomain,
  friShift,
  pointAt,
  rowsOf,
} from "./domain.ts";
import { commitFri, openFri } from "./fri/prover.ts";
import { ProverError } from "./errors.ts";
import { PAIR_BYTES, ProverKernel } from "./kernel.ts";
import { toMontgomery } from "./montgomery.ts";
import { evaluateAtPoints } from "./points.ts";
import type { ProofFile } from "./proof-file.ts";
import { rootOfUnity } from "./roots.ts";
import { chooseParameters, parameterWords, type SecurityOptions } from "./security.ts";
import { buildTrace, type ProvableRun, type Trace } from "./trace/build.ts";
import { writeInteraction } from "./trace/interaction.ts";
import { verifierLayoutOf } from "./verifier/layout.ts";
import { publicValues } from "./verifier/public-values.ts";
import { Pool } from "./work/pool.ts";
import type { TapeProgram } from "./work/tape.ts";
import { type PairList, sharedPairs, type Task } from "./work/tasks.ts";
import { grindNonce } from "./work-proof.ts";

export const STAGES = [
  "trace",
  "trace commitment",
  "interaction commitment",
  "composition",
  "composition commitment",
  "out-of-domain values",
  "DEEP quotient",
  "FRI",
  "proof of work",
  "queries",
] as const;

export type Stage = (typeof STAGES)[number];

export interface ProveOptions {
  readonly layout: LayoutDefinition;
  readonly security?: SecurityOptions;
  /** Whether the trace's memory may be freed as soon as the prover has what it needs of it. */
  readonly releaseTrace?: boolean;
  /** Worker threads; 0 for none. All cores by default. */
  readonly threads?: number;
  readonly signal?: AbortSignal;
  /** How much of a stage is done, 0 to 1. */
  readonly onProgress?: (stage: Stage, fraction: number) => void;
}

/**
 * Proves a run. The same run and options give the same proof. Throws ProverError for a run that cannot be
 * proven in the layout, and the signal's reason when it is aborted.
 */
export async function prove(run: ProvableRun, options: ProveOptions): Promise<ProofFile> {
  checkMemory(run.steps * options.layout.rowsPerStep, options);
  options.onProgress?.("trace", 0);
  const trace = buildTrace(run, options.layout);
  options.onProgress?.("trace", 1);
  return proveTrace(trace, { ...options, releaseTrace: true });
}

/** Bytes that a proof takes at its peak, more or less: coefficients, values on a coset, trees. */
export function memoryNeeded(rows: number, layout: LayoutDefinition, logBlowup: number): number {
  const columns = layout.columns[0] + layout.columns[1];
  // Coefficients and values of all columns, the composition's, the quotient; what two threads keep.
  const lists = 2 * columns + 6 + 8;
  const trees = 3 * 2 ** logBlowup * 2 * HASH_BYTES;
  return rows * (lists * (PAIR_BYTES / 2) + trees);
}

/** Throws ProverError, before hours are spent. */
function checkMemory(rows: number, { layout, security }: ProveOptions): void {
  const { logBlowup } = chooseParameters(Math.log2(rows), security);
  const needed = memoryNeeded(rows, layout, logBlowup);
  if (needed <= totalmem()) return;
  const gib = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(1)} GiB`;
  throw new ProverError(
    "TOO_LARGE",
    `a trace of 2^${Math.log2(rows)} rows takes ${gib(needed)} of memory, the machine has ${gib(totalmem())}`,
  );
}

/**
 * Proves a trace; of one that breaks constraints, what comes out is not accepted by verifiers. `interact` writes the
 * interaction columns.
 */
export async function proveTrace(
  trace: Trace,
  options: ProveOptions,
  interact = writeInteraction,
): Promise<ProofFile> {
  checkMemory(trace.table.rows, options);
  const { threads = availableParallelism(), signal } = options;
  const pool = new Pool({ threads, ...(signal && { signal }) });
  try {
    return await new Prover(trace, options, pool, interact).run();
  } finally {
    await pool.close();
  }
}

class Prover {
  readonly #trace: Trace;
  readonly #layout: LayoutDefinition;
  readonly #air: Air;
  readonly #pool: Pool;
  readonly #options: ProveOptions;
  readonly #domain: EvaluationDomain;
  readonly #kernel = new ProverKernel();
  readonly #channel: Channel;
  readonly #proof: Uint8Array[] = [];
  /**
   * Lists that can be used again. Shared memory that is dropped is freed only once every thread that has seen it
   * collects its garbage.
   */
  readonly #free: PairList[] = [];

  readonly #interact: typeof writeInteraction;

  constructor(trace: Trace, options: ProveOptions, pool: Pool, interact: typeof writeInteraction) {
    this.#interact = interact;
    this.#trace = trace;
    this.#options = options;
    this.#layout = options.layout;
    this.#air = airOf(options.layout);
    this.#pool = pool;
    const logRows = Math.log2(trace.table.rows);
    const { logBlowup } = chooseParameters(logRows, options.security);
    this.#domain = { logRows, logBlowup };
    this.#channel = new Channel(trace.statement.publicInput.seed);
  }

  async run(): Promise<ProofFile> {
    const { table, statement } = this.#trace;
    const channel = this.#channel;
    const parameters = chooseParameters(this.#domain.logRows, this.#options.security);
    const shape = verifierLayoutOf(this.#layout);
    const [traceColumns] = this.#layout.columns;
    const buffers = this.#lists(table.columns.length);
    // On these two cosets x^N has opposite values. Commitments leave values on the first in the buffers, and the
    // composition on the second, where the DEEP quotient is taken.
    const cosets = [0, cosetsOf(this.#domain) / 2] as const;

    // Trace, interaction.
    const traceCoefficients = await this.#interpolate(table.columns.slice(0, traceColumns));
    const trees = [
      await this.#commit(
        "trace commitment",
        traceCoefficients,
        buffers.slice(0, traceColumns),
        cosets[0],
      ),
    ];
    const elements = shape.interactionElements.map(() => channel.drawFelt());
    // A kernel of its own, because its memory grows with the trace and cannot shrink.
    this.#interact(new ProverKernel(), table, this.#layout, elements);
    const interaction = await this.#interpolate(table.columns.slice(traceColumns));
    if (this.#options.releaseTrace === true) this.#free.push(...table.release());
    trees.push(
      await this.#commit(
        "interaction commitment",
        interaction,
        buffers.slice(traceColumns),
        cosets[0],
      ),
    );
    const columns = [...traceCoefficients, ...interaction];

    // Composition.
    const values = publicValues(shape, statement.publicInput, statement.pages, elements);
    const program = compositionProgram(this.#air, {
      rows: rowsOf(this.#domain),
      values,
      alpha: channel.drawFelt(),
    });
    const halfBuffers = this.#lists(2) as [PairList, PairList];
    const halves = await this.#compose(program, columns, buffers, cosets, halfBuffers);
    trees.push(await this.#commit("composition commitment", halves, halfBuffers, cosets[1]));

    // Out of the domain.
    const z = channel.drawFelt();
    const [maskValues, compositionValues] = await this.#sample(z, columns, halves);
    for (const value of [...maskValues, ...compositionValues]) this.#sendFelt(value);

    // The DEEP quotient, FRI.
    const gamma = channel.drawFelt();
    const quotient = await this.#deep(
      deepProgram({
        rows: rowsOf(this.#domain),
        z,
        mask: this.#air.mask,
        maskValues,
        compositionValues,
        gamma,
        columns: columns.length,
      }),
      z,
      [...buffers, ...halfBuffers],
      cosets[1],
    );
    const fri = await commitFri(
      this.#pool,
      this.#kernel,
      channel,
      {
        domain: this.#domain,
        coefficients: quotient,
        steps: parameters.friSteps,
        free: [...buffers, ...this.#free],
      },
      this.#progress("FRI"),
    );
    this.#proof.push(...fri.messages);

    // Work, queries.
    if (parameters.powBits > 0) {
      const seed = channel.proofOfWorkSeed(parameters.powBits);
      const nonce = await grindNonce(
        this.#pool,
        seed,
        parameters.powBits,
        this.#progress("proof of work"),
      );
      channel.absorb(nonce);
      this.#proof.push(nonce);
    }
    const queries = channel.drawQueries(parameters.queries, parameters.logDomain);
    await this.#open(queries, trees, [traceCoefficients, interaction, halves]);
    this.#proof.push(...openFri(this.#kernel, fri, queries));
    this.#progress("queries")(1);

    return {
      layout: this.#layout.name,
      parameters: parameterWords(parameters),
      publicInput: statement.words,
      pages: statement.pages,
      proof: padded(concatBytes(...this.#proof)),
    };
  }

  #progress(stage: Stage): (fraction: number) => void {
    return (fraction) => this.#options.onProgress?.(stage, fraction);
  }

  /** Lists of N elements with any content: those that are free, then new ones. */
  #lists(count: number): PairList[] {
    return Array.from(
      { length: count },
      () => this.#free.pop() ?? sharedPairs(rowsOf(this.#domain)),
    );
  }

  #send(word: Uint8Array): void {
    this.#channel.absorb(word);
    this.#proof.push(word);
  }

  #sendFelt(value: Felt): void {
    this.#send(wordBytes(toMontgomery(value)));
  }

  async #interpolate(columns: readonly Uint32Array[]): Promise<PairList[]> {
    const targets = this.#lists(columns.length);
    await this.#pool.run(
      columns.map((source, i): Task => ({
        type: "interpolate",
        log: this.#domain.logRows,
        source,
        shift: 1n,
        target: targets[i]!,
      })),
    );
    return targets;
  }

  async #commit(
    stage: Stage,
    coefficients: readonly PairList[],
    buffers: readonly PairList[],
    lastCoset: number,
  ): Promise<MerkleTree> {
    const tree = await commitColumns(
      this.#pool,
      this.#domain,
      coefficients,
      buffers,
      lastCoset,
      this.#progress(stage),
    );
    this.#send(tree.root);
    return tree;
  }

  /** Values of a program on a coset. */
  async #run(
    program: TapeProgram,
    coset: number,
    columns: readonly PairList[],
    target: PairList,
    onDone?: (done: number, total: number) => void,
  ): Promise<void> {
    const parts = chunksOf(rowsOf(this.#domain) / 2, ROW_CHUNK);
    await this.#pool.run(
      parts.map((part): Task => ({
        type: "tape",
        log: this.#domain.logRows,
        shift: cosetShift(this.#domain, coset),
        program,
        columns,
        ...part,
        target,
      })),
      (done) => onDone?.(done, parts.length),
    );
  }

  /**
   * Coefficients of H0 and H1. The buffers hold the columns' values on the first of the two cosets, and on the
   * second in the end. `values` are lists to work with.
   */
  async #compose(
    program: TapeProgram,
    columns: readonly PairList[],
    buffers: readonly PairList[],
    cosets: readonly [number, number],
    values: readonly [PairList, PairList],
  ): Promise<[PairList, PairList]> {
    const { logRows } = this.#domain;
    const rows = rowsOf(this.#domain);
    const progress = this.#progress("composition");
    for (const [i, coset] of cosets.entries()) {
      const target = values[i]!;
      if (i > 0) await evaluateColumns(this.#pool, this.#domain, coset, columns, buffers);
      await this.#run(program, coset, buffers, target, (done, total) => {
        progress((i + done / total) / cosets.length);
      });
      const shift = cosetShift(this.#domain, coset);
      await this.#pool.run([{ type: "interpolate", log: logRows, source: target, shift, target }]);
    }
    const [u, v] = values;
    const half = inv(2n);
    const s = pow(cosetShift(this.#domain, cosets[0]), BigInt(rows));
    const targets = this.#lists(2) as [PairList, PairList];
    await this.#pool.run(
      chunksOf(rows / 4, ROW_CHUNK).map((part): Task => ({
        type: "split",
        log: logRows,
        u,
        v,
        half,
        halfOverS: mul(half, inv(s)),
        ...part,
        targets,
      })),
    );
    return targets;
  }

  /** The mask at z, H0 and H1 at z². */
  async #sample(
    z: Felt,
    columns: readonly PairList[],
    halves: readonly PairList[],
  ): Promise<[Felt[], [Felt, Felt]]> {
    const generator = rootOfUnity(rowsOf(this.#domain));
    const { mask } = this.#air;
    const rowsOfColumn = (column: number): MaskCell[] =>
      mask.filter((cell) => cell.column === column);
    const results = await evaluateAtPoints(this.#pool, this.#domain.logRows, [
      ...columns.map((coefficients, column) => ({
        coefficients,
        points: rowsOfColumn(column).map(({ row }) => mul(z, pow(generator, BigInt(row)))),
      })),
      ...halves.map((coefficients) => ({ coefficients, points: [mul(z, z)] })),
    ]);
    this.#progress("out-of-domain values")(1);
    const [[h0], [h1]] = results.slice(columns.length) as [[Felt], [Felt]];
    return [results.slice(0, columns.length).flat(), [h0, h1]];
  }

  /** Coefficients of the quotient in y = x/3. */
  async #deep(
    program: TapeProgram,
    z: Felt,
    columns: readonly PairList[],
    coset: number,
  ): Promise<PairList> {
    const { logRows } = this.#domain;
    const rows = rowsOf(this.#domain);
    const [inverse, quotient] = this.#lists(2) as [PairList, PairList];
    await this.#pool.run(
      chunksOf(rows / 2, ROW_CHUNK).map((part): Task => ({
        type: "inverses",
        log: logRows,
        shift: cosetShift(this.#domain, coset),
        pole: z,
        ...part,
        target: inverse,
      })),
    );
    const progress = this.#progress("DEEP quotient");
    await this.#run(program, coset, [...columns, inverse], quotient, (done, total) => {
      progress(done / total);
    });
    const shift = friShift(this.#domain, coset);
    await this.#pool.run([
      { type: "interpolate", log: logRows, source: quotient, shift, target: quotient },
    ]);
    return quotient;
  }

  /** The rows at the queries, each tree with its nodes. */
  async #open(
    queries: readonly number[],
    trees: readonly MerkleTree[],
    columns: readonly (readonly PairList[])[],
  ): Promise<void> {
    const points = queries.map((query) => pointAt(this.#domain, query));
    for (const [i, tree] of trees.entries()) {
      const values = await evaluateAtPoints(
        this.#pool,
        this.#domain.logRows,
        columns[i]!.map((coefficients) => ({ coefficients, points })),
      );
      for (const query of queries.keys())
        for (const column of values) this.#proof.push(wordBytes(toMontgomery(column[query]!)));
      this.#proof.push(...tree.opening(queries));
      this.#progress("queries")((i + 1) / (trees.length + 1));
    }
  }
}

/** Zeros up to a whole word. */
const padded = (bytes: Uint8Array): Uint8Array =>
  concatBytes(bytes, new Uint8Array((32 - (bytes.length % 32)) % 32));
