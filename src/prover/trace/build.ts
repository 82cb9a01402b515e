/** The trace of a run in a layout: every cell that does not depend on randomness. */
import type { CairoRun } from "../../cairo/run/cairo-runner.ts";
import type { LayoutDefinition } from "../air/layout.ts";
import { ProverError } from "../errors.ts";
import { type Statement, statementOf } from "../statement.ts";
import { verifierLayoutOf } from "../verifier/layout.ts";
import { writeBitwise } from "./builtins/bitwise.ts";
import type { BuiltinContext } from "./builtins/context.ts";
import { writeEcOp } from "./builtins/ec-op.ts";
import { writeEcdsa } from "./builtins/ecdsa.ts";
import { writePedersen } from "./builtins/pedersen.ts";
import { writePoseidon } from "./builtins/poseidon.ts";
import { writeRangeCheckBuiltin } from "./builtins/range-check.ts";
import { writeCpu } from "./cpu.ts";
import { MemoryPool, RunMemory } from "./memory.ts";
import { writeDiluted, writeRangeCheck } from "./pools.ts";
import { TraceTable, WordPool } from "./table.ts";

/** A run in proof mode, in the layout's own padding. */
export type ProvableRun = Pick<CairoRun, "steps" | "trace" | "memory" | "signatures"> & {
  readonly publicInput?: CairoRun["publicInput"] | undefined;
};

export interface Trace {
  readonly table: TraceTable;
  readonly statement: Statement;
}

/** Bytes of an entry of cairo-run's trace file. */
const STEP_BYTES = 24;

/**
 * Lays a run out. Interaction columns have what does not depend on randomness. Throws ProverError for a run
 * that is not of this layout or does not fit.
 */
export function buildTrace(run: ProvableRun, layout: LayoutDefinition): Trace {
  const { steps, publicInput: given } = run;
  if (given === undefined)
    throw new ProverError("INVALID_RUN", "the run was not made in proof mode");
  if (given.layout !== layout.name)
    throw new ProverError("LAYOUT", `the run is of layout ${given.layout}, not ${layout.name}`);
  const logSteps = Math.log2(steps);
  if (!Number.isInteger(logSteps) || run.trace.length !== steps * STEP_BYTES)
    throw new ProverError("INVALID_RUN", `${steps} steps are not a power of two with a trace`);
  const rows = steps * layout.rowsPerStep;
  const table = new TraceTable(rows, layout.columns[0] + layout.columns[1]);
  // Addresses are continuous from 1 on, and each takes a cell of the pool.
  const memory = new RunMemory(rows / layout.memory.address[1] + 1);
  memory.load(run.memory);
  const pool = new MemoryPool(table, layout, memory);
  const rangeChecks = new WordPool(table, layout.rangeCheck.pool, "32 bits");
  const diluted =
    layout.diluted === undefined ? undefined : new WordPool(table, layout.diluted.pool, "64 bits");
  const segments = given.memory_segments;
  const context: BuiltinContext = {
    table,
    layout,
    memory,
    pool,
    rangeChecks,
    diluted,
    steps,
    signatures: run.signatures,
    limits: { min: given.rc_min, max: given.rc_max },
    begin: Object.fromEntries(
      Object.entries(segments).map(([name, { begin_addr }]) => [name, begin_addr]),
    ),
  };
  writeBuiltins(context);
  writeCpu({ table, layout, memory, pool, rangeChecks, trace: run.trace });

  const statement = statementOf(verifierLayoutOf(layout), steps, given, (address) => {
    memory.touch(address);
    return memory.get(address);
  });
  pool.write(statement.publicAddresses, statement.padding);
  writeRangeCheck(table, layout.rangeCheck, rangeChecks, context.limits);
  if (layout.diluted !== undefined) writeDiluted(table, layout.diluted, diluted!);
  return { table, statement };
}

function writeBuiltins(context: BuiltinContext): void {
  const { layout } = context;
  writePedersen(context);
  writeRangeCheckBuiltin(context);
  if (layout.ecdsa !== undefined) writeEcdsa(context, layout.ecdsa);
  if (layout.bitwise !== undefined) writeBitwise(context, layout.bitwise);
  if (layout.ecOp !== undefined) writeEcOp(context, layout.ecOp);
  if (layout.poseidon !== undefined) writePoseidon(context, layout.poseidon);
}
