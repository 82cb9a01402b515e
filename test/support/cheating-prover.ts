/** Traces that break one constraint, for provers that do not care. */
import { add, type Felt, P, pow } from "../../src/field/felt.ts";
import type { Constraint } from "../../src/prover/air/air.ts";
import { airOf } from "../../src/prover/air/create.ts";
import { findViolations } from "../../src/prover/air/debug.ts";
import { domainRows } from "../../src/prover/air/domain.ts";
import { reachable } from "../../src/prover/air/expression.ts";
import { type LayoutDefinition, type Placement } from "../../src/prover/air/layout.ts";
import { ProverKernel } from "../../src/prover/kernel.ts";
import type { ProofFile } from "../../src/prover/proof-file.ts";
import { type ProveOptions, proveTrace } from "../../src/prover/prove.ts";
import { buildTrace, type ProvableRun, type Trace } from "../../src/prover/trace/build.ts";
import { writeInteraction } from "../../src/prover/trace/interaction.ts";
import type { TraceTable } from "../../src/prover/trace/table.ts";
import { verifierLayoutOf } from "../../src/prover/verifier/layout.ts";
import { publicValues } from "../../src/prover/verifier/public-values.ts";

interface Cell {
  readonly column: number;
  readonly row: number;
}

/** Cells of the trace that are one more than they should be. */
export interface Cheat {
  readonly constraint: string;
  readonly cells: readonly Cell[];
}

const change = (table: TraceTable, { column, row }: Cell, by: Felt): void => {
  const cell = { column, step: 1, offset: row % table.rows };
  table.set(cell, 0, add(table.get(cell, 0), by));
};

const increment = (table: TraceTable, cells: readonly Cell[]): void => {
  for (const cell of cells) change(table, cell, 1n);
};

const decrement = (table: TraceTable, cells: readonly Cell[]): void => {
  for (const cell of cells) change(table, cell, P - 1n);
};

export class CheatingProver {
  readonly #layout: LayoutDefinition;
  readonly #trace: Trace;
  readonly #values: ReadonlyMap<string, Felt>;

  /** @param run an honest run */
  constructor(run: ProvableRun, layout: LayoutDefinition) {
    this.#layout = layout;
    this.#trace = buildTrace(run, layout);
    const { table, statement } = this.#trace;
    const shape = verifierLayoutOf(layout);
    const elements = shape.interactionElements.map((_, i) => pow(13n, BigInt(2000 + i)));
    writeInteraction(new ProverKernel(), table, layout, elements);
    this.#values = publicValues(shape, statement.publicInput, statement.pages, elements);
  }

  /** Cells that break the constraint, for every constraint; undefined where none of those tried do. */
  cheats(): (Cheat | undefined)[] {
    return airOf(this.#layout).constraints.map((constraint) => this.#cheat(constraint));
  }

  #cheat(constraint: Constraint): Cheat | undefined {
    const { table } = this.#trace;
    const air = { ...airOf(this.#layout), constraints: [constraint] };
    const rows = domainRows(constraint.domain, table.rows).slice(0, 64);
    const mask = reachable([constraint.expression]).flatMap(({ cell }) => cell ?? []);
    // Single cells, then two: products of two that are zero take both.
    const choices = [
      ...mask.map((cell) => [cell]),
      ...mask.flatMap((a) => mask.map((b) => [a, b])),
    ];
    for (const row of rows)
      for (const choice of choices) {
        const cells = choice.map((cell) => ({ column: cell.column, row: row + cell.row }));
        increment(table, cells);
        const broken = findViolations(air, table, this.#values, () => [row]).length > 0;
        decrement(table, cells);
        if (broken) return { constraint: constraint.name, cells };
      }
    return undefined;
  }

  /** Whether the cell holds what the interaction elements determine. */
  #isInteraction({ column, row }: Cell): boolean {
    const { memory, rangeCheck, diluted } = this.#layout;
    const placements: (Placement | undefined)[] = [
      memory.product,
      rangeCheck.product,
      diluted?.product,
      diluted?.cumulative,
    ];
    return placements.some(
      (at) => at !== undefined && at[0] === column && (row - at[2]) % at[1] === 0,
    );
  }

  /** A proof of the trace with the wrong cell. */
  async prove(cheat: Cheat, options: ProveOptions): Promise<ProofFile> {
    const { table } = this.#trace;
    const late = cheat.cells.filter((cell) => this.#isInteraction(cell));
    const early = cheat.cells.filter((cell) => !this.#isInteraction(cell));
    increment(table, early);
    try {
      return await proveTrace(this.#trace, options, (kernel, trace, layout, elements) => {
        writeInteraction(kernel, trace, layout, elements);
        increment(trace, late);
      });
    } finally {
      decrement(table, early);
    }
  }
}
